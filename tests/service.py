"""The whole service in a folder of its own, as ``bin/start`` runs it, for tests that go through all of it."""

import json
import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

HOUSE = Path(__file__).parents[1]
READY_SECONDS = 90


@dataclass(frozen=True)
class Service:
    """A running service: its address, its data folder, and the link to set up the administrator."""

    url: str
    data: Path
    link: str

    def nothing_behind(self) -> bool:
        """Tells whether the workers are up and every response is counted and coded."""
        with urlopen(f"{self.url}/healthz", timeout=30) as answer:
            health = json.load(answer)
        return all(health["workers"].values()) and not health["behind"] and not health["coding_behind"]

    def flask(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs a flask command on this service's store."""
        return subprocess.run(
            [HOUSE / "bin/flask", *arguments], env=environment(self.data, int(self.url.rpartition(":")[2])),
            capture_output=True, text=True, check=check, timeout=300,
        )


def environment(data: Path, port: int) -> dict[str, str]:
    """Returns the environment of a service with a data folder and port of its own."""
    own = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "QUEUE_REDIS_URL", "PUBLIC_URL")}
    return {**own, "DATA_DIR": str(data), "PORT": str(port), "RATE_LIMIT": "off"}


def free_port() -> int:
    """Returns a port that nothing listens on, below those that outgoing connections take for themselves."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def listens(port: int) -> bool:
    """Tells whether anything takes connections on a port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


@contextmanager
def running_service(data: Path, model: Path | None = None) -> Iterator[Service]:
    """Starts everything and ends it again; ``model`` is a folder with the graph and taggers already made."""
    port = free_port()
    if model:
        data.mkdir(parents=True, exist_ok=True)
        (data / "model").symlink_to(model)
    started = subprocess.Popen(
        [sys.executable, "-m", "workers.start"], cwd=HOUSE, env=environment(data, port),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=False,
    )
    try:
        said = _read_until(started, rb"/account/invitation/\S+\n")
        link = re.search(r"http\S+/account/invitation/\S+", said)
        assert link, said
        yield Service(f"http://127.0.0.1:{port}", data, link.group())
    finally:
        started.send_signal(signal.SIGTERM)
        said, _ = started.communicate(timeout=60)
        assert started.returncode == 0, said


def _read_until(process: subprocess.Popen[bytes], pattern: bytes) -> str:
    """Returns what a process says up to a pattern; fails with what it said if it ends or takes too long."""
    said, deadline = b"", time.monotonic() + READY_SECONDS
    assert process.stdout
    while not re.search(pattern, said):
        ready, _, _ = select.select([process.stdout], [], [], max(deadline - time.monotonic(), 0))
        piece = os.read(process.stdout.fileno(), 65536) if ready else b""
        assert piece, f"the service did not come up: {said.decode()}"
        said += piece
    return said.decode()
