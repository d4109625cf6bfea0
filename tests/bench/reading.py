"""Officers reading while wishes come in: how many responses are still taken in at full load."""

import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from urllib.parse import urlsplit

from tests.bench.cold import started
from tests.bench.desk import HOME, of_the_desk
from tests.bench.driving import send
from tests.bench.figures import Bench, Figure, Result, number, percentile
from tests.bench.filled import filled
from tests.bench.pages import sign_in
from tests.bench.visitor import Visitor

OFFICERS, EVERY = 10, 2.0  # each opens a page so often (seconds)
SLOWED = Figure("accepts while ten officers read", "/s", "the same with nobody reading", 0.9, "ratio")
PAGES = ("/", "/tables?by=theme&by=channel", "/wishes", "/?ward=Normanton", "/wishes?ask=more", "/tables?by=code&by=ask")
WARMING = 8


def measure(bench: Bench) -> list[Result]:
    """Measures accepts at full load over a filled folder's copy, with and without ten officers who look around."""
    result = Result(SLOWED)
    own, many = of_the_desk(bench)
    with filled(own, many):
        pass
    copied = replace(own, filled=bench.folder / "reading")
    shutil.copytree(own.filled, copied.filled, symlinks=True, ignore=shutil.ignore_patterns("*.sock", "log", "redis.lock"))
    with started(copied.filled) as url:
        port = urlsplit(url).port or 0
        officers = [Visitor(port) for _ in range(bench.many(OFFICERS, 2))]
        for officer in officers:
            sign_in(officer, copied)
        for place in range(WARMING):
            officers[0].ask(HOME + PAGES[place % len(PAGES)])
        send(port, 0.5)
        seconds = bench.many(6, 1)
        for _ in bench.turns(result):
            result.baseline.append(send(port, seconds).each_second)
            with reading(officers) as waits:
                result.ours.append(send(port, seconds).each_second)
            half, most = number(percentile(waits, 50)), number(percentile(waits, 95))
            result.notes = [f"{len(waits)} pages in {seconds} s, half within {half} ms and 95 of 100 within {most} ms meanwhile"]
    return [result]


@contextmanager
def reading(officers: Sequence[Visitor]) -> Iterator[list[float]]:
    """Has officers open a page every two seconds each, by turns; yields a list that fills with how long each took."""
    waits: list[float] = []
    ended = threading.Event()

    def look_around(officer: Visitor, first: float) -> None:
        pages = cycle(PAGES)
        pause = first
        while not ended.wait(pause):
            began = time.monotonic()
            seen, _ = officer.ask(HOME + next(pages))
            if seen.status != 200:
                raise RuntimeError(f"{seen.address} answered {seen.status}")
            waits.append(seen.ms)
            pause = max(EVERY - (time.monotonic() - began), 0)

    threads = [
        threading.Thread(target=look_around, args=(officer, EVERY * place / len(officers)), daemon=True)
        for place, officer in enumerate(officers)
    ]
    for thread in threads:
        thread.start()
    try:
        yield waits
    finally:
        ended.set()
        for thread in threads:
            thread.join()
