"""Coding wishes again from the vectors that are kept: in memory, and written back to the store."""

from itertools import islice

from campaigns.consumers.coding import code_batch
from campaigns.store.intake import Way, accept_many
from campaigns.store.store import Store
from tests.bench.figures import Bench, Figure, Result, timed
from tests.bench.filling import TaggingAnew, deal
from tests.bench.site import site

BASELINE = "embedding and coding the same wishes anew"
IN_MEMORY = Figure("coding again from vectors, in memory", "wishes/s", BASELINE, 50_000)
WRITTEN = Figure("coding again from vectors, written back", "wishes/s", BASELINE, 5_000)


def measure(bench: Bench) -> list[Result]:
    """Measures wishes coded a second where their vectors are at hand."""
    memory, written = Result(IN_MEMORY), Result(WRITTEN)
    with site(bench.folder / "coding", bench.model) as here:
        store = here.store
        known = TaggingAnew(bench, store.campaign)
        texts, vectors = known.many(bench.many(20_000, 500))
        for _ in bench.turns(memory, written):
            some = texts[:bench.many(256, 32)]
            slow = len(some) / timed(lambda some=some: known.coder.code(some))
            memory.ours.append(len(texts) / timed(lambda: known.tagger.code(vectors, texts)))
            written.ours.append(_written(store, known, bench.many(4_000, 100)))
            memory.baseline.append(slow)
            written.baseline.append(slow)
    return [memory, written]


def _written(store: Store, known: TaggingAnew, responses: int) -> float:
    way, wishes = Way(who="job:bench", window="none"), 0
    accept_many(store, [(one, way) for one in islice(deal(store.campaign, responses, known.texts), responses)])

    def code_all() -> None:
        nonlocal wishes
        while (coded := code_batch(store, known)).events:
            wishes += coded.wishes

    took = timed(code_all)
    return wishes / took
