"""Logs that stay small: one that has grown large is put aside while its process goes on writing."""

import os
from contextlib import suppress
from pathlib import Path

PIECE = 1 << 20


def put_aside(log: Path, largest: int) -> bool:
    """Moves what a log holds to the file beside it that ends in .1, in place of what was there, if it has grown large.

    The log is copied and emptied, since its process holds it open and adds to its end; what comes between the last
    look and the emptying, a few millionths of a second, is lost.
    """
    with suppress(OSError):
        if log.stat().st_size <= largest:
            return False
        aside = log.with_suffix(".log.1")
        with log.open("r+b", buffering=0) as full, aside.with_suffix(".new").open("wb", buffering=0) as copy:
            while piece := full.read(PIECE):
                copy.write(piece)
            os.truncate(full.fileno(), 0)
        aside.with_suffix(".new").replace(aside)
        return True
    return False
