"""One process of the Procfile, kept running, with a log of its own; and its successor while it is being replaced."""

import math
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from campaigns.leaving import AT_LEISURE, LISTEN_FD
from workers.asides import put_aside

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a fallen process is started again
STEADY = 60.0  # seconds of life after which its earlier falls are forgotten
LONGEST_LEAVING = 3900.0  # seconds a replaced process may take to finish: a slow job may take an hour
LARGEST_LOG = 10_000_000  # bytes, after which a log is put aside

log = structlog.get_logger()
Running = subprocess.Popen[bytes]


@dataclass
class Kept:
    """One process of the Procfile, how often it has fallen of late, and those before and after it while it is replaced."""

    name: str
    command: list[str]
    log: Path
    listening: socket.socket | None = None
    running: Running | None = None
    falls: int = 0
    born: float = 0.0
    due: float = math.inf
    successor: Running | None = None
    leaving: dict[Running, float] = field(default_factory=dict)  # those replaced, and when they must be gone

    @property
    def ready_file(self) -> Path:
        """What a successor makes when it is ready."""
        return self.log.with_suffix(".ready")

    def look(self, env: Mapping[str, str], folder: Path) -> None:
        """Start it if it is due; note it if it has fallen; clear away whoever has left."""
        now = time.monotonic()
        if self.running is None:
            if now >= self.due:
                self.born = now
                self.running = self._start(env, folder)
        elif (code := self.running.poll()) is not None:
            self.falls = 1 if now - self.born > STEADY else self.falls + 1
            self.due = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (self.falls - 1))
            log.warning("a process ended by itself", child=self.name, code=code, seconds=round(self.due - now, 1))
            self.clear_away()
        for left, gone_by in list(self.leaving.items()):
            if left.poll() is not None or now > gone_by:
                end_session(left.pid)
                del self.leaving[left]
        put_aside(self.log, LARGEST_LOG)

    def alive(self) -> bool:
        """Tells whether it runs, or anyone before or after it."""
        return any(one.poll() is None for one in self._all())

    def tell(self, how: signal.Signals) -> None:
        """Send it a signal, if it still runs, and whoever is before or after it."""
        for one in self._all():
            one.send_signal(how)

    def stop_listening(self) -> None:
        """Let go of the socket it was handed, so that whoever comes from now on is told at once that nobody is there."""
        if self.listening is not None:
            self.listening.close()

    def clear_away(self) -> None:
        """Kill whatever it left behind, which may hold the port, and forget it."""
        if self.running is not None:
            end_session(self.running.pid)
            self.running = None

    def clear_all_away(self) -> None:
        """Kill whatever anyone of this name left behind."""
        for one in self._all():
            end_session(one.pid)

    def call_successor(self, env: Mapping[str, str], folder: Path) -> None:
        """Start a successor beside it."""
        self.ready_file.unlink(missing_ok=True)
        self.successor = self._start(dict(env) | {"READY_FILE": str(self.ready_file)}, folder)

    def hand_over(self) -> bool | None:
        """Tells whether the successor has taken over; None as long as that is open."""
        if self.successor is None or self.successor.poll() is not None:
            return self._keep_on()
        if not self.ready_file.exists():
            return None
        self.ready_file.unlink()
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(AT_LEISURE.signal)
            self.leaving[self.running] = time.monotonic() + LONGEST_LEAVING
        else:
            self.clear_away()
        self.running, self.successor, self.falls, self.born = self.successor, None, 0, time.monotonic()
        return True

    def _keep_on(self) -> bool:
        if self.successor is not None:
            end_session(self.successor.pid)
        self.successor = None
        return False

    def give_up_successor(self) -> None:
        """End a successor that does not come up."""
        if self.successor is not None and self.successor.poll() is None:
            self.successor.kill()
            self.successor.wait()
        self._keep_on()

    def _all(self) -> Iterator[Running]:
        yield from (one for one in (self.running, self.successor, *self.leaving) if one is not None)

    def _start(self, env: Mapping[str, str], folder: Path) -> Running | None:
        handed = {LISTEN_FD: str(self.listening.fileno())} if self.listening else {}
        try:
            with self.log.open("ab") as output:
                return subprocess.Popen(  # noqa: S603 (the Procfile is ours)
                    self.command, env=dict(env) | handed, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                    start_new_session=True,  # Ctrl-C must reach it through us alone, in our order
                    pass_fds=[self.listening.fileno()] if self.listening else [],
                )
        except OSError as error:
            self.due = time.monotonic() + LONGEST_WAIT
            log.error("a process cannot be started", child=self.name, failure=type(error).__name__, seconds=LONGEST_WAIT)
            return None


def dying_with_us() -> list[str]:
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
