"""A service of the benchmark's own: its store, its web processes and workers, each started and held still as asked."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from honcho.environ import parse_procfile

from campaigns.campaign_file import read_file
from campaigns.store.areas import load_postcodes
from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import CODING, TALLIES, behind
from campaigns.store.opening import demonstration_window, open_campaign
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store, load_campaign, loaded_slugs, open_store
from tests.bench.words import SHARED
from tests.service import environment, free_port

HOUSE = Path(__file__).parents[2]
SLUG = "derby-2026"
PATH = f"/api/v1/campaigns/{SLUG}/submissions"
POSTCODES = SHARED / "geo" / "derby_postcode_ward_2014.csv"
ENOUGH_SECONDS = 900


def wait_until(holds: Callable[[], object], seconds: float = ENOUGH_SECONDS) -> None:
    """Returns once a condition holds; raises TimeoutError where it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not so after {seconds} seconds: {holds}")
        time.sleep(0.02)


def answers_at(port: int) -> bool:
    """Tells whether anything answers requests there, whatever it says."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/")
        return bool(asking.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


@dataclass
class Site:
    """A data folder with its server running, and whatever processes have been started on it."""

    data: Path
    url: str
    _ends: ExitStack
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @cached_property
    def connections(self) -> Connections:
        """Returns clients of the site's store."""
        return connect({"REDIS_URL": self.url})

    @property
    def store(self) -> Store:
        """Returns the campaign's store as it now is."""
        return open_store(self.connections, SLUG)

    def serve(self, name: str, application: str = "web.serving:served", like: str = "") -> int:
        """Starts web processes by the Procfile's line, or one like it; returns their port once they answer."""
        port = free_port()
        command = like or parse_procfile((HOUSE / "Procfile").read_text()).processes["web"]
        self.start(name, command.replace("web.serving:served", application), port)
        try:
            wait_until(lambda: answers_at(port), 90)
        except TimeoutError as silent:
            raise RuntimeError(f"{name} does not come up:\n{(self.data / 'log' / f'{name}.log').read_text()[-3000:]}") from silent
        return port

    def work(self, *names: str) -> None:
        """Starts workers by their lines in the Procfile, and returns when they take jobs."""
        commands = parse_procfile((HOUSE / "Procfile").read_text()).processes
        for name in names:
            self.start(name, commands[name])
        queues = {f"rq:workers:{name}" for name in names if name != "schedule"}
        wait_until(lambda: all(self.connections.queue.scard(key) for key in queues))

    def hold(self, name: str) -> None:
        """Holds a process still, as it stands."""
        os.killpg(self.running[name].pid, signal.SIGSTOP)

    def let_go(self, name: str) -> None:
        """Lets a process that was held still go on."""
        os.killpg(self.running[name].pid, signal.SIGCONT)

    def end(self, name: str) -> None:
        """Ends a process."""
        process = self.running.pop(name, None)
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def counted(self) -> None:
        """Returns when the tallies have every event."""
        wait_until(lambda: not behind(self.store, TALLIES))

    def coded(self) -> None:
        """Returns when every wish is coded and counted."""
        wait_until(lambda: not behind(self.store, CODING) and not behind(self.store, TALLIES))

    def start(self, name: str, command: str, port: int = 0) -> None:
        """Starts a process of that name."""
        env = environment(self.data, port) | {
            "REDIS_URL": self.url, "HOST": "127.0.0.1", "PYTHONPATH": str(HOUSE), "PYTHONUNBUFFERED": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }
        log = self.data / "log" / f"{name}.log"
        with log.open("ab") as output:
            self.running[name] = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"], env=env, cwd=HOUSE, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )
        self._ends.callback(self.end, name)


@contextmanager
def site(data: Path, model: Path | None = None) -> Iterator[Site]:
    """Runs a data folder's server with the campaign open as a demonstration; ends all that was started on it."""
    data.mkdir(parents=True, exist_ok=True)
    if model and not (data / "model").exists():
        model.mkdir(parents=True, exist_ok=True)
        (data / "model").symlink_to(model)
    with ExitStack() as ends:
        server = EmbeddedServer(data)
        ends.callback(server.stop)
        made = Site(data, server.start(), ends)
        open_demonstration(made.connections)
        yield made


def open_demonstration(connections: Connections) -> None:
    """Loads the campaign with its postcodes, where they are at hand, and opens it, unless that has been done."""
    if SLUG not in loaded_slugs(connections):  # a folder filled earlier keeps the definition it was opened with
        load_campaign(connections, SLUG, read_file(SLUG))
    store = open_store(connections, SLUG)
    if not store.state.get("state"):
        store = open_campaign(connections, SLUG, "job:bench", demonstration_window(store.campaign.window, date.today()))
        if POSTCODES.exists():
            with POSTCODES.open(encoding="utf-8-sig", newline="") as lines:
                load_postcodes(store, lines, "job:bench")
