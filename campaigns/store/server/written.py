"""How much of the store is known to be on disk, noted beside it: a file that was cut short is refused, not quietly accepted.

The server itself drops a torn end, and cannot know whether that was ever acknowledged; cut between two commands, it sees
nothing at all. So whoever keeps the server running notes every second what has reached the disk, and its end notes all of it.
"""

import hashlib
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 1.0  # seconds between notes, and so the longest that a cut can go unseen after a crash
LIST = "appendonly.aof.manifest"
LISTED = re.compile(rb"^file (\S+) seq \d+ type [bi]", re.MULTILINE)  # b and i are in use, h is what a rewrite has left behind
NOTE = re.compile(r"([0-9a-f]{16}) (\d+)")
LENGTH = 40


class Written:
    """The note of one data folder; its server's files lie in ``store``."""

    def __init__(self, note: Path, store: Path) -> None:
        self._note, self._folder = note, store / "appendonlydir"
        self._due = 0.0

    def look(self, ask: Callable[[bytes], bytes]) -> None:
        """Notes what is on disk, if that is due."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + EVERY
            files = self._files()
            # It answers between two writes: what was written before it was asked has been synced when it answers.
            if ask(b"PING").startswith(b"+PONG") and files.generation == self._files().generation:
                self._keep(files)

    def keep(self) -> None:
        """Notes all there is, when the server has ended."""
        self._keep(self._files())

    def forget(self) -> None:
        """Takes the note away: what is there now is all that is expected."""
        self._note.unlink(missing_ok=True)

    def missing(self) -> int:
        """Returns how many bytes were on disk when last noted and are not there now; 0 where nothing is known to be missing."""
        noted, now = self._read(), self._files()
        comparable = noted.generation and now.generation in (noted.generation, "")
        return max(noted.size - now.size, 0) if comparable else 0

    def reaches(self, file: str, good: int) -> bool:
        """Tells whether the files hold all that was noted even if one of them ends after so many good bytes."""
        noted, now = self._read(), self._files()
        return noted.generation != now.generation or now.size - _size(self._folder / file) + good >= noted.size

    def headless(self) -> bool:
        """Tells whether there is data without the list of its files, in whose place the server would begin an empty store."""
        return not self._files().generation and any(path.suffix in (".aof", ".rdb") for path in self._folder.glob("*"))

    def _files(self) -> "Files":
        with suppress(OSError):
            listed = (self._folder / LIST).read_bytes()
            names = [os.fsdecode(name) for name in LISTED.findall(listed)]
            return Files(hashlib.sha256(listed).hexdigest()[:16], sum(_size(self._folder / name) for name in names))
        return NONE

    def _read(self) -> "Files":
        with suppress(OSError):
            if found := NOTE.match(self._note.read_text(errors="replace")):
                return Files(found[1], int(found[2]))
        return NONE

    def _keep(self, files: "Files") -> None:
        if files.generation and self._read() != files:
            with suppress(OSError):
                file = os.open(self._note, os.O_WRONLY | os.O_CREAT, 0o600)
                # In place and of one length, so that a full disk has room for it.
                os.pwrite(file, f"{files.generation} {files.size}".ljust(LENGTH).encode(), 0)
                os.close(file)


@dataclass(frozen=True)
class Files:
    """The server's files together: what tells them from those that the next rewrite makes, and their bytes."""

    generation: str
    size: int


NONE = Files("", 0)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
