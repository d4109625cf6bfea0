"""Counts to hand on, without anyone's words: each facet by itself, and those that are most asked for crossed."""

from collections.abc import Iterator

from campaigns.exports.columns import Stamp, Value
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import BASES, Where, ask_for

ALONE = ("theme", "code", "ask", "ward", "channel", "source", "day", "hour", "coder", "sureness", "moderation")
CROSSED = (("theme", "ask"), ("code", "ask"), ("ward", "theme"), ("ward", "code"), ("channel", "theme"), ("source", "theme"))


def count_rows(store: Store, table: RowTable, where: Where, stamp: Stamp) -> Iterator[list[Value]]:
    """Yields a row for each cell of each table that is not empty, with its three bases; all together come first.

    About-you answers are in none of them: their tables stand on the pages, where what is small is hidden.
    """
    geographies = [(one.id,) for one in store.campaign.geographies]
    for by in [(), *((facet,) for facet in ALONE), *geographies, *CROSSED]:
        counted = {base: table.count(store, ask_for(store.layout, by, where, base)) for base in BASES}
        for names in {name: None for tally in counted.values() for name in tally.cells}:
            named = [part for pair in zip(by, names, strict=True) for part in pair]
            yield [*named, *[""] * (4 - len(named)), *(counted[base].cells.get(names, 0) for base in BASES), *stamp.values]
