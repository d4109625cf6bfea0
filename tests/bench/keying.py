"""The keying desk's saving: 20 keyers at once, each with a card every few seconds, as their browsers' queues send them."""

import http.client
import json
import re
import threading
import time
from urllib.parse import urlencode

import numpy as np

from campaigns.cards.serials import serial_for
from campaigns.store.cards import print_cards
from campaigns.store.staff import Invitation, invite
from tests.bench.figures import Bench, Figure, Result
from tests.bench.site import SLUG, Site, site
from tests.bench.visitor import Visitor

SAVE = Figure(
    "save at the desk with 20 keyers at once, p95", "ms", "asking who is signed in, under the same, p95", 150, less=True,
)
KEYERS, SECONDS, PAUSE = 20, 30, 1.0
DESK = f"/keying/{SLUG}/"
DATA = re.compile(r'data-(token|person|batch)="([^"]+)"')


def measure(bench: Bench) -> list[Result]:
    """Measures from sending one card to its answer; each keyer has one ready every second, ten times what hands can do."""
    result = Result(SAVE)
    with site(bench.folder / "keying", bench.model) as here:
        port = here.serve("web")
        keyers = [Keyer(here, port, n) for n in range(bench.many(KEYERS, 2))]
        for _ in bench.turns(result):
            saves, asks = _all_at_once(keyers, bench.many(SECONDS, 1))
            result.ours.append(float(np.percentile(saves, 95)))
            result.baseline.append(float(np.percentile(asks, 95)))
            half, most = np.percentile(saves, [50, 99])
            result.notes = [f"{len(saves):,} cards saved; p50 {half:.0f}, p99 {most:.0f} ms"]
    return [result]


class Keyer:
    """Somebody at the desk, with a batch of their own and cards enough."""

    def __init__(self, here: Site, port: int, number: int) -> None:
        self.visitor = Visitor(port)
        self.visitor.join(f"/account/invitation/{invite(here.connections, Invitation(('keyer',)))}", f"keyer{number}")
        self.cards = iter(range((batch := print_cards(here.store, 5000, "", "job:bench")).first, batch.last + 1))
        _, page = self.visitor.ask(DESK)
        token, key = (re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("csrf_token", "key"))
        day = re.search(r'name="day"[^>]* value="([^"]+)"', page)
        assert token and key and day
        form = {"csrf_token": token[1], "key": key[1], "counted": "5000", "channel": "card", "place": "", "day": day[1]}
        wire = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.visitor.cookies.items())}
        wire.request("POST", DESK, urlencode(form), self.headers | {"Content-Type": "application/x-www-form-urlencoded"})
        answer = wire.getresponse()
        answer.read()
        self.about = dict(DATA.findall(self.visitor.ask(answer.getheader("Location") or "")[1]))
        self.wire = wire

    def save(self) -> float:
        """Saves one card; returns the milliseconds until it is answered for."""
        card = next(self.cards)
        item = {"kind": "piece", "piece": f"bench{card}-1", "batch": int(self.about["batch"]), "outcome": "keyed", "why": "",
                "serial": serial_for(card, SLUG), "wish1": "More trees in every street", "wish2": "Cheaper buses"}
        sent = json.dumps({"by": self.about["person"], "items": [item]})
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.about["token"]}
        return self._timed("POST", f"{DESK}queue", sent, headers, b'"saved"')

    def ask(self) -> float:
        """Asks who is signed in; returns the milliseconds until it is answered."""
        return self._timed("GET", f"{DESK}hello", None, {}, b"person")

    def _timed(self, method: str, address: str, sent: str | None, headers: dict[str, str], hoped: bytes) -> float:
        began = time.perf_counter()
        self.wire.request(method, address, sent, self.headers | headers)
        answer = self.wire.getresponse()
        said = answer.read()
        if answer.status != 200 or hoped not in said:
            raise RuntimeError(f"{address}: {answer.status} {said[:300]!r}")
        return 1000 * (time.perf_counter() - began)


def _all_at_once(keyers: list[Keyer], seconds: float) -> tuple[list[float], list[float]]:
    saves: list[float] = []
    asks: list[float] = []

    def sit(keyer: Keyer, until: float) -> None:
        while time.monotonic() < until:
            saves.append(keyer.save())
            asks.append(keyer.ask())
            time.sleep(PAUSE)

    threads = [threading.Thread(target=sit, args=(keyer, time.monotonic() + seconds)) for keyer in keyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return saves, asks
