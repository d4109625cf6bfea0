"""Catching up the tallies: the rows of the responses that events touch, made from their present state."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from campaigns.events import Event
from campaigns.rows import make_row
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import MOST_DEATHS, TALLIES, begin_batch, cursor, park
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.log import last_event, read_events
from campaigns.store.responses import get_responses, response_count
from campaigns.store.standing import keep_standing
from campaigns.store.store import Store

BATCH = 2000
TOUCHES_ONE = frozenset({
    "response.received", "response.revised", "response.withdrawn", "response.erased", "response.placed",
    "wish.coded", "wish.moderated", "wish.redacted",
})


def touched(events: Iterable[Event]) -> list[int]:
    """Returns the numbers of the responses whose rows these events may have changed, in order."""
    numbers: set[int] = set()
    for event in events:
        if event.name in TOUCHES_ONE:
            numbers.add(event.subject)
        elif event.name == "wishes.coded":
            for first, last in event.data["ranges"]:
                numbers.update(range(first, last + 1))
    return sorted(numbers)


def tally_batch(store: Store) -> int:
    """Does the next batch of events; returns how many were done, 0 when there are none.

    Another worker may do the same at once: whoever comes second finds the cursor moved and does nothing.
    """
    at = cursor(store, TALLIES)
    events = read_events(store, at, BATCH)
    if not events:
        return 0
    size, deaths = begin_batch(store, TALLIES, at, BATCH)
    events = events[:size]
    numbers = touched(events)
    if deaths >= MOST_DEATHS:
        for number in numbers:
            park(store, TALLIES, number, "Making its row ended the worker five times.")
        numbers = []
    applied = store.scripts.run("apply", at, events[-1].number, store.layout.width, *_runs(_rows(store, numbers)))
    return len(events) if applied[0] == "applied" else 0


def _rows(store: Store, numbers: list[int]) -> Iterator[tuple[int, bytes]]:
    for first in range(0, len(numbers), 1000):
        for response in get_responses(store, numbers[first:first + 1000]):
            try:
                yield response.number, make_row(response, store.layout)
            except Exception as failure:
                park(store, TALLIES, response.number, failure)


def _runs(rows: Iterable[tuple[int, bytes]]) -> list[object]:
    """Joins the rows of neighbours in one block, so that each run is written at once."""
    runs: list[tuple[int, list[bytes]]] = []
    last = -1
    for number, row in rows:
        if number != last + 1 or number % ROW_BLOCK == 0 or not runs:
            runs.append((number, []))
        runs[-1][1].append(row)
        last = number
    return [part for first, joined in runs for part in (first, b"".join(joined))]


def stand(store: Store, table: RowTable) -> int:
    """Brings the standing tallies up to date; returns the event they are as of."""
    event = table.refresh(store)
    keep_standing(store, table, event)
    return event


def rebuild(store: Store, table: RowTable) -> int:
    """Makes every row again from the responses; returns how many."""
    total = response_count(store)
    for first in range(1, total + 1, BATCH):
        numbers = list(range(first, min(first + BATCH, total + 1)))
        runs = _runs(_rows(store, numbers))
        while True:
            at = cursor(store, TALLIES)
            if store.scripts.run("apply", at, at, store.layout.width, *runs)[0] == "applied":
                break
            runs = _runs(_rows(store, numbers))
    stand(store, table)
    return total


def differences(store: Store, table: RowTable) -> list[int]:
    """Returns the numbers of the responses whose row is not what their present state makes."""
    table.refresh(store)
    width = store.layout.width
    kept = dict(table.row_bytes())
    wrong = []
    for first in range(1, response_count(store) + 1, BATCH):
        numbers = list(range(first, min(first + BATCH, response_count(store) + 1)))
        for number, row in _rows(store, numbers):
            at = number % ROW_BLOCK * width
            if kept.get(number // ROW_BLOCK, b"")[at:at + width] != row:
                wrong.append(number)
    return wrong


def ranges_of(numbers: Iterable[int]) -> list[list[int]]:
    """Returns numbers as ranges [first, last], the way an event says which responses it touched."""
    ordered = sorted(set(numbers))
    if not ordered:
        return []
    breaks = [(a, b) for a, b in pairwise(ordered) if b != a + 1]
    firsts = [ordered[0], *(b for _, b in breaks)]
    lasts = [*(a for a, _ in breaks), ordered[-1]]
    return [list(pair) for pair in zip(firsts, lasts, strict=True)]


def caught_up(store: Store) -> bool:
    """Tells whether the tallies have every event."""
    return cursor(store, TALLIES) >= last_event(store)
