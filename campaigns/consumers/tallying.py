"""Catching up the tallies: the rows of the responses that events touch, made from their present state."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from campaigns.events import Event
from campaigns.responses import Response
from campaigns.rows import Layout, make_row
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import MOST_DEATHS, TALLIES, begin_batch, cursor, park, removed, spare_the_rest, unpark
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.log import last_event, read_events
from campaigns.store.quick import Quick
from campaigns.store.responses import read_each, read_fields, special_answers
from campaigns.store.standing import keep_standing
from campaigns.store.store import Store

BATCH = 2000
MOST_ROWS = 5000  # in a batch: one event of the coding may touch hundreds, and a script that writes them keeps others waiting
TOUCHES_ONE = frozenset({
    "response.received", "response.revised", "response.withdrawn", "response.erased", "response.placed",
    "wish.coded", "wish.uncoded", "wish.carried", "wish.moderated", "wish.redacted",
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


def not_too_many(events: list[Event], most: int = MOST_ROWS) -> list[Event]:
    """Returns the first of some events, as many as touch no more rows than are written at once; one event at least."""
    rows = 0
    for place, event in enumerate(events):
        rows += len(touched([event]))
        if rows > most and place:
            return events[:place]
    return events


def tally_batch(store: Store) -> int:
    """Does the next batch of events; returns how many were done, 0 when there are none.

    Another worker may do the same at once: whoever comes second finds the cursor moved and does nothing.
    """
    at = cursor(store, TALLIES)
    events = read_events(store, at, BATCH)
    if not events or removed(store):  # another campaign's events are not this store's to try
        _begin_again_beyond(store, at)
        return 0
    size, deaths = begin_batch(store, TALLIES, at, len(events))
    events = not_too_many(events[:size])
    numbers = touched(events)
    if size == 1 and deaths and len(numbers) > 1:  # an event of many responses, one of which ends the worker
        numbers, ended = spare_the_rest(store, TALLIES, numbers, lambda number: [*rows_of(store, [number])])
        deaths -= ended
    if deaths >= MOST_DEATHS:
        for number in numbers:
            park(store, TALLIES, number, "Making its row ended the worker five times.")
        numbers = []
    return len(events) if write_rows(store, numbers, at, events[-1].number) else 0


def _begin_again_beyond(store: Store, at: int) -> None:
    """Starts from the first event where the cursor is beyond the last, as damage leaves it: what came would not be counted."""
    if at > last_event(store):
        store.scripts.run("apply", at, 0, *store.row_kind)


def write_rows(store: Store, numbers: Sequence[int], at: int, upto: int) -> bool:
    """Makes the rows of responses, read after the cursor was, and moves it; False where another worker moved it first.

    Where a response's row cannot be made, that response alone is parked.
    """
    made = []
    for number, row in rows_of(store, numbers):
        if isinstance(row, Exception):
            park(store, TALLIES, number, row)
        else:
            made.append((number, row))
    if store.scripts.run("apply", at, upto, *store.row_kind, *_runs(made))[0] != "applied":
        return False
    unpark(store, TALLIES, [number for number, _ in made])
    return True


def rows_of(store: Store, numbers: Sequence[int]) -> Iterator[tuple[int, bytes | Exception]]:
    """Yields the row that each response's present state makes, or what kept it from being made."""
    quick = Quick(store.layout)
    for first in range(0, len(numbers), 1000):
        fields = read_fields(store, numbers[first:first + 1000])
        special = special_answers(store, list(fields))
        made = {number: quick.row(fields[number], answers) for number, answers in zip(fields, special, strict=True)}
        unusual = dict(read_each(store, [number for number, row in made.items() if row is None]))
        for number, row in made.items():
            if row is not None:
                yield number, row
            elif number in unusual:
                read = unusual[number]
                yield number, read if isinstance(read, Exception) else _row_or_failure(read, store.layout)


def _row_or_failure(response: Response, layout: Layout) -> bytes | Exception:
    try:
        return make_row(response, layout)
    except Exception as failure:
        return failure


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
    if table.damaged and mend(store, table):
        event = table.refresh(store)
    keep_standing(store, table, event)
    return event


def mend(store: Store, table: RowTable) -> bool:
    """Makes damaged rows again from their responses, and empties those of none; False where another worker moved the cursor."""
    at, width = cursor(store, TALLIES), store.layout.width
    rows = dict.fromkeys(table.damaged, bytes(width))
    rows |= {number: row for number, row in rows_of(store, [*rows]) if isinstance(row, bytes)}
    return bool(store.scripts.run("apply", at, at, *store.row_kind, *_runs(rows.items()))[0] == "applied")


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


def catch_up(store: Store) -> None:
    """Does every batch there is by now, whatever comes meanwhile; another worker may be doing the same."""
    goal = last_event(store)
    while cursor(store, TALLIES) < min(goal, last_event(store)):  # a campaign that is removed meanwhile has no events
        if not tally_batch(store) and removed(store):
            return
