"""Why the embedded server would not start, in words for the person who has to mend it."""

import re
import shlex
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from campaigns.store.server.disk import free_bytes
from campaigns.store.server.places import DAMAGED, Places
from campaigns.store.server.written import Written

TORN = re.compile(r"Unexpected end of file reading the append only file (\S+\.incr\.aof)")
DAMAGE = re.compile(r"append only file (\S+\.(?:aof|rdb))|AOF file (\S+\.aof)|AOF manifest|RDB|Wrong signature")


def why_refused(places: Places, program: Path) -> str:
    """What the server said, where its log is and what to do; damaged data is copied before anyone touches it."""
    said = _last_words(places.log)
    words = f"The store's server would not start. It said: {said}\nIts log is {places.log}."
    if damage := DAMAGE.search(said):
        words += f"\n{_keep_copy(places.store)}\n{_remedy(damage.group(1), places, program)}"
    return words


def why_cut(written: Written, places: Places) -> str:
    """What is missing of the store since it was last seen whole, and what to do; empty where nothing is known to be."""
    if written.headless():
        return "\n".join([
            f"The store's server was not started: the list of its files is gone from {places.store / 'appendonlydir'}, and it "
            "would have begun an empty store.", _keep_copy(places.store), _go_back(places),
        ])
    if not (missing := written.missing()):
        return ""
    return "\n".join([
        f"The store's server was not started: its files are {missing:,} bytes shorter than they were when it last ran. "
        "What was acknowledged then is not all there: the disk, or somebody, has lost it.",
        _keep_copy(places.store), _go_back(places),
        f"To go on with what is there, and lose what was written last: run\n  rm {shlex.quote(str(places.written))}\n"
        "then start again, run bin/flask log verify, and look at the disk before you trust it.",
    ])


def torn_end(written: Written, places: Places, program: Path) -> bool:
    """Whether the server gave up at a last write that was broken off before anyone was told of it, as power cuts leave them."""
    found = TORN.search(_last_words(places.log))
    if not found:
        return False
    file = places.store / "appendonlydir" / found.group(1)
    as_checker = ["valkey-check-aof", str(file)]
    checked = subprocess.run(as_checker, executable=program, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    good = re.search(r"ok_up_to=(\d+)", checked.stdout)
    return good is not None and written.reaches(file.name, int(good[1]))


def _last_words(log: Path) -> str:
    """The last warning in the log: the line a server that gives up ends with."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        lines = file.read().decode(errors="replace").splitlines()
    said = [line.partition(" # ")[2] or line for line in lines if " # " in line or "FATAL" in line]
    return said[-1] if said else "nothing."


def _keep_copy(store: Path) -> str:
    """Copy the store beside itself, once for each state it is in: its name is the time it was last written."""
    files = [path for path in store.rglob("*") if path.is_file()]
    written = datetime.fromtimestamp(max((path.stat().st_mtime for path in files), default=0), UTC)
    copy = store.with_name(f"{DAMAGED}{written:%Y%m%d-%H%M%S}")
    size = sum(path.stat().st_size for path in files)
    if not copy.exists():
        if (free_bytes(store) or 0) < 2 * size:
            return f"Copy {store} to another disk before you do anything: there is no room for a copy here."
        try:
            shutil.copytree(store, copy)
        except OSError as failure:  # shutil.Error is one too
            return f"Copy {store} to another disk before you do anything: it could not be copied here ({failure})."
    return f"Nothing was deleted, and a copy of the data as it is now is in {copy}."


def _go_back(places: Places) -> str:
    return f"To go back to a backup: move {places.store} away, start again, then run bin/flask restore FILE."


def _remedy(damaged: str | None, places: Places, program: Path) -> str:
    if damaged is None or not damaged.endswith(".incr.aof"):
        return _go_back(places)
    note = shlex.quote(str(places.written))
    checked = shlex.join([str(program), "--fix", str(places.store / "appendonlydir" / damaged)])
    return (
        f"{_go_back(places)}\nTo keep everything up to the damage and lose what was written after it: run\n"
        f"  bash -c {shlex.quote(f'(exec -a valkey-check-aof {checked}) && rm -f {note}')}\n"
        "which says how much that is before it cuts."
    )
