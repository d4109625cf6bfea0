"""Which counts the public is not shown, so that nobody can be picked out of a table of places, days, sources or answers.

Counts from one to four are hidden, and nought with them, so that a gap does not say which it is. Whatever the sums would
give away is hidden too. Every line of a table is an equation, since its sum is published; hidden counts are its unknowns.
Lines and unknowns make a graph, and an unknown can be worked out just where its edge is a bridge: where taking it away
parts the graph. So the smallest counts that lead around a bridge are hidden as well, until there are no bridges. Noughts
hide others only where nothing else can, since people may know of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

SMALLEST_SHOWN = 5
Shown = int | None
Node = str
Edge = tuple[Node, Node]
# The line of all totals, and what the lines of rows and columns are called before their place.
MARGIN, ROW, COLUMN = "margin", "row", "column"


@dataclass(frozen=True)
class Crossed:
    """A table as the public sees it: the total of each row, and its cells; None where a count is withheld."""

    totals: list[Shown]
    cells: list[list[Shown]]


def hide_column(counts: Sequence[int], least: int = SMALLEST_SHOWN) -> list[Shown]:
    """Returns counts with the small ones withheld; where one alone would be, the next smallest goes with it."""
    hidden = {n for n, count in enumerate(counts) if 0 < count < least}
    if len(hidden) == 1:
        others = [n for n, count in enumerate(counts) if count and n not in hidden]
        hidden |= set(sorted(others, key=lambda n: counts[n])[:1])
    return [count if count and n not in hidden else None for n, count in enumerate(counts)]


def hide_crossed(totals: Sequence[int], cells: Sequence[Sequence[int]], least: int = SMALLEST_SHOWN) -> Crossed:
    """Returns rows with their totals, without small counts nor any that the sums of rows and columns would give away.

    The columns' own sums, and the sum of all totals, are taken as known to everyone.
    """
    counts = {(f"{ROW}{r}", MARGIN): total for r, total in enumerate(totals)}
    counts |= {(f"{ROW}{r}", f"{COLUMN}{c}"): count for r, row in enumerate(cells) for c, count in enumerate(row)}
    hidden = {edge for edge, count in counts.items() if 0 < count < least}
    kept = {edge: count for edge, count in counts.items() if edge not in hidden}
    hopeless: set[Edge] = set()
    while bridge := next((edge for edge in _bridges(hidden) if edge not in hopeless), None):
        around = _way_around(bridge, hidden, kept)
        hidden |= around
        hopeless |= set() if around else {bridge}
        kept = {edge: count for edge, count in kept.items() if edge not in around}
    return Crossed(
        [kept.get((f"{ROW}{r}", MARGIN)) or None for r in range(len(totals))],
        [[kept.get((f"{ROW}{r}", f"{COLUMN}{c}")) or None for c in range(len(row))] for r, row in enumerate(cells)],
    )


def hide_named(
    rows: Sequence[str], columns: Sequence[str], totals: Mapping[str, int], cells: Mapping[tuple[str, ...], int],
    least: int = SMALLEST_SHOWN,
) -> tuple[dict[str, Shown], dict[tuple[str, ...], Shown]]:
    """Returns what ``hide_crossed`` does of a table whose rows and columns have names: the rows' totals, and the cells."""
    counts = [[cells.get((row, column), 0) for column in columns] for row in rows]
    shown = hide_crossed([totals.get(row, 0) for row in rows], counts, least)
    named: dict[tuple[str, ...], Shown] = {
        (row, column): shown.cells[r][c] for r, row in enumerate(rows) for c, column in enumerate(columns)
    }
    return dict(zip(rows, shown.totals, strict=True)), named


def _way_around(bridge: Edge, hidden: set[Edge], kept: Mapping[Edge, int]) -> set[Edge]:
    """The counts to hide so that a way leads around a bridge, as few and as small as can be (Dijkstra's); none if none does.

    What is hidden already costs nothing; totals are spared where cells do, and noughts come last.
    """
    dear = sum(kept.values()) + 1
    costs = {edge: count + dear * (edge[1] == MARGIN) + dear * dear * (not count) for edge, count in kept.items()}
    costs |= dict.fromkeys(hidden - {bridge}, 0)
    near = _graph(costs)
    start, end = bridge
    waiting: list[tuple[int, Node, tuple[Edge, ...]]] = [(0, start, ())]
    seen: set[Node] = set()
    while waiting:
        cost, node, way = heappop(waiting)
        if node == end:
            return set(way) - hidden
        if node not in seen:
            seen.add(node)
            for other in near.get(node, ()):
                edge = (node, other) if (node, other) in costs else (other, node)
                heappush(waiting, (cost + costs[edge], other, (*way, edge)))
    return set()


def _graph(edges: Iterable[Edge]) -> dict[Node, set[Node]]:
    near: dict[Node, set[Node]] = {}
    for one, other in edges:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return near


def _bridges(edges: set[Edge]) -> list[Edge]:
    """The edges without which a graph falls apart, in order: those no way from further on leads back around (Tarjan's)."""
    near = _graph(edges)
    order: dict[Node, int] = {}
    found: list[Edge] = []

    def walk(node: Node, before: Node) -> int:
        order[node] = low = len(order)
        for other in near[node] - {before}:
            back = order[other] if other in order else walk(other, node)
            low = min(low, back)
            if back > order[node]:
                found.append((node, other) if (node, other) in edges else (other, node))
        return low

    for node in sorted(near):
        if node not in order:
            walk(node, "")
    return sorted(found)
