"""Taking responses in: how many a second, against doing nothing and against a job a wish; and how soon they are counted."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from campaigns.store.consumers import CODING, TALLIES
from campaigns.store.log import last_event, read_events
from campaigns.store.standing import standing_event
from campaigns.store.store import Store
from tests.bench import naive
from tests.bench.cost import costing
from tests.bench.driving import Answered, ceiling, send
from tests.bench.figures import Bench, Figure, Result, number, percentile
from tests.bench.site import Site, site, wait_until

SYNC_WORKER = (
    "python -m granian --interface wsgi --factory --http 1 --no-ws --host 127.0.0.1 --port $PORT"
    " --workers 1 --blocking-threads 1 --backlog 2048 tests.bench.naive:served"
)
BARE = "a bare Flask handler that answers “ok” without reading, served alike and with nothing beside it"
ACCEPTS = Figure("accepts", "/s", BARE, 0.30, "ratio")
WITH_CODING = Figure("accepts while coding", "/s", BARE, 0.20, "ratio")
OVER_NAIVE = Figure(
    "accepts over a job a wish", "/s", "one sync worker that keeps a response by MULTI and enqueues a job a wish", 5, "ratio",
)
TO_TALLY = Figure("accept to standing tally, p99", "ms", "the answer to the sender itself, p99", 1000, less=True)
JOBS = Figure("jobs per 1,000 responses", "jobs", "a job a wish", 5, less=True)
EVERY = 0.01


def measure(bench: Bench) -> list[Result]:
    """Measures accepts at full load: coding held still, coding running, and the usual way; and the tallies following."""
    results = [Result(figure) for figure in (ACCEPTS, WITH_CODING, OVER_NAIVE, TO_TALLY, JOBS)]
    with site(bench.folder / "accepting", bench.model) as here:
        ports = _serve(here)
        results[0].notes.append(f"the generator alone sends {number(ceiling(bench.many(3, 1)))} requests/s")
        for port in ports.values():
            send(port, 0.5)
        here.counted()
        for _ in bench.turns(*results):
            _one_turn(here, ports, bench.many(4, 1), results)
    return results


def _serve(here: Site) -> dict[str, int]:
    ports = {
        "web": here.serve("web"), "bare": here.serve("bare", "tests.bench.bare:served"),
        "naive": here.serve("naive", like=SYNC_WORKER),
    }
    here.work("tallies", "coding")
    here.hold("coding")
    return ports


def _one_turn(here: Site, ports: dict[str, int], seconds: float, results: list[Result]) -> None:
    alone, coding, over_naive, to_tally, jobs = results
    with costing(here) as bare_cost:
        bare = send(ports["bare"], seconds)
    usual = send(ports["naive"], seconds)
    naive.on(here.url).forget()
    before = _jobs_done(here)
    with costing(here) as cost, standing_seen(here.store) as seen:
        quiet = send(ports["web"], seconds)
        here.counted()
    waits = waits_for_tally(here.store, seen)
    _note(alone, quiet, bare, f"an accept costs {cost.each(quiet.taken)}; a bare answer costs {bare_cost.each(bare.taken)}")
    over_naive.ours.append(quiet.each_second)
    over_naive.baseline.append(usual.each_second)
    to_tally.ours.append(percentile(waits, 99))
    to_tally.baseline.append(quiet.wait(99))
    jobs.ours.append(1000 * (_jobs_done(here) - before) / max(quiet.taken, 1))
    jobs.baseline.append(3000)
    here.let_go("coding")
    with costing(here) as cost:
        busy = send(ports["web"], seconds)
    here.hold("coding")
    here.counted()
    _note(coding, busy, bare, f"an accept costs {cost.each(busy.taken)}")


def _note(result: Result, ours: Answered, bare: Answered, cost: str) -> None:
    result.ours.append(ours.each_second)
    result.baseline.append(bare.each_second)
    strange = {status: many for status, many in ours.statuses.items() if many and status != "201"}
    result.notes = [note for note in result.notes if "costs" not in note] + [cost]
    if strange:
        result.notes.append(f"other answers: {strange}")


def _jobs_done(here: Site) -> int:
    """Returns how many jobs the tallies' and the coding's workers have been given so far."""
    done = 0
    for name in (TALLIES, CODING):
        for worker in here.connections.queue.smembers(f"rq:workers:{name}"):
            kept = here.connections.queue.hmget(worker, "successful_job_count", "failed_job_count")
            done += sum(int(count or 0) for count in kept)
    return done


@contextmanager
def standing_seen(store: Store) -> Iterator[list[tuple[float, int]]]:
    """Yields a list that fills with moments (ms) and the event the standing tallies were as of, looked at every 10 ms."""
    seen: list[tuple[float, int]] = [(time.time() * 1000, last_event(store))]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(EVERY):
            event = standing_event(store)
            if event != seen[-1][1]:
                seen.append((time.time() * 1000, event))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
        wait_until(lambda: seen[-1][1] >= last_event(store), 60)
    finally:
        ended.set()
        watcher.join()


def waits_for_tally(store: Store, seen: list[tuple[float, int]]) -> list[float]:
    """Returns how long each response since the looking began was in before the standing tallies had it, in milliseconds."""
    waits, place, after = [], 1, seen[0][1]
    while events := read_events(store, after):
        for event in events:
            while place < len(seen) and seen[place][1] < event.number:
                place += 1
            if event.name == "response.received" and place < len(seen):
                waits.append(max(seen[place][0] - event.at_ms, 0.0))
        after = events[-1].number
    return waits
