"""Coding again: every wish that another tagger coded, by the one that codes now, from the vectors that were kept."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Vectors, to_int8
from campaigns.consumers.coding import Coder, write_codings
from campaigns.responses import LIVE
from campaigns.store.keys import VECTOR_BLOCK, VECTOR_LENGTH
from campaigns.store.quick import Fields
from campaigns.store.responses import read_fields, response_count
from campaigns.store.store import NoSuchCampaign, Store


@dataclass(frozen=True)
class Recoded:
    """What one step did: wishes coded again, whether the tallies' bell was silent and is now rung, the last response seen."""

    wishes: int
    ring: bool
    upto: int


@dataclass(frozen=True)
class _Due:
    number: int
    slot: int
    text: str


def recode(store: Store, coder: Coder) -> Iterator[Recoded]:
    """Codes again all that another tagger coded, a block of vectors at a time; what people coded stays as it counts.

    May be stopped and begun again: what the tagger has coded it passes over. A wish whose vector was not kept is
    embedded; one that has no coding yet is left to the coding worker. Raises NoSuchCampaign where it was removed.
    """
    total = response_count(store)
    for block in range(total // VECTOR_BLOCK + 1):
        numbers = range(max(block * VECTOR_BLOCK, 1), min((block + 1) * VECTOR_BLOCK, total + 1))
        due = [one for number, fields in read_fields(store, numbers).items() for one in _due(number, fields, coder, store)]
        vectors = _kept_vectors(store, block, due)
        known: NDArray[np.bool_] = np.logical_or.reduce(vectors != 0, axis=1)
        rung = [
            _write(store, coder, [one for one, has in zip(due, known, strict=True) if has], vectors[known], b""),
            _embed_and_write(store, coder, [one for one, has in zip(due, known, strict=True) if not has]),
        ]
        yield Recoded(sum(wishes for wishes, _ in rung), any(ring for _, ring in rung), numbers.stop - 1)


def _due(number: int, fields: Fields, coder: Coder, store: Store) -> Iterator[_Due]:
    """Yields the wishes of a living response that were coded by another tagger."""
    version = coder.tagger.version.encode()
    for slot in range(1, store.campaign.wishes_each + 1):
        text, coding = fields.get(b"w%d" % slot), fields.get(b"m%d" % slot)
        if text and coding and fields[b"l"] == LIVE.encode() and coding.split(b"|")[2] != version:
            yield _Due(number, slot, text.decode())


def _kept_vectors(store: Store, block: int, due: list[_Due]) -> NDArray[np.int8]:
    """Returns the vector of each wish, all zeros where none is kept."""
    each = store.campaign.wishes_each
    held = store.raw.get(store.keys.of("vectors", block)) or b""
    table = np.frombuffer(held.ljust(VECTOR_BLOCK * each * VECTOR_LENGTH, b"\0"), np.int8).reshape(-1, VECTOR_LENGTH)
    return table[[one.number % VECTOR_BLOCK * each + one.slot - 1 for one in due]]


def _embed_and_write(store: Store, coder: Coder, due: list[_Due]) -> tuple[int, bool]:
    if not due:
        return 0, False
    vectors = coder.embedder.embed([one.text for one in due])
    return _write(store, coder, due, vectors, to_int8(vectors).tobytes())


def _write(store: Store, coder: Coder, due: list[_Due], vectors: Vectors | NDArray[np.int8], to_keep: bytes) -> tuple[int, bool]:
    """Writes new codings in one step, with the vectors that are not kept yet; those whose words changed meanwhile are left."""
    if not due:
        return 0, False
    made = zip(due, coder.tagger.code(vectors, [one.text for one in due]), strict=True)
    codings = [(one.number, one.slot, one.text, coding) for one, coding in made]
    outcome, *rest = write_codings(store, coder.tagger.version, codings, to_keep)
    if outcome in ("gone", "stale"):  # whoever goes on opens the campaign anew
        raise NoSuchCampaign(store.slug)
    return int(rest[0]), bool(rest[1])
