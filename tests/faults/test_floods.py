"""Too much at once: the same sending a hundred times over, thousands of half-open connections, bodies of 50 MB."""

import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Barrier

from campaigns.store.responses import response_count
from tests.faults.account import Fault
from tests.faults.machine import Machine
from tests.faults.proof import SOUND, soundness
from tests.faults.sending import ADDRESS, page, post

MEGABYTE = 1_000_000
HALVES = [
    b"",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Le",
    b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"wish" % ADDRESS.encode(),
    b"POST %b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"w" % ADDRESS.encode(),
]


def test_one_sending_a_hundred_times_at_once(machine: Machine, fault: Fault) -> None:
    rounds, many = fault.times(full=20, short=2), 100
    fault.did(f"sent one body under one key {many} times at the same moment, {rounds} times")
    fault.expected({**SOUND, "responses": [1] * rounds, "answers": [201], "numbers told each time": [1] * rounds})
    responses, statuses, numbers = [], set(), []
    for n in range(rounds):
        before, together = response_count(machine.store), Barrier(many)
        body = json.dumps({"wishes": [f"Only one of these {n}"]})

        def send(body: str = body, n: int = n, together: Barrier = together) -> tuple[int, str]:
            together.wait()
            return post(machine.port, body, f"same-{n}")

        with ThreadPoolExecutor(many) as crowd:
            answers = [one.result() for one in [crowd.submit(send) for _ in range(many)]]
        statuses |= {status for status, _ in answers}
        numbers.append(len({json.loads(said)["number"] for status, said in answers if status == 201}))
        responses.append(response_count(machine.store) - before)
    machine.others += sum(responses)
    fault.saw({
        **soundness(machine), "responses": responses, "answers": sorted(statuses), "numbers told each time": numbers,
    })


def test_half_open_connections(machine: Machine, fault: Fault) -> None:
    many, others = fault.times(full=2000, short=200), fault.times(full=200, short=20)
    fault.did(f"opened {many} connections that say nothing or half of something, and sent {others} wishes meanwhile")
    fault.expected({**SOUND, "connections": many, "wishes taken meanwhile": others, "page meanwhile": 200})
    with ExitStack() as held:
        for n in range(many):
            line = held.enter_context(socket.create_connection(("127.0.0.1", machine.port), timeout=60))
            line.sendall(HALVES[n % len(HALVES)])
        told = len(machine.sent.told)
        for n in range(others):
            machine.sent.send(machine.port, f"A gate for {n}")
        taken, status = len(machine.sent.told) - told, page(machine.port)[0]
    fault.measured("longest wait of a sender meanwhile", f"{machine.sent.slowest:.2f} s")
    fault.saw({**soundness(machine), "connections": many, "wishes taken meanwhile": taken, "page meanwhile": status})


def test_bodies_of_fifty_megabytes(machine: Machine, fault: Fault) -> None:
    each = fault.times(full=8, short=2)
    fault.did(f"sent {each} bodies of 50 MB whole and {each} in pieces of unknown number, two at a time")
    fault.expected({**SOUND, "answers": [(413, "That is too much at once")], "grown by less than one body": True})
    before = memory(machine)
    with ThreadPoolExecutor(2) as crowd:
        answers = {one.result() for one in [crowd.submit(send_large, machine.port, n % 2 == 0) for n in range(2 * each)]}
    grown = memory(machine) - before
    fault.measured("the pages' memory at its most, grown by", f"{grown / MEGABYTE:.1f} MB")
    fault.saw({**soundness(machine), "answers": sorted(answers), "grown by less than one body": grown < 50 * MEGABYTE})


def memory(machine: Machine) -> int:
    """Returns the most memory that the processes which answer have ever held, in bytes."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in machine.serving()]
    return sum(int(found[1]) * 1024 for status in statuses if (found := re.search(r"VmHWM:\s+(\d+) kB", status)))


def send_large(port: int, whole: bool) -> tuple[int, str]:
    """Sends 50 MB for as long as they are taken; returns the status, and what the answer says is wrong."""
    how = f"Content-Length: {50 * MEGABYTE}" if whole else "Transfer-Encoding: chunked"
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(f"POST {ADDRESS} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{how}\r\n\r\n".encode())
        with suppress(OSError):  # it hangs up on whoever goes on after the answer
            for piece in pieces(whole):
                line.sendall(piece)
        with suppress(OSError):
            while more := line.recv(65536):
                said += more
                if b"\r\n\r\n" in said and said.endswith(b"}\n"):
                    break
    head, _, body = said.partition(b"\r\n\r\n")
    with suppress(ValueError, IndexError):
        return int(head.split()[1]), json.loads(body)["error"]
    return 0, said.decode(errors="replace")[:80]


def pieces(whole: bool) -> Iterator[bytes]:
    """Yields 50 MB, as they are or as chunks."""
    piece = b"x" * 100_000
    for _ in range(500):
        yield piece if whole else b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"" if whole else b"0\r\n\r\n"
