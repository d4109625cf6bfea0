"""``bin/start --restart``: the code as it now is takes over from what runs, without a request refused.

Whoever keeps the processes of a data folder holds a lock on a file there with its number in it; SIGUSR2 asks it, and
what came of it is written in another, with the mark of whoever asked.
"""

import os
import secrets
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from honcho.environ import parse_procfile

from campaigns.leaving import AT_LEISURE
from campaigns.store.server.places import REPOSITORY, take
from workers.processes import Processes

KEEPER, ASKED, OUTCOME = "keeper.pid", "restart.asked", "restart.outcome"
NOBODY_ASKED = "-"
GLANCE = 0.1
DONE = "Restarted: everyone who was being served was served to the end."
NOBODY = "Nothing runs on {data}, so there is nothing to restart. Start it: bin/start"
UNDER_WAY = "Somebody else has asked for a restart that is under way. Wait until it is done, then ask again."
GONE = "The service has ended meanwhile. Start it: bin/start"
STAYED = (
    "{name} did not come up with the new code. It, and what comes after it in the Procfile, goes on with the old code; what "
    "comes before it has the new. Why is at the end of {log}. Put it right and restart again."
)


def procfile() -> dict[str, str]:
    """Returns the commands of the Procfile as it now is, by name."""
    return dict(parse_procfile((REPOSITORY / "Procfile").read_text()).processes)


def heed_restarts(data: Path, processes: Processes, at_the_end: ExitStack) -> None:
    """Replaces the processes on SIGUSR2 from now on; of several keepers on one folder, the first is the one that is asked."""
    signal.signal(AT_LEISURE.signal, lambda *_: _heed(data, processes))
    lock = take(data / KEEPER)
    if lock is not None:
        at_the_end.callback(os.close, lock)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)


def restart(data: Path) -> int:
    """Has everything that runs on a data folder replaced, and says what came of it; returns the exit code."""
    keeper = _keeper(data)
    if not keeper:
        print(NOBODY.format(data=data), file=sys.stderr)
        return 1
    turn = take(data / ASKED)
    if turn is None:
        print(UNDER_WAY, file=sys.stderr)
        return 1
    try:
        return _ask(data, keeper, turn)
    finally:
        os.close(turn)


def _ask(data: Path, keeper: int, turn: int) -> int:
    """Leaves our mark in the file whose lock we hold, asks, and waits for what comes of that very request."""
    mine = secrets.token_hex(8)
    (data / OUTCOME).unlink(missing_ok=True)
    os.ftruncate(turn, 0)
    os.pwrite(turn, mine.encode(), 0)
    os.kill(keeper, AT_LEISURE.signal)
    while (name := outcome_of(data, mine)) is None:
        if _keeper(data) != keeper:
            print(GONE, file=sys.stderr)
            return 1
        time.sleep(GLANCE)
    print(STAYED.format(name=name, log=data / "log" / f"{name}.log") if name else DONE, file=sys.stderr if name else sys.stdout)
    return 1 if name else 0


def _keeper(data: Path) -> int:
    """The number of the process that keeps a data folder's processes; 0 for none."""
    if not (data / KEEPER).exists():
        return 0
    lock = take(data / KEEPER)
    if lock is not None:
        os.close(lock)
        return 0
    return int((data / KEEPER).read_text() or 0)


def _heed(data: Path, processes: Processes) -> None:
    asked = (data / ASKED).read_text() if (data / ASKED).exists() else ""
    processes.replace(procfile(), lambda name: tell(data, name, asked or NOBODY_ASKED))


def tell(data: Path, name: str, asked: str) -> None:
    """Writes down for whoever asked which process did not come up, or nothing."""
    new = data / f"{OUTCOME}.new"
    new.write_text(f"{name}\n{asked}")
    new.replace(data / OUTCOME)


def outcome_of(data: Path, mine: str) -> str | None:
    """Returns what came of the request with a mark; None while nothing has.

    A keeper that was started before there were marks writes none.
    """
    if not (data / OUTCOME).exists():
        return None
    name, _, asked = (data / OUTCOME).read_text().partition("\n")
    return name if asked in ("", mine) else None
