"""Coding wishes again from the vectors that are kept, in memory and written back; and learning from people's codings first."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import to_int8
from campaigns.coding.frame import Example
from campaigns.coding.ground import ground
from campaigns.coding.learning import learn_from
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
LEARNING = Figure("learning anew from 5,000 codings by people", "s", "learning from the frame alone", 30, less=True)
CODINGS = 5_000


def measure(bench: Bench) -> list[Result]:
    """Measures wishes coded a second where their vectors are at hand: by the tagger alone, and as the command does it."""
    memory, written, learning = Result(IN_MEMORY), Result(WRITTEN), Result(LEARNING)
    with site(bench.folder / "coding", bench.model) as here:
        fill(here, bench.many(8_000, 200), bench)
        known = Known(bench, here.store.campaign)
        texts, vectors = known.many(bench.many(20_000, 500))
        frame = here.store.campaign.frame
        whole, (coded, stored) = ground(frame, known.coder.embedder, bench.model), _coded(known, texts[:bench.many(CODINGS, 60)])
        for turn in bench.turns(memory, written, learning):
            some = texts[:bench.many(256, 32)]
            slow = len(some) / timed(lambda some=some: known.coder.code(some))
            memory.ours.append(len(texts) / timed(lambda: known.tagger.code(vectors, texts)))
            written.ours.append(_written(here.store, known.coder, replace(known.tagger, version=f"again-{turn}")))
            memory.baseline.append(slow)
            written.baseline.append(slow)
            learning.ours.append(timed(lambda: learn_from(frame, whole, coded, stored)))
            learning.baseline.append(timed(lambda: learn_from(frame, whole, (), stored[:0])))
    return [memory, written, learning]


def _coded(known: Known, texts: Sequence[str]) -> tuple[list[Example], NDArray[np.int8]]:
    """Returns wishes as people might have coded them, each once, with their stored vectors."""
    some = list(dict.fromkeys(texts))
    codings, vectors = known.code(some)
    return [Example(text, coding.codes, coding.ask) for text, coding in zip(some, codings, strict=True)], to_int8(vectors)


def _written(store: Store, coder: Coder, tagger: Tagger) -> float:
    wishes = 0

    def code_all() -> None:
        nonlocal wishes
        for done in recode(store, replace(coder, tagger=tagger)):
            wishes += done.wishes

    took = timed(code_all)
    return wishes / took
