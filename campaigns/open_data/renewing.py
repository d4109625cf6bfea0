"""Which lines of a released table are renewed, so that an earlier release set against a later one tells nothing. Pure.

A line is renewed whole or stands as it was released before. It is renewed only where each of its counts, shown or not, has
stayed as it was or moved by the threshold or more since the line was last renewed; and where a line stays, so many others stay
with it that the sums, which everyone knows, do not say what it would have become. A count that was hidden and has not moved
stays hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.open_data.hiding import Asked, Cell, hide, is_small

Counts = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Line:
    """A line as it stands in a release: its counts (kept from everyone where not shown), and the release it is of."""

    counts: tuple[int, ...]
    shown: tuple[bool, ...]
    release: int

    @property
    def public(self) -> tuple[int | None, ...]:
        """Returns the counts as everyone sees them: None where withheld."""
        return tuple(count if shown else None for count, shown in zip(self.counts, self.shown, strict=True))


@dataclass(frozen=True)
class Table:
    """A table of a release: what it is by, the names of the columns after the total, its threshold and lines.

    ``groups`` names lines whose totals may be known together otherwise: the sources of one channel, the codes of one theme.
    """

    by: tuple[str, ...]
    columns: tuple[str, ...]
    least: int
    lines: Mapping[str, Line]
    groups: Mapping[str, str] = field(default_factory=dict)


def renew(table: Table, counted: Counts, before: Mapping[str, Line], release: int) -> Table:
    """Returns a table as it is released: lines renewed from what is counted now, or kept from the release before."""
    nothing = Line((0,) * (1 + len(table.columns)), (False,) * (1 + len(table.columns)), 0)
    names = list(dict.fromkeys([*counted, *before]))
    now = {name: counted.get(name, nothing.counts) for name in names}
    then = {name: before.get(name, nothing) for name in names}
    units = [frozenset(names), *_groups(table, names)]
    moved = {name: tuple(a - b for a, b in zip(now[name], then[name].counts, strict=True)) for name in names}
    staying = _staying(moved, units, table.least) if before else set()
    hidden = _hidden(now, then, moved, staying, units, table.least)
    if hidden is None:
        staying, hidden = set(before) & set(names), {(name, column) for name in names for column in range(len(now[name]))}
    lines = {
        name: then[name] if name in staying else
        Line(now[name], tuple((name, column) not in hidden for column in range(len(now[name]))), release)
        for name in names
    }
    return Table(table.by, table.columns, table.least, lines, table.groups)


def _groups(table: Table, names: Sequence[str]) -> list[frozenset[str]]:
    kinds = sorted({table.groups[name] for name in names if name in table.groups})
    return [frozenset(name for name in names if table.groups.get(name) == kind) for kind in kinds]


def _staying(moved: Counts, units: Sequence[frozenset[str]], least: int) -> set[str]:
    """Returns the lines that are not renewed."""
    staying = {name for name, changes in moved.items() if any(is_small(change, least) for change in changes)}
    columns = range(len(next(iter(moved.values()), ())))
    while True:
        each = (_short(moved, unit, column, staying, least) for unit in units for column in columns)
        short = next(filter(None, each), None)
        if short is None:
            return staying
        staying |= short


def _short(moved: Counts, unit: frozenset[str], column: int, staying: set[str], least: int) -> set[str]:
    """Returns a line to keep as well, where those that stay have moved too little to hide a small change among."""
    stays, rest = unit & staying, sorted(unit - staying)
    small = [abs(moved[name][column]) for name in stays if is_small(moved[name][column], least)]
    among = sum(abs(moved[name][column]) for name in stays)
    if not small or not rest or among - max(small) >= least - 1:
        return set()
    large = [name for name in rest if moved[name][column] >= least - 1]
    return {min(large or rest, key=lambda name: (abs(moved[name][column]), name))}


def _hidden(
    now: Counts, then: Mapping[str, Line], moved: Counts, staying: set[str], units: Sequence[frozenset[str]], least: int
) -> set[tuple[str, int]] | None:
    """Returns the cells that are not shown, by line and column; None where only the whole table can be kept back."""
    places = {name: place for place, name in enumerate(now)}
    counts: dict[Cell, int] = {}
    room: dict[Cell, int] = {}
    gone: set[Cell] = set()
    owed: set[Cell] = set()
    for name, place in places.items():
        for column, count in enumerate(now[name]):
            cell, change = (place, column), moved[name][column]
            counts[cell] = count
            room[cell] = max(change, 0) if then[name].shown[column] else count
            if name in staying or (then[name].release and not then[name].shown[column] and change < least):
                gone.add(cell)
            elif is_small(then[name].counts[column], least) and not then[name].shown[column]:
                owed.add(cell)
    in_units = [frozenset(places[name] for name in unit) for unit in units]
    named = list(places)
    asked = Asked(counts, room, frozenset(gone), frozenset(owed), in_units, least)
    found = hide(asked)
    return None if found is None else {(named[line], column) for line, column in found}


