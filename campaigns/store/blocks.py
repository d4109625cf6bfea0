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
        pipe = store.text.pipeline(transaction=True)
        pipe.get(store.keys.of("cursor", "tallies"))
        pipe.hgetall(store.keys.of("rows", "versions"))
        cursor, versions = pipe.execute()
        stale = [int(b) for b, v in versions.items() if int(b) not in self._blocks or self._blocks[int(b)].version != v]
        fetch = store.raw.pipeline(transaction=False)
        for block in stale:
            fetch.get(store.keys.of("rows", block))
        for block, rows in zip(stale, fetch.execute(), strict=True):
            whole = (rows or b"")[:len(rows or b"") // width * width]
            self._blocks[block] = _Block(versions[str(block)], np.frombuffer(whole, store.layout.dtype))
        for gone in set(self._blocks) - {int(b) for b in versions}:
            del self._blocks[gone]
        return int(cursor or 0)

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
