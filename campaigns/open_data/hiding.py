"""Which counts of a table are withheld, so that nobody can work out a small one from the sums that everyone knows. Pure.

A table has lines; a line has its own total first, then the counts it is crossed with. Known to everyone are the sum of the
totals, the sum of each further column, and that a line's counts add up to its total. A small count is safe where it could as
well be nought or ``least - 1`` more than it is: where a way leads around it, over hidden counts that are large enough to give
so much up. Such ways are found one small count after another, each as cheap as can be (Dijkstra's).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Cell = tuple[int, int]  # line, column; column 0 holds the totals
TOTAL = 0


@dataclass(frozen=True)
class Asked:
    """A table to be hidden from: its counts; how far below each its true count may lie for all that is known otherwise.

    ``room`` is the count itself, or where the count was shown in an earlier release what has come since. ``gone`` are cells that
    are not told anyhow, ``owed`` those that were small and hidden before; ``units`` are the sets of lines whose totals have a
    known sum.
    """

    counts: Mapping[Cell, int]
    room: Mapping[Cell, int]
    gone: frozenset[Cell]
    owed: frozenset[Cell]
    units: Sequence[frozenset[int]]
    least: int

def hide(asked: Asked) -> frozenset[Cell] | None:
    """Returns the cells that are not shown: the small ones, nought among them, and those without which they would be known.

    None where nothing is large enough to hide a small one behind: then even the totals would say too much.
    """
    hidden = set(asked.gone) | {cell for cell, count in asked.counts.items() if count < asked.least}
    for unit in asked.units:
        _hide_totals(asked, unit, hidden)
    while (found := _hide_crossed(asked, hidden)) is None:
        behind = [cell for cell in asked.counts if cell[1] == TOTAL and cell not in hidden and asked.room[cell] >= asked.least]
        if not behind:
            return None
        hidden.add(min(behind, key=lambda cell: (asked.counts[cell], cell)))  # a whole line more to hide behind
    return found


def _hide_crossed(asked: Asked, hidden: set[Cell]) -> frozenset[Cell] | None:
    """Returns the cells hidden already, with those that small ones need around them; None where one finds no way."""
    lines = {line for line, column in hidden if column == TOTAL}
    hidden = hidden | {cell for cell in asked.counts if cell[0] in lines}
    small = {cell for cell in hidden if is_small(asked.counts[cell], asked.least)}
    for column in {cell[1] for cell in asked.counts}:
        small |= _still_owed(asked, [cell for cell in asked.counts if cell[1] == column], hidden)
    for cell in sorted(cell for cell in small if cell[1] != TOTAL):
        hidden.add(cell)
        around = _way_around(asked, cell, hidden)
        if around is None:
            return None
        hidden |= around
    return frozenset(hidden)


def is_small(count: int, least: int) -> bool:
    """Tells whether a count, or a change of one, could pick somebody out."""
    return 0 < abs(count) < least


def _still_owed(asked: Asked, cells: Sequence[Cell], hidden: set[Cell]) -> set[Cell]:
    """Returns counts that were small before, and that would be known for then if they were shown now: little else is hidden."""
    return {
        cell for cell in cells if cell in asked.owed
        and sum(asked.counts[other] for other in cells if other in hidden and other != cell) < asked.least - 1
    }


def _hide_totals(asked: Asked, unit: Iterable[int], hidden: set[Cell]) -> None:
    """Hides so many of a unit's totals with the small ones that these could be larger by ``least - 1``."""
    cells = [(line, TOTAL) for line in sorted(unit)]
    small = [cell for cell in cells if is_small(asked.counts[cell], asked.least)]
    small += sorted(_still_owed(asked, cells, hidden) - {*small})
    if not small:
        return
    hidden |= {*small}
    most = max(asked.room[cell] for cell in small)
    # What may give way, whichever of the small ones is looked at: the others, less the largest of these.
    while sum(asked.room[cell] for cell in cells if cell in hidden) - most < asked.least - 1:
        kept = [cell for cell in cells if cell not in hidden]
        if not kept:
            return
        roomy = [cell for cell in kept if asked.room[cell] >= asked.least - 1]
        hidden.add(min(roomy or kept, key=lambda cell: (asked.counts[cell], cell)))


def _way_around(asked: Asked, small: Cell, hidden: set[Cell]) -> set[Cell] | None:
    """Returns the cells to hide so that a small count may be more and others less, every known sum staying as it is.

    Along the way counts are less and more in turn: from a line to a column less, back to a line more; a total the other way
    round, since it stands on the other side of its line's sum. No total is hidden for it. None where there is no such way.
    """
    give, take = asked.least - 1, asked.counts[small]
    start, end = ("line", small[0]), ("column", small[1])
    by_line: dict[int, list[Cell]] = {}
    by_column: dict[int, list[Cell]] = {}
    for cell in asked.counts:
        by_line.setdefault(cell[0], []).append(cell)
        by_column.setdefault(cell[1], []).append(cell)
    waiting: list[tuple[int, tuple[str, int], tuple[Cell, ...]]] = [(0, start, ())]
    seen: set[tuple[str, int]] = set()
    while waiting:
        cost, node, way = heappop(waiting)
        if node == end:
            return set(way) - hidden
        if node in seen:
            continue
        seen.add(node)
        side, place = node
        for cell in (by_line if side == "line" else by_column)[place]:
            if cell == small or (cell[1] == TOTAL and cell not in hidden):
                continue
            less = (side == "line") != (cell[1] == TOTAL)
            if asked.room[cell] >= (give if less else take) or (cell[1] == TOTAL and not less):
                following = ("column", cell[1]) if side == "line" else ("line", cell[0])
                heappush(waiting, (cost + (0 if cell in hidden else asked.counts[cell]), following, (*way, cell)))
    return None
