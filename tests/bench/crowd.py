"""A crowd: 500 accepts a second for a minute, over 9,000 connections that stay open, with everything running."""

import resource
from collections import Counter

from tests.bench.cost import costing
from tests.bench.driving import Answered, send
from tests.bench.figures import Bench, Figure, Result
from tests.bench.site import site

P95 = Figure("500 accepts/s over 9,000 open connections, p95", "ms", "a bare Flask handler under the same, p95", 250, less=True)
ERRORS = Figure("errors besides 429 and 503 under the same", "", "a bare Flask handler under the same", 0, less=True)
RATE, CONNECTIONS, SECONDS = 500, 9_000, 60
FINE = {"201", "429", "503", "closed idle"}


def measure(bench: Bench) -> list[Result]:
    """Measures what senders wait, from the moment each request falls due, and what goes wrong."""
    p95, errors = Result(P95), Result(ERRORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with site(bench.folder / "crowd", bench.model) as here:
        ports = {"web": here.serve("web"), "bare": here.serve("bare", "tests.bench.bare:served")}
        here.work("tallies", "coding", "schedule")
        for _ in bench.turns(p95, errors):
            bare = _crowd(bench, ports["bare"], bench.many(15, 1))
            with costing(here) as cost:
                ours = _crowd(bench, ports["web"], bench.many(SECONDS, 2))
            here.counted()
            p95.ours.append(ours.wait(95))
            p95.baseline.append(bare.wait(95))
            errors.ours.append(_wrong(ours))
            errors.baseline.append(_wrong(bare))
            p95.notes = [f"an accept costs {cost.each(ours.taken)}"]
            errors.notes.append(_said(ours))
    return [p95, errors]


def _crowd(bench: Bench, port: int, seconds: float) -> Answered:
    return send(port, seconds, bench.many(CONNECTIONS, 100), bench.many(RATE, 50))


def _wrong(answered: Answered) -> int:
    return sum(many for status, many in answered.statuses.items() if status not in FINE)


def _said(answered: Answered) -> str:
    told = Counter({status: many for status, many in answered.statuses.items() if many})
    every = ", ".join(f"{status} {many:,}" for status, many in told.most_common())
    return f"{every}; {answered.open:,} connections open at the end; p50 {answered.wait(50):.0f}, p99 {answered.wait(99):.0f} ms"
