"""Rewriting the append-only file, so that what was erased is not in it either."""

from campaigns.store.connection import Connections
from campaigns.store.errors import Unreachable
from campaigns.store.keys import REWRITE_DUE


def mark_rewrite_due(connections: Connections) -> None:
    """Notes that something was erased, so that the schedule has the file rewritten, once for any number of erasures."""
    connections.text.set(REWRITE_DUE, "1")


def rewrite_if_due(connections: Connections) -> bool:
    """Begins a rewrite if one is due and none is under way, since that one may have begun before the erasure."""
    if not connections.text.exists(REWRITE_DUE) or connections.text.info("persistence")["aof_rewrite_in_progress"]:
        return False
    if not connections.room.for_rewrite():  # it would fill the disk, and the server with it; it stays due until there is room
        return False
    connections.text.delete(REWRITE_DUE)  # first: what is erased from now on may come too late for this one
    try:
        connections.text.bgrewriteaof()
    except Unreachable:
        mark_rewrite_due(connections)
        raise
    return True
