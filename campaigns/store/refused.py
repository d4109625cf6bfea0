"""Why the embedded server would not start, in words for the person who has to mend it."""

import re
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path

DAMAGE = re.compile(r"append only file (\S+\.(?:aof|rdb))|AOF file (\S+\.aof)|AOF manifest|RDB|Wrong signature")


def why_refused(log: Path, store: Path, program: Path) -> str:
    """What the server said, where its log is and what to do; damaged data is copied before anyone touches it."""
    said = _last_words(log)
    words = f"The store's server would not start. It said: {said}\nIts log is {log}."
    if damage := DAMAGE.search(said):
        words += f"\n{_keep_copy(store)}\n{_remedy(damage.group(1), store, program)}"
    return words


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
    copy = store.with_name(f"redis-damaged-{written:%Y%m%d-%H%M%S}")
    size = sum(path.stat().st_size for path in files)
    if not copy.exists():
        if shutil.disk_usage(store).free < 2 * size:
            return f"Copy {store} to another disk before you do anything: there is no room for a copy here."
        shutil.copytree(store, copy)
    return f"Nothing was deleted, and a copy of the data as it is now is in {copy}."


def _remedy(damaged: str | None, store: Path, program: Path) -> str:
    restore = f"To go back to a backup: move {store} away, start again, then run bin/flask restore FILE."
    if damaged is None or not damaged.endswith(".incr.aof"):
        return restore
    checked = shlex.join([str(program), "--fix", str(store / "appendonlydir" / damaged)])
    return (
        f"{restore}\nTo keep everything up to the damage and lose what was written after it: run\n"
        f"  bash -c 'exec -a valkey-check-aof {checked}'\nwhich says how much that is before it cuts."
    )
