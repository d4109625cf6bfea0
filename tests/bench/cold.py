"""Starting again with a million responses: until the service says it is ready, and until it answers with their tallies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from campaigns.store.server.embedded import EmbeddedServer
from tests.bench.figures import Bench, Figure, Result, number, timed
from tests.bench.filled import filled
from tests.bench.site import HOUSE, SLUG
from tests.service import environment, free_port

COLD = Figure("cold start, until the tallies are answered", "s", "the store's own server reading its files, alone", 20, less=True)
ASKED = f"/api/v1/campaigns/{SLUG}/tallies?by=theme&by=ward"
READY_SECONDS = 600


def measure(bench: Bench) -> list[Result]:
    """Measures ``bin/start`` on a filled folder whose files no memory holds."""
    result = Result(COLD)
    with filled(bench):
        pass
    folder = bench.filled
    for _ in bench.turns(result):
        forget_files(folder)
        result.baseline.append(_server_alone(folder))
        forget_files(folder)
        began = time.monotonic()
        with started(folder) as url:
            ready = time.monotonic() - began
            urlopen(url + ASKED, timeout=READY_SECONDS).read()
            result.ours.append(time.monotonic() - began)
        result.notes = [f"ready to take responses after {number(ready)} s; {_size(folder)} of files"]
    return [result]


def _server_alone(folder: Path) -> float:
    server = EmbeddedServer(folder)
    try:
        return timed(server.start)
    finally:
        server.stop()


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """Runs ``bin/start`` on a data folder; yields its address once it says it is ready."""
    port = free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "workers.start"], cwd=HOUSE, env=environment(folder, port) | {"PYTHONPATH": str(HOUSE)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )
    try:
        assert running.stdout
        said = running.stdout.readline()
        if not said.startswith(b"ready"):
            raise RuntimeError(f"it did not start: {said.decode()}")
        yield said.split()[1].decode()
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(120)


def forget_files(folder: Path) -> None:
    """Has the system let go of what it keeps in memory of the store's files."""
    for path in (folder / "redis").rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fdatasync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _size(folder: Path) -> str:
    return f"{sum(path.stat().st_size for path in (folder / 'redis').rglob('*') if path.is_file()) / 1e9:.2f} GB"
