"""What a tagger works out with: how far a wish belongs to each code, and which way it asks.

All that is multiplied and added up is first rounded to whole steps, small enough that every sum of them is exact. Sums of
whole numbers are the same in any order, so no code depends on how many wishes are coded together, by how many threads,
or on which processor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Vectors, to_int8
from campaigns.coding.frame import ASKS
from campaigns.coding.words import Grams

GAMMA = 1.0  # how fast likeness falls with distance: half gone at an angle of 49 degrees
NEAREST = 3  # examples named with a coding
STEPS = 2**16  # to 1, for likenesses and weights; a sum of a thousand products stays far below the 2**53 of a double

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def as_whole(vectors: Vectors | NDArray[np.int8]) -> Floats:
    """Bring vectors to whole numbers as they are stored, so that a wish is coded alike when it comes and ever after."""
    stored = vectors if vectors.dtype == np.int8 else to_int8(vectors.astype(np.float32, copy=False))
    return stored.astype(np.float32)


def lengths(whole: Floats) -> Floats:
    """Give the length of each vector of whole numbers; 1 for one of zeros."""
    length: Floats = np.sqrt(np.einsum("ij,ij->i", whole, whole))  # below 2**24, so exact in any order
    return np.where(length > 0, length, np.float32(1))


def cosines(whole: Floats, points: Floats) -> Floats:
    """Compare vectors of whole numbers with points of whole numbers: the cosine of each with each."""
    alike: Floats = whole @ points.T  # 384 products of at most 127 * 127 stay below 2**24, so exact in any order
    alike /= lengths(whole)[:, None]
    alike /= lengths(points)
    return alike


def falling(alike: Floats) -> Floats:
    """Turn cosines into likenesses: 1 for the same vector, falling with the square of their distance."""
    fallen = alike - np.float32(1)
    fallen *= np.float32(2 * GAMMA)
    np.exp(fallen, out=fallen)
    return fallen


def closest(alike: Floats) -> NDArray[np.int64]:
    """Find the places of the points nearest to each wish, closest first.

    The nearest is looked for once for each place: a sort of the many that are far takes thirty times as long.
    """
    rows, left = np.arange(len(alike)), alike.copy()
    near = []
    for _ in range(min(NEAREST, left.shape[1])):
        near.append(left.argmax(axis=1))
        left[rows, near[-1]] = -np.inf
    return np.stack(near, axis=1)


@dataclass(frozen=True)
class CodeModel:
    """How far a wish belongs to each code: points pull it towards codes, the more the nearer they are."""

    pull: Floats  # (points, codes)
    base: Floats  # (codes,): the score of a wish like none of them
    second: float  # the score from which a code is given beside the main one
    sure: Floats  # (3,): constant, weight of the main code's score, weight of the next one's

    def scores(self, alike: Floats) -> Floats:
        """Score each code for each wish, from its cosine with each point: near 1 where it belongs, near 0 where not."""
        stepped = falling(alike)
        stepped *= np.float32(STEPS)
        np.rint(stepped, out=stepped)
        pulled = stepped.astype(np.float64) @ self._stepped
        return (pulled / (STEPS * STEPS) + self.base).astype(np.float32)

    @cached_property
    def _stepped(self) -> Doubles:
        return np.rint(self.pull.astype(np.float64) * STEPS)

    def confidence(self, scores: Floats) -> Floats:
        """Tell the chance that each wish's highest score is of a right code."""
        top = np.sort(scores, axis=1)[:, ::-1]
        rise: Floats = 1 / (1 + np.exp(-(self.sure[0] + top[:, 0] * self.sure[1] + top[:, 1] * self.sure[2])))
        return rise


@dataclass(frozen=True)
class AskModel:
    """Which way a text asks: a logistic model of its vector and its words."""

    grams: Grams
    weights: Floats  # (384 + grams, asks)
    bias: Floats  # (asks,)

    def choose(self, whole: Floats, marked: Sequence[Sequence[str]]) -> list[str]:
        """Name the likeliest ask of each text, from its vector of whole numbers and its marks."""
        width = whole.shape[1]
        read = (whole.astype(np.float64) @ self._stepped) / STEPS / lengths(whole)[:, None]
        worded = self.grams.table(marked) @ self.weights[width:]
        return [ASKS[place] for place in (read + worded + self.bias).argmax(axis=1).tolist()]

    @cached_property
    def _stepped(self) -> Doubles:
        return np.rint(self.weights[:-len(self.grams.listed) or None].astype(np.float64) * STEPS)
