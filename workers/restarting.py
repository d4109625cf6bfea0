"""``bin/start --restart``: the code as it now is takes over from what runs, without a request refused.

Whoever keeps the processes of a data folder holds a lock on a file there with its number in it; SIGUSR2 asks it, and
what came of it is written in another.
"""

import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from honcho.environ import parse_procfile

from campaigns.leaving import AT_LEISURE
from campaigns.store.places import REPOSITORY, take
from workers.processes import Processes

KEEPER, OUTCOME = "keeper.pid", "restart.outcome"
GLANCE = 0.1
DONE = "Restarted: everyone who was being served was served to the end."
NOBODY = "Nothing runs on {data}, so there is nothing to restart. Start it: bin/start"
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
    signal.signal(AT_LEISURE.signal, lambda *_: processes.replace(procfile(), lambda name: _tell(data, name)))
    lock = take(data / KEEPER)
    if lock is not None:
        at_the_end.callback(os.close, lock)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)


def restart(data: Path) -> int:
    """Has everything that runs on a data folder replaced, and says what came of it; returns the exit code."""
    outcome = data / OUTCOME
    keeper = _keeper(data)
    if not keeper:
        print(NOBODY.format(data=data), file=sys.stderr)
        return 1
    outcome.unlink(missing_ok=True)
    os.kill(keeper, AT_LEISURE.signal)
    while not outcome.exists():
        if _keeper(data) != keeper:
            print(GONE, file=sys.stderr)
            return 1
        time.sleep(GLANCE)
    name = outcome.read_text()
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


def _tell(data: Path, name: str) -> None:
    new = data / f"{OUTCOME}.new"
    new.write_text(name)
    new.replace(data / OUTCOME)
