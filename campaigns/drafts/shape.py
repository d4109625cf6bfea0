"""How wide the columns of a table want to be, told alike to every writer of pages."""

import re
from dataclasses import dataclass

from campaigns.drafts.document import Blank, Cell, Grid, Link, Share, Ways

SHORT, LONGEST_HEADING = 10, 14
FIGURE = re.compile(r"[–<>\d][\d,.%]*")


@dataclass(frozen=True)
class Column:
    """One column: what stands in it, how much of the free width it should have, and whether it lines up at the right.

    ``kind`` is "no", "count", "share", "ways", "short" (as wide as its words) or "words" (a part of what is left, by weight).
    """

    kind: str
    weight: float = 0
    right: bool = False


def columns_of(grid: Grid) -> list[Column]:
    """Returns the shape of each column of a table."""
    return [_column(place, heading, [row[place] for row in grid.rows]) for place, heading in enumerate(grid.columns)]


def _column(place: int, heading: str, cells: list[Cell]) -> Column:
    kinds = {type(cell) for cell in cells}
    if heading == "No.":
        return Column("no")
    if int in kinds and kinds <= {int, str}:
        return Column("count", right=True)
    for kind, name in ((Share, "share"), (Ways, "ways")):
        if kind in kinds:
            return Column(name, right=kind is Share)
    lengths = [len(_words(cell)) for cell in cells]
    if place and lengths and 0 < max(lengths) <= SHORT and len(heading) <= LONGEST_HEADING:
        return Column("short", right=all(FIGURE.fullmatch(_words(cell)) for cell in cells))
    mean = sum(lengths) / max(len(lengths), 1)
    return Column("words", min(max(mean, len(heading) / 2, 8), 70) ** 0.7)


def _words(cell: Cell) -> str:
    return cell.words if isinstance(cell, Link | Blank) else str(cell)
