"""The tagger: gives wishes their codes and ask, and says how sure it is."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Vectors, from_int8
from campaigns.coding.frame import ALONE, ASKS, MOST_CODES, NONE, OTHER, Example
from campaigns.coding.graph import write_atomically
from campaigns.coding.words import Grams, Lexicon, marks, words

GAMMA = 1.0  # how fast likeness falls with distance: half gone at an angle of 49 degrees
NEAREST = 3  # examples named with a coding
TOGETHER = 1024  # texts compared with all examples at once, to bound memory
SURE_BLANK = 0.95  # of `none` for a text with nothing to read; the rest is for slips of that rule
SURE_FOREIGN = 0.05  # of `other` for a text that is not in English: a person must read it

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Coding:
    """What the tagger made of one wish.

    `codes` holds 1 to 3, main one first; `confidence` is the chance that the main code is right; `nearest` are the
    places of up to 3 examples most like the wish, closest first, among the tagger's own.
    """

    codes: tuple[str, ...]
    ask: str
    confidence: float
    nearest: tuple[int, ...] = ()


@dataclass(frozen=True)
class AskModel:
    """Which way a text asks: a logistic model of its vector and its words."""

    grams: Grams
    weights: Floats  # (384 + grams, asks)
    bias: Floats  # (asks,)

    def choose(self, vectors: Vectors, marked: Sequence[Sequence[str]]) -> list[str]:
        """Name the likeliest ask of each text, from its vector and marks."""
        width = vectors.shape[1]
        worded = self.grams.table(marked) @ self.weights[width:]
        return [ASKS[place] for place in (vectors @ self.weights[:width] + worded + self.bias).argmax(axis=1)]


@dataclass(frozen=True)
class CodeModel:
    """How far a wish belongs to each code: examples pull it towards their codes, the more the nearer they are."""

    pull: Floats  # (examples and phrases, codes)
    base: Floats  # (codes,): the score of a wish like no example
    second: float  # the score from which a code is given beside the main one
    sure: Floats  # (3,): constant, weight of the main code's score, weight of the next one's

    def scores(self, cosines: Floats) -> Floats:
        """Score each code for each wish, from its likeness to each example: near 1 where it belongs, near 0 where not."""
        pulled: Floats = falling(cosines) @ self.pull + self.base
        return pulled

    def confidence(self, scores: Floats) -> Floats:
        """Tell the chance that each wish's highest score is of a right code."""
        top = np.sort(scores, axis=1)[:, ::-1]
        rise: Floats = 1 / (1 + np.exp(-(self.sure[0] + top[:, 0] * self.sure[1] + top[:, 1] * self.sure[2])))
        return rise


def likeness(vectors: Vectors, learnt: Vectors) -> Floats:
    """Compare wishes with examples: 1 for the same vector, falling with the square of their distance."""
    return falling(vectors @ learnt.T)


def falling(cosines: Floats) -> Floats:
    """Turn the cosines of vectors into likenesses."""
    alike = cosines - np.float32(1)
    alike *= 2 * GAMMA
    np.exp(alike, out=alike)
    return alike


def closest(cosines: Floats) -> NDArray[np.int64]:
    """Find the places of the examples nearest to each wish, closest first.

    The nearest is looked for once for each place: a sort of the many that are far takes thirty times as long.
    """
    rows, left = np.arange(len(cosines)), cosines.copy()
    near = []
    for _ in range(min(NEAREST, left.shape[1])):
        near.append(left.argmax(axis=1))
        left[rows, near[-1]] = -np.inf
    return np.stack(near, axis=1)


