"""Withholding small counts where a table looks into places, so that nobody can be picked out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5
Shown = int | None


@dataclass(frozen=True)
class Crossed:
    """A table of places by themes as of an event: each row is a place, its responses, and those under each theme.

    None stands for a count that is withheld.
    """

    event: int
    themes: Sequence[str]
    rows: list[tuple[str, Shown, list[Shown]]]


def withhold(
    event: int, places: Sequence[str], themes: Sequence[str],
    totals: Mapping[str, int], cells: Mapping[tuple[str, ...], int],
) -> Crossed:
    """Returns the table without counts under five, nor any that the rest of their column would give away."""
    first = hide_column([totals.get(place, 0) for place in places])
    columns = [hide_column([cells.get((place, theme), 0) for place in places]) for theme in themes]
    rows = [(place, first[n], [column[n] for column in columns]) for n, place in enumerate(places)]
    return Crossed(event, themes, rows)


def hide_column(counts: Sequence[int]) -> list[Shown]:
    """Returns a column with small counts withheld; where one alone would be, the next smallest goes with it.

    The column's sum is published, so that a single gap could be worked out from the others.
    """
    hidden = {n for n, count in enumerate(counts) if count < SMALLEST_SHOWN}
    if len(hidden) == 1:
        others = [n for n in range(len(counts)) if n not in hidden]
        hidden |= set(sorted(others, key=lambda n: counts[n])[:1])
    return [None if n in hidden else count for n, count in enumerate(counts)]
