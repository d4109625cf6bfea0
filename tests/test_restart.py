"""Stopping and restarting under load: nobody who was let in goes unanswered, and a restart refuses nobody."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

import pytest

from campaigns.store.connection import Connections, connect
from campaigns.store.responses import response_count
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.places import take
from campaigns.store.store import open_store
from tests.service import HOUSE, environment, free_port, listens
from tests.storehouse import LITTLE, open_little
from workers.pages import bound
from workers.processes import Processes
from workers.restarting import ASKED, KEEPER, OUTCOME, UNDER_WAY, outcome_of, procfile, restart, tell

Wait = Callable[..., object]
RESTARTS = 3
IDLE_SECONDS = 5
PATIENCE = 120
ADDRESS = f"/api/v1/campaigns/{LITTLE}/submissions"
CANARY = "canary-{} of 7 Yellow Street, DE1 2FS, canary@feather.example"


@dataclass
class House:
    """The pages and the tallies of the little campaign as a Procfile's keeper runs them, with everything they write."""

    port: int
    data: Path
    connections: Connections
    processes: Processes
    outcomes: list[str] = field(default_factory=list)

    @property
    def logs(self) -> Path:
        """Returns the folder of the logs."""
        return self.data / "log"

    def answers(self) -> bool:
        """Tells whether the pages answer."""
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
        return False

    def responses(self) -> int:
        """Returns how many responses the store holds."""
        return response_count(open_store(self.connections, LITTLE))

    def replace(self) -> None:
        """Asks for successors, and does not wait for them."""
        self.processes.replace(commands(), self.outcomes.append)

    def serving(self) -> set[str]:
        """Returns the numbers of all processes that have told anything in the pages' log."""
        return {str(event["pid"]) for event in self.told("web")}

    def told(self, process: str) -> list[dict[str, object]]:
        """Returns everything a process has told by now."""
        return [json.loads(line) for line in (self.logs / f"{process}.log").read_text().splitlines()]


def commands() -> dict[str, str]:
    """Returns the Procfile's commands for the pages and the tallies."""
    return {name: command for name, command in procfile().items() if name in ("web", "tallies")}


@pytest.fixture(scope="module")
def house(redis_server: EmbeddedServer, wait_for: Wait) -> Iterator[House]:
    """Returns the house, at work."""
    data, port = redis_server.places.data, free_port()
    connections = connect({"REDIS_URL": redis_server.url})
    connections.raw.flushall()
    open_little(connections)
    env = environment(data, port) | {
        "REDIS_URL": redis_server.url, "PYTHONUNBUFFERED": "1", "IDLE_SECONDS": str(IDLE_SECONDS),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    processes = Processes(commands(), env, HOUSE, data / "log", {"web": bound("127.0.0.1", port)})
    made = House(port, data, connections, processes)
    processes.start()
    try:
        wait_for(made.answers, seconds=PATIENCE)
        yield made
    finally:
        processes.end()
        connections.close()


def body(number: int) -> bytes:
    """Returns a submission with words that may stand in no log."""
    return json.dumps({"wishes": [CANARY.format(number)], "postcode": "DE1 2FS"}).encode()


class Sender:
    """Someone who sends one response after another, over one connection or each over a new one, and never tries twice."""

    def __init__(self, port: int, keeps: bool) -> None:
        self._port, self.keeps = port, keeps
        self.numbers: list[int] = []
        self.led_on = 0

    def send_until(self, over: threading.Event) -> None:
        """Sends until told that it is over; whatever is not a 201 ends it with what it was."""
        line, used = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE), monotonic()
        while not over.wait(0.05):
            if monotonic() - used > IDLE_SECONDS / 2:  # as any sender should, who knows the limit
                line.close()
            key = {"Idempotency-Key": f"{id(self)}-{len(self.numbers)}"} if len(self.numbers) % 2 else {}  # both ways in
            line.request("POST", ADDRESS, body(len(self.numbers)), {"Content-Type": "application/json", **key})
            answer = line.getresponse()
            said, used = answer.read(), monotonic()
            assert answer.status == 201, (answer.status, said)
            self.numbers.append(json.loads(said)["number"])
            self.led_on += answer.getheader("Connection") == "close"
            if not self.keeps or answer.getheader("Connection") == "close":
                line.close()  # and the next request opens another
        line.close()


