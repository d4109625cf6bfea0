"""The children's logs, shortened, on the terminal."""

import json
import os
import shutil
import threading
import time
from pathlib import Path

GLANCE = 0.2
MOST_LINES = 20  # of one log at one glance
EVERYDAY = {"request", "job done"}  # events that would flood a terminal
WORTH_READING = ("status", "route", "child", "code", "seconds", "consumer", "slug", "failure", "at", "request_id")


class Echo(threading.Thread):
    """Copies what is added to the logs to the terminal.

    In a thread of its own, and past Python's buffers, so that a terminal that is closed, or a pipe that
    nobody reads, holds up nothing else.
    """

    def __init__(self, folder: Path, terminal: int = 2) -> None:
        super().__init__(name="echo", daemon=True)
        self._folder, self._terminal = folder, terminal
        self._read = {path: path.stat().st_size for path in folder.glob("*.log")}

    def run(self) -> None:
        """Copy until the terminal is gone."""
        try:
            while True:
                self.copy()
                time.sleep(GLANCE)
        except OSError:
            return

    def copy(self) -> None:
        """Copy what has been added since the last time."""
        width = max(60, shutil.get_terminal_size((120, 24)).columns)
        for path in sorted(self._folder.glob("*.log")):
            if path.stem != "redis":
                lines = self._added(path)
                for line in shorten(path.stem, lines, width):
                    os.write(self._terminal, line.encode(errors="replace") + b"\n")

    def _added(self, path: Path) -> list[str]:
        start = self._read.get(path, 0)
        if path.stat().st_size < start:  # put aside, and begun again
            start = 0
        with path.open("rb") as log:
            log.seek(start)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self._read[path] = start + len(whole)
        return whole.decode(errors="replace").splitlines()


def shorten(name: str, lines: list[str], width: int) -> list[str]:
    """Lines as the terminal shows them: whose they are, cut to its width, and no flood of them."""
    shown = [words for line in lines if (words := plain(line))]
    if len(shown) > MOST_LINES:
        shown = [*shown[: MOST_LINES - 1], f"... {len(shown) - MOST_LINES + 1} more lines in {name}.log"]
    labelled = (f"{name:8} | {''.join(letter if letter.isprintable() else ' ' for letter in line)}" for line in shown)
    return [line if len(line) <= width else line[: width - 1] + "…" for line in labelled]


def plain(line: str) -> str:
    """A line as a person reads it; nothing of one that only says that all goes well."""
    try:
        event = json.loads(line)
        what = str(event.pop("event"))
    except (ValueError, TypeError, AttributeError, KeyError):
        return line.strip()
    chatter = event.get("library") and event.get("level") == "info"
    if chatter or (what in EVERYDAY and event.get("status", 200) < 500):
        return ""
    told = " ".join(f"{name}={value}" for name, value in event.items() if name in WORTH_READING)
    return f"{what} {told}".strip()
