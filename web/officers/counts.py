"""Where the dashboard's numbers come from: ready-made where everything is let through, counted where it is not."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from campaigns.store.blocks import RowTable
from campaigns.store.log import event_at, last_event
from campaigns.store.standing import BETWEEN, Standing, read_standing, read_yesterday
from campaigns.store.store import Store
from campaigns.tallies import Query, ask_for, standing_queries
from web.officers.filters import Filters
from web.words import moment

SHOWN = ("all", "theme", "code", "theme-ask", "code-ask", "ward", "channel", "source", "day")
# What the opening sentence and the needs are made of, whatever the filters.
WAITING = "coder:wishes"
OF_ALL = ("all:responses", "all:wishes", WAITING, "ward:responses", "moderation:wishes")


@dataclass(frozen=True)
class Table:
    """The cells of a table, and how many units stand in it at all."""

    cells: dict[tuple[str, ...], int]
    total: int

    def column(self) -> dict[str, int]:
        """Returns the cells of a table of one facet, by name."""
        return {cell[0]: count for cell, count in self.cells.items()}


@dataclass(frozen=True)
class Before:
    """What themes and codes had at the end of the day before, and since when that is, in words."""

    since: str
    columns: dict[str, dict[str, int]]


NOT_BEFORE = Before("", {})


@dataclass(frozen=True)
class Counts:
    """The tables that pass the filters, those of the whole campaign, and the event that all of them are up to."""

    event: int
    at_ms: int
    behind: int
    base: str
    shown: dict[str, Table]
    of_all: dict[str, Table]
    before: Before = NOT_BEFORE

    def change(self, name: str, key: str) -> str:
        """Returns how a cell has changed since the day before: "+12"; nothing where it has not."""
        return signed(self.table(name).column().get(key, 0) - self.before.columns.get(name, {}).get(key, 0))

    def table(self, name: str) -> Table:
        """Returns a table of what passes the filters, on the page's base."""
        return self.shown[f"{name}:{self.base}"]

    @property
    def responses(self) -> int:
        """Returns how many responses the whole campaign has."""
        return self.of_all["all:responses"].total

    @property
    def wishes(self) -> int:
        """Returns how many wishes the whole campaign has."""
        return self.of_all["all:wishes"].total

    @property
    def coders(self) -> dict[str, int]:
        """Returns how many wishes of the whole campaign wait, were coded by machine, or by a person."""
        return self.of_all[WAITING].column()


def signed(change: int) -> str:
    """Returns a change with its sign, empty for none."""
    return f"{change:+,}".replace("-", "−") if change else ""


def since_words(before: date, today: date) -> str:
    """Returns since when something has changed: the day before, or the last day that anything was counted."""
    return "Since yesterday" if before == today - timedelta(days=1) else f"Since {before.day} {before:%B}"


def moment_of(store: Store, event: int) -> str:
    """Returns when an event happened, in words, empty where there is none."""
    found = event_at(store, event) if event else None
    return moment(found.at_ms, store.campaign.window.timezone) if found else ""


def read_counts(store: Store, table: RowTable, filters: Filters, today: date | None = None) -> Counts:
    """Returns every table a dashboard shows; raises UnknownFacet for a filter this campaign does not have."""
    shown = [*(f"{name}:{filters.base}" for name in SHOWN), WAITING]
    if filters.plain:
        standing = read_standing(store)
        made = {name: _ready_made(standing, name) for name in {*shown, *OF_ALL}}
        counts = _counts(store, standing.event, filters.base, made, made)
        return replace(counts, before=_before(store, standing, filters.base, today))
    queries = {name: ask_for(store.layout, _by(name), filters.where(), name.partition(":")[2]) for name in shown}
    event = table.refresh(store)
    whole = {name: standing_queries()[name] for name in OF_ALL}
    return _counts(store, event, filters.base, _counted(store, table, queries), _counted(store, table, whole))


def _before(store: Store, standing: Standing, base: str, today: date | None) -> Before:
    """What stood at the end of the day before; nothing where today has counted nothing yet."""
    if not today or standing.day != today:
        return NOT_BEFORE
    kept = read_yesterday(store)
    if not kept.day:
        return NOT_BEFORE
    return Before(since_words(kept.day, today), {name: kept.counts(name, base) for name in ("theme", "code")})


def _by(name: str) -> tuple[str, ...]:
    return standing_queries()[name].by


def _counted(store: Store, table: RowTable, queries: dict[str, Query]) -> dict[str, Table]:
    tallies = {name: table.count(store, query) for name, query in queries.items()}
    return {name: Table(tally.cells, tally.total) for name, tally in tallies.items()}


def _ready_made(standing: Standing, name: str) -> Table:
    return Table(standing.table(*name.split(":")), standing.tables.get(name, {}).get(BETWEEN, 0))


def _counts(store: Store, event: int, base: str, shown: dict[str, Table], of_all: dict[str, Table]) -> Counts:
    last = event_at(store, event) if event else None
    return Counts(event, last.at_ms if last else 0, max(last_event(store) - event, 0), base, shown, of_all)
