"""Coding wishes again from the vectors that are kept: in memory, and written back to the store."""

from dataclasses import replace

from campaigns.coding.tagger import Tagger
from campaigns.consumers.coding import Coder
from campaigns.consumers.recoding import recode
from campaigns.store.store import Store
from tests.bench.figures import Bench, Figure, Result, timed
from tests.bench.filling import Known, fill
from tests.bench.site import site

BASELINE = "embedding and coding the same wishes anew"
IN_MEMORY = Figure("coding again from vectors, in memory", "wishes/s", BASELINE, 50_000)
WRITTEN = Figure("coding again from vectors, written back", "wishes/s", BASELINE, 5_000)


def measure(bench: Bench) -> list[Result]:
    """Measures wishes coded a second where their vectors are at hand: by the tagger alone, and as the command does it."""
    memory, written = Result(IN_MEMORY), Result(WRITTEN)
    with site(bench.folder / "coding", bench.model) as here:
        fill(here, bench.many(8_000, 200), bench)
        known = Known(bench, here.store.campaign)
        texts, vectors = known.many(bench.many(20_000, 500))
        for turn in bench.turns(memory, written):
            some = texts[:bench.many(256, 32)]
            slow = len(some) / timed(lambda some=some: known.coder.code(some))
            memory.ours.append(len(texts) / timed(lambda: known.tagger.code(vectors, texts)))
            written.ours.append(_written(here.store, known.coder, replace(known.tagger, version=f"again-{turn}")))
            memory.baseline.append(slow)
            written.baseline.append(slow)
    return [memory, written]


def _written(store: Store, coder: Coder, tagger: Tagger) -> float:
    wishes = 0

    def code_all() -> None:
        nonlocal wishes
        for done in recode(store, replace(coder, tagger=tagger)):
            wishes += done.wishes

    took = timed(code_all)
    return wishes / took