@contextmanager
def senders(port: int) -> Iterator[list[Sender]]:
    """Has six send all the time, three of them over connections they keep; fails if one of them was refused anything."""
    over, sending = threading.Event(), [Sender(port, keeps=number % 2 == 0) for number in range(6)]
    with ThreadPoolExecutor(len(sending)) as pool:
        going = [pool.submit(sender.send_until, over) for sender in sending]
        try:
            yield sending
        finally:
            over.set()
    for one in going:
        one.result()


def half_sent(port: int, whole: bytes, sent: int = 20) -> socket.socket:
    """Returns a connection on which a submission has been begun."""
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    line.sendall(f"POST {ADDRESS} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".encode())
    line.sendall(f"Expect: 100-continue\r\nContent-Length: {len(whole)}\r\n\r\n".encode())
    assert b"100 Continue" in line.recv(4096)  # it is in hand
    line.sendall(whole[:sent])
    return line


def answered(line: socket.socket) -> int:
    """Returns the status that comes on a connection, 0 for none."""
    said = line.recv(4096)
    line.close()
    return int(said.split()[1]) if said else 0


def test_three_restarts_under_load_refuse_nobody(house: House, wait_for: Wait) -> None:
    served_before, sent_before, whole = house.serving(), house.responses(), body(10**6)
    with senders(house.port) as sending:
        for number in range(1, RESTARTS + 1):
            slow = half_sent(house.port, whole)
            house.replace()
            wait_for(lambda: len(house.outcomes) == number, seconds=PATIENCE)  # noqa: B023
            slow.sendall(whole[20:])
            assert answered(slow) == 201
            enough = [len(sender.numbers) + 5 for sender in sending]
            wait_for(lambda: all(len(s.numbers) > n for s, n in zip(sending, enough, strict=True)), seconds=PATIENCE)  # noqa: B023
    assert house.outcomes == [""] * RESTARTS
    numbers = [number for sender in sending for number in sender.numbers]
    assert len(set(numbers)) == len(numbers) == house.responses() - sent_before - RESTARTS
    assert all(sender.led_on for sender in sending if sender.keeps)  # to the successors
    assert len(house.serving() - served_before) >= 3 * RESTARTS  # each time one that keeps and two that serve


@contextmanager
def keeping(folder: Path, command: str) -> Iterator[tuple[Processes, list[str]]]:
    """Keeps one process running; yields with it what became of its replacements."""
    made, outcomes = Processes({"web": f"sh -c '{command}'"}, os.environ, folder, folder), []  # type: ignore[var-annotated]
    made.start()
    try:
        yield made, outcomes
    finally:
        made.end()


def words_of(path: Path) -> list[str]:
    """Returns the words in a file, none where there is no such file."""
    return path.read_text().split() if path.exists() else []


def test_a_successor_that_does_not_come_up_changes_nothing(tmp_path: Path, wait_for: Wait) -> None:
    with keeping(tmp_path, "echo $$ >> pids; exec sleep 1000") as (made, outcomes):
        wait_for(lambda: words_of(tmp_path / "pids"), seconds=PATIENCE)
        made.replace({"web": "sh -c 'exit 1'"}, outcomes.append)
        wait_for(lambda: outcomes == ["web"], seconds=PATIENCE)
        pid, = words_of(tmp_path / "pids")
        os.kill(int(pid), 0)  # raises where it does not live


