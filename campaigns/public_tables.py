"""The tables the public may see of what could pick somebody out: few, fixed, and hidden from together.

A table of themes, codes, asks, channels or coders says nothing about anyone, however it is crossed or filtered. Of wards,
days, moderation and answers there is one table each, and wards crossed with themes; any other, or any filter, could be set
against one of these until a small count stood alone. Of sources there is none: each has one channel, so the table of
channels would tell what theirs hides; of hours and of geographies beside the wards neither, since these are put together
from the very wards and postcodes whose small counts are hidden. Staff see them all.
"""

from dataclasses import dataclass
from itertools import product

from campaigns.facets import facet_names, themes
from campaigns.small_cells import SMALLEST_SHOWN, Shown, hide_column, hide_named
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import Query, Tally, ask_for

# Small cells of these say nothing about anyone; small cells of all others might.
HARMLESS = {"theme", "code", "ask", "channel", "coder"}
FOR_STAFF = {"source", "hour"}
MOST_NAMED = 5000
Cell = tuple[str, ...]


@dataclass(frozen=True)
class Wards:
    """Responses, wishes or mentions by ward and by theme, without what would pick somebody out."""

    totals: dict[str, Shown]
    cells: dict[Cell, Shown]


@dataclass(frozen=True)
class PublicTable:
    """A table as the public sees it; ``withheld`` where none of it is shown because of what it crosses or filters."""

    cells: dict[Cell, Shown]
    total: Shown
    withheld: bool = False


def public_table(store: Store, table: RowTable, query: Query) -> PublicTable:
    """Returns what the public may see of a table."""
    sensitive = query.facets - HARMLESS
    if sensitive and (query.where or not _is_fixed(store, query)):
        return PublicTable(dict.fromkeys(_names(store, query)), None, withheld=True)
    tally = table.count(store, query)
    if not sensitive:
        return PublicTable(dict(tally.cells), tally.total)
    total = tally.total if tally.total >= SMALLEST_SHOWN else None
    return PublicTable(_wards(store, table, query) if "ward" in sensitive else _column(tally), total)


def ward_table(store: Store, table: RowTable, base: str = "responses") -> Wards:
    """Returns wards crossed with themes, the campaign's own wards first."""
    whole = table.count(store, ask_for(store.layout, ["ward"], base=base)).column()
    crossed = table.count(store, ask_for(store.layout, ["ward", "theme"], base=base)).cells
    names = [area.name for area in store.campaign.areas]
    wards = names + sorted({*whole} - {*names})
    return Wards(*hide_named(wards, themes(store.layout)[1:], whole, crossed))


def _is_fixed(store: Store, query: Query) -> bool:
    for_staff = FOR_STAFF | {geography.id for geography in store.campaign.geographies}
    return not query.facets & for_staff and (len(query.by) == 1 or set(query.by) == {"ward", "theme"})


def _wards(store: Store, table: RowTable, query: Query) -> dict[Cell, Shown]:
    wards = ward_table(store, table, query.base)
    if query.by == ("ward",):
        return {(ward,): count for ward, count in wards.totals.items()}
    turned = query.by == ("theme", "ward")
    return {(theme, ward) if turned else (ward, theme): count for (ward, theme), count in wards.cells.items()}


def _column(tally: Tally) -> dict[Cell, Shown]:
    return dict(zip(tally.cells, hide_column(list(tally.cells.values())), strict=True))


def _names(store: Store, query: Query) -> list[Cell]:
    """The cells of a withheld table, by names alone, so that even which of them are empty is not told; none where too many."""
    names = [[name for name in facet_names(store.layout, facet).values() if name] for facet in query.by]
    size = 1
    for some in names:
        size *= len(some)
    return list(product(*names)) if query.by and size <= MOST_NAMED else []
