"""Taking nothing in for a while, so that nothing is acknowledged that a restore would take away."""

from collections.abc import Iterator
from contextlib import contextmanager

from campaigns.store.connection import Connections
from campaigns.store.keys import Keys
from campaigns.store.store import loaded_slugs, record

MARK = "restoring"  # in a campaign's state: "1" while it is paused for a restore, so that no other pause is ended


@contextmanager
def paused(connections: Connections) -> Iterator[None]:
    """Has every open campaign answer "paused" until this ends; those then still there go on."""
    for slug in loaded_slugs(connections):
        record(connections, slug, None, only={"field": "state", "text": "open"}, hashes={"state": {"state": "paused", MARK: "1"}})
    try:
        yield
    finally:
        resume(connections)


def resume(connections: Connections) -> None:
    """Has the campaigns go on that were paused for a restore."""
    for slug in loaded_slugs(connections):
        state = Keys(slug).of("state")
        if connections.text.hget(state, MARK):
            # It may have been opened or closed by hand since one that was killed.
            record(connections, slug, None, only={"field": "state", "text": "paused"}, hashes={"state": {"state": "open"}})
            connections.text.hdel(state, MARK)
