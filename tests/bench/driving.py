"""Sending requests from a process of their own, and what came of them."""

import json
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.bench.site import PATH
from tests.bench.words import bodies

HOUSE = Path(__file__).parents[2]
CONNECTIONS = 64
BODIES = 5000
TAKEN = "201"
ANSWER = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Answered:
    """What a load met: answers by their status, and how long each took in milliseconds."""

    seconds: float
    statuses: Mapping[str, int]
    waits: Sequence[float]
    open: int

    @property
    def taken(self) -> int:
        """Returns how many requests were answered 201."""
        return self.statuses.get(TAKEN, 0)

    @property
    def each_second(self) -> float:
        """Returns how many were answered 201 in a second."""
        return self.taken / self.seconds

    def wait(self, percent: float) -> float:
        """Returns the wait in milliseconds that so many of a hundred stayed within."""
        return float(np.percentile(self.waits, percent)) if len(self.waits) else float("nan")


def send(port: int, seconds: float, connections: int = CONNECTIONS, rate: float = 0) -> Answered:
    """Posts submissions for some seconds: as fast as they are answered, or so many a second."""
    spec = {
        "host": "127.0.0.1", "port": port, "path": PATH, "connections": connections, "seconds": seconds, "rate": rate,
        "key": secrets.token_hex(6), "bodies": [json.dumps(body) for body in bodies(BODIES, secrets.randbits(32))],
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"], input=json.dumps(spec).encode(), stdout=subprocess.PIPE,
        cwd=HOUSE, check=True,
    )
    said = json.loads(done.stdout)
    return Answered(said["seconds"], said["statuses"], [wait / 1000 for wait in said["waits"]], said["open"])


def ceiling(seconds: float) -> float:
    """Returns how many requests a second the generator itself manages, against a peer that answers at once."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        threading.Thread(target=answer_all, args=(door,), daemon=True).start()
        return send(door.getsockname()[1], seconds, 8).each_second


def answer_all(door: socket.socket) -> None:
    """Answers whatever comes, at once, until the door is closed."""
    try:
        while True:
            threading.Thread(target=_answer, args=(door.accept()[0],), daemon=True).start()
    except OSError:
        return


def _answer(wire: socket.socket) -> None:
    with wire:
        while wire.recv(65536):
            wire.sendall(ANSWER)
