"""The Procfile's processes, kept running side by side.

Honcho reads the Procfile, but its manager ends every process as soon as one has ended: right at a developer's desk,
wrong for an office whose only machine would stop taking wishes because a worker fell over. So a process that ends is
started again here, later and later while it keeps falling.

All can be replaced by successors with the code as it now is, one after another: the successor comes first, and only
when it says that it is ready is the old one told to finish what it has in hand.
"""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import structlog

from workers.kept import Kept, dying_with_us

GLANCE = 0.1  # seconds between looks at the processes
ASK_AGAIN = 6.0  # seconds until a process that is still finishing is told a second time
GIVE_UP = 12.0  # seconds until it is killed
READY_WITHIN = 180.0  # seconds a successor may take until it is ready

log = structlog.get_logger()
Told = Callable[[str], object]


class Processes:
    """All processes of a Procfile, run from a thread of their own so that no signal can interrupt a start.

    ``sockets`` are handed down, each to the process of its name.
    """

    def __init__(
        self, commands: Mapping[str, str], env: Mapping[str, str], folder: Path, logs: Path,
        sockets: Mapping[str, socket.socket] | None = None,
    ) -> None:
        self._env, self._folder, self._prefix = env, folder, dying_with_us()
        self._kept = [
            Kept(name, self._shell(command), logs / f"{name}.log", (sockets or {}).get(name))
            for name, command in commands.items()
        ]
        self._ended = threading.Event()
        self._asked: tuple[Mapping[str, str], Told] | None = None
        self._replacing: Iterator[None] | None = None
        self._thread = threading.Thread(target=self._keep, name="processes")

    def start(self, *names: str) -> None:
        """Start those of these names, or all; and keep them running from now on."""
        for kept in self._kept:
            if not names or kept.name in names:
                kept.due = min(kept.due, time.monotonic())
        if not self._thread.is_alive():
            self._thread.start()

    def replace(self, commands: Mapping[str, str], told: Told) -> None:
        """Replace them all, one after another, without waiting; ``told`` hears the name of the one that failed, or nothing."""
        self._asked = (commands, told)

    def end(self) -> None:
        """End them and wait: asked twice, then killed, with whatever they left behind."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def falls(self, name: str) -> int:
        """How often a process has fallen in a row."""
        return next(kept.falls for kept in self._kept if kept.name == name)

    def _shell(self, command: str) -> list[str]:
        return [*self._prefix, "/bin/sh", "-c", f"exec {command}"]

    def _keep(self) -> None:
        while not self._ended.wait(GLANCE):
            for kept in self._kept:
                kept.look(self._env, self._folder)
            self._go_on_replacing()
        for kept in self._kept:
            kept.stop_listening()
        for how, patience in ((signal.SIGTERM, ASK_AGAIN), (signal.SIGTERM, GIVE_UP - ASK_AGAIN), (signal.SIGKILL, 5.0)):
            self._tell_all(how, patience)
        for kept in self._kept:
            kept.clear_all_away()

    def _go_on_replacing(self) -> None:
        if self._replacing is None and self._asked:
            self._replacing, self._asked = self._replace_all(*self._asked), None
        if self._replacing and next(self._replacing, self) is self:
            self._replacing = None

    def _replace_all(self, commands: Mapping[str, str], told: Told) -> Iterator[None]:
        """Replaces one after another, looking at one each time; stops at the first that does not come up."""
        for kept in self._kept:
            before, kept.command = kept.command, self._shell(commands.get(kept.name, "false"))
            kept.call_successor(self._env, self._folder)
            given_up = time.monotonic() + READY_WITHIN
            while (over := kept.hand_over()) is None and time.monotonic() < given_up:
                yield
            if not over:
                kept.give_up_successor()
                kept.command = before
                log.error("a successor did not come up", child=kept.name)
                told(kept.name)
                return
            log.info("a process was replaced", child=kept.name)
        told("")

    def _tell_all(self, how: signal.Signals, patience: float) -> None:
        for kept in self._kept:
            kept.tell(how)
        deadline = time.monotonic() + patience
        while any(kept.alive() for kept in self._kept) and time.monotonic() < deadline:
            time.sleep(0.02)