@dataclass(frozen=True)
class Tagger:
    """All that coding a wish needs once it has its vector. Made by `learn`, kept as bytes without any pickle."""

    version: str
    codes: tuple[str, ...]
    examples: tuple[Example, ...]
    stored: NDArray[np.int8]  # vectors of the examples, then of the frame's own phrases
    code_model: CodeModel
    ask_model: AskModel
    lexicon: Lexicon

    def code(self, vectors: Vectors, texts: Sequence[str]) -> list[Coding]:
        """Give each text its codes, ask and confidence, from its vector and words."""
        return [
            coding
            for first in range(0, len(texts), TOGETHER)
            for coding in self._code_some(vectors[first : first + TOGETHER], texts[first : first + TOGETHER])
        ]

    def scores(self, vectors: Vectors) -> Floats:
        """Score every code of the frame, in its order, for each vector."""
        return self.code_model.scores(vectors @ self._learnt.T)

    def _code_some(self, vectors: Vectors, texts: Sequence[str]) -> list[Coding]:
        cosines = vectors @ self._learnt.T
        scores = self.code_model.scores(cosines)
        ranked = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_CODES]
        nearest = closest(cosines[:, : len(self.examples)])
        marked = [marks(text) for text in texts]
        read = zip(
            texts,
            marked,
            ranked.tolist(),
            np.take_along_axis(scores, ranked, axis=1).tolist(),
            self.ask_model.choose(vectors, marked),
            self.code_model.confidence(scores).tolist(),
            nearest.tolist(),
            strict=True,
        )
        return [
            self._unreadable(text, words(some)) or Coding(self._choose(places, best), ask, sure, tuple(near))
            for text, some, places, best, ask, sure, near in read
        ]

    def _unreadable(self, text: str, found: Sequence[str]) -> Coding | None:
        if self.lexicon.is_blank(text, found):
            return Coding((NONE,), "unclear", SURE_BLANK)
        if self.lexicon.is_foreign(found):
            return Coding((OTHER,), "unclear", SURE_FOREIGN)
        return None

    def choose(self, scores: Floats) -> tuple[str, ...]:
        """Pick one to three codes by their scores, main one first; `other` and `none` stand alone."""
        ranked = np.argsort(-scores, kind="stable")[:MOST_CODES]
        return self._choose(ranked.tolist(), scores[ranked].tolist())

    def _choose(self, ranked: Sequence[int], scores: Sequence[float]) -> tuple[str, ...]:
        main = self.codes[ranked[0]]
        if main in ALONE:
            return (main,)
        second = self.code_model.second
        more = (self.codes[place] for place, score in zip(ranked[1:], scores[1:], strict=True) if score >= second)
        return (main, *(code for code in more if code not in ALONE))

    @cached_property
    def _learnt(self) -> Vectors:
        return from_int8(self.stored)

    def to_bytes(self) -> bytes:
        """Write the tagger out whole."""
        file = io.BytesIO()
        about = {
            "version": self.version,
            "codes": self.codes,
            "examples": [(example.text, example.codes, example.ask) for example in self.examples],
            "second": self.code_model.second,
            "grams": self.ask_model.grams.listed,
            "known": sorted(self.lexicon.known),
        }
        np.savez_compressed(
            file,
            about=np.frombuffer(json.dumps(about).encode(), np.uint8),
            stored=self.stored,
            pull=self.code_model.pull,
            base=self.code_model.base,
            sure=self.code_model.sure,
            gram_weights=self.ask_model.grams.weights,
            ask_weights=self.ask_model.weights,
            ask_bias=self.ask_model.bias,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Tagger":
        """Bring a tagger back from its bytes; ValueError where they are not a tagger's."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as kept:
                return _restore(dict(kept))
        except (OSError, KeyError, EOFError, ValueError, BadZipFile) as broken:
            raise ValueError("This is not a tagger. Learn it again with flask coding learn.") from broken

    def save(self, path: Path) -> None:
        """Keep the tagger in a file, written whole or not at all."""
        write_atomically(path, self.to_bytes())

    @classmethod
    def load(cls, path: Path) -> "Tagger":
        """Bring a tagger back from its file; ValueError where the file is not a tagger's."""
        return cls.from_bytes(path.read_bytes())


def _restore(kept: Mapping[str, NDArray[Any]]) -> Tagger:
    about = json.loads(kept["about"].tobytes())
    grams = Grams(tuple(about["grams"]), kept["gram_weights"])
    return Tagger(
        version=about["version"],
        codes=tuple(about["codes"]),
        examples=tuple(Example(text, tuple(codes), ask) for text, codes, ask in about["examples"]),
        stored=kept["stored"],
        code_model=CodeModel(kept["pull"], kept["base"], about["second"], kept["sure"]),
        ask_model=AskModel(grams, kept["ask_weights"], kept["ask_bias"]),
        lexicon=Lexicon(frozenset(about["known"])),
    )
