"""Residents who send until they are answered, and remember what they were told."""

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from tests.storehouse import LITTLE

ADDRESS = f"/api/v1/campaigns/{LITTLE}/submissions"
PATIENCE = 180.0  # seconds that a sender goes on trying
PAUSE = 0.02  # seconds before a sender tries again


@dataclass
class Sent:
    """What was sent, by key, with the number and reference each sender was given; and what senders met on the way.

    ``cut`` counts requests that got no answer, ``refused`` other answers by status, 0 where nobody listened.
    """

    wishes: dict[str, str] = field(default_factory=dict)
    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    cut: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    slowest: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def send(self, port: int, wish: str) -> None:
        """Sends a wish under a new key, again and again until it is acknowledged."""
        with self.lock:
            key = f"k{len(self.wishes)}"
            self.wishes[key] = wish
        began = time.monotonic()
        while key not in self.told:
            self._try(port, key, wish)
            if key not in self.told:
                assert time.monotonic() - began < PATIENCE, f"not taken after {PATIENCE:g} seconds; refused: {self.refused}"
                time.sleep(PAUSE)
        with self.lock:
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _try(self, port: int, key: str, wish: str) -> None:
        try:
            status, said = post(port, json.dumps({"wishes": [wish]}), key)
        except ConnectionRefusedError:
            status, said = 0, ""
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.cut += 1
            return
        with self.lock:
            if status == 201:
                answer = json.loads(said)
                self.told[key] = (answer["number"], answer["reference"])
            else:
                self.refused[status] = self.refused.get(status, 0) + 1


def post(port: int, body: str | bytes, key: str = "", timeout: float = 30) -> tuple[int, str]:
    """Sends a body to the little campaign's door for programs; returns the status and what is said."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        line.request("POST", ADDRESS, body, {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def page(port: int, address: str = f"/{LITTLE}/wish") -> tuple[int, str]:
    """Returns the status and words of a page; status 0 where nobody answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with suppress(OSError, http.client.HTTPException):
        line.request("GET", address)
        answer = line.getresponse()
        status, said = answer.status, answer.read().decode()
        line.close()
        return status, said
    line.close()
    return 0, ""


def keep_sending(port: int, sent: Sent, writers: int, meanwhile: Callable[[], object], pause: float = 0.1) -> None:
    """Has so many senders send one wish after another for as long as something else takes; each ends acknowledged.

    They pause between two, so that a slow machine has no more to do than a quick one.
    """
    over = False

    def send_on(name: int) -> None:
        count = 0
        while not over:
            sent.send(port, f"More benches in {name}-{count} Street")
            count += 1
            time.sleep(pause)

    with ThreadPoolExecutor(writers) as crowd:
        sending = [crowd.submit(send_on, name) for name in range(writers)]
        try:
            meanwhile()
        finally:
            over = True
        for one in sending:
            one.result()
