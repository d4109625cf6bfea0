"""Wishes by what they mean: those whose vectors point most nearly the way another does, nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.searching.signs import Signs, Vector
from campaigns.searching.words import LONGEST, CannotLook
from campaigns.store.blocks import Place
from campaigns.store.keys import VECTOR_BLOCK, VECTOR_LENGTH
from campaigns.store.many import ask_many
from campaigns.store.store import Store

SHORTLIST = 4000  # wishes whose vectors are read, of those with the most signs in common
MOST = 500  # nearest ones that are listed, one more for the wish they are like: beyond, signs no longer say who is next
FINE = 10_000  # likeness is told in so many steps, so that the order is the same on every page
# In plain words, from which likeness on; see docs/decisions/0019.
HOW_NEAR = ((0.9, "nearly the same"), (0.6, "very near"), (0.45, "near"), (0.3, "somewhat near"), (-1.0, "far"))
ONE_AT_A_TIME = Lock()
NO_MODEL = "This machine lacks the model that reads what wishes mean. Look by words, and tell whoever runs it."


@dataclass(frozen=True)
class Near:
    """A wish, by its response's number and its slot, with how like it is to what was looked for: 10,000 for the same."""

    likeness: int
    place: Place

    @property
    def words(self) -> str:
        """Returns how near it is, in plain words."""
        return next(words for least, words in HOW_NEAR if self.likeness >= least * FINE)

    @property
    def order(self) -> tuple[int, Place]:
        """Returns what nearer wishes have more of, and of equals newer ones."""
        return self.likeness, self.place


def nearest(
    store: Store, places: NDArray[np.int64], vector: Vector, signs: Signs, most: int = 0
) -> list[Near]:
    """Returns some hundreds of some wishes, (wishes, 2) as numbers and slots, nearest first; none without a vector."""
    each, most = store.campaign.wishes_each, most or SHORTLIST
    some = places if len(places) <= most else places[_shortlist(places, vector, signs, each, most)]
    likeness = _likeness(vectors_of(store, some.tolist()), vector)
    there = [Near(like, (number, slot)) for like, (number, slot) in zip(likeness, some.tolist(), strict=True) if like is not None]
    return sorted(there, key=lambda near: near.order, reverse=True)[:MOST + 1]


def _shortlist(places: NDArray[np.int64], vector: Vector, signs: Signs, each: int, most: int) -> NDArray[np.int64]:
    """Returns which of the places have the most signs in common with a vector; those not in the index yet are left out."""
    apart = signs.distances(vector)
    at = places[:, 0] * each + places[:, 1] - 1
    known = np.flatnonzero(at < len(apart)) if at.max(initial=0) >= len(apart) else slice(None)
    differ = apart[at[known]]
    upto = int(np.searchsorted(np.cumsum(np.bincount(differ, minlength=1)), most))
    chosen = np.flatnonzero(differ < upto)
    chosen = np.concatenate([chosen, np.flatnonzero(differ == upto)[:most - len(chosen)]])
    return chosen if isinstance(known, slice) else known[chosen]


def vectors_of(store: Store, places: Sequence[Sequence[int]]) -> NDArray[np.int8]:
    """Returns the vectors of wishes, (wishes, 384); zeros for one that has none."""
    each = store.campaign.wishes_each
    keys = {block: store.keys.of("vectors", block) for block in {number // VECTOR_BLOCK for number, _ in places}}
    asked = []
    for number, slot in places:
        at = (number % VECTOR_BLOCK * each + slot - 1) * VECTOR_LENGTH
        asked.append(("GETRANGE", keys[number // VECTOR_BLOCK], at, at + VECTOR_LENGTH - 1))
    kept = b"".join(one.ljust(VECTOR_LENGTH, b"\0") for one in ask_many(store.raw, asked)) if asked else b""
    return np.frombuffer(kept, np.int8).reshape(-1, VECTOR_LENGTH)


def _likeness(stored: NDArray[np.int8], vector: Vector) -> list[int | None]:
    """Returns the cosines of stored vectors with one of length 1, in ten thousandths; None for a vector of zeros."""
    vectors = stored.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = (vectors @ vector) / np.maximum(lengths, 1)
    steps = np.rint(cosines * FINE).astype(int).tolist()
    return [step if length else None for step, length in zip(steps, lengths.tolist(), strict=True)]


def meaning_of_wish(store: Store, place: Place) -> Vector:
    """Returns the vector of a wish, of length 1; raises CannotLook where it has none."""
    vector: Vector = vectors_of(store, [place])[0].astype(np.float32)
    if not vector.any():
        raise CannotLook("This wish is not coded yet, or its words are no longer kept, so that nothing can be set beside it.")
    vector /= np.linalg.norm(vector)
    return vector


def meaning_of(model: Path, typed: str) -> Vector:
    """Returns the vector of what was typed, of length 1; ``model`` is the folder that the model's graph is kept in.

    The model is loaded when somebody first asks. Raises CannotLook.
    """
    words = " ".join(typed[:LONGEST].split())
    if not any(letter.isalnum() for letter in words):
        raise CannotLook("Type what to look for, in words of your own: “somewhere safe for children to play”.")
    return np.frombuffer(_embedded(model, words), np.float32)


@lru_cache(maxsize=64)
def _embedded(model: Path, words: str) -> bytes:
    with ONE_AT_A_TIME:
        vector: Vector = _embedder(model).embed([words])[0]
    return vector.tobytes()


@lru_cache(maxsize=1)
def _embedder(model: Path) -> Any:  # noqa: ANN401 - loaded by name: every web process would pay for the model otherwise
    try:
        return import_module("campaigns.coding.embedding").Embedder(model)
    except (ImportError, OSError, RuntimeError) as lacking:
        raise CannotLook(NO_MODEL) from lacking
