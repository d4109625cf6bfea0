"""What the candidates learn from and are tried on: the frame's examples and words, and comments that people coded."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.campaign_file import read_campaign, read_file
from campaigns.coding.embedding import Embedder, Vectors, from_int8, to_int8
from campaigns.coding.frame import ASKS, Frame, theme_of

SHARED = Path(__file__).parents[4] / "shared" / "data" / "coded"
Table = NDArray[np.float64]
Places = NDArray[np.int64]
TOO_ALIKE = 0.6  # the cosine from which an example may have been written by somebody who knew the comment


@dataclass(frozen=True)
class Texts:
    """Some texts with their vectors as they are stored, and what is known of each: codes, main one, ask (-1 where not known)."""

    said: tuple[str, ...]
    vectors: Vectors
    belongs: Table  # (texts, codes)
    main: Places  # the place of each text's main code
    asks: Places

    def __len__(self) -> int:
        return len(self.said)

    def some(self, places: Places) -> "Texts":
        """Returns those at some places."""
        said = tuple(self.said[place] for place in places)
        return Texts(said, self.vectors[places], self.belongs[places], self.main[places], self.asks[places])

    def __add__(self, other: "Texts") -> "Texts":
        pairs = [(getattr(self, name), getattr(other, name)) for name in ("vectors", "belongs", "main", "asks")]
        return Texts(self.said + other.said, *(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True)
class Material:
    """All there is: the frame's examples, its own phrases, comments that people coded, and a meeting's notes by theme."""

    codes: tuple[str, ...]
    examples: Texts
    phrases: Texts
    people: Texts
    meeting: Texts
    meeting_themes: tuple[str, ...]

    @property
    def themes(self) -> list[str]:
        """Returns the theme of each code, in the codes' order."""
        return [theme_of(code) for code in self.codes]

    def examples_apart_from(self, tried: Texts) -> Texts:
        """Returns the examples that are not much alike any of the comments that are to be tried."""
        nearest = (self.examples.vectors @ tried.vectors.T).max(axis=1)
        return self.examples.some(np.flatnonzero(nearest < TOO_ALIKE))


def gather(folder: Path, model: Path, few: bool = False) -> Material:
    """Reads and embeds everything; vectors are kept in the folder, so that they are made once."""
    frame = read_campaign("derby-2026", read_file("derby-2026")).frame
    codes = tuple(code.id for code in frame.codes)
    vectors = _Kept(folder, model)
    step = 4 if few else 1
    examples = [(example.text, example.codes, example.ask) for example in frame.examples[::step]]
    people = [
        (row["text"], tuple(row["codes"].split("|")), row["ask"] or None) for row in _rows(SHARED / "city-comments.csv")
    ]
    meeting = _rows(SHARED / "east-austin-topics.csv")
    said = [(row["text"], (codes[0],), None) for row in meeting]
    return Material(
        codes, *(_texts(some, codes, vectors) for some in (examples, _phrases(frame), people, said)),
        tuple(row["derby_themes"] for row in meeting),
    )


Coded = tuple[str, tuple[str, ...], str | None]


def _phrases(frame: Frame) -> list[Coded]:
    return [(text, (code.id,), None) for code in frame.codes for text in (code.name, code.definition, *code.includes)]


def _texts(coded: Sequence[Coded], codes: Sequence[str], vectors: "_Kept") -> Texts:
    said = tuple(text for text, _, _ in coded)
    belongs = np.array([[code in given for code in codes] for _, given, _ in coded], float)
    main = np.array([codes.index(given[0]) for _, given, _ in coded])
    asks = np.array([ASKS.index(ask) if ask else -1 for _, _, ask in coded])
    return Texts(said, vectors.of(said), belongs, main, asks)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass(frozen=True)
class _Kept:
    folder: Path
    model: Path

    def of(self, said: Sequence[str]) -> Vectors:
        """Returns the vectors of some texts, as coarse as the store keeps them."""
        name = hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]
        file = self.folder / f"vectors-{name}.npy"
        if not file.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            np.save(file, to_int8(Embedder(self.model).embed(said)))
        return from_int8(np.load(file))
