"""Tables of counts from rows, by any facets, on one of three bases: responses, wishes, mentions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.frame import theme_of
from campaigns.facets import (
    FACET_LEVELS,
    MENTION,
    RESPONSE,
    WISH,
    cell_name,
    facet_names,
    facet_size,
    facets_of,
    numbers_of,
    themes,
)
from campaigns.rows import CODES_EACH, NO_WISH, Layout, Rows

BASES = ("responses", "wishes", "mentions")
MOST_CROSSED = 4
Where = Mapping[str, Sequence[str]]
Numbers = NDArray[np.int64]


class UnknownFacet(ValueError):
    """A facet, base or value that this campaign does not have; the message lists those it has."""


@dataclass(frozen=True)
class Tally:
    """A table: how many units of ``base`` stand in each cell, and how many pass the filters at all.

    A response or wish with several codes stands in several cells, once in each; so cells may add up to more than ``total``.
    """

    by: tuple[str, ...]
    base: str
    cells: dict[tuple[str, ...], int]
    total: int


@dataclass(frozen=True)
class Query:
    """What to count: the facets crossed, the filters, and the base."""

    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    base: str = "responses"

    @property
    def facets(self) -> set[str]:
        """Returns every facet the query touches."""
        return {*self.by, *(facet for facet, _ in self.where)}


def ask_for(layout: Layout, by: Iterable[str], where: Where | None = None, base: str = "responses") -> Query:
    """Returns a checked query, or raises UnknownFacet in plain words."""
    query = Query(tuple(by), tuple((f, tuple(v)) for f, v in sorted((where or {}).items()) if v), base)
    if base not in BASES:
        raise UnknownFacet(f"“{base}” is not a base. Choose one of {', '.join(BASES)}.")
    if len(query.by) > MOST_CROSSED or len(set(query.by)) < len(query.by):
        raise UnknownFacet(f"Cross at most {MOST_CROSSED} facets, each once.")
    known = facets_of(layout)
    for facet in query.facets:
        if facet not in known:
            raise UnknownFacet(f"“{facet}” is not something wishes are counted by. Choose from {', '.join(known)}.")
    for facet, values in query.where:
        _check_values(layout, facet, values)
    return query


def count(rows: Rows, layout: Layout, query: Query) -> Tally:
    """Returns the table a query asks for, over live responses only."""
    return merge(query, layout, [count_cells(rows, layout, query)])


@dataclass(frozen=True)
class Counted:
    """What one stretch of rows adds to a table: the cells that are not empty, their counts, and the units."""

    cells: Numbers
    counts: Numbers
    total: int


def count_cells(rows: Rows, layout: Layout, query: Query) -> Counted:
    """Returns what these rows add to the query's table; tables add up, so blocks may be counted apart."""
    level = _level(query)
    passing = _passing(rows, layout, query, level)
    sizes = [facet_size(layout, facet) for facet in query.by]
    cell = np.zeros(passing.shape, np.int64)
    for facet, size in zip(query.by, sizes, strict=True):
        cell = cell * size + _column(rows, layout, facet, level)
    units_each = _units_each(layout, BASES.index(query.base))
    units = passing.reshape(len(rows) * units_each, _units_each(layout, level) // units_each)
    standing = _once_each(np.where(passing, cell, -1).reshape(units.shape))
    cells, counts = _tell(standing[standing >= 0], int(np.prod(sizes, dtype=np.int64)))
    return Counted(cells, counts, int(units.any(axis=1).sum()))


def merge(query: Query, layout: Layout, parts: Iterable[Counted]) -> Tally:
    """Returns one table from what each stretch of rows adds to it."""
    sums: dict[int, int] = {}
    total = 0
    for part in parts:
        total += part.total
        for cell, number in zip(part.cells.tolist(), part.counts.tolist(), strict=True):
            sums[cell] = sums.get(cell, 0) + number
    names = [facet_names(layout, facet) for facet in query.by]
    sizes = [facet_size(layout, facet) for facet in query.by]
    cells = {}
    for cell in sorted(sums):
        places = np.unravel_index(cell, sizes) if sizes else ()
        cells[tuple(cell_name(known, int(place)) for known, place in zip(names, places, strict=True))] = sums[cell]
    return Tally(query.by, query.base, cells, total)


def find(rows: Rows, layout: Layout, query: Query) -> list[tuple[int, int]]:
    """Returns the wishes behind a query's filters as (place of the response among these rows, slot), newest first."""
    level, each = max(_level(query), WISH), layout.campaign.wishes_each
    wishes = _passing(rows, layout, query, level).reshape(len(rows), each, _units_each(layout, level) // each).any(axis=2)
    places, slots = np.nonzero(wishes)
    return [(int(place), int(slot) + 1) for place, slot in zip(places[::-1], slots[::-1], strict=True)]


def _level(query: Query) -> int:
    deepest = max((FACET_LEVELS.get(facet, RESPONSE) for facet in query.facets), default=RESPONSE)
    return max(deepest, BASES.index(query.base))


def _units_each(layout: Layout, level: int) -> int:
    slots = layout.campaign.wishes_each
    return (1, slots, slots * CODES_EACH)[level]


def _spread(column: NDArray[np.generic], level_of: int, level: int, slots: int) -> Numbers:
    """Repeats a column of responses or wishes down to the level counted at: (responses, slots, codes)."""
    shape = (len(column), slots, CODES_EACH)[:level + 1]
    return np.broadcast_to(column.reshape(column.shape + (1,) * (level - level_of)), shape).astype(np.int64)


def _column(rows: Rows, layout: Layout, facet: str, level: int) -> Numbers:
    slots = layout.campaign.wishes_each
    if facet in ("theme", "code"):
        codes = rows["codes"].astype(np.int64)
        return _theme_numbers(layout)[codes] if facet == "theme" else codes
    if FACET_LEVELS.get(facet) == WISH:
        return _spread(rows[facet], WISH, level, slots)
    if facet in FACET_LEVELS:
        return _spread(rows["area" if facet == "ward" else facet], RESPONSE, level, slots)
    place = [question.id for question in layout.campaign.questions].index(facet)
    return _spread(rows["answers"][:, place], RESPONSE, level, slots)


def _theme_numbers(layout: Layout) -> Numbers:
    order = themes(layout)
    numbers = np.zeros(facet_size(layout, "code"), np.int64)
    for code, number in layout.ids["code"].items():
        if code:
            numbers[number] = order.index(theme_of(code))
    return numbers


def _passing(rows: Rows, layout: Layout, query: Query, level: int) -> NDArray[np.bool_]:
    slots = layout.campaign.wishes_each
    passing: NDArray[np.bool_] = _spread(rows["live"], RESPONSE, level, slots) == 1
    if level >= WISH:
        passing &= _spread(rows["coder"], WISH, level, slots) != NO_WISH
    if level == MENTION:
        passing &= rows["codes"] > 0
    for facet, values in query.where:
        passing &= np.isin(_column(rows, layout, facet, level), numbers_of(layout, facet, values))
    return passing


def _check_values(layout: Layout, facet: str, values: Sequence[str]) -> None:
    for value in values:
        if facet == "day":
            _check_day(value)
        elif not numbers_of(layout, facet, [value]):
            known = ", ".join(name for name in facet_names(layout, facet).values() if name)
            raise UnknownFacet(f"There is no {facet} called “{value}”. There are: {known}.")


def _check_day(value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise UnknownFacet(f"“{value}” is not a day. Write it as 2010-07-12.") from None


def _once_each(cells: Numbers) -> Numbers:
    """Blanks every repeat of a cell within a unit, so that a unit stands at most once in each."""
    once = cells.copy()
    for place in range(1, cells.shape[1]):
        repeats = (cells[:, :place] == cells[:, place:place + 1]).any(axis=1)
        once[repeats, place] = -1
    return once


def _tell(cells: Numbers, size: int) -> tuple[Numbers, Numbers]:
    if size > 4 * len(cells) + 100_000:
        found, counts = np.unique(cells, return_counts=True)
        return found, counts.astype(np.int64)
    counts = np.bincount(cells, minlength=1)
    found = np.nonzero(counts)[0]
    return found, counts[found]


@cache
def standing_queries() -> dict[str, Query]:
    """Returns the tables that are kept ready-made after every catch-up, by name."""
    tables: dict[str, tuple[str, ...]] = {
        "all": (), "theme": ("theme",), "code": ("code",), "ask": ("ask",), "coder": ("coder",),
        "moderation": ("moderation",), "ward": ("ward",),
        "channel": ("channel",), "source": ("source",), "day": ("day",),
        "theme-ask": ("theme", "ask"), "code-ask": ("code", "ask"),
    }
    return {f"{name}:{base}": Query(by, (), base) for name, by in tables.items() for base in BASES}
