"""Results so far, for anyone to read: what people wish for by theme, by ward, and how they took part."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.cards.audit import kept_draws
from campaigns.cards.ledger import Waterfall, waterfall
from campaigns.coding.frame import ALONE, Frame
from campaigns.public_tables import ward_table
from campaigns.sampling.reckoning import Range
from campaigns.small_cells import Shown
from campaigns.store.returns import list_batches
from campaigns.store.standing import Standing, read_standing
from campaigns.store.store import Store
from web.context import row_table
from web.ranges import ranges_for
from web.residents.visiting import visit


@dataclass(frozen=True)
class Bar:
    """One row of a table of counts."""

    id: str
    name: str
    count: int
    range: str = ""


@dataclass(frozen=True)
class Crossed:
    """Places by themes as of an event: each row is a place, its responses, and those under each theme; None is withheld."""

    event: int
    rows: list[tuple[str, Shown, list[Shown]]]


def results(slug: str) -> ResponseReturnValue:
    """Shows the tables, all as of one event."""
    store = visit(slug)
    standing, ranged = read_standing(store), ranges_for(store)
    return render_template(
        "residents/results.html", campaign=store.campaign, standing=standing, ranged=ranged,
        themes=theme_bars(store.campaign.frame, standing, ranged.of("responses", "theme")),
        channels=_channels(standing), coders=standing.counts("coder", "wishes"), crossed=_wards(store), alone=ALONE,
        paper=_paper(store),
    )


def draws(slug: str) -> ResponseReturnValue:
    """Shows the cards that were drawn by lot to be read again, and how anyone can make the draw once more."""
    store = visit(slug)
    return render_template("residents/draws.html", campaign=store.campaign, draws=kept_draws(store))


def _paper(store: Store) -> Waterfall | None:
    """Returns what became of the paper that came back; None while no batch of it has been counted."""
    found = waterfall(list_batches(store))
    return found if found.received else None


def theme_bars(frame: Frame, standing: Standing, ranges: Mapping[str, Range] = MappingProxyType({})) -> list[Bar]:
    """Returns the themes by how many responses mention them, most first; other wishes and none last."""
    counts, told = standing.counts("theme"), {theme: one.words for theme, one in ranges.items()}
    bars = [Bar(theme.id, theme.name, counts.get(theme.id, 0), told.get(theme.id, "")) for theme in frame.themes]
    last = [
        Bar(code.id, code.name, counts[code.id], told.get(code.id, "")) for code in frame.codes
        if code.id in ALONE and counts.get(code.id)
    ]
    return sorted(bars, key=lambda bar: -bar.count) + last


def _channels(standing: Standing) -> list[Bar]:
    counts = standing.counts("channel")
    return [Bar(name, name, counts[name]) for name in sorted(counts, key=lambda name: -counts[name])]


def _wards(store: Store) -> Crossed:
    table = row_table(store.slug)
    event = table.refresh(store)
    wards = ward_table(store, table)
    themes = [theme.id for theme in store.campaign.frame.themes]
    rows = [(ward, total, [wards.cells[ward, theme] for theme in themes]) for ward, total in wards.totals.items()]
    return Crossed(event, rows)
