"""How well the screen does: what it finds of made-up identifiers, and what it marks of comments that people wrote."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from campaigns.screening.made_up import MAKERS, made_up, said
from campaigns.screening.marking import Mark

Screen = Callable[[str], Sequence[Mark]]
COVERED = 0.8  # of an identifier's letters and figures, at least, where it counts as found


@dataclass(frozen=True)
class Recall:
    """Of identifiers of one kind: how many were made up, how many found, and some that were missed."""

    made: int
    found: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """Returns what part of them was found."""
        return self.found / self.made


@dataclass(frozen=True)
class Marked:
    """Of comments with one decision: how many there are, how many are marked, and how many with each kind of mark."""

    comments: int
    marked: int
    kinds: Mapping[str, int]


def recall(screen: Screen, each: int, seed: int) -> dict[str, Recall]:
    """Returns what the screen finds of each kind, of so many of it."""
    chance, missed = Random(seed), {kind: list[str]() for kind in MAKERS}
    for _ in range(each):
        for kind, text in made_up(chance).items():
            whole = said(chance, text)
            if not found(screen, whole, text):
                missed[kind].append(whole)
    return {kind: Recall(each, each - len(texts), tuple(texts[:20])) for kind, texts in missed.items()}


def found(screen: Screen, whole: str, identifier: str) -> bool:
    """Tells whether a screen marks an identifier within a text."""
    start = whole.index(identifier)
    letters = {start + place for place, letter in enumerate(identifier) if letter.isalnum()}
    covered = {place for mark in screen(whole) for place in range(mark.start, mark.end)}
    return len(letters & covered) >= COVERED * len(letters)


def marked(screen: Screen, comments: Iterable[tuple[str, str]]) -> dict[str, Marked]:
    """Returns what the screen marks of comments, each a decision (empty where none is known) and a text, by decision."""
    every: Counter[str] = Counter()
    some: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    for decision, text in comments:
        here = {mark.kind for mark in screen(text)}
        every[decision] += 1
        some[decision] += bool(here)
        kinds.setdefault(decision, Counter()).update(here)
    return {decision: Marked(many, some[decision], dict(kinds[decision].most_common())) for decision, many in every.items()}


def whole_share(recalls: Collection[Recall]) -> float:
    """Returns what part of all identifiers was found."""
    return sum(one.found for one in recalls) / sum(one.made for one in recalls)
