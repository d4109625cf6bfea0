"""Counting what has come in: a catch-up by the tallies' worker, against an RQ worker with a job for each wish."""

import time
from collections.abc import Sequence
from itertools import islice

from campaigns.store.consumers import TALLIES, behind
from campaigns.store.intake import Way, accept_many
from campaigns.store.log import last_event
from campaigns.store.standing import standing_event
from tests.bench import naive
from tests.bench.figures import Bench, Figure, Result
from tests.bench.filling import deal
from tests.bench.site import Site, site, wait_until
from workers.queues import ring

CATCH_UP = Figure(
    "tallying in a catch-up", "wishes/s", "RQ's own worker with a job a wish, each adding to two counters", 300, "ratio",
)
TOGETHER = 500


def measure(bench: Bench) -> list[Result]:
    """Measures how many wishes a second are counted once they wait, the ring and the standing tallies included."""
    result = Result(CATCH_UP)
    with site(bench.folder / "tallying", bench.model) as here:
        here.work("tallies")
        for _ in bench.turns(result):
            result.baseline.append(_a_job_a_wish(here, bench.many(100, 8)))
            result.ours.append(_a_catch_up(here, bench.many(20_000, 300), bench.texts))
    return [result]


def _a_catch_up(here: Site, responses: int, texts: Sequence[str]) -> float:
    here.hold("tallies")
    store, way = here.store, Way(who="job:bench", window="none")
    made, wishes = deal(store.campaign, last_event(store), texts), 0
    for _ in range(0, responses, TOGETHER):
        some = list(islice(made, TOGETHER))
        wishes += sum(len(one.wishes) for one in some)
        accept_many(store, [(one, way) for one in some])
    goal = last_event(store)
    ring(store, TALLIES)
    began = time.monotonic()
    here.let_go("tallies")
    wait_until(lambda: standing_event(store) >= goal and not behind(store, TALLIES))
    return wishes / (time.monotonic() - began)


def _a_job_a_wish(here: Site, wishes: int) -> float:
    """Returns the wishes a second of an RQ worker from its first job done to its last."""
    usual = naive.on(here.url)
    for number in range(wishes):
        usual.keep([f"A wish like any other, number {number}"], "DE1 2FS")
    here.start("a job a wish", "python -m tests.bench.naive")
    wait_until(lambda: usual.counted() > 0)
    began, done = time.monotonic(), usual.counted()
    wait_until(lambda: usual.counted() >= wishes)
    took = time.monotonic() - began
    here.end("a job a wish")
    usual.forget()
    return (wishes - done) / took
