"""The standing tallies: kept ready-made after each catch-up, so that pages read them without counting."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import Tally, standing_queries

BETWEEN = "\x1f"


@dataclass(frozen=True)
class Standing:
    """The ready-made tables, all as of one event."""

    event: int
    at_ms: int
    tables: dict[str, dict[str, int]]
    day: date | None = None

    def table(self, name: str, base: str = "responses") -> dict[tuple[str, ...], int]:
        """Returns one table's cells, by the names of the facets it crosses."""
        kept = self.tables.get(f"{name}:{base}", {})
        return {tuple(cell.split(BETWEEN)) if cell else ("",): n for cell, n in kept.items() if cell != BETWEEN}

    def counts(self, name: str, base: str = "responses") -> dict[str, int]:
        """Returns the cells of a table of one facet, by name."""
        return {cell[0]: number for cell, number in self.table(name, base).items()}

    def total(self, base: str = "responses") -> int:
        """Returns how many responses, wishes or mentions there are in all."""
        return self.tables.get(f"all:{base}", {}).get(BETWEEN, 0)


NOTHING = Standing(0, 0, {})


def keep_standing(store: Store, table: RowTable, event: int, today: date | None = None) -> None:
    """Counts every standing table and keeps them as of an event, unless newer ones stand already; an earlier day's are put by."""
    tables = {name: _cells(table.count(store, query)) for name, query in standing_queries().items()}
    day = today or datetime.now(store.campaign.window.timezone).date()
    store.scripts.run("stand", event, {"tables": tables}, store.born, day.isoformat())


def read_standing(store: Store) -> Standing:
    """Returns the standing tallies, empty where none have been made yet."""
    return _read(store, "standing")


def read_yesterday(store: Store) -> Standing:
    """Returns the last standing tallies of the last day before theirs that had any, empty on the first day."""
    return _read(store, "yesterday")


def standing_event(store: Store) -> int:
    """Returns the event the standing tallies are as of: what a page's ETag follows."""
    return int(store.text.hget(store.keys.of("tallies", "standing"), "event") or 0)


def _read(store: Store, which: str) -> Standing:
    kept = store.text.hgetall(store.keys.of("tallies", which))
    if not kept:
        return NOTHING
    day = date.fromisoformat(kept["day"]) if "day" in kept else None
    return Standing(int(kept["event"]), int(kept["at"]), json.loads(kept["tables"])["tables"], day)


def _cells(tally: Tally) -> dict[str, int]:
    return {**{BETWEEN.join(cell): number for cell, number in tally.cells.items() if cell}, BETWEEN: tally.total}

