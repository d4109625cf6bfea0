"""Counts that all web processes of a machine make together, without a word to the store.

Each keeps its own in memory and writes them to a file of its own every two seconds. Whoever is asked adds the others'
files to its own figures. What a process that has ended left behind is added up by the next that starts. A lost file
costs a few counts and nothing else; a full disk costs the sharing.
"""

import fcntl
import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from campaigns.store.server.places import make_private

EVERY_SECONDS = 2.0
PAST = "past.json"
Name = tuple[str, ...]  # the metric, then its labels' values
Numbers = dict[Name, float]


class Counts:
    """What one process has counted, and its way to what the others have."""

    def __init__(self) -> None:
        self._own: Numbers = defaultdict(float)
        self._lock = threading.Lock()
        self._folder: Path | None = None

    def add(self, *counted: tuple[Name, float]) -> None:
        """Adds to some counts, all at one moment."""
        with self._lock:
            for name, much in counted:
                self._own[name] += much

    def share(self, folder: Path) -> None:
        """Shares these counts, from now on, with the other processes that use the same folder."""
        make_private(folder)
        self._folder = folder
        with _alone(folder):
            _add_up(folder)
        threading.Thread(target=self._keep_writing, name="counting", daemon=True).start()

    def everyones(self) -> Numbers:
        """Returns what all of them have counted; the others' as of two seconds ago at most."""
        with self._lock:
            total = defaultdict(float, self._own)
        if self._folder and self._folder.is_dir():
            with _alone(self._folder):
                for path in self._folder.glob("*.json"):
                    if path.stem != str(os.getpid()):
                        _add(total, _read(path))
        return total

    def write(self) -> None:
        """Writes them for the others to read; a disk that takes no more is no reason to stop."""
        with self._lock:
            own = list(self._own.items())
        if self._folder and own:
            with suppress(OSError), _alone(self._folder):
                _write(self._folder / f"{os.getpid()}.json", own)

    def _keep_writing(self) -> None:
        written = 0.0
        ended = threading.Event()
        while not ended.wait(EVERY_SECONDS):
            with self._lock:
                now = sum(self._own.values())
            if now != written:
                self.write()
                written = now


def _add_up(folder: Path) -> None:
    """Adds what ended processes left, one that had our number among them, to what is past."""
    total = _read(folder / PAST)
    ended = [path for path in folder.glob("[0-9]*.json") if int(path.stem) == os.getpid() or not _lives(int(path.stem))]
    for path in ended:
        _add(total, _read(path))
    with suppress(OSError):
        _write(folder / PAST, total.items())
        for path in ended:
            path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _add(total: Numbers, more: Numbers) -> None:
    for name, much in more.items():
        total[name] = total.get(name, 0.0) + much


def _read(path: Path) -> Numbers:
    with suppress(OSError, ValueError):
        return {tuple(name): much for name, much in json.loads(path.read_bytes())}
    return {}


def _write(path: Path, counts: Iterable[tuple[Name, float]]) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(list(counts)))
    new.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps the other processes out of the folder for a moment, so that nothing is added up twice."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
