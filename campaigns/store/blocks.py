"""The rows of a campaign in blocks of 4,096: kept by readers, fetched again only where a block's version moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from campaigns.rows import Rows
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.store import Store
from campaigns.tallies import Counted, Query, Tally, count_cells, find, merge


@dataclass
class _Block:
    version: str
    rows: Rows
    counted: dict[Query, Counted] = field(default_factory=dict)


class RowTable:
    """A reader's copy of all rows of one campaign; ``refresh`` brings it up to date, and counts are remembered by block."""

    MOST_REMEMBERED = 64

    def __init__(self) -> None:
        self._blocks: dict[int, _Block] = {}
        self._kind = ("", 0)
        self._lock = Lock()

    def refresh(self, store: Store) -> int:
        """Fetches the blocks that changed; returns the event the rows are as of."""
        with self._lock:
            return self._refresh(store)

    def _refresh(self, store: Store) -> int:
        width = store.layout.width
        if self._kind != (store.born, width):
            self._blocks, self._kind = {}, (store.born, width)
        stale: list[str] = []
        while True:
            cursor, versions, fetched = _read(store, stale)
            for block, rows in zip(stale, fetched, strict=True):
                whole = rows[:len(rows) // width * width]
                self._blocks[int(block)] = _Block(versions.get(block, ""), np.frombuffer(whole, store.layout.dtype))
            self._blocks = {block: held for block, held in self._blocks.items() if str(block) in versions}
            stale = [block for block, version in versions.items() if self._version(int(block)) != version]
            if not stale:
                return cursor

    def _version(self, block: int) -> str:
        return self._blocks[block].version if block in self._blocks else ""

    def count(self, store: Store, query: Query) -> Tally:
        """Returns the table a query asks for."""
        with self._lock:
            parts = [self._counted(block, store, query) for _, block in self._in_order()]
        return merge(query, store.layout, parts)

    def find(self, store: Store, query: Query) -> list[tuple[int, int]]:
        """Returns the wishes behind a query's filters as (response number, slot), newest first."""
        with self._lock:
            blocks = list(self._in_order())[::-1]
        found = []
        for number, block in blocks:
            found += [(number * ROW_BLOCK + place, slot) for place, slot in find(block.rows, store.layout, query)]
        return found

    def row(self, number: int) -> bytes:
        """Returns the row of one response as it lies in Redis, no bytes where there is none."""
        block, place = self._blocks.get(number // ROW_BLOCK), number % ROW_BLOCK
        return block.rows[place:place + 1].tobytes() if block else b""

    def row_bytes(self) -> Iterator[tuple[int, bytes]]:
        """Yields each block's number with its rows as they lie in Redis."""
        for number, block in self._in_order():
            yield number, block.rows.tobytes()

    def _in_order(self) -> list[tuple[int, _Block]]:
        return sorted(self._blocks.items())

    def _counted(self, block: _Block, store: Store, query: Query) -> Counted:
        if query not in block.counted:
            if len(block.counted) >= self.MOST_REMEMBERED:
                block.counted.clear()
            block.counted[query] = count_cells(block.rows, store.layout, query)
        return block.counted[query]


def _read(store: Store, blocks: list[str]) -> tuple[int, dict[str, str], list[bytes]]:
    """Returns the event that rows are as of, every block's version and some blocks' rows, all as of one moment."""
    pipe = store.raw.pipeline(transaction=True)
    pipe.get(store.keys.of("cursor", "tallies"))
    pipe.hgetall(store.keys.of("rows", "versions"))
    for block in blocks:
        pipe.get(store.keys.of("rows", block))
    cursor, versions, *rows = pipe.execute()
    return int(cursor or 0), {block.decode(): v.decode() for block, v in versions.items()}, [some or b"" for some in rows]
