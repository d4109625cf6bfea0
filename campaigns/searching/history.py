"""Which events are about which response, by their numbers alone; what they say stands in the log."""

import sqlite3
from collections.abc import Iterable, Iterator

from campaigns.consumers.tallying import TOUCHES_ONE
from campaigns.events import Event
from campaigns.store.log import events_at
from campaigns.store.store import Store

TABLES = (
    "CREATE TABLE acts (response INTEGER, event INTEGER, PRIMARY KEY (response, event)) WITHOUT ROWID",
    "CREATE TABLE wide (first INTEGER, last INTEGER, event INTEGER)",
)
OF_MANY = frozenset({"wishes.coded", "words.expired"})
NARROW = 8  # responses next to each other that an event is noted for one by one: all wide ones are looked through each time


def note(file: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Notes which responses events are about."""
    spans = [*_spans(events)]
    wide = [span for span in spans if span[1] - span[0] >= NARROW]
    single = ((response, event) for first, last, event in spans if last - first < NARROW for response in range(first, last + 1))
    file.executemany("INSERT OR IGNORE INTO acts VALUES (?, ?)", single)
    file.executemany("INSERT INTO wide VALUES (?, ?, ?)", wide)


def _spans(events: Iterable[Event]) -> Iterator[tuple[int, int, int]]:
    for event in events:
        if event.name in TOUCHES_ONE:
            yield event.subject, event.subject, event.number
        elif event.name in OF_MANY:
            yield from ((first, last, event.number) for first, last in event.data["ranges"])


def events_of(file: sqlite3.Connection, store: Store, response: int) -> list[Event]:
    """Returns the events about one response, oldest first."""
    found = file.execute(
        "SELECT event FROM acts WHERE response = ?1 UNION SELECT event FROM wide WHERE ?1 BETWEEN first AND last", (response,)
    )
    return events_at(store, sorted(number for number, in found))
