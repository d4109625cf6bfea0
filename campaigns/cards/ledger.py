"""The ledger of cards: every one in one state, counted by any facet, and every figure open to its cards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from campaigns.cards.paper import NOWHERE, STATES, Batch, Paper, ReturnBatch

PAGE = 100
NAMES = tuple(STATES.values())
RESIDUAL = "residual"
CAME_BACK = ("waiting", "keyed", "unusable", "duplicate", "set aside")
# What cards can be counted by: where they went, and how they came back.
FACETS = ("ward", "round", "place", "kind", "batch", "returned", "day", "channel", "collected")


@dataclass(frozen=True)
class Ledger:
    """Where every card is: how many were printed, in each state, answered online, and not accounted for.

    ``unnumbered`` pieces were keyed without a card; ``unaccounted`` are missing in batches of returns that are open.
    """

    printed: int
    states: dict[str, int]
    answered_online: int
    residual: int
    unnumbered: int = 0
    unaccounted: int = 0


@dataclass(frozen=True)
class Row:
    """The cards of one ward, batch, day ...: how many in each state, answered online, and not accounted for."""

    value: str
    states: Mapping[str, int]
    online: int
    residual: int

    @property
    def printed(self) -> int:
        """Returns how many cards there are."""
        return sum(self.states.values()) + self.residual

    @property
    def back(self) -> int:
        """Returns how many cards came back on paper."""
        return sum(self.states[name] for name in CAME_BACK)


@dataclass(frozen=True)
class Page:
    """One page of the cards behind a figure."""

    cards: list[int]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Reach:
    """What came of the cards of one ward, beside its households; a card that was answered both ways is one of ``answered``."""

    ward: str
    households: int
    printed: int
    back: int
    online: int
    answered: int

    @property
    def share(self) -> float | None:
        """Returns the part of the households whose card was answered; None where nobody said how many there are."""
        return self.answered / self.households if self.households else None


@dataclass(frozen=True)
class Waterfall:
    """What came back on paper: counted by hand, what became of it and why, and what nothing became of.

    ``missing`` pieces are those of closed batches, net of what was found beyond the count; ``waiting`` those of open ones.
    """

    received: int
    counts: dict[str, int]
    reasons: dict[tuple[str, str], int]
    missing: int
    waiting: int

    def because(self, outcome: str) -> list[tuple[str, int]]:
        """Returns the reasons for an outcome and how many pieces each had, most first."""
        found = [(why, pieces) for (one, why), pieces in self.reasons.items() if one == outcome]
        return sorted(found, key=lambda reason: (-reason[1], reason[0]))


def reckon(paper: Paper) -> Ledger:
    """Returns where every printed card is; ``residual`` counts those in no state, and should be 0."""
    counts = np.bincount(paper.columns[paper.batch_of > 0], minlength=NOWHERE + 1)
    return Ledger(
        printed=int(counts.sum()),
        states=dict(zip(NAMES, counts.tolist(), strict=False)),
        answered_online=int(np.count_nonzero(paper.online)),
        residual=len(residual_cards(paper)),
        unnumbered=sum(batch.reasons.get(("unnumbered", ""), 0) for batch in paper.returns),
        unaccounted=sum(max(batch.short, 0) for batch in paper.returns if batch.open),
    )


def residual_cards(paper: Paper) -> list[int]:
    """Returns the numbers of the cards that are printed and in no state, or in a state and were never printed."""
    return [int(card) for card in np.nonzero(paper.residual)[0]]


def keyed_cards(paper: Paper) -> list[int]:
    """Returns the numbers of the cards that are keyed."""
    return [int(card) for card in np.nonzero((paper.batch_of > 0) & (paper.columns == NAMES.index("keyed")))[0]]


def table(paper: Paper, facet: str) -> list[Row]:
    """Returns the cards by one of FACETS, in order; the row of "" has those that it does not apply to."""
    values, places = _facet(paper, facet)
    width = NOWHERE + 2  # the last column is for numbers that no card has
    columns = np.where(paper.residual, NOWHERE, np.where(paper.batch_of > 0, paper.columns, NOWHERE + 1))
    cells = np.bincount(places * width + columns, minlength=len(values) * width).reshape(-1, width).tolist()
    online = np.bincount(places[paper.online], minlength=len(values)).tolist()
    rows = [
        Row(value, dict(zip(NAMES, counts, strict=False)), answered, counts[NOWHERE])
        for value, counts, answered in zip(values, cells, online, strict=True)
    ]
    return [row for row in rows if row.printed]


def cards_behind(
    paper: Paper, state: str = "", facet: str = "", value: str = "", online: bool = False, page: int = 1,
) -> Page:
    """Returns a page of the cards that a figure counts: of a state (or "residual"), of a facet's value, answered online."""
    mask = (paper.batch_of > 0) | paper.residual
    if state:
        mask &= paper.residual if state == RESIDUAL else (paper.columns == NAMES.index(state)) & ~paper.residual
    if facet:
        values, places = _facet(paper, facet)
        mask &= places == (values.index(value) if value in values else -1)
    if online:
        mask &= paper.online
    found = np.nonzero(mask)[0]
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(page, 1), pages)
    return Page(found[(page - 1) * PAGE:page * PAGE].tolist(), len(found), page, pages)


