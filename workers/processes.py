"""The Procfile's processes, kept running side by side, each with a log of its own.

Honcho reads the Procfile, but its manager ends every process as soon as one has ended: right at a developer's desk,
wrong for an office whose only machine would stop taking wishes because a worker fell over. So a process that ends is
started again here, later and later while it keeps falling.
"""

import logging
import math
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GLANCE = 0.1  # seconds between looks at the processes
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a fallen process is started again
STEADY = 60.0  # seconds of life after which its earlier falls are forgotten
ASK_AGAIN = 6.0  # seconds until a process that is still finishing is told a second time
GIVE_UP = 12.0  # seconds until it is killed
LARGEST_LOG = 10_000_000  # bytes, after which a log is put aside at the next start

log = logging.getLogger("start")


@dataclass
class Kept:
    """One process of the Procfile, and how often it has fallen of late."""

    name: str
    command: list[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    falls: int = 0
    born: float = 0.0
    due: float = math.inf

    def look(self, env: Mapping[str, str], folder: Path) -> None:
        """Start it if it is due; note it if it has fallen."""
        now = time.monotonic()
        if self.running is None:
            if now >= self.due:
                self._start(env, folder)
        elif (code := self.running.poll()) is not None:
            self.falls = 1 if now - self.born > STEADY else self.falls + 1
            self.due = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.falls - 1))
            log.warning("%s ended by itself (%s); starting it again in %.1f s", self.name, code, self.due - now)
            self.clear_away()

    def alive(self) -> bool:
        """Tells whether it runs."""
        return self.running is not None and self.running.poll() is None

    def tell(self, how: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.running is not None:
            self.running.send_signal(how)

    def clear_away(self) -> None:
        """Kill whatever it left behind, which may hold the port, and forget it."""
        if self.running is not None:
            end_session(self.running.pid)
            self.running = None

    def _start(self, env: Mapping[str, str], folder: Path) -> None:
        self.born = time.monotonic()
        try:
            if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".log.1"))
            with self.log.open("ab") as output:
                self.running = subprocess.Popen(  # noqa: S603 (the Procfile is ours)
                    self.command, env=dict(env), cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                    start_new_session=True,  # Ctrl-C must reach it through us alone, in our order
                )
        except OSError as error:
            self.due = self.born + LONGEST_WAIT
            log.error("%s cannot be started (%s); trying again in %.0f s", self.name, error, LONGEST_WAIT)


class Processes:
    """All processes of a Procfile, run from a thread of their own so that no signal can interrupt a start."""

    def __init__(self, commands: Mapping[str, str], env: Mapping[str, str], folder: Path, logs: Path) -> None:
        self._env, self._folder = env, folder
        self._kept = [Kept(name, [*_dying_with_us(), "/bin/sh", "-c", f"exec {command}"], logs / f"{name}.log")
                      for name, command in commands.items()]
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="processes")

    def start(self, *names: str) -> None:
        """Start those of these names, or all; and keep them running from now on."""
        for kept in self._kept:
            if not names or kept.name in names:
                kept.due = min(kept.due, time.monotonic())
        if not self._thread.is_alive():
            self._thread.start()

    def end(self) -> None:
        """End them and wait: asked twice, then killed, with whatever they left behind."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def falls(self, name: str) -> int:
        """How often a process has fallen in a row."""
        return next(kept.falls for kept in self._kept if kept.name == name)

    def _keep(self) -> None:
        while not self._ended.wait(GLANCE):
            for kept in self._kept:
                kept.look(self._env, self._folder)
        for how, patience in ((signal.SIGTERM, ASK_AGAIN), (signal.SIGTERM, GIVE_UP - ASK_AGAIN), (signal.SIGKILL, 5.0)):
            self._tell_all(how, patience)
        for kept in self._kept:
            kept.clear_away()

    def _tell_all(self, how: signal.Signals, patience: float) -> None:
        for kept in self._kept:
            kept.tell(how)
        deadline = time.monotonic() + patience
        while any(kept.alive() for kept in self._kept) and time.monotonic() < deadline:
            time.sleep(0.02)


def _dying_with_us() -> list[str]:
    """What makes a process end if we are killed outright; Linux has it, elsewhere the next start says what holds the port."""
    prefix = ["setpriv", "--pdeathsig", "TERM"]
    if shutil.which("setpriv") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return prefix
    return []


def end_session(leader: int) -> None:
    """Kill what is left of a process's session: its children, and theirs in groups of their own (RQ's work horses)."""
    for pid in _all_pids():
        with suppress(ProcessLookupError, PermissionError):
            if pid != os.getpid() and os.getsid(pid) == leader:
                os.kill(pid, signal.SIGKILL)


def _all_pids() -> list[int]:
    if (processes := Path("/proc")).is_dir():
        return [int(entry.name) for entry in processes.iterdir() if entry.name.isdigit()]
    listed = subprocess.run(["/bin/ps", "-A", "-o", "pid="], capture_output=True, check=False, text=True).stdout
    return [int(pid) for pid in listed.split()]
