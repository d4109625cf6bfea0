"""A campaign's paper at one moment: where every card is, what was printed together, and what came back together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from campaigns.events import OUTCOMES

NOWHERE = 9  # the column after those of the states
T = TypeVar("T", np.uint8, np.uint32)

# A card's byte; in upper case it was answered online as well.
STATES = {
    "h": "held", "x": "destroyed", "o": "out", "n": "undelivered", "w": "waiting", "k": "keyed",
    "u": "unusable", "d": "duplicate", "s": "set aside",
}

_LOOK_UP = np.full(256, NOWHERE, np.uint8)
for _column, _letter in enumerate(STATES):
    _LOOK_UP[[ord(_letter), ord(_letter.upper())]] = _column

# Why a piece is not keyed. The log says so for good, so it is one of these and never a person's own words.
REASONS = {
    "unusable": ("blank", "illegible", "overleaf", "drawing", "other language", "torn", "not a wish", "other"),
    "duplicate": ("already keyed", "same wishes online", "photocopy", "other"),
    "set aside": (
        "late", "foreign", "letter enclosed", "unknown serial", "another campaign", "already keyed", "same wishes online",
        "not sent out", "overleaf", "drawing", "other language", "worry", "for a person", "other",
    ),
}


@dataclass(frozen=True)
class Batch:
    """Cards printed together: the first and last number, the area they go to, and the rest of where they go."""

    first: int
    last: int
    ward: str
    number: int = 0
    round: str = ""
    place: str = ""
    households: int = 0
    kind: str = ""
    printed_ms: int = 0


@dataclass(frozen=True)
class ReturnBatch:
    """What came back together: from where, on which local day, how many by hand, and what became of the pieces.

    ``double`` is "all" where every piece is to be keyed a second time; ``reasons`` counts by (outcome, reason).
    """

    number: int
    channel: str
    place: str
    day: str
    counted: int
    state: str
    why: str
    opened_by: str
    opened_ms: int
    double: str = ""
    reasons: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Returns how many pieces had each outcome."""
        found = dict.fromkeys(OUTCOMES, 0)
        for (outcome, _), pieces in self.reasons.items():
            found[outcome] += pieces
        return found

    @property
    def accounted(self) -> int:
        """Returns how many pieces something became of."""
        return sum(self.reasons.values())

    @property
    def short(self) -> int:
        """Returns how many pieces of the count are missing; below 0 where there are more than were counted."""
        return self.counted - self.accounted

    @property
    def open(self) -> bool:
        """Tells whether pieces can still be keyed into it."""
        return self.state == "open"


@dataclass(frozen=True)
class Paper:
    """All cards, by their number, and both kinds of batches, as of one event.

    ``cards`` are the bytes that stand for states, ``returned`` the batches of returns they came back in, 0 for none.
    """

    cards: NDArray[np.uint8]
    returned: NDArray[np.uint32]
    printed: Sequence[Batch]
    returns: Sequence[ReturnBatch]
    event: int = 0

    @cached_property
    def batch_of(self) -> NDArray[np.int32]:
        """Returns the place, from 1, of the batch each card was printed in; 0 for none."""
        found = np.zeros(len(self.cards), np.int32)
        for place, batch in enumerate(self.printed, 1):
            found[batch.first:batch.last + 1] = place
        return found

    @cached_property
    def columns(self) -> NDArray[np.uint8]:
        """Returns the place of each card's state in STATES; NOWHERE for none."""
        return _LOOK_UP[self.cards]

    @cached_property
    def online(self) -> NDArray[np.bool_]:
        """Tells of each card whether it was answered online."""
        return np.asarray((self.cards < ord("a")) & (self.columns != NOWHERE))

    @cached_property
    def residual(self) -> NDArray[np.bool_]:
        """Tells of each card whether it is printed and in no state, or in a state and was never printed."""
        return np.asarray((self.batch_of > 0) == (self.columns == NOWHERE))


def make_paper(
    cards: bytes, returned: bytes, printed: Sequence[Batch], returns: Sequence[ReturnBatch], event: int = 0,
) -> Paper:
    """Returns the paper that bytes as they lie in the store stand for; cards that were printed and have no byte have 0."""
    length = max(len(cards), 1, *(batch.last + 1 for batch in printed)) if printed else max(len(cards), 1)
    numbers = np.frombuffer(returned[: len(returned) // 4 * 4], "<u4")[:length]
    return Paper(_filled(np.frombuffer(cards, np.uint8), length), _filled(numbers, length), printed, returns, event)


def _filled(found: NDArray[T], length: int) -> NDArray[T]:
    return np.concatenate([found, np.zeros(length - len(found), found.dtype)])
