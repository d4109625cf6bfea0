"""A machine that runs everything as ``bin/start`` does, and whose processes can be killed one by one. Linux alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from campaigns.store.connection import Connections, connect
from campaigns.store.server.places import Places
from campaigns.store.store import Store, open_store
from tests.faults.sending import Sent
from tests.service import HOUSE, Service, environment, free_port
from tests.storehouse import LITTLE, open_little
from tests.waiting import look

PATIENCE = 180.0  # seconds for a state that must come, however busy the machine that tests is


def wait_until(condition: Callable[..., object], what: str, seconds: float = PATIENCE) -> None:
    """Returns once a condition holds; fails with what was waited for."""
    deadline = time.monotonic() + seconds
    while not look(condition):
        assert time.monotonic() < deadline, f"after {seconds:g} seconds still not: {what}"


class Machine:
    """One data folder and port, with everything running on them, or not."""

    def __init__(self, data: Path, extra: Mapping[str, str] | None = None) -> None:
        self.data, self.port, self._extra = data, free_port(), dict(extra or {})
        self.running: subprocess.Popen[bytes] | None = None
        self.connections: Connections = connect({"DATA_DIR": str(data)})
        self.sent, self.others = Sent(), 0  # what people sent to its pages; how many responses came another way
        self.data.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """Returns where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def store(self) -> Store:
        """Returns the little campaign's store."""
        return open_store(self.connections, LITTLE)

    def launch(self, port: int = 0) -> "subprocess.Popen[bytes]":
        """Starts everything on the data folder, and does not wait; what it says is in ``start-PID.out`` beside it."""
        out = self.data.parent / f"{self.data.name}-{time.monotonic_ns()}.out"
        with out.open("wb") as said:
            env = environment(self.data, port or self.port) | {"OMP_NUM_THREADS": "1"} | self._extra
            started = subprocess.Popen([sys.executable, "-m", "workers.start"], cwd=HOUSE, env=env, stdout=said, stderr=said)
        started.said = out  # type: ignore[attr-defined]
        return started

    def start(self) -> None:
        """Starts everything, and returns once it says that it is ready."""
        if self.running:  # killed before
            self.running.wait()
        self.running = self.launch()
        wait_until(lambda: said_by(self.running, "ready http") or self.running.poll() is not None, "ready")
        assert self.running.poll() is None, said_by(self.running)[-1000:]

    def take_over(self, launched: "subprocess.Popen[bytes]") -> None:
        """Takes a launched process for the one that runs now."""
        if self.running:
            self.running.wait()
        self.running = launched

    def end(self) -> None:
        """Ends everything in order, whatever state it is in."""
        for pid in self.pids("keeper"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not self.pids("keeper"), "everything ended", 60)
        if self.running:
            self.running.wait()
        self.connections.close()
        for kind in KINDS:  # only where a test went wrong is anything left
            self.kill(kind)

    def pids(self, kind: str) -> list[int]:
        """Returns the processes of a kind: keeper, granian, pages, tallies, coding, slow, exports, horse, schedule or server."""
        return [pid for pid, found in processes_on(self.data) if found == kind]

    def pid(self, kind: str) -> int:
        """Returns the one process of a kind, once there is one."""
        wait_until(lambda: self.pids(kind), f"a process {kind}")
        return self.pids(kind)[0]

    def serving(self) -> list[int]:
        """Returns the processes that answer: those that have started their threads."""
        return [pid for pid in self.pids("pages") if len(list(Path(f"/proc/{pid}/task").glob("*"))) > 2]

    def kill(self, *kinds: str) -> list[int]:
        """Kills every process of these kinds with kill -9 in one go, the supervisor first, and returns which."""
        found = sorted(processes_on(self.data), key=lambda one: KINDS.index(one[1]))
        killed = [pid for pid, kind in found if kind in kinds]
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in killed:
            self.kill_one(pid)
        return killed

    def kill_one(self, pid: int) -> None:
        """Kills a process with kill -9, and returns once it is dead."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), "a killed process is dead")

    def answers(self) -> bool:
        """Tells whether the pages say that responses are taken."""
        with suppress(URLError, OSError), urlopen(f"{self.url}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
        return False

    def all_up(self) -> bool:
        """Tells whether the pages answer and every worker has told RQ of itself."""
        with suppress(URLError, OSError):
            return self.answers() and Service(self.url, self.data, "").nothing_behind()
        return False


KINDS = ("keeper", "granian", "pages", "tallies", "coding", "slow", "exports", "horse", "schedule", "server", "other")


def alive(pid: int) -> bool:
    """Tells whether a process lives; one that nobody has collected yet does not."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def born(pid: int) -> int:
    """Returns when a process began, in the kernel's ticks."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


def said_by(process: "subprocess.Popen[bytes] | None", words: str = "") -> str:
    """Returns what a launched process has said, if these words are in it."""
    said = process.said.read_text() if process else ""  # type: ignore[attr-defined]
    return said if words in said else ""


def processes_on(data: Path) -> Iterator[tuple[int, str]]:
    """Yields every living process that was given a data folder, with its kind."""
    given, socket = f"DATA_DIR={data}\0".encode(), f"unixsocket:{Places(data).socket}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if socket in words[0] or socket in words:
                yield int(entry.name), "server"
            elif given in (entry / "environ").read_bytes() + b"\0":
                yield int(entry.name), _kind(entry, words)


def _kind(entry: Path, words: list[bytes]) -> str:
    parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    same = Path(f"/proc/{parent}/cmdline").read_bytes().split(b"\0") == words
    if b"granian" in words:
        return "pages" if same else "granian"
    if b"workers.start" in words:
        return "keeper"
    name = words[words.index(b"workers") + 1].decode() if b"workers" in words else "other"
    return "horse" if same else name


@contextmanager
def running_machine(data: Path, model: Path, extra: Mapping[str, str] | None = None) -> Iterator[Machine]:
    """Runs everything with the little campaign open; ends it, and fails if anything is left."""
    machine = Machine(data, extra)
    (data / "model").symlink_to(model)
    try:
        machine.start()
        open_little(machine.connections)
        wait_until(machine.all_up, "all workers up")
        yield machine
    finally:
        machine.end()
    left = list(processes_on(data))
    assert left == [], left
