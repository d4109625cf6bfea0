"""One facet, or two crossed, as a table with its lines, columns and sums: what an officer hands to a board. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.drafts.prose import percent
from campaigns.small_cells import Shown

SHARES = ("counts", "rows", "columns")


@dataclass(frozen=True)
class Cell:
    """One cell: the names it stands for, its count (None where withheld) and its share of its line or column."""

    row: str
    column: str
    count: Shown
    share: str = ""


@dataclass(frozen=True)
class Grid:
    """A table: the names of its lines and columns, its cells line by line, and how many units stand in each and in all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    row_totals: tuple[Shown, ...]
    column_totals: tuple[Shown, ...]
    total: int


def lay_out(
    rows: Sequence[str], columns: Sequence[str], crossed: Mapping[tuple[str, ...], Shown],
    totals: tuple[Mapping[str, Shown], Mapping[str, Shown]], total: int, shares: str = SHARES[0],
) -> Grid:
    """Returns the table of two facets; ``totals`` are each facet's own counts, which a unit in several cells adds to once."""
    of_rows, of_columns = totals

    def cell(row: str, column: str) -> Cell:
        count = crossed.get((row, column), 0)
        whole = {"rows": of_rows.get(row, 0), "columns": of_columns.get(column, 0)}.get(shares)
        return Cell(row, column, count, percent(count, whole) if count is not None and whole else "")

    return Grid(
        tuple(rows), tuple(columns), tuple(tuple(cell(row, column) for column in columns) for row in rows),
        tuple(of_rows.get(row, 0) for row in rows), tuple(of_columns.get(column, 0) for column in columns), total,
    )


def in_order(known: Sequence[str], counted: Mapping[str, Shown], keep_empty: bool = True) -> list[str]:
    """Returns names in the order they are known in, then any others that were counted; empty ones only where asked for."""
    named = [*known, *sorted(name for name in counted if name not in known)]
    return [name for name in named if keep_empty or (counted.get(name) != 0 and name in counted)]
