"""Catching up the coding: the wishes that came since, embedded and coded in batches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Embedder, to_int8
from campaigns.coding.tagger import Coding, Tagger
from campaigns.consumers.tallying import ranges_of
from campaigns.events import full_name, write_data
from campaigns.responses import LIVE, Response, SlotCoding, Wish, fingerprint
from campaigns.store.consumers import CODING, MOST_DEATHS, begin_batch, cursor, park, unpark
from campaigns.store.intake import BELL_MS
from campaigns.store.log import read_events
from campaigns.store.responses import read_each, write_coding
from campaigns.store.store import Store

BATCH = 200
Made = tuple[int, int, str, Coding]  # response, slot, the words that were coded, and their coding
NEEDS_CODING = frozenset({"response.received", "response.revised"})


@dataclass(frozen=True)
class Coder:
    """The tagger with the model it reads wishes through."""

    embedder: Embedder
    tagger: Tagger

    def code(self, texts: Sequence[str]) -> tuple[list[Coding], NDArray[np.float32]]:
        """Returns the coding and the vector of each text."""
        vectors = self.embedder.embed(texts)
        return self.tagger.code(vectors, texts), vectors


@dataclass(frozen=True)
class Coded:
    """What one batch did: events read, wishes coded, and whether the tallies' bell was silent and is now rung."""

    events: int
    wishes: int = 0
    ring: bool = False


def code_batch(store: Store, coder: Coder) -> Coded:
    """Codes the wishes of the next batch of events; a response that cannot be coded is parked alone."""
    if not store.connections.room.enough():  # before it is noted as tried: a batch that waits for room has killed nobody
        return Coded(0)
    at = cursor(store, CODING)
    events = read_events(store, at, BATCH)
    if not events:
        return Coded(0)
    size, deaths = begin_batch(store, CODING, at, BATCH)
    events = events[:size]
    waiting = _waiting(store, {event.subject for event in events if event.name in NEEDS_CODING})
    if deaths >= MOST_DEATHS:
        for number in sorted({response.number for response, _ in waiting}):
            park(store, CODING, number, "Coding it ended the worker five times.")
        waiting = []
    coded = _code_each(store, coder, waiting)
    answer = _write(store, coder, at, events[-1].number, coded)
    if answer[0] != "coded":
        return Coded(0)
    unpark(store, CODING, sorted({one.response.number for one in coded}))
    return Coded(len(events), int(answer[1]), bool(answer[2]))


def code_again(store: Store, coder: Coder, numbers: Collection[int]) -> Coded:
    """Codes the wishes of some responses that have no coding, wherever the cursor is; those that cannot be coded are parked."""
    while True:
        at = cursor(store, CODING)
        answer = _write(store, coder, at, at, _code_each(store, coder, _waiting(store, numbers)))
        if answer[0] != "moved":  # by a worker that coded something else meanwhile
            return Coded(0, int(answer[1]), bool(answer[2])) if answer[0] == "coded" else Coded(0)


@dataclass(frozen=True)
class _CodedWish:
    response: Response
    wish: Wish
    coding: Coding
    vector: NDArray[np.float32]


def _waiting(store: Store, numbers: Collection[int]) -> list[tuple[Response, Wish]]:
    waiting = []
    for number, response in read_each(store, sorted(numbers)):
        if isinstance(response, Exception):
            park(store, CODING, number, response)
        elif response.state == LIVE:
            waiting += [(response, wish) for wish in response.wishes if wish.machine is None]
    return waiting


def _code_each(store: Store, coder: Coder, waiting: list[tuple[Response, Wish]]) -> list[_CodedWish]:
    """Codes a batch at once; should that fail, one response at a time, parking those that fail alone."""
    if not waiting:
        return []
    try:
        codings, vectors = coder.code([wish.text for _, wish in waiting])
    except Exception as failure:
        numbers = {response.number for response, _ in waiting}
        if len(numbers) == 1:
            park(store, CODING, numbers.pop(), failure)
            return []
        return [
            coded for number in sorted(numbers)
            for coded in _code_each(store, coder, [pair for pair in waiting if pair[0].number == number])
        ]
    return [_CodedWish(r, w, c, v) for (r, w), c, v in zip(waiting, codings, vectors, strict=True)]


def _write(store: Store, coder: Coder, at: int, upto: int, coded: list[_CodedWish]) -> list[Any]:
    codings = [(one.response.number, one.wish.slot, one.wish.text, one.coding) for one in coded]
    vectors = b"".join(to_int8(one.vector).tobytes() for one in coded)
    return write_codings(store, coder.tagger.version, codings, vectors, at, upto)


def write_codings(
    store: Store, tagger: str, codings: Sequence[Made], vectors: bytes, at: int | None = None, upto: int | None = None
) -> list[Any]:
    """Writes a tagger's codings in one step, with the vectors where any are given; returns what the script answers.

    The cursor is moved from ``at`` to ``upto``, or left alone where neither is given.
    """
    frame = store.state.get("frame")
    data = write_data("wishes.coded", tagger=tagger, frame=frame, ranges=ranges_of(number for number, *_ in codings))
    return store.scripts.run("code", {
        "expected": at, "cursor": upto, "born": store.born, "frame": frame or "", "slots": store.campaign.wishes_each,
        "bell_ms": BELL_MS, "event": full_name("wishes.coded"), "who": "job:coding", "data": data,
        "codings": [[number, slot, fingerprint(text), _kept_coding(made, tagger, store)] for number, slot, text, made in codings],
    }, vectors)


def _kept_coding(coding: Coding, tagger: str, store: Store) -> str:
    """Returns what a tagger made of a wish as it is kept."""
    slot = SlotCoding(coding.codes, coding.ask, tagger, coding.confidence, tuple(coding.nearest))
    return write_coding(slot, store.layout)
