"""Letter campaigns: long wishes that many people sent in nearly the same words, found by a rule written beforehand. Pure.

Two wishes are alike by the share of their runs of three words that both have (Jaccard's index over shingles; Broder 1997). So
as not to compare each with each, only those are compared that agree in one of thirty bands of a MinHash signature.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Place = tuple[int, int]
Shingles = NDArray[np.uint32]
RUN = 3  # words
BANDS, ROWS = 30, 3  # of 90 hashes: of pairs that share 0.6, 9,993 in 10,000 meet in a band; of those that share 0.1, 3 in 100
PRIME = np.uint64(4294967311)  # the first above what a hash of a run may be
_CHANCE = np.random.default_rng(1)
_TIMES = _CHANCE.integers(1, 2**31, BANDS * ROWS, dtype=np.uint64)
_PLUS = _CHANCE.integers(0, 2**31, BANDS * ROWS, dtype=np.uint64)
_MIX = np.array([1, 31, 961], np.uint64)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class AlikeRule:
    """What makes a letter campaign: wishes of so many words, so much alike (of a hundred runs of words), so many of them."""

    words: int = 12
    alike_percent: int = 60
    fewest: int = 10

    def __str__(self) -> str:
        return (
            f"at least {self.fewest} wishes of {self.words} words or more, each of which shares {self.alike_percent}% of its "
            "runs of three words with the first of them"
        )


@dataclass(frozen=True)
class CountedOnce:
    """A theme's wishes as they were sent, and with each letter campaign counted as one."""

    theme: str
    sent: int
    once: int


def shingles_of(text: str, rule: AlikeRule) -> Shingles | None:
    """Returns the runs of three words of a text as numbers, None where it is too short for the rule."""
    words = _WORD.findall(text.casefold())
    if len(words) < max(rule.words, RUN):
        return None
    return np.unique(np.array([crc32(" ".join(words[at:at + RUN]).encode()) for at in range(len(words) - RUN + 1)], np.uint32))


def group(wishes: Iterable[tuple[Place, str]], rule: AlikeRule) -> list[list[Place]]:
    """Returns the letter campaigns among some wishes, the largest first; each wish is in one at most."""
    places, runs, ends, bands = list[Place](), array("I"), array("Q", [0]), array("I")
    for place, text in wishes:
        own = shingles_of(text, rule)
        if own is not None:
            places.append(place)
            runs.frombytes(own.tobytes())
            ends.append(len(runs))
            bands.frombytes(_bands(own).tobytes())
    each = np.frombuffer(bands, np.uint32).reshape(-1, BANDS)
    every, met, groups = np.frombuffer(runs, np.uint32), dict[tuple[int, int], list[int]](), dict[int, list[Place]]()
    for at in _meeting(each).tolist():
        own = every[ends[at]:ends[at + 1]]
        keys = list(enumerate(each[at].tolist()))
        near = sorted({lead for key in keys for lead in met.get(key, ())})
        found = next((lead for lead in near if share(every[ends[lead]:ends[lead + 1]], own) * 100 >= rule.alike_percent), at)
        groups.setdefault(found, []).append(places[at])
        if found == at:  # only the first of a group is compared with, so that none grows by steps into another
            for key in keys:
                met.setdefault(key, []).append(at)
    return sorted((some for some in groups.values() if len(some) >= rule.fewest), key=lambda some: (-len(some), some[0]))


def share(one: Shingles, other: Shingles) -> float:
    """Returns the share of their runs of words that two texts have in common."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def count_once(sent: Mapping[str, int], groups: Sequence[Sequence[Sequence[str]]]) -> list[CountedOnce]:
    """Returns each theme's wishes both ways, most sent first; ``groups`` are the themes of each wish of each campaign.

    A campaign counts once under each theme that any of its wishes has.
    """
    extra: dict[str, int] = {}
    for wishes in groups:
        for theme in {theme for themes in wishes for theme in themes}:
            extra[theme] = extra.get(theme, 0) + sum(theme in themes for themes in wishes) - 1
    both = [CountedOnce(theme, count, count - extra.get(theme, 0)) for theme, count in sent.items()]
    return sorted(both, key=lambda line: -line.sent)


def _bands(own: Shingles) -> NDArray[np.uint32]:
    least = ((own.astype(np.uint64)[:, None] * _TIMES + _PLUS) % PRIME).min(axis=0)
    mixed: NDArray[np.uint64] = least.reshape(BANDS, ROWS) @ _MIX
    return mixed.astype(np.uint32)


def _meeting(each: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Returns the rows that meet another in any band: nearly every wish meets none, and needs nothing kept of it."""
    meets = np.zeros(len(each), bool)
    for band in each.T:
        _, which, counts = np.unique(band, return_inverse=True, return_counts=True)
        meets |= counts[which] > 1
    return np.flatnonzero(meets)
