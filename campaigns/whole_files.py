"""Files that are whole or not there at all, whatever ends the process that writes them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, data: bytes) -> None:
    """Writes a small file in one step, so that nobody reads half of it; nowhere, where its folder has been taken away."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with suppress(FileNotFoundError):
        part.write_bytes(data)
        part.replace(path)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Opens a file that takes its name only when all of it is on disk; none is left where it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")  # its own, should two be at it after a folder was taken away
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
