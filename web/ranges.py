"""Ranges as pages tell them: reckoned once for each event of the tallies, and put in words."""

from functools import lru_cache

from campaigns.sampling.reckoning import Range, Ranged, ranges_of
from campaigns.store.connection import Connections
from campaigns.store.standing import standing_event
from campaigns.store.store import Store, open_store

SMALL = 0.1  # below, tenths of a per cent are told


def ranges_for(store: Store) -> Ranged:
    """Returns a campaign's ranges as of its standing tallies."""
    return _reckoned(store.connections, store.slug, store.born, standing_event(store))


@lru_cache(maxsize=32)
def _reckoned(connections: Connections, slug: str, _born: str, _event: int) -> Ranged:
    return ranges_of(open_store(connections, slug))


def range_words(one: Range) -> str:
    """Returns the ends of a range: "30–38%", or "1.4–3.0%" where it is small."""
    if one.high < SMALL:
        return f"{100 * one.low:.1f}–{100 * one.high:.1f}%"
    return f"{100 * one.low:.0f}–{100 * one.high:.0f}%"


def which_way_off(count: int, total: int, one: Range) -> str:
    """Returns in words how a counted share lies outside its range; empty where it lies within."""
    share = count / total if total else 0.0
    return "counted too low" if share < one.low else "counted too high" if share > one.high else ""
