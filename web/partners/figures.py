"""What came through a source, for the partner who brings it in: how many, since when, and about what."""

from dataclasses import dataclass

from campaigns.small_cells import Shown, hide_column
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import ask_for


@dataclass(frozen=True)
class Figures:
    """One source's own figures: responses and wishes, the last day one came, and themes by responses, small ones withheld."""

    responses: int
    wishes: int
    last_day: str
    themes: list[tuple[str, Shown]]


def figures_of(store: Store, table: RowTable, source: str) -> Figures:
    """Returns what came through a source, as far as the tallies have counted."""
    where = {"source": [source]}
    responses, wishes = (table.count(store, ask_for(store.layout, [], where, base)).total for base in ("responses", "wishes"))
    days = table.count(store, ask_for(store.layout, ["day"], where)).column()
    counted = table.count(store, ask_for(store.layout, ["theme"], where)).column()
    called = {theme.id: theme.name for theme in store.campaign.frame.themes}
    names = sorted((name for name in counted if name in called), key=lambda name: -counted[name])
    shown = hide_column([counted[name] for name in names])
    themes = list(zip((called[name] for name in names), shown, strict=True))
    return Figures(responses, wishes, max(days, default=""), themes)
