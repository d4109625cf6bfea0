"""Tables of counts from rows, by any facets, on one of three bases: responses, wishes, mentions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from campaigns.columns import Column, Columns, Numbered, columns_of, narrowed
from campaigns.facets import WISH, cell_name, facet_names, facet_size, facets_of, numbers_of
from campaigns.rows import Layout, Rows

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

    def column(self) -> dict[str, int]:
        """Returns the cells of a table of one facet, by name."""
        return {cell[0]: count for cell, count in self.cells.items()}


@dataclass(frozen=True)
class Query:
    """What to count: the facets crossed, the filters, and the base.

    Filters hold within what is counted, unless ``across``: then of every unit of a response that passes each somewhere.
    """

    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    base: str = "responses"
    across: bool = False

    @property
    def facets(self) -> set[str]:
        """Returns every facet the query touches."""
        return {*self.by, *(facet for facet, _ in self.where)}


def ask_for(
    layout: Layout, by: Iterable[str], where: Where | None = None, base: str = "responses", across: bool = False
) -> Query:
    """Returns a checked query, or raises UnknownFacet in plain words."""
    filters = tuple((f, tuple(v)) for f, v in sorted((where or {}).items()) if v)
    query = Query(tuple(by), filters, base, across and bool(filters))
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
    return merge(query, layout, [count_cells(columns_of(rows, layout), in_numbers(query, layout))])


@dataclass(frozen=True)
class Asked:
    """A query in the numbers of a layout: the size of each facet crossed, and what the filters let through."""

    by: tuple[str, ...]
    sizes: tuple[int, ...]
    where: Numbered
    base: int
    across: bool = False


def in_numbers(query: Query, layout: Layout) -> Asked:
    """Returns a query in numbers, so that names are looked up once, however many stretches of rows are counted."""
    where = [(facet, numbers_of(layout, facet, values)) for facet, values in query.where]
    return Asked(query.by, tuple(facet_size(layout, facet) for facet in query.by), where, BASES.index(query.base), query.across)


@dataclass(frozen=True)
class Counted:
    """What one stretch of rows adds to a table: the cells that are not empty, their counts, and the units."""

    cells: Numbers
    counts: Numbers
    total: int


def count_cells(columns: Columns, asked: Asked) -> Counted:
    """Returns what these rows add to the query's table; tables add up, so stretches may be counted apart."""
    level = max([asked.base, *(columns.level(facet) for facet in asked.by)])
    where: Numbered = ()
    if asked.across:
        columns = columns.across(asked.where, asked.by, level)
    else:
        columns, where = columns.narrowed_to(asked.where, asked.by, level)
    passing = columns.passing(where, level)
    total = int(np.count_nonzero(narrowed(passing, asked.base)))
    if not asked.by:
        return Counted(np.zeros(min(total, 1), np.int64), np.full(min(total, 1), total), total)
    # What responses have comes first, so that the many numbers of the deepest level are only added, never multiplied.
    order = sorted(range(len(asked.by)), key=lambda place: columns.level(asked.by[place]))
    by = [asked.by[place] for place in order]
    sizes = [len(columns.days) if asked.by[place] == "day" else asked.sizes[place] for place in order]
    found, counts = _tell(_once_each(_numbered(columns, by, sizes, level) * passing, asked.base), prod(sizes))
    numbers = dict(zip(by, np.unravel_index(found - 1, sizes), strict=True))
    if "day" in numbers:
        numbers["day"] = columns.days[numbers["day"]]
    return Counted(np.ravel_multi_index([numbers[facet] for facet in asked.by], asked.sizes).astype(np.int64), counts, total)


def _numbered(columns: Columns, by: Sequence[str], sizes: Sequence[int], level: int) -> Column:
    """Returns the number of the cell that each unit of a level stands in, from 1, in the smallest type that holds all."""
    cell: Column = np.zeros(1, np.min_scalar_type(prod(sizes)))
    for facet, size in zip(by[:-1], sizes[:-1], strict=True):
        cell = cell * size + columns.column(facet, level)
    return (cell * sizes[-1] + 1) + columns.column(by[-1], level)


def _once_each(cells: Column, base: int) -> Column:
    """Blanks every repeat of a cell within a unit of the base, so that a unit stands at most once in each."""
    parts = cells.reshape(*cells.shape[:base], prod(cells.shape[base:-1]), cells.shape[-1])
    for place in range(1, parts.shape[-2]):
        repeats = (parts[..., :place, :] == parts[..., place, None, :]).any(axis=-2)
        parts[..., place, :] *= ~repeats
    return parts


def merge(query: Query, layout: Layout, parts: Iterable[Counted]) -> Tally:
    """Returns one table from what each stretch of rows adds to it."""
    each = list(parts)
    total = sum(part.total for part in each)
    if not query.by:
        return Tally((), query.base, {(): total} if total else {}, total)
    cells, counts = _added(each)
    places = np.unravel_index(cells, [facet_size(layout, facet) for facet in query.by])
    named = [_names_of(layout, facet, place) for facet, place in zip(query.by, places, strict=True)]
    return Tally(query.by, query.base, dict(zip(zip(*named, strict=True), counts.tolist(), strict=True)), total)


def _added(parts: Sequence[Counted]) -> tuple[Numbers, Numbers]:
    """Returns every cell in order, with its counts added up."""
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    cells, where = np.unique(np.concatenate([part.cells for part in parts]), return_inverse=True)
    sums = np.zeros(len(cells), np.int64)
    np.add.at(sums, where, np.concatenate([part.counts for part in parts]))
    return cells, sums


def _names_of(layout: Layout, facet: str, places: Numbers) -> list[str]:
    known = facet_names(layout, facet)
    names = {place: cell_name(known, place) for place in set(places.tolist())}
    return [names[place] for place in places.tolist()]


def find(columns: Columns, asked: Asked) -> Numbers:
    """Returns the wishes behind a query's filters, newest first, as (wishes, 2): place of the response among these rows, slot."""
    passing = columns.passing(asked.where, WISH)
    some = np.flatnonzero(passing.any(axis=0))
    places, slots = np.nonzero(passing[:, some].T)
    return np.stack([some[places], slots + 1], axis=1)[::-1]


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


def _tell(cells: Column, size: int) -> tuple[Numbers, Numbers]:
    """Returns which cells from 1 stand there at all, and how often each."""
    there = cells != 0
    # Mostly there are few, and to leave the rest out costs less than to count them.
    some = cells.ravel()[np.flatnonzero(there)] if 2 * np.count_nonzero(there) < cells.size else cells.ravel()
    if size > 4 * cells.size + 100_000:
        found, counts = np.unique(some[some > 0], return_counts=True)
        return found.astype(np.int64), counts.astype(np.int64)
    counts = np.bincount(some, minlength=1)
    found = np.flatnonzero(counts[1:]) + 1
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
