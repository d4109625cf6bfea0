"""The map: where replies come from and what is wished for where, each area drawn, named and listed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.boundaries import Boundaries
from campaigns.definition import NO_AREA
from campaigns.shading import FEWEST, Tint, tint_of, tints
from campaigns.store.blocks import RowTable
from campaigns.store.profile import boundaries_of, profile_of
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.counts import moment_of
from web.officers.filters import Filters, phrases, read_filters
from web.officers.panels import carried, choices

ACROSS = 4  # tiles in a line, where no boundaries are loaded
TILE_WIDE, TILE_HIGH = 250, 110


@dataclass(frozen=True)
class Shape:
    """One area as drawn: its outline as a path, where its name stands, its tint (0 none, -1 hatched) and figures in words."""

    id: str
    name: str
    path: str
    x: int
    y: int
    tint: int
    said: str


@dataclass(frozen=True)
class Drawn:
    """A map: its size, its areas and the key to its tints."""

    width: int
    height: int
    shapes: list[Shape]
    key: list[Tint]


def show(slug: str) -> ResponseReturnValue:
    """Shows the areas by responses per 1,000 households (or by their count), a table beside, and a small map for each theme."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    offered = choices(store.campaign)
    event = table.refresh(store)
    counts, households = _by_area(store, table, filters), profile_of(store).get("households", {})
    rates = _rates(store, counts, households)
    boundaries = boundaries_of(store)
    outlines = boundaries or tiles(store)
    unit = f"{filters.base} per 1,000 households" if households else filters.base
    return render_template(
        "officers/map.html", store=store, campaign=store.campaign, filters=filters, to=Addresses(slug, filters),
        phrases=phrases(filters, store.campaign), choices=offered, kept=carried(filters, offered), event=event, unit=unit,
        whole=draw(store, outlines, rates, counts, unit), themes=_small(store, table, filters, outlines, counts),
        lines=_lines(store, counts, rates, households), households=households, fewest=FEWEST, total=sum(counts.values()),
        unknown=sum(counts.get(name, 0) for name in NO_AREA), drawn=boundaries is not None, as_of=moment_of(store, event),
        leaving=lambda left: url_for("officers.map", slug=slug, **left.query()),
    )


def _by_area(store: Store, table: RowTable, filters: Filters) -> dict[str, int]:
    return table.count(store, ask_for(store.layout, ["ward"], filters.where(), filters.base)).column()


def _rates(store: Store, counts: Mapping[str, int], households: Mapping[str, int]) -> dict[str, float]:
    """What each area is tinted by."""
    if not households:
        return {area.name: float(counts.get(area.name, 0)) for area in store.campaign.areas}
    return {name: 1000 * counts.get(name, 0) / many for name, many in households.items() if many}


def _lines(
    store: Store, counts: Mapping[str, int], rates: Mapping[str, float], households: Mapping[str, int]
) -> list[tuple[str, int, int, float]]:
    """Each area's name, count, households and rate, lowest rate first: who is missing stands on top."""
    lines = [(area.name, counts.get(area.name, 0), households.get(area.name, 0), rates.get(area.name, 0.0))
             for area in store.campaign.areas]
    return sorted(lines, key=lambda line: (line[3], line[0]))


def draw(
    store: Store, outlines: Boundaries, values: Mapping[str, float], counts: Mapping[str, int], unit: str, least: int = FEWEST
) -> Drawn:
    """Returns a map of some values; areas with fewer than ``least`` counted are hatched."""
    told = {name: value for name, value in values.items() if counts.get(name, 0) >= least}
    key = tints(list(told.values()))
    shapes = []
    for area in store.campaign.areas:
        if path := outlines.path(area.id):
            value, few = values.get(area.name, 0.0), counts.get(area.name, 0) < least
            said = f"{area.name}: fewer than {least} responses" if few else f"{area.name}: {_figure(value)} {unit}"
            shapes.append(Shape(area.id, area.name, path, *outlines.middle(area.id), -1 if few else tint_of(value, key), said))
    return Drawn(outlines.width, outlines.height, shapes, key)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"


def tiles(store: Store) -> Boundaries:
    """Returns a tile for each area, in the order of the campaign's file, where no boundaries are loaded."""
    rings = {}
    for place, area in enumerate(store.campaign.areas):
        x, y = place % ACROSS * TILE_WIDE, place // ACROSS * TILE_HIGH
        rings[area.id] = [[(x, y), (x + TILE_WIDE, y), (x + TILE_WIDE, y + TILE_HIGH), (x, y + TILE_HIGH)]]
    lines = -(-len(rings) // ACROSS)
    return Boundaries(ACROSS * TILE_WIDE, max(lines, 1) * TILE_HIGH, rings)


def _small(
    store: Store, table: RowTable, filters: Filters, outlines: Boundaries, counts: Mapping[str, int]
) -> list[tuple[str, str, Drawn]]:
    """Returns a small map for each theme: the share of each area's responses that ask for it."""
    crossed = table.count(store, ask_for(store.layout, ["theme", "ward"], filters.where(), filters.base)).cells
    drawn = []
    for theme in store.campaign.frame.themes:
        shares = {
            name: 100 * crossed.get((theme.id, name), 0) / many for name, many in counts.items() if many and name not in NO_AREA
        }
        drawn.append((theme.id, theme.name, draw(store, outlines, shares, counts, f"% of {filters.base}")))
    return drawn

