"""``python -m tests.bench.load``: sends requests as fast as they are answered, or at a steady rate, and times each.

A process of its own that does next to nothing for each request, so that what is measured is the service. It reads
what to do as JSON from its input, and writes what it saw as JSON.
"""

import heapq
import json
import select
import socket
import sys
import time
from array import array
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any

GRACE = 10.0  # seconds for the last answers to come
OPENING = 200  # connections opened at once, fewer than wait in any queue for them


@dataclass(eq=False)
class Line:
    """One connection: what it is waiting for, and since when."""

    wire: socket.socket
    asked: bytes = b""
    due: float = 0.0
    heard: bytearray = field(default_factory=bytearray)


@dataclass
class Load:
    """Some connections to one service, and what came over them."""

    spec: dict[str, Any]
    statuses: Counter[str] = field(default_factory=Counter)
    waits: "array[float]" = field(default_factory=lambda: array("d"))
    lines: dict[int, Line] = field(default_factory=dict)
    free: "OrderedDict[Line, None]" = field(default_factory=OrderedDict)  # the one longest unused first
    late: list[tuple[float, bytes]] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.poll = select.epoll()
        self.address = (self.spec["host"], self.spec["port"])
        self.head = (
            f"POST {self.spec['path']} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {self.spec['key']}-%d\r\nContent-Length: %d\r\n\r\n"
        )
        self.bodies = [body.encode() for body in self.spec["bodies"]]

    def run(self) -> dict[str, Any]:
        """Opens the connections, sends for as long as was asked, and tells what came back."""
        while len(self.lines) < self.spec["connections"]:
            self._open_some(min(OPENING, self.spec["connections"] - len(self.lines)))
        began = time.perf_counter()
        ends = began + self.spec["seconds"]
        (self._at_a_rate if self.spec["rate"] else self._flat_out)(began, ends)
        took = time.perf_counter() - began
        self._drain()
        done = min(took, self.spec["seconds"])
        return {"seconds": done, "statuses": dict(self.statuses), "waits": [round(wait * 1e6) for wait in self.waits],
                "open": len(self.lines)}

    def _open_some(self, many: int) -> None:
        for _ in range(many):
            self.free[self._opened()] = None

    def _opened(self) -> Line:
        wire = socket.create_connection(self.address, timeout=30)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.setblocking(False)
        line = Line(wire)
        self.lines[wire.fileno()] = line
        self.poll.register(wire.fileno(), select.EPOLLIN | select.EPOLLRDHUP)
        return line

    def _request(self) -> bytes:
        body = self.bodies[self.sent % len(self.bodies)]
        self.sent += 1
        return (self.head % (self.sent, len(body))).encode() + body

    def _flat_out(self, began: float, ends: float) -> None:
        """Every connection sends again as soon as it is answered."""
        while self.free:
            self._ask(self.free.popitem(last=False)[0], self._request(), began)
        while (now := time.perf_counter()) < ends:
            self._listen(min(ends - now, 0.1))
            now = time.perf_counter()
            while self.free and now < ends:
                self._ask(self.free.popitem(last=False)[0], self._request(), now)

    def _at_a_rate(self, began: float, ends: float) -> None:
        """Requests fall due evenly, each on the connection longest unused, and are timed from when they fell due."""
        step, due = 1 / self.spec["rate"], began
        while due < ends:
            now = time.perf_counter()
            while due <= now and due < ends:
                heapq.heappush(self.late, (due, self._request()))
                due += step
            while self.late and self.free:
                owed, request = heapq.heappop(self.late)
                self._ask(self.free.popitem(last=False)[0], request, owed)
            self._listen(max(min(due - time.perf_counter(), 0.1), 0))

    def _drain(self) -> None:
        until = time.perf_counter() + GRACE
        while time.perf_counter() < until and (self.late or any(line.asked for line in self.lines.values())):
            while self.late and self.free:
                owed, request = heapq.heappop(self.late)
                self._ask(self.free.popitem(last=False)[0], request, owed)
            self._listen(0.1)
        self.statuses["no answer"] += len(self.late) + sum(bool(line.asked) for line in self.lines.values())

    def _ask(self, line: Line, request: bytes, due: float) -> None:
        line.asked, line.due = request, due
        try:
            line.wire.send(request)
        except OSError:
            self._lost(line)

    def _listen(self, seconds: float) -> None:
        for number, _ in self.poll.poll(seconds):
            line = self.lines[number]
            try:
                heard = line.wire.recv(65536)
            except BlockingIOError:
                continue
            except OSError:
                heard = b""
            if heard:
                line.heard += heard
                self._hear(line)
            else:
                self._lost(line)

    def _hear(self, line: Line) -> None:
        head, found, body = line.heard.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().find(b"content-length:")
        if at >= 0 and len(body) < int(head[at + 15:].split(b"\r\n", 1)[0]):
            return
        self.waits.append(time.perf_counter() - line.due)
        self.statuses[head[9:12].decode()] += 1
        line.asked = b""
        line.heard.clear()
        self.free[line] = None

    def _lost(self, line: Line) -> None:
        """Opens a connection the service has closed again; what was asked on it is asked once more, as browsers do."""
        self.poll.unregister(line.wire.fileno())
        del self.lines[line.wire.fileno()]
        line.wire.close()
        self.statuses["closed in use" if line.asked else "closed idle"] += 1
        self.free.pop(line, None)
        try:
            fresh = self._opened()
        except OSError:
            self.statuses["not let in"] += 1
            return
        if line.asked:
            self._ask(fresh, line.asked, line.due)
        else:
            self.free[fresh] = None


if __name__ == "__main__":
    json.dump(Load(json.load(sys.stdin)).run(), sys.stdout)
