"""``python -m workers.start [--demo | --restart]``: everything on one machine, until Ctrl-C. Called by bin/start.

SIGUSR2, which --restart sends, replaces the pages and the workers one by one while the service goes on.
"""

import argparse
import http.client
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from campaigns.first_start import prepare
from campaigns.observing import configure
from campaigns.store.connection import Connections, check, connect
from campaigns.store.server.embedded import EmbeddedServer, running_url
from campaigns.store.server.places import ADDRESS, REPOSITORY, ServerFailed, data_dir, make_data_folder, make_private
from workers.asides import put_aside
from workers.echo import Echo
from workers.kept import LARGEST_LOG
from workers.pages import bound
from workers.processes import Processes
from workers.restarting import heed_restarts, procfile, restart

READY_WITHIN = 60.0
FALLS_ALLOWED = 3
GLANCE = 0.5  # seconds
MOST_FILES = 10_240  # what macOS allows at most


class StartFailed(Exception):
    """It cannot start; the text says why in plain words, and what to do."""


@dataclass(frozen=True)
class Address:
    """Where the pages are served."""

    host: str
    port: int

    @property
    def near(self) -> str:
        """The host as this machine reaches it."""
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 (only compared)

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        return f"http://[{self.near}]:{self.port}" if ":" in self.near else f"http://{self.near}:{self.port}"


def main(arguments: list[str]) -> int:
    """Run everything; returns the exit code."""
    parser = argparse.ArgumentParser(prog="bin/start", description="Start Three Wishes: pages, workers, store and schedule.")
    parser.add_argument("--demo", action="store_true", help="fill the demonstration campaign with made-up responses")
    parser.add_argument("--restart", action="store_true", help="replace what runs already by the code as it now is, unnoticed")
    asked = parser.parse_args(arguments)
    if asked.restart:
        return restart(data_dir(os.environ))
    _heed_signals()
    with ExitStack() as at_the_end:
        try:
            _run(os.environ, asked.demo, at_the_end)
        except (StartFailed, ServerFailed) as words:
            print(words, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            return 0
        finally:
            _heed_no_more_signals()  # everything ends now, in order, however impatient anybody is


def _run(env: Mapping[str, str], demo: bool, at_the_end: ExitStack) -> NoReturn:
    address = read_address(env)
    data = data_dir(env)
    listening = at_the_end.enter_context(listen(address, data))
    logs = _open_logs(data, at_the_end)
    url = env.get("REDIS_URL") or _embedded(data, at_the_end)
    env = {**env, "DATA_DIR": str(data), "HOST": address.host, "PORT": str(address.port), "REDIS_URL": url,
           "PYTHONUNBUFFERED": "1", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', os.defpath)}"}
    lines = prepare(_checked(env), demo, address.url)
    _allow_many_connections()
    processes = Processes(procfile(), env, REPOSITORY, logs, {"web": listening})
    at_the_end.callback(processes.end)
    processes.start("web")  # alone, so that people get in soonest; the workers catch up with whatever came before them
    _wait_until_ready(address, processes, logs)
    processes.start()
    (data / ADDRESS).write_text(address.url)
    heed_restarts(data, processes, at_the_end)
    _say([f"ready {address.url}", *lines])
    rest()


def rest() -> NoReturn:
    """Waits for signals, never for long at once.

    One that comes just before a wait begins, or to another thread, is heeded by Python only when the main thread is awake.
    """
    while True:
        threading.Event().wait(GLANCE)


def read_address(env: Mapping[str, str]) -> Address:
    """HOST and PORT, or 127.0.0.1 and 8000; raises StartFailed on a port that is none."""
    port = env.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise StartFailed(f"PORT is {port!r}, which is no port. Choose a number from 1024 to 65535: PORT=8001 bin/start")
    return Address(env.get("HOST") or "127.0.0.1", int(port))


def listen(address: Address, data: Path, patience: float = 10.0) -> socket.socket:
    """Returns the socket that the pages are served on, now and after every restart, so that whoever connects is never refused.

    Raises StartFailed, in words, where they could not be served; an earlier start may be just leaving.
    """
    given_up = time.monotonic() + patience
    while True:
        try:
            return bound(address.host, address.port)
        except OSError as error:
            if time.monotonic() > given_up:
                raise StartFailed(_taken(address, data, error)) from error
        time.sleep(0.1)


def _taken(address: Address, data: Path, error: OSError) -> str:
    remedy = f"Choose another: PORT={address.port + 1} bin/start"
    if running_url(data):
        remedy = f"It may be Three Wishes itself, already started: look at {address.url}. Otherwise: {remedy}"
    return f"Port {address.port} cannot be used ({os.strerror(error.errno or 0)}). {remedy}"


def _embedded(data: Path, at_the_end: ExitStack) -> str:
    server = EmbeddedServer(data)
    at_the_end.callback(server.stop)
    url = server.start()
    server.watch()
    return url


def _checked(env: Mapping[str, str]) -> Connections:
    try:
        connections = connect(env)
    except ValueError as error:
        raise StartFailed(f"REDIS_URL cannot be read: {error}.") from error
    if faults := check(connections):
        raise StartFailed("\n".join(["The Redis server cannot be trusted with wishes:", *(f"- {fault}" for fault in faults)]))
    return connections


def _open_logs(data: Path, at_the_end: ExitStack) -> Path:
    logs = data / "log"
    make_data_folder(data)
    make_private(logs)
    for name in ("start", "redis"):  # nobody else looks after these
        put_aside(logs / f"{name}.log", LARGEST_LOG)
    Echo(logs).start()
    configure("start", at_the_end.enter_context((logs / "start.log").open("a", buffering=1)))
    return logs


def _wait_until_ready(address: Address, processes: Processes, logs: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not answers(address):
        if time.monotonic() > deadline or processes.falls("web") >= FALLS_ALLOWED:
            raise StartFailed(f"The pages do not come up. Why is at the end of {logs / 'web.log'}.")
        time.sleep(0.05)


def answers(address: Address) -> bool:
    """Tells whether the service says of itself that it reaches its store."""
    asking = http.client.HTTPConnection(address.near, address.port, timeout=5)
    try:
        asking.request("GET", "/healthz")
        return b'"redis":"ok"' in asking.getresponse().read()  # even if it is 503: with a full disk there is still reading
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def _allow_many_connections() -> None:
    """Each connection takes a descriptor, and the usual limit of 1,024 or even 256 would be its first casualty."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _say(lines: list[str]) -> None:
    with suppress(OSError):  # if nobody reads any more, the service runs all the same
        os.write(1, "".join(f"{line}\n" for line in lines).encode())


def _heed_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, signal.default_int_handler)
    signal.signal(signal.SIGUSR2, lambda *_: None)  # until everything runs there is nothing to restart


def _heed_no_more_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
