"""Making every row again from the responses, and finding those that are not what they should be."""

from collections.abc import Iterator, Sequence

from campaigns.consumers.tallying import catch_up, rows_of, stand, write_rows
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import TALLIES, cursor, removed
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.responses import response_count
from campaigns.store.store import Store

TOGETHER = 250  # so few that a busy worker seldom moves the cursor meanwhile
LOOKS = 5


def rebuild(store: Store, table: RowTable) -> int:
    """Makes every row again from the responses, and empties those of no response; returns how many were made."""
    total = response_count(store)
    for first in range(1, total + 1, TOGETHER):
        while not (_written(store, range(first, min(first + TOGETHER, total + 1))) or removed(store)):
            pass
    while not (_cleared(store, table) or removed(store)):
        pass
    stand(store, table)
    return total


def differences(store: Store, table: RowTable) -> list[int]:
    """Returns the numbers of the rows that are not what the responses' present state makes; responses may come in meanwhile."""
    total = response_count(store)
    wrong = [
        number for first in range(1, total + 1, TOGETHER)
        for number in _differing(store, table, range(first, min(first + TOGETHER, total + 1)))
    ]
    for _ in range(LOOKS):  # a response that changed between row and reading is looked at again
        if wrong:
            catch_up(store)
            wrong = _differing(store, table, wrong)
    return [*wrong, *strangers(store, table)]


def strangers(store: Store, table: RowTable) -> list[int]:
    """Returns the numbers of rows that hold something and belong to no response."""
    table.refresh(store)
    total = response_count(store)  # read after the rows, so that none of them is newer
    held = {number for number, row in _each_row(store, table) if any(row)} | {*table.damaged}
    return sorted(number for number in held if not 1 <= number <= total)


def _written(store: Store, numbers: Sequence[int]) -> bool:
    # The cursor is read before the responses: a row made of what was true then must not undo a later one.
    at = cursor(store, TALLIES)
    return write_rows(store, numbers, at, at)


def _cleared(store: Store, table: RowTable) -> bool:
    """Empties rows of no response; False where the cursor moved, since a response may have come to one of them."""
    at, width = cursor(store, TALLIES), store.layout.width
    runs = [part for number in strangers(store, table) for part in (number, bytes(width))]
    return not runs or store.scripts.run("apply", at, at, *store.row_kind, *runs)[0] == "applied"


def _differing(store: Store, table: RowTable, numbers: Sequence[int]) -> list[int]:
    table.refresh(store)
    empty = bytes(store.layout.width)
    return [number for number, row in rows_of(store, numbers) if (table.row(number) or empty) != row]


def _each_row(store: Store, table: RowTable) -> Iterator[tuple[int, bytes]]:
    width = store.layout.width
    for block, rows in table.row_bytes():
        for place in range(len(rows) // width):
            yield block * ROW_BLOCK + place, rows[place * width:(place + 1) * width]
