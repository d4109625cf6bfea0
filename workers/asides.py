"""Logs that stay small: one that has grown large is put aside while its process goes on writing."""

import os
from contextlib import suppress
from pathlib import Path

from campaigns.store.server.disk import LAST, free_bytes

PIECE = 1 << 20


def put_aside(log: Path, largest: int) -> bool:
    """Moves what a log holds to the file beside it that ends in .1, in place of what was there, if it has grown large
    and there is room.

    The log is copied and emptied, since its process holds it open and adds to its end; what comes between the last
    look and the emptying, a few millionths of a second, is lost.
    """
    copy = log.with_suffix(".new")
    with suppress(OSError):
        if log.stat().st_size <= largest or not _fits(log):
            return False
        _move(log, copy)
        copy.replace(log.with_suffix(".log.1"))
        return True
    return False


def _fits(log: Path) -> bool:
    """Tells whether a copy leaves the store what it needs to take writes."""
    free = free_bytes(log.parent)
    return free is None or free > log.stat().st_size + LAST


def _move(log: Path, copy: Path) -> None:
    """Copies a log and empties it; where the copy cannot be written whole there is none, and the log stays as it is."""
    try:
        with log.open("r+b", buffering=0) as full, copy.open("wb") as kept:
            while piece := full.read(PIECE):
                kept.write(piece)
                kept.flush()
            os.truncate(full.fileno(), 0)
    except OSError:
        copy.unlink(missing_ok=True)
        raise
