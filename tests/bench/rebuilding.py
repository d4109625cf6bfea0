"""Making every row again, and following the whole log: each against only reading what it must read."""

import hashlib

from campaigns.consumers.rebuilding import differences, rebuild
from campaigns.store.blocks import RowTable
from campaigns.store.log import last_event, read_lines, verify
from campaigns.store.responses import response_count
from campaigns.store.store import Store
from tests.bench.figures import Bench, Figure, Result, timed
from tests.bench.filling import fill
from tests.bench.site import site

REBUILD = Figure("rebuild of rows", "responses/s", "only reading the same responses, a thousand at a time", 15_000)
VERIFY = Figure(
    "log verify, the words of every response included", "events/s", "only reading the log and hashing its lines", 40_000,
)
TOGETHER = 1000


def measure(bench: Bench) -> list[Result]:
    """Measures both on responses that are coded and counted."""
    rebuilt, verified = Result(REBUILD), Result(VERIFY)
    with site(bench.folder / "rebuilding", bench.model) as here:
        many = fill(here, bench.many(50_000, 500), bench)
        store = here.store
        events = last_event(store)
        for _ in bench.turns(rebuilt, verified):
            rebuilt.baseline.append(many / timed(lambda: _read_responses(store)))
            rebuilt.ours.append(many / timed(lambda: rebuild(store, RowTable())))
            verified.baseline.append(events / timed(lambda: _read_log(store)))
            verified.ours.append(events / timed(lambda: _verified(store)))
        if wrong := differences(store, RowTable()):
            rebuilt.notes.append(f"{len(wrong)} rows differ")
    return [rebuilt, verified]


def _verified(store: Store) -> None:
    if problem := verify(store).problem:
        raise RuntimeError(f"the log does not verify: {problem}")


def _read_responses(store: Store) -> None:
    total = response_count(store)
    for first in range(1, total + 1, TOGETHER):
        pipe = store.text.pipeline(transaction=False)
        for number in range(first, min(first + TOGETHER, total + 1)):
            pipe.hgetall(store.keys.response(number))
        pipe.execute()


def _read_log(store: Store) -> str:
    link, after = "", 0
    while lines := read_lines(store, after):
        for _, line, _ in lines:
            link = hashlib.sha1((link + line).encode(), usedforsecurity=False).hexdigest()
        after = lines[-1][0]
    return link