def reach(paper: Paper) -> list[Reach]:
    """Returns returns against households, by ward; several rounds to one ward go to the same households."""
    households = households_by_ward(paper.printed)
    values, places = _facet(paper, "ward")
    came = np.isin(paper.columns, [NAMES.index(name) for name in CAME_BACK])
    answered = (paper.batch_of > 0) & (came | paper.online)
    both = np.bincount(places[answered], minlength=len(values)).tolist()
    return [
        Reach(row.value, households.get(row.value, 0), row.printed, row.back, row.online, both[values.index(row.value)])
        for row in table(paper, "ward")
    ]


def households_by_ward(batches: Iterable[Batch]) -> dict[str, int]:
    """Returns the households that the cards of each ward were sent to: those of the round that went to most."""
    by_round: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        by_round[batch.ward, batch.round] += batch.households
    found: dict[str, int] = {}
    for (ward, _), households in by_round.items():
        found[ward] = max(found.get(ward, 0), households)
    return found


def waterfall(returns: Sequence[ReturnBatch]) -> Waterfall:
    """Returns what became of all paper that came back: ``received`` is the sum of the rest."""
    reasons: Counter[tuple[str, str]] = Counter()
    for batch in returns:
        for reason, pieces in batch.reasons.items():
            reasons[reason] += pieces
    counts: Counter[str] = Counter()
    for (outcome, _), pieces in reasons.items():
        counts[outcome] += pieces
    return Waterfall(
        sum(batch.counted for batch in returns), dict(counts), dict(sorted(reasons.items())),
        sum(batch.short for batch in returns if not batch.open), sum(batch.short for batch in returns if batch.open),
    )


def _facet(paper: Paper, facet: str) -> tuple[list[str], NDArray[np.int32]]:
    """Returns a facet's values in order, "" among them, and the place of each card's value in that list."""
    if facet in ("returned", "day", "channel", "collected"):
        named = {"returned": "number", "collected": "place"}.get(facet, facet)
        by_number = {batch.number: str(getattr(batch, named)) for batch in paper.returns}
        last = max(by_number, default=0)
        each = ["", *(by_number.get(number, "") for number in range(1, last + 1))]
        keys = np.where(paper.returned <= last, paper.returned, 0)
    else:
        named = {"batch": "number"}.get(facet, facet)
        each = ["", *(str(getattr(batch, named)) for batch in paper.printed)]
        keys = paper.batch_of
    values = sorted({"", *each}, key=_in_order)
    place = {value: at for at, value in enumerate(values)}
    return values, np.array([place[value] for value in each], np.int32)[keys]


def _in_order(value: str) -> tuple[int, str]:
    """Orders numbers as numbers and all else as text; "" comes first."""
    return (int(value), "") if value.isascii() and value.isdigit() else (0, value)
