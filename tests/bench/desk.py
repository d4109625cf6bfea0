"""The officers' desk over many responses: pages as officers ask for them, beside the same answer from every response's hash."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from itertools import product
from urllib.parse import urlencode, urlsplit

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.frame import ASKS
from campaigns.rows import Rows
from campaigns.store.connection import connect
from campaigns.store.quick import Quick
from campaigns.store.responses import read_ahead, response_count
from campaigns.store.server.places import Places
from campaigns.store.store import Store, open_store
from campaigns.tallies import ask_for, count, standing_queries
from tests.bench import searching
from tests.bench.cold import started
from tests.bench.figures import Bench, Figure, Result, number, percentile, timed
from tests.bench.filled import FEW, MANY, filled
from tests.bench.pages import sign_in
from tests.bench.site import SLUG
from tests.bench.visitor import Visitor

HOME, SCAN = f"/officers/{SLUG}", "the same answer from the hash of every response, read a thousand at a time"
TARGETS = {  # p95 in ms: over 100,000 responses, and over a million
    "dashboard": (150, 300), "two facets crossed with two filters": (200, 400), "list of wishes": (150, 150),
    "next page of the list": (150, 150), "next wish to review": (150, 150),
}
BY = (("theme", "channel"), ("code", "channel"), ("day", "source"), ("source", "theme"), ("code", "day"))
OLDER = re.compile(r'href="([^"]+)" rel="next"')
TIMES, TOGETHER, WARMING, PAGE = 40, 1000, 8, 50


def measure(bench: Bench) -> list[Result]:
    """Measures each page's p95 over a folder filled for it; filters are never the same again, so no count is remembered."""
    own, many = of_the_desk(bench)
    with filled(own, many):
        pass
    results = [Result(Figure(f"{name}, p95", "ms", SCAN, most[many >= MANY], less=True)) for name, most in TARGETS.items()]
    with started(own.filled) as url:
        visitor = Visitor(urlsplit(url).port or 0)
        sign_in(visitor, own)
        found = searching.measure(own, visitor)  # first, for the index that it waits for tells which wishes say the same
        _measure_pages(own, visitor, results)
        return [*results, *found]


def of_the_desk(bench: Bench) -> tuple[Bench, int]:
    """Returns a benchmark with the folder that the desk is measured over, and how many responses belong into it."""
    many = bench.many(bench.responses, FEW)
    folder = bench.filled if many in (MANY, FEW) else bench.filled.with_name(f"{bench.filled.name}-{many}")
    return replace(bench, filled=folder), many


def _measure_pages(bench: Bench, visitor: Visitor, results: Sequence[Result]) -> None:
    connections = connect({"REDIS_URL": Places(bench.filled).url})
    store = open_store(connections, SLUG)
    for _ in range(WARMING):
        _ask(visitor, "/tables")  # both web processes have the rows in memory now
    for turn in bench.turns(*results):
        for result, times in zip(results, _times(store, visitor, turn, bench.many(TIMES, 3)), strict=True):
            result.ours.append(percentile(times, 95))
            middle, many = number(percentile(times, 50)), f"{response_count(store):,}"
            result.notes = [f"half of {len(times)} within {middle} ms, over {many} responses"]
        for result, took in zip(results, _scans(store), strict=True):
            result.baseline.append(1000 * took)
    connections.close()


def _times(store: Store, visitor: Visitor, turn: int, many: int) -> list[list[float]]:
    """Returns how long each page took, in the order of the targets; every second dashboard has filters too."""
    every = _filters(store)
    pairs = [every[(turn * many + place) % len(every)] for place in range(many)]
    crossed = [urlencode({"by": BY[place % len(BY)], **pair}, doseq=True) for place, pair in enumerate(pairs)]
    newest = [_ask(visitor, f"/wishes?{urlencode(pair)}") for pair in pairs]
    return [
        [_ask(visitor, f"/?{urlencode(pair) if place % 2 else ''}")[0] for place, pair in enumerate(pairs)],
        [_ask(visitor, f"/tables?{asked}")[0] for asked in crossed],
        [took for took, _ in newest],
        [_ask(visitor, older)[0] for _, older in newest if older] or [float("nan")],
        [_ask(visitor, f"/review?kind={('random', 'unsure')[place % 2]}")[0] for place in range(many)],
    ]


def _ask(visitor: Visitor, address: str) -> tuple[float, str]:
    """Returns how long a page of the desk took, and where the next page of its list is."""
    seen, text = visitor.ask(HOME + address)
    if seen.status != 200:
        raise RuntimeError(f"{seen.address} answered {seen.status}: {text[:300]}")
    older = OLDER.search(text)
    return seen.ms, unescape(older[1]).removeprefix(HOME) if older else ""


def _filters(store: Store) -> list[dict[str, str]]:
    """Returns pairs of filters, no two alike, common ones and rare ones mixed."""
    areas = [area.name for area in store.campaign.areas]
    return [{"ward": area, "ask": ask} for ask, area in product(ASKS, areas)]


def _scans(store: Store) -> list[float]:
    """Returns how long the same answers take where every response's hash is read for each, in the order of the targets."""
    two = {facet: [value] for facet, value in _filters(store)[0].items()}
    crossed = ask_for(store.layout, BY[0], two)
    took = [timed(lambda some=some: [count(rows, store.layout, one) for rows in [_scan(store)] for one in some])
            for some in (list(standing_queries().values()), [crossed])]
    listed = timed(lambda: _newest(_scan(store), store))
    return [*took, listed, listed, listed]


def _scan(store: Store) -> Rows:
    """Returns the row of every response, made from its hash as it now is."""
    quick, last = Quick(store.layout), response_count(store)
    parts = [range(first, min(first + TOGETHER, last + 1)) for first in range(1, last + 1, TOGETHER)]
    made = [quick.row(fields) or b"" for kept in read_ahead(store, parts) for fields in kept.values()]
    return np.frombuffer(b"".join(made), store.layout.dtype)


def _newest(rows: Rows, store: Store) -> NDArray[np.int64]:
    """Returns the last wishes of one way of asking from one area."""
    area = store.layout.ids["area"][store.campaign.areas[0].id]
    passing = (rows["live"] == 1) & (rows["area"] == area)
    return np.argwhere((rows["ask"] == 1) & passing[:, None])[-PAGE:]
