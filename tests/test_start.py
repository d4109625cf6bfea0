"""bin/start: where it serves, what it refuses in words, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaigns.store.server.embedded import EmbeddedServer, running_url
from tests.service import free_port, listens
from workers.restarting import restart
from workers.start import Address, StartFailed, answers, listen, read_address, rest

Wait = Callable[..., object]
HOUSE = Path(__file__).parents[1]


@pytest.mark.parametrize(("env", "address", "url"), [
    ({}, Address("127.0.0.1", 8000), "http://127.0.0.1:8000"),
    ({"PORT": "", "HOST": ""}, Address("127.0.0.1", 8000), "http://127.0.0.1:8000"),
    ({"PORT": "8001"}, Address("127.0.0.1", 8001), "http://127.0.0.1:8001"),
    ({"HOST": "0.0.0.0"}, Address("0.0.0.0", 8000), "http://127.0.0.1:8000"),
    ({"HOST": "192.168.1.5"}, Address("192.168.1.5", 8000), "http://192.168.1.5:8000"),
    ({"HOST": "::1"}, Address("::1", 8000), "http://[::1]:8000"),
])
def test_it_serves_where_it_is_told(env: dict[str, str], address: Address, url: str) -> None:
    assert read_address(env) == address
    assert address.url == url


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(StartFailed, match="PORT=8001 bin/start"):
        read_address({"PORT": port})


@pytest.fixture
def taken() -> Iterator[int]:
    """Returns a port that something else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def test_a_port_that_is_taken_comes_with_its_remedy(taken: int, tmp_path: Path, redis_server: EmbeddedServer) -> None:
    with pytest.raises(StartFailed, match=f"^Port {taken} cannot be used.*[.] Choose another: PORT={taken + 1} bin/start$"):
        listen(Address("127.0.0.1", taken), tmp_path, patience=0)
    with pytest.raises(StartFailed, match="It may be Three Wishes itself, already started"):
        listen(Address("127.0.0.1", taken), redis_server.places.data, patience=0)
    listen(Address("127.0.0.1", free_port()), tmp_path).close()


@pytest.fixture
def data(tmp_path: Path, model_folder: Path) -> Iterator[Path]:
    """Returns a data folder with the model made; ends the server that a killed start may have left there."""
    (tmp_path / "model").symlink_to(model_folder)
    yield tmp_path
    server = EmbeddedServer(tmp_path)
    server.start()
    server.stop()


@contextmanager
def started(data: Path, port: int, **env: str) -> "Iterator[subprocess.Popen[str]]":
    """Runs everything on a data folder; kills it at the end if it still runs."""
    command = [sys.executable, "-m", "workers.start"]
    whole = {**os.environ, "DATA_DIR": str(data), "PORT": str(port), "REDIS_URL": "", **env}
    with subprocess.Popen(
        command, cwd=HOUSE, env=whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.mark.parametrize(("url", "said"), [
    ("redis://127.0.0.1:{taken_elsewhere}", "It does not answer"),
    ("127.0.0.1:6379", "REDIS_URL cannot be read"),
])
def test_a_redis_that_cannot_be_used_is_refused_in_words(tmp_path: Path, url: str, said: str) -> None:
    with started(tmp_path, free_port(), REDIS_URL=url.format(taken_elsewhere=free_port())) as running:
        _, errors = running.communicate(timeout=60)
        assert running.returncode == 1
    assert said in errors and "Traceback" not in errors


def test_a_redis_that_forgets_is_refused_with_the_remedy(tmp_path: Path) -> None:
    forgetful = EmbeddedServer(tmp_path / "theirs", {"appendonly": "no"})
    forgetful.start()
    with started(tmp_path / "ours", free_port(), REDIS_URL=forgetful.url) as running:
        _, errors = running.communicate(timeout=60)
        assert running.returncode == 1
    forgetful.stop()
    assert "Set `appendonly yes` on it" in errors


def ready(running: "subprocess.Popen[str]") -> str:
    """Returns the first line a start says on its standard output; fails with its errors if it says none."""
    assert running.stdout and running.stderr
    return running.stdout.readline() or pytest.fail(running.stderr.read())


def test_nothing_answers_where_nothing_runs() -> None:
    assert answers(Address("127.0.0.1", free_port())) is False


def test_it_comes_back_after_a_kill_and_leaves_nothing_when_it_ends(data: Path, wait_for: Wait) -> None:
    port = free_port()
    with started(data, port) as first:
        assert ready(first) == f"ready http://127.0.0.1:{port}\n"
        assert first.stdout and "/account/invitation/" in first.stdout.readline()
        server = int((data / "redis.lock").read_text())
    if not sys.platform.startswith("linux"):
        pytest.skip("elsewhere the pages outlive a killed start, and the next says that the port is taken")
    wait_for(lambda: not listens(port), seconds=30)
    with started(data, port, IDLE_SECONDS="2") as second:
        assert ready(second) == f"ready http://127.0.0.1:{port}\n"
        assert int((data / "redis.lock").read_text()) == server
        before = set(processes_in(data))
        assert restart(data) == 0
        assert len(set(processes_in(data)) - before) >= 7  # three for the pages, three workers and the schedule
        second.send_signal(signal.SIGINT)
        assert second.wait(60) == 0
    assert not listens(port)
    assert running_url(data) is None
    assert processes_in(data) == []


class Heeded(Exception):
    """A signal's handler has run."""


def test_a_signal_that_came_to_another_thread_is_heeded() -> None:
    def heed(*_: object) -> None:
        raise Heeded

    before = {one: signal.signal(one, heed) for one in (signal.SIGUSR2, signal.SIGALRM)}
    other = threading.Timer(0.2, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR2))  # once it waits
    signal.setitimer(signal.ITIMER_REAL, 20)  # by then it has waited in vain
    began = time.monotonic()
    try:
        with pytest.raises(Heeded):
            other.start()
            rest()
        assert time.monotonic() - began < 15
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for one, handler in before.items():
            signal.signal(one, handler)
        other.join()


def processes_in(data: Path) -> list[str]:
    """Returns the processes that were given a data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            given = entry.read_bytes()
        except OSError:
            continue
        if f"DATA_DIR={data}\0".encode() in given:
            found.append(entry.parent.name)
    return found
