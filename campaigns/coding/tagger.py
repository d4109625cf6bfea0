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

from campaigns.coding.embedding import Vectors
from campaigns.coding.frame import ALONE, MOST_CODES, NONE, OTHER, Example
from campaigns.coding.graph import write_atomically
from campaigns.coding.models import AskModel, CodeModel, Floats, as_whole, closest, cosines
from campaigns.coding.words import Grams, Lexicon, marks, words

TOGETHER = 1024  # texts compared with all examples at once, to bound memory
SURE_BLANK = 0.95  # of `none` for a text with nothing to read; the rest is for slips of that rule
SURE_FOREIGN = 0.05  # of `other` for a text that is not in English: a person must read it


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
class Tagger:
    """All that coding a wish needs once it has its vector. Made by `learn`, kept as bytes without any pickle."""

    version: str
    codes: tuple[str, ...]
    examples: tuple[Example, ...]  # the frame's own; of what people coded a tagger holds neither words nor vectors
    stored: NDArray[np.int8]  # vectors of the examples, then of the frame's own phrases: what wishes are held against
    code_model: CodeModel
    ask_model: AskModel
    lexicon: Lexicon

    def code(self, vectors: Vectors | NDArray[np.int8], texts: Sequence[str]) -> list[Coding]:
        """Give each text its codes, ask and confidence, from its vector (as embedded, or as stored) and words."""
        return [
            coding
            for first in range(0, len(texts), TOGETHER)
            for coding in self._code_some(as_whole(vectors[first : first + TOGETHER]), texts[first : first + TOGETHER])
        ]

    def scores(self, vectors: Vectors | NDArray[np.int8]) -> Floats:
        """Score every code of the frame, in its order, for each vector."""
        return self.code_model.scores(cosines(as_whole(vectors), self._points))

    def _code_some(self, whole: Floats, texts: Sequence[str]) -> list[Coding]:
        alike = cosines(whole, self._points)
        scores = self.code_model.scores(alike)
        ranked = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_CODES]
        nearest = closest(alike[:, : len(self.examples)])
        marked = [marks(text) for text in texts]
        read = zip(
            texts,
            marked,
            ranked.tolist(),
            np.take_along_axis(scores, ranked, axis=1).tolist(),
            self.ask_model.choose(whole, marked),
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
    def _points(self) -> Floats:
        return self.stored.astype(np.float32)

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
