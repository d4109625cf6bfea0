"""How a web process leaves: what the pages' keeper and the pages themselves must agree on."""

import os
import signal
from dataclasses import dataclass

LISTEN_FD = "LISTEN_FD"  # the environment's name for the descriptor of the socket that all listen on
# After which a connection that sends nothing is closed, as at any time: long enough for people who read between two clicks.
IDLE_SECONDS = int(os.environ.get("IDLE_SECONDS") or 30)


@dataclass(frozen=True)
class Leaving:
    """One way to leave: no new connections, those there are served so long, then half-sent requests get no longer than that.

    ``seconds`` is when a process that has not left by itself is killed.
    """

    signal: signal.Signals
    lingers: float
    half_sent: float
    seconds: float


SOON = Leaving(signal.SIGUSR1, lingers=0.1, half_sent=5.0, seconds=10.0)
# A connection that is kept open and idle is closed by nobody but its own time limit, so no request meets a closing door.
AT_LEISURE = Leaving(signal.SIGUSR2, lingers=IDLE_SECONDS + 1.0, half_sent=60.0, seconds=90.0)
