"""The rows of a campaign in blocks of 4,096: kept by readers, fetched again only where a block's version moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from campaigns.columns import Columns, columns_of
from campaigns.damage import damaged_places
from campaigns.rows import Layout, Rows
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.store import Store
from campaigns.tallies import Asked, Counted, Query, Tally, count_cells, find, in_numbers, merge

STRETCH = 8  # blocks counted together: fewer, and numpy's calls cost more than its counting; more, and less is remembered
ORDER = np.array([16, 1])  # weighs a response's number and a slot so that newer wishes weigh more
Place = tuple[int, int]


@dataclass
class _Block:
    version: str
    rows: Rows


@dataclass
class _Stretch:
    """Neighbouring blocks as columns, with what was counted of them since any of them last moved."""

    columns: Columns
    counted: dict[Query, Counted] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Some of the wishes behind a query, newest first, as (response number, slot); how many are newer; whether any are older."""

    places: list[Place]
    newer: int
    more: bool


class RowTable:
    """A reader's copy of all rows of one campaign; ``refresh`` brings it up to date, and counts are remembered by stretch."""

    MOST_REMEMBERED = 64

    def __init__(self) -> None:
        self._blocks: dict[int, _Block] = {}
        self._stretches: dict[int, _Stretch] = {}
        self._damaged: dict[int, list[int]] = {}
        self._kind = (0, "", "")
        self._lock = Lock()

    @property
    def damaged(self) -> list[int]:
        """Returns the numbers of the rows that are left out, since they hold what this campaign never gave out."""
        with self._lock:
            return sorted(number for numbers in self._damaged.values() for number in numbers)

    def refresh(self, store: Store) -> int:
        """Fetches the blocks that changed; returns the event the rows are as of."""
        with self._lock:
            return self._refresh(store)

    def _refresh(self, store: Store) -> int:
        if self._kind != store.row_kind:
            self._blocks, self._stretches, self._damaged, self._kind = {}, {}, {}, store.row_kind
        stale: list[str] = []
        while True:
            cursor, versions, fetched = _read(store, stale)
            for block, rows in zip(stale, fetched, strict=True):
                self._put(int(block), _Block(versions.get(block, ""), self._undamaged(int(block), rows, store.layout)))
            for gone in [held for held in self._blocks if str(held) not in versions]:
                self._put(gone, None)
            stale = [block for block, version in versions.items() if self._version(int(block)) != version]
            if not stale:
                return cursor

    def _put(self, number: int, block: _Block | None) -> None:
        self._stretches.pop(number // STRETCH, None)
        if block:
            self._blocks[number] = block
        else:
            del self._blocks[number]
            self._damaged.pop(number, None)

    def _undamaged(self, block: int, kept: bytes, layout: Layout) -> Rows:
        """Returns the rows of a block, those that are damaged as empty ones; they are made again after the next catch-up."""
        rows = np.frombuffer(kept[:len(kept) // layout.width * layout.width], layout.dtype)
        places = damaged_places(rows, layout)
        self._damaged[block] = [block * ROW_BLOCK + int(place) for place in places]
        if places.size:
            rows = rows.copy()
            rows[places] = np.zeros((), layout.dtype)
        return rows

    def _version(self, block: int) -> str:
        return self._blocks[block].version if block in self._blocks else ""

    def count(self, store: Store, query: Query) -> Tally:
        """Returns the table a query asks for."""
        asked = in_numbers(query, store.layout)
        with self._lock:
            parts = [self._counted(number, store, query, asked) for number in self._newest_first()]
        return merge(query, store.layout, parts)

    def find(self, store: Store, query: Query) -> list[Place]:
        """Returns all the wishes behind a query's filters as (response number, slot), newest first."""
        return [(number, slot) for number, slot in self.places(store, query).tolist()]

    def places(self, store: Store, query: Query) -> NDArray[np.int64]:
        """Returns what ``find`` does as an array, (wishes, 2), for those who need few of very many."""
        asked = in_numbers(query, store.layout)
        with self._lock:
            found = [self._found(number, store, asked) for number in self._newest_first()]
        return np.concatenate([np.zeros((0, 2), np.int64), *found])

    def page(self, store: Store, query: Query, most: int, before: Place | None = None) -> Page:
        """Returns so many of the wishes behind a query's filters, newest first, from the newest or from before a place.

        Looks no further than it must; how many there are in all, ``count`` tells.
        """
        of_wishes = Query((), query.where, "wishes")
        asked = in_numbers(of_wishes, store.layout)
        places: list[Place] = []
        newer = 0
        with self._lock:
            for number in self._newest_first():
                if before and number > before[0] // ROW_BLOCK // STRETCH:
                    newer += self._counted(number, store, of_wishes, asked).total
                    continue
                found = self._found(number, store, asked)
                older = found[found @ ORDER < np.array(before) @ ORDER] if before else found
                newer += len(found) - len(older)
                places += [(n, slot) for n, slot in older[:most + 1 - len(places)].tolist()]
                if len(places) > most:
                    break
        return Page(places[:most], newer, len(places) > most)

    def row(self, number: int) -> bytes:
        """Returns the row of one response as it lies in Redis, no bytes where there is none."""
        block, place = self._blocks.get(number // ROW_BLOCK), number % ROW_BLOCK
        return block.rows[place:place + 1].tobytes() if block else b""

    def row_bytes(self) -> Iterator[tuple[int, bytes]]:
        """Yields each block's number with its rows as they lie in Redis."""
        for number, block in sorted(self._blocks.items()):
            yield number, block.rows.tobytes()

    def _newest_first(self) -> list[int]:
        return sorted({block // STRETCH for block in self._blocks}, reverse=True)

    def _stretch(self, number: int, store: Store) -> _Stretch:
        if number not in self._stretches:
            self._stretches[number] = _Stretch(columns_of(self._rows(number, store), store.layout))
        return self._stretches[number]

    def _rows(self, stretch: int, store: Store) -> Rows:
        """Returns the rows of neighbouring blocks as one; where a block is short or missing, empty rows."""
        held = [(place, self._blocks.get(stretch * STRETCH + place)) for place in range(STRETCH)]
        known = [(place * ROW_BLOCK, block.rows) for place, block in held if block]
        rows = np.zeros(max(at + len(some) for at, some in known), store.layout.dtype)
        for at, some in known:
            rows[at:at + len(some)] = some
        return rows

    def _found(self, number: int, store: Store, asked: Asked) -> NDArray[np.int64]:
        found = find(self._stretch(number, store).columns, asked)
        found[:, 0] += number * STRETCH * ROW_BLOCK
        return found

    def _counted(self, number: int, store: Store, query: Query, asked: Asked) -> Counted:
        stretch = self._stretch(number, store)
        if query not in stretch.counted:
            if len(stretch.counted) >= self.MOST_REMEMBERED:
                stretch.counted.clear()
            stretch.counted[query] = count_cells(stretch.columns, asked)
        return stretch.counted[query]


def _read(store: Store, blocks: list[str]) -> tuple[int, dict[str, str], list[bytes]]:
    """Returns the event that rows are as of, every block's version and some blocks' rows, all as of one moment."""
    pipe = store.raw.pipeline(transaction=True)
    pipe.mget(store.keys.of("cursor", "tallies"), store.keys.of("rows", "layout"))
    pipe.hgetall(store.keys.of("rows", "versions"))
    for block in blocks:
        pipe.get(store.keys.of("rows", block))
    (cursor, mark), versions, *rows = pipe.execute()
    if mark is None or mark.decode() != store.layout.mark:  # as an older or newer program wrote them, until they are made again
        return 0, {}, [b""] * len(blocks)
    return int(cursor or 0), {block.decode(): v.decode() for block, v in versions.items()}, [some or b"" for some in rows]
