"""``python -m workers.pages granian APPLICATION``: the web processes, on a socket handed down or one of their own.

Granian gives each of its processes a listening socket of its own, and when one ends, the kernel refuses whoever waited
on it. Here all share one socket, which outlives them where it was handed down (LISTEN_FD), so that a successor takes up
whoever waits. SIGTERM: what is in hand is answered, soon. SIGUSR2: the same at leisure, while a successor serves.
"""

import os
import signal
import socket
import sys
import time
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from campaigns.leaving import AT_LEISURE, IDLE_SECONDS, LISTEN_FD, SOON
from campaigns.observing import configure

USAGE = "python -m workers.pages granian MODULE:FUNCTION"
PROCESSES = 2
BACKLOG = 2048
MOST_CONNECTIONS = 6000  # of one process
GLANCE = 0.05
LOGGING = {
    "handlers": {}, "formatters": {},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
}


class Pages(MPServer):
    """Granian's server, on one socket for all its processes, which are told to leave and not just ended."""

    def __init__(self, application: str, address: tuple[str, int]) -> None:
        super().__init__(
            application, *address, interface=Interfaces.RSGI, factory=True, workers=PROCESSES,
            http=HTTPModes.http1, websockets=False, backlog=BACKLOG, backpressure=MOST_CONNECTIONS,
            respawn_failed_workers=True, respawn_interval=0.5,
            http1_settings=HTTP1Settings(header_read_timeout=IDLE_SECONDS * 1000), log_dictconfig=LOGGING,
        )
        self._leave = SOON

    def startup(self, *how: Any) -> None:  # noqa: ANN401 - granian's own
        """Starts the processes, and heeds SIGUSR2 from now on."""
        signal.signal(signal.SIGUSR2, self._leave_at_leisure)
        super().startup(*how)

    def signal_handler_interrupt(self, *_: object) -> None:
        """Makes everything end soon, even if it was leaving at leisure."""
        self._leave = SOON
        super().signal_handler_interrupt()

    def signal_handler_reload(self, *_: object) -> None:
        """Does nothing: whoever keeps this process replaces it by a successor on the same socket."""

    def _leave_at_leisure(self, *_: object) -> None:
        self._leave = AT_LEISURE
        super().signal_handler_interrupt()

    def _init_shared_socket(self) -> None:
        handed = os.environ.get(LISTEN_FD)
        listening = socket.socket(fileno=int(handed)) if handed else bound(self.bind_addr, self.bind_port, shared=True)
        listening.set_inheritable(True)
        os.environ[LISTEN_FD] = str(listening.fileno())  # its processes stop listening by it
        on_linux = (self.backlog,) if sys.platform.startswith(("linux", "freebsd")) else ()
        holder: Any = SocketHolder
        self._ssp, self._shd, self._sso = None, holder(listening.fileno(), False, *on_linux), listening

    def _stop_workers(self) -> None:
        told = None
        deadline = 0.0
        while any(worker.is_alive() for worker in self.wrks):
            if told is not self._leave:
                told = self._leave
                deadline = time.monotonic() + told.seconds
                self._tell(told.signal)
            if time.monotonic() > deadline:
                self._tell(signal.SIGKILL)
            time.sleep(GLANCE)
        for worker in self.wrks:
            worker.join()
        self.wrks.clear()

    def _tell(self, how: signal.Signals) -> None:
        for worker in self.wrks:
            worker.interrupt_by_parent = True
            if worker.is_alive():
                os.kill(worker.inner.pid, how)


def bound(host: str, port: int, shared: bool = False) -> socket.socket:
    """Returns a socket that listens; a shared port may be taken by others of the kind."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=shared, dualstack_ipv6=both)


def main(arguments: list[str]) -> int:
    """Serves until told to stop."""
    if len(arguments) != 2 or arguments[0] != "granian":
        print(USAGE, file=sys.stderr)
        return 2
    configure("web")
    Pages(arguments[1], (os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000))).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
