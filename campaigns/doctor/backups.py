"""Backups: whether there is one of what is in earnest, how old it is, and whether its file is still there."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from socket import gethostname

from campaigns.doctor.access import look_at_path
from campaigns.doctor.finding import Finding
from campaigns.store.backups import Backup
from campaigns.store.store import Store

HOUR_MS = 3600 * 1000
MAKE_ONE = "Make one now (bin/flask backup FILE), every night from now on, and keep it on another machine."


def look_at_backups(newest: Backup | None, stores: Sequence[Store], now_ms: int, owner: int) -> Iterator[Finding]:
    """Yields what stands against the newest backup; a demonstration needs none."""
    earnest = [store for store in stores if store.state.get("state") and not store.demonstration]
    taking = any(store.state.get("state") == "open" for store in earnest)
    if newest is None:
        if earnest:
            yield Finding("backup", "No backup was ever made.", MAKE_ONE)
        return
    hours = (now_ms - newest.at_ms) // HOUR_MS
    if earnest and hours >= (26 if taking else 24 * 8):
        yield Finding("backup", f"The newest backup is {_age(hours)} old.", MAKE_ONE, must=taking)
    if newest.host == gethostname():
        yield from _look_at_file(Path(newest.path), owner)


def _look_at_file(path: Path, owner: int) -> Iterator[Finding]:
    if not path.exists():
        yield Finding(
            "backup", f"The newest backup is no longer where it was made ({path}).",
            "See that it lies somewhere safe, on another machine.", must=False,
        )
    else:
        yield from look_at_path(path, owner)


def _age(hours: int) -> str:
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"
