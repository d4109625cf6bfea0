"""Asking a million responses: any two facets crossed with a filter, and the newest behind three filters."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product

import numpy as np
from numpy.typing import NDArray

from campaigns.facets import facet_names, facets_of
from campaigns.rows import Rows
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import BASES, ask_for
from tests.bench.figures import Bench, Figure, Result, number, timed
from tests.bench.filled import filled
from tests.bench.site import Site

CROSSED = Figure(
    "any two facets crossed with a filter, slowest pair", "ms",
    "one pass of numpy over all rows as they lie in Redis (theme by ward, one channel)", 30, less=True,
)
NEWEST = Figure(
    "50 newest by three filters, slowest", "ms", "a mask over all rows as they lie in Redis, and the last 50", 15, less=True,
)
FILTERS = ("channel", "ward", "ask", "source", "theme")
TRIES = 2


def measure(bench: Bench) -> list[Result]:
    """Measures tables and lists over a filled data folder, its rows in memory and nothing remembered of the counts."""
    crossed, newest = Result(CROSSED), Result(NEWEST)
    with filled(bench) as here:
        table, store = _warm(here)
        rows = np.concatenate([np.frombuffer(some, store.layout.dtype) for _, some in table.row_bytes()])
        wishes = int((rows["coder"] > 0).sum())
        crossed.notes.append(f"{len(rows):,} rows, {wishes:,} wishes; {_pairs(store)} pairs on three bases")
        for turn in bench.turns(crossed, newest):
            slowest, pair, middle = _slowest_pair(store, table, turn)
            crossed.ours.append(slowest)
            crossed.baseline.append(1000 * timed(lambda: _plain_cross(rows)))
            crossed.notes[1:] = [f"slowest: {pair}; half of the pairs within {number(middle)} ms"]
            newest.ours.append(_slowest_list(store, table, turn))
            newest.baseline.append(1000 * timed(lambda: _plain_newest(rows)))
    return [crossed, newest]


def _warm(here: Site) -> tuple[RowTable, Store]:
    table, store = RowTable(), here.store
    table.refresh(store)
    for facet in facets_of(store.layout):
        table.count(store, ask_for(store.layout, [facet]))
    return table, store


def _pairs(store: Store) -> int:
    return len(list(combinations(facets_of(store.layout), 2)))


def _slowest_pair(store: Store, table: RowTable, turn: int) -> tuple[float, str, float]:
    times = {}
    for (one, other), base in product(combinations(facets_of(store.layout), 2), BASES):
        tries = islice(_filters(store, {one, other}, 1, turn * TRIES), TRIES)
        queries = [ask_for(store.layout, [one, other], where, base) for where in tries]
        times[f"{one} by {other}, {base}"] = 1000 * min(timed(lambda q=query: table.count(store, q)) for query in queries)
    slowest = max(times, key=lambda pair: times[pair])
    return times[slowest], slowest, float(np.median(list(times.values())))


def _slowest_list(store: Store, table: RowTable, turn: int) -> float:
    times = []
    for three in combinations(FILTERS, 3):
        wheres = islice(_filters(store, set(FILTERS) - set(three), 3, turn * TRIES), TRIES)
        queries = [ask_for(store.layout, [], where, "wishes") for where in wheres]
        times.append(1000 * min(timed(lambda q=query: table.page(store, q, 50)) for query in queries))
    return max(times)


def _filters(store: Store, without: set[str], many: int, skip: int) -> Iterator[Mapping[str, Sequence[str]]]:
    """Yields filters by so many facets, never the same again, so that no count of an earlier one is remembered."""
    facets = [facet for facet in FILTERS if facet not in without][:many]
    values = {facet: _values(store, facet) for facet in facets}
    place = skip
    while True:
        yield {facet: [values[facet][place % len(values[facet])]] for facet in facets}
        place += 1


def _values(store: Store, facet: str) -> list[str]:
    return [name for name in facet_names(store.layout, facet).values() if name] or [f"no {facet}"]


def _plain_cross(rows: Rows) -> NDArray[np.int64]:
    passing = (rows["live"] == 1) & (rows["channel"] == 1)
    codes = rows["codes"][passing].reshape(passing.sum(), -1).astype(np.int64)
    cells = codes * 100 + rows["area"][passing][:, None]
    return np.bincount(cells[codes > 0])


def _plain_newest(rows: Rows) -> NDArray[np.int64]:
    passing = (rows["live"] == 1) & (rows["channel"] == 1) & (rows["area"] == 5)
    return np.argwhere((rows["ask"] == 1) & passing[:, None])[-50:]