def test_a_successor_runs_the_code_as_it_now_is(tmp_path: Path, wait_for: Wait) -> None:
    code = "cat code >> ran; [ -z $READY_FILE ] || touch $READY_FILE; exec sleep 1000"
    (tmp_path / "code").write_text("old\n")
    with keeping(tmp_path, code) as (made, outcomes):
        wait_for(lambda: words_of(tmp_path / "ran"), seconds=PATIENCE)
        (tmp_path / "code").write_text("new\n")
        made.replace({"web": f"sh -c '{code}'"}, outcomes.append)
        wait_for(lambda: outcomes == [""], seconds=PATIENCE)
        assert words_of(tmp_path / "ran") == ["old", "new"]


def test_restarting_what_does_not_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert restart(tmp_path) == 1
    assert "bin/start" in capsys.readouterr().err
    (tmp_path / KEEPER).write_text("1")  # left by one that was killed
    assert restart(tmp_path) == 1


def test_only_one_asks_at_a_time_and_hears_of_its_own_restart(
    tmp_path: Path, wait_for: Wait, capsys: pytest.CaptureFixture[str]
) -> None:
    with ThreadPoolExecutor(1) as pool, ExitStack() as held:
        held.callback(os.close, take(tmp_path / KEEPER) or 0)  # we are the keeper, and somebody else gets the signal
        deaf = held.enter_context(subprocess.Popen(["sleep", "1000"]))
        held.callback(deaf.kill)
        (tmp_path / KEEPER).write_text(str(deaf.pid))
        (tmp_path / OUTCOME).write_text("web\nleft behind")
        first = pool.submit(restart, tmp_path)
        mine = wait_for(lambda: (tmp_path / ASKED).exists() and (tmp_path / ASKED).read_text(), seconds=PATIENCE)
        wait_for(lambda: not (tmp_path / OUTCOME).exists(), seconds=PATIENCE)
        tell(tmp_path, "web", "that of another")
        assert restart(tmp_path) == 1
        assert UNDER_WAY in capsys.readouterr().err
        tell(tmp_path, "", str(mine))
        assert first.result(PATIENCE) == 0


@pytest.mark.parametrize(("written", "heard"), [
    (None, None), ("web\nmine", "web"), ("\nmine", ""), ("web\nanother", None), ("\n-", None), ("web", "web"), ("", ""),
])
def test_what_came_of_another_restart_is_not_taken_for_ours(tmp_path: Path, written: str | None, heard: str | None) -> None:
    if written is not None:
        (tmp_path / OUTCOME).write_text(written)
    assert outcome_of(tmp_path, "mine") == heard


def test_requests_are_followed_into_the_jobs_they_ask_for(house: House, wait_for: Wait) -> None:
    with senders(house.port) as sending:
        wait_for(lambda: all(sender.numbers for sender in sending), seconds=PATIENCE)

    def followed() -> set[object]:
        asked = {event.get("request_id") for event in house.told("web") if event["event"] == "request"}
        return asked & {event.get("request_id") for event in house.told("tallies") if event["event"] == "job done"}

    wait_for(followed, seconds=PATIENCE)


def test_no_log_holds_a_word_of_what_was_sent(house: House) -> None:
    assert answered(half_sent(house.port, body(0), sent=len(body(0)))) == 201
    for path in house.logs.iterdir():
        text = path.read_text()
        assert not [word for word in ("canary", "Yellow", "DE1", "feather") if word in text], path.name


def test_stopping_answers_what_is_in_hand(house: House, wait_for: Wait) -> None:
    whole, data = body(0), house.data / "stopped"
    (data / "log").mkdir(parents=True)
    port = free_port()
    env = {**house.processes._env, "PORT": str(port)}
    stopped = Processes({"web": commands()["web"]}, env, HOUSE, data / "log", {"web": bound("127.0.0.1", port)})
    stopped.start()
    try:
        finished, forgotten = half_sent(port, whole), half_sent(port, whole)
    except BaseException:
        stopped.end()
        raise
    ending = threading.Thread(target=stopped.end)
    ending.start()
    try:
        finished.sendall(whole[20:])
        assert answered(finished) == 201
        assert answered(forgotten) == 503
    finally:
        ending.join(PATIENCE)
    assert not listens(port)
