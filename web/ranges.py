"""Ranges for pages: reckoned once for each event of the tallies."""

from functools import lru_cache

from campaigns.sampling.reckoning import Range, Ranged, ranges_of
from campaigns.store.connection import Connections
from campaigns.store.standing import standing_event
from campaigns.store.store import Store, open_store


def ranges_for(store: Store) -> Ranged:
    """Returns a campaign's ranges as of its standing tallies."""
    return _reckoned(store.connections, store.slug, store.born, standing_event(store))


@lru_cache(maxsize=32)
def _reckoned(connections: Connections, slug: str, _born: str, _event: int) -> Ranged:
    return ranges_of(open_store(connections, slug))


def which_way_off(count: int, total: int, one: Range) -> str:
    """Returns in words how a counted share lies outside its range; empty where it lies within."""
    share = count / total if total else 0.0
    return "counted too low" if share < one.low else "counted too high" if share > one.high else ""
