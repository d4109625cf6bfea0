"""Results so far, for anyone to read: what people wish for by theme, by ward, and how they took part."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.coding.frame import ALONE, Frame
from campaigns.store.standing import Standing, read_standing
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import row_table
from web.residents.small_cells import Crossed, withhold
from web.residents.visiting import visit


@dataclass(frozen=True)
class Bar:
    """One row of a table of counts."""

    id: str
    name: str
    count: int


def results(slug: str) -> ResponseReturnValue:
    """Shows the tables, all as of one event."""
    store = visit(slug)
    standing = read_standing(store)
    return render_template(
        "residents/results.html", campaign=store.campaign, standing=standing, themes=theme_bars(store.campaign.frame, standing),
        channels=_channels(standing), coders=standing.counts("coder", "wishes"), crossed=_wards(store), alone=ALONE,
    )


def answers(slug: str) -> ResponseReturnValue:
    """Shows what was answered; until something was, what happens when."""
    return render_template("residents/answers.html", campaign=visit(slug).campaign)


def theme_bars(frame: Frame, standing: Standing) -> list[Bar]:
    """Returns the themes by how many responses mention them, most first; other wishes and none last."""
    counts = standing.counts("theme")
    bars = [Bar(theme.id, theme.name, counts.get(theme.id, 0)) for theme in frame.themes]
    last = [Bar(code.id, code.name, counts[code.id]) for code in frame.codes if code.id in ALONE and counts.get(code.id)]
    return sorted(bars, key=lambda bar: -bar.count) + last


def _channels(standing: Standing) -> list[Bar]:
    counts = standing.counts("channel")
    return [Bar(name, name, counts[name]) for name in sorted(counts, key=lambda name: -counts[name])]


def _wards(store: Store) -> Crossed:
    table = row_table(store.slug)
    event = table.refresh(store)
    wards = table.count(store, ask_for(store.layout, ["ward"])).cells
    cells = table.count(store, ask_for(store.layout, ["ward", "theme"])).cells
    themes = [theme.id for theme in store.campaign.frame.themes]
    names = [area.name for area in store.campaign.areas]
    rest = sorted({ward for (ward,) in wards} - set(names))
    return withhold(event, names + rest, themes, {ward: n for (ward,), n in wards.items()}, cells)
