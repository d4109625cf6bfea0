"""Learning from what people coded in a campaign: a newer tagger takes over only where it proves better."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Embedder, to_int8
from campaigns.coding.frame import example_mistakes
from campaigns.coding.ground import ground
from campaigns.coding.learning import learn_and_try
from campaigns.coding.report import micro, scores
from campaigns.coding.tagger import Tagger
from campaigns.consumers.coded import Coded, people_coded, sample_coded
from campaigns.store.store import Store
from campaigns.store.taggers import adopt
from campaigns.store.taught import FEWEST_NEW, TRIED, history, note, noted

FEWEST_JUDGED = 50  # wishes that neither tagger has learnt from, from which one may be called better


@dataclass(frozen=True)
class Taught:
    """How a trial went: what came of it, how many codings there were, and both figures where they were compared."""

    outcome: str
    learnt_from: int = 0
    judged: int = 0
    f1: float = 0.0
    f1_before: float = 0.0
    by_sample: bool = False


def teach(store: Store, now: Tagger, embedder: Embedder, cache: Path) -> Taught:
    """Learns from what people coded, if enough is new, and lets the newer tagger take over where it proves better.

    Both are judged by the sample that people coded apart from the machine, once enough of it is settled; till then by wishes that
    people coded since the present tagger took over, the newer one by what it gives each without it (cross-validation). Safe to
    repeat and to cut short: nothing changes until the newer one is adopted, in one step.
    """
    coded = _distinct(store)
    before = noted(store, TRIED) or {}
    if len(coded) - int(before.get("coded", 0)) < FEWEST_NEW:
        return Taught("too few are new", len(coded))
    taught = _learn_and_compare(store, now, coded, embedder, cache)
    note(store, TRIED, {
        "coded": len(coded), **{name: getattr(taught, name) for name in ("outcome", "judged", "f1", "f1_before", "by_sample")},
    })
    return taught


def _distinct(store: Store) -> list[Coded]:
    """Returns what people coded, the same words once: else a letter that many sent would judge itself."""
    frame = store.campaign.frame
    fitting = (one for one in people_coded(store) if not example_mistakes(one.example, frame))
    return list({" ".join(one.wish.text.casefold().split()): one for one in fitting}.values())


def _learn_and_compare(store: Store, now: Tagger, coded: list[Coded], embedder: Embedder, cache: Path) -> Taught:
    sample = [one for one in sample_coded(store) if not example_mistakes(one.example, store.campaign.frame)]
    by_sample = len(sample) >= FEWEST_JUDGED
    since = history(store).get(now.version, {}).get("at_ms", 0)
    places = [place for place, one in enumerate(coded) if one.said.at_ms >= since]
    judged = sample if by_sample else [coded[place] for place in places]
    if len(judged) < FEWEST_JUDGED:
        return Taught("too few to judge by", len(coded), len(judged))
    frame, vectors = store.campaign.frame, _vectors(coded, embedder)
    newer, tried = learn_and_try(frame, ground(frame, embedder, cache), [one.example for one in coded], vectors)
    if newer.version == now.version:
        return Taught("nothing is new", len(coded), len(judged))
    f1_before = _f1(judged, _codes(now, judged, embedder))
    f1 = _f1(judged, _codes(newer, judged, embedder) if by_sample else [tried[place] for place in places])
    if f1 <= f1_before:
        return Taught("no better", len(coded), len(judged), f1, f1_before, by_sample)
    compared = {"judged": len(judged), "f1": round(f1, 4), "f1_before": round(f1_before, 4), "by_sample": int(by_sample)}
    adopt(store, newer, len(coded), "job:teaching", compared)
    return Taught("adopted", len(coded), len(judged), f1, f1_before, by_sample)


def _codes(tagger: Tagger, judged: list[Coded], embedder: Embedder) -> list[tuple[str, ...]]:
    given = tagger.code(_vectors(judged, embedder), [one.wish.text for one in judged])
    return [coding.codes for coding in given]


def _vectors(coded: list[Coded], embedder: Embedder) -> NDArray[np.int8]:
    """Returns the vector of each wish; those that are not kept are embedded."""
    vectors = np.stack([one.vector for one in coded])
    lacking = np.flatnonzero(~vectors.any(axis=1))
    if len(lacking):
        vectors[lacking] = to_int8(embedder.embed([coded[place].wish.text for place in lacking]))
    return vectors


def _f1(judged: list[Coded], given: list[tuple[str, ...]]) -> float:
    pairs = [(set(one.said.codes), set(codes)) for one, codes in zip(judged, given, strict=True)]
    return micro(scores(pairs, str))
