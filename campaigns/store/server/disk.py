"""The disk that the store writes to: what is free on it, and what the supervisor does about that.

With `appendfsync always` a full disk ends the server. So nothing new is taken below a reserve, which is there for what
must go on (counting what is in, the queue, signing in), and the supervisor has two more steps before the end: a ballast
file that it gives back, and a server that answers but takes no writes.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000
LEAST_MB = 256
LARGEST_SHARE = 20  # the reserve is at most one part in so many of a small disk
BALLAST = 16 * MEGABYTE
REWRITE_AT = "20"  # per cent grown since: what was written after a rewrite is read far more slowly at a start than the rest
LAY_AGAIN = 60.0  # seconds until a ballast that could not be written whole is tried again
LAST = 2 * MEGABYTE  # below this the ballast is given back, and without it the server takes no writes


@dataclass(frozen=True)
class Room:
    """What is free on the disk of a folder, asked anew each time (a microsecond); no folder: a disk we cannot see."""

    folder: Path | None = None
    least: int = 0

    def free(self) -> int | None:
        """Returns the bytes free for us; None where the disk cannot be seen."""
        return free_bytes(self.folder) if self.folder else None

    def enough(self) -> bool:
        """Tells whether responses may be taken."""
        free = self.free()
        return free is None or free >= self.least

    def for_rewrite(self) -> bool:
        """Tells whether a second append-only file can be written beside the present one, which is removed only afterwards."""
        free = self.free()
        return free is None or self.folder is None or free > size_of(self.folder / "appendonlydir") + 2 * BALLAST


def room_of(folder: Path, env: Mapping[str, str] = os.environ) -> Room:
    """Returns the room of a folder with its reserve: MIN_FREE_MB, or 256 MB, or a twentieth of a smaller disk."""
    asked = env.get("MIN_FREE_MB", "")
    if asked.isdecimal():
        return Room(folder, int(asked) * MEGABYTE)
    return Room(folder, min(LEAST_MB * MEGABYTE, total_bytes(folder) // LARGEST_SHARE))


def free_bytes(folder: Path) -> int | None:
    """Returns what is free on a folder's disk for those who are not root; None where there is no such folder."""
    with suppress(OSError):
        disk = os.statvfs(folder)
        return disk.f_bavail * disk.f_frsize
    return None


def in_megabytes(size: int) -> str:
    """Returns a number of bytes as people read it: 1,234 MB."""
    return f"{size // MEGABYTE:,} MB"


def total_bytes(folder: Path) -> int:
    """Returns the size of the disk that a folder is on, or will be on once it is made."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    disk = os.statvfs(there)
    return disk.f_blocks * disk.f_frsize


def size_of(folder: Path) -> int:
    """Returns the bytes of the files in a folder; files may come and go meanwhile."""
    size = 0
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size


class Steward:
    """What the supervisor does about the disk at each look; ``ask`` sends the server a command as one line."""

    def __init__(
        self, room: Room, ballast: Path, ask: Callable[[bytes], bytes], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._room, self._ballast, self._ask, self._clock = room, ballast, ask, clock
        self._lay_from = 0.0
        self._set: dict[str, str] = {}

    def look(self) -> None:
        """Keeps or gives back the ballast, stops writes at the very end, and allows rewrites only where there is room."""
        free = self._room.free()
        if free is None:
            return
        if free < LAST and self._ballast.exists():
            self._ballast.unlink(missing_ok=True)
            free = self._room.free() or 0
        elif free > self._room.least + 2 * BALLAST and self._clock() >= self._lay_from and not _lay(self._ballast):
            self._lay_from = self._clock() + LAY_AGAIN
        for name, value in settings_for(free, self._room).items():
            self._tell(name, value)

    def forget(self) -> None:
        """Notes that the server is another, which has been told nothing yet."""
        self._set.clear()

    def _tell(self, name: str, value: str) -> None:
        if self._set.get(name) != value and self._ask(f"CONFIG SET {name} {value}".encode()).startswith(b"+OK"):
            self._set[name] = value


def settings_for(free: int, room: Room) -> dict[str, str]:
    """Returns the server's settings that hang on what is free: whether it takes writes, and rewrites its file by itself."""
    return {
        "min-replicas-to-write": "1" if free < LAST else "0",  # there are no replicas, so one stops every write and no read
        "auto-aof-rewrite-percentage": REWRITE_AT if room.for_rewrite() else "0",
    }


def _lay(ballast: Path) -> bool:
    """Writes the ballast if it is not there, in bytes that no disk can make smaller; False, and nothing left, where it cannot."""
    try:
        if not ballast.exists() or ballast.stat().st_size != BALLAST:
            ballast.write_bytes(os.urandom(BALLAST))
            ballast.chmod(0o600)
    except OSError:
        with suppress(OSError):
            ballast.unlink()
        return False
    return True
