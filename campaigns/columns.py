"""Rows turned on their side: a column a facet, so that counting runs over small numbers that lie side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.frame import theme_of
from campaigns.facets import MENTION, RESPONSE, WISH, facet_size, themes
from campaigns.geographies import by_postcode
from campaigns.rows import NO_WISH, Layout, Rows

Column = NDArray[Any]
Mask = NDArray[np.bool_]
THERE = {RESPONSE: (), WISH: ("coder",), MENTION: ("code",)}  # what tells whether there is one to count
Numbered = Sequence[tuple[str, Sequence[int]]]  # filters: a facet and the numbers that it lets through


@dataclass(frozen=True)
class Columns:
    """The columns of a stretch of rows, each (rows,) for a response's facet, (slots, rows) for a wish's, (slots, codes, rows)
    for a mention's; what does not count (not live, no wish, no code) is 0 in ``live``, ``coder`` and ``code``.

    ``days`` are the days that the numbers of the column "day" stand for.
    """

    by_facet: Mapping[str, Column]
    live: Mask
    days: NDArray[np.int64]

    def there(self, level: int) -> Mask:
        """Returns which responses, wishes or mentions there are to count."""
        if level == RESPONSE:
            return self.live
        return self.by_facet["coder"] > NO_WISH if level == WISH else self.by_facet["code"] > 0

    def column(self, facet: str, level: int) -> Column:
        """Returns a facet's column in a shape that spreads over the units of a level."""
        column = self.by_facet[facet]
        return column[:, None] if level == MENTION and column.ndim - 1 == WISH else column

    def level(self, facet: str) -> int:
        """Returns whether responses, wishes or mentions have this facet."""
        return self.by_facet[facet].ndim - 1

    def narrowed_to(self, where: Numbered, by: Iterable[str], level: int) -> tuple["Columns", Numbered]:
        """Returns the responses alone that pass the filters on what responses have, and the filters that are left to apply.

        Of those only what counting by some facets on a level needs is there. Where most responses pass they are left as
        they are, since to pick them out costs more than to count the rest as nothing.
        """
        of_responses = [one for one in where if self.level(one[0]) == RESPONSE]
        places = np.flatnonzero(self.passing(of_responses, RESPONSE)) if of_responses else self.live
        if 2 * len(places) > len(self.live):
            return self, where
        left = [one for one in where if one not in of_responses]
        deepest = max([level, *(self.level(facet) for facet, _ in left)])
        needed = {*by, *(facet for facet, _ in left), *THERE[deepest]}
        kept = {facet: self.by_facet[facet].take(places, axis=-1) for facet in needed}
        return Columns(kept, np.ones(len(places), bool), self.days), left

    def across(self, where: Numbered, by: Iterable[str], level: int) -> "Columns":
        """Returns the responses alone that pass every filter somewhere, each in a wish of its own if need be."""
        places = np.flatnonzero(reduce(np.logical_and, [self.passing([one], RESPONSE) for one in where]))
        kept = {facet: self.by_facet[facet].take(places, axis=-1) for facet in {*by, *THERE[level]}}
        return Columns(kept, np.ones(len(places), bool), self.days)

    def passing(self, where: Numbered, level: int) -> Mask:
        """Returns which units of a level pass the filters: those with any part below them that passes all of them."""
        deepest = max([level, *(self.level(facet) for facet, _ in where)])
        masks = [self.there(deepest), *(self._let_through(facet, numbers, deepest) for facet, numbers in where)]
        return narrowed(reduce(np.logical_and, sorted(masks, key=lambda mask: mask.size)), level)

    def _let_through(self, facet: str, numbers: Sequence[int], level: int) -> Mask:
        held = np.flatnonzero(np.isin(self.days, numbers)).tolist() if facet == "day" else numbers
        return among(self.column(facet, level), held)


def narrowed(passing: Mask, level: int) -> Mask:
    """Returns which units of a level have any part that passes."""
    return passing if passing.ndim - 1 == level else narrowed(np.logical_or.reduce(passing, axis=-2), level)


def among(column: Column, wanted: Sequence[int]) -> Mask:
    """Returns where a column holds one of some numbers: one by one where they are few, which is many times faster."""
    if len(wanted) > 8:
        return np.isin(column, wanted)
    found: Mask = np.zeros(column.shape, bool)
    for number in wanted:
        found |= column == number
    return found


def columns_of(rows: Rows, layout: Layout) -> Columns:
    """Returns rows as columns."""
    live = rows["live"] == 1
    coder = np.ascontiguousarray(rows["coder"].T) * live
    code = _small(np.ascontiguousarray(rows["codes"].transpose(1, 2, 0)), facet_size(layout, "code")) * (coder > NO_WISH)[:, None]
    days, day = np.unique(rows["day"], return_inverse=True)
    answers = {question.id: rows["answers"][:, place].copy() for place, question in enumerate(layout.campaign.questions)}
    return Columns({
        **answers, **_geographies(rows, layout), "hour": rows["hour"].copy(),
        "coder": coder, "code": code, "theme": _theme_numbers(layout).take(code),
        **{facet: np.ascontiguousarray(rows[name].T) for facet, name in (
            ("ask", "ask"), ("moderation", "moderation"), ("sureness", "sure"))},
        "ward": _small(rows["area"], facet_size(layout, "ward")), "channel": rows["channel"].copy(),
        "source": _small(rows["source"], facet_size(layout, "source")), "day": _small(day, len(days)),
    }, live, days.astype(np.int64))


def _geographies(rows: Rows, layout: Layout) -> dict[str, Column]:
    """Returns a column for each geography: what the postcode told, or what the area is part of."""
    told = by_postcode(layout.campaign.geographies)
    columns = {geography.id: rows["geography"][:, place].copy() for place, geography in enumerate(told)}
    for geography in layout.campaign.geographies:
        if geography.id not in columns:
            parts = np.zeros(facet_size(layout, "ward"), np.min_scalar_type(len(geography.parts)))
            for area, number in layout.ids["area"].items():
                parts[number] = geography.of_area(area)
            columns[geography.id] = parts.take(rows["area"])
    return columns


def _small(column: Column, size: int) -> Column:
    return column.astype(np.min_scalar_type(max(size - 1, 0)))


def _theme_numbers(layout: Layout) -> Column:
    """Returns the number of each code's theme."""
    order = themes(layout)
    numbers = np.zeros(facet_size(layout, "code"), np.min_scalar_type(len(order)))
    for code, number in layout.ids["code"].items():
        if code:
            numbers[number] = order.index(theme_of(code))
    return numbers
