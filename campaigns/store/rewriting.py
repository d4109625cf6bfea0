"""Rewriting the append-only file, so that what was erased is not in it either."""

from campaigns.store.connection import Connections
from campaigns.store.errors import Unreachable
from campaigns.store.keys import REWRITE_BEGUN, REWRITE_DUE


def mark_rewrite_due(connections: Connections) -> None:
    """Notes that something was erased, so that the schedule has the file rewritten, once for any number of erasures."""
    connections.text.set(REWRITE_DUE, "1")


def rewrite_if_due(connections: Connections) -> bool:
    """Begins a rewrite if one is due and none is under way, since that one may have begun before the erasure.

    One that failed, or whose server ended in the midst of it, is due again.
    """
    if not connections.text.exists(REWRITE_DUE, REWRITE_BEGUN):
        return False
    about = connections.text.info()
    if about["aof_rewrite_in_progress"] or about["aof_rewrite_scheduled"]:
        return False
    _see_how_it_ended(connections, about)
    if not connections.text.exists(REWRITE_DUE):
        return False
    if not connections.room.for_rewrite():  # it would fill the disk, and the server with it; it stays due until there is room
        return False
    connections.text.set(REWRITE_BEGUN, about["run_id"])
    connections.text.delete(REWRITE_DUE)  # first: what is erased from now on may come too late for this one
    try:
        connections.text.bgrewriteaof()
    except Unreachable:
        mark_rewrite_due(connections)
        raise
    return True


def _see_how_it_ended(connections: Connections, about: dict[str, str]) -> None:
    begun_by = connections.text.get(REWRITE_BEGUN)
    if begun_by and (begun_by != about["run_id"] or about["aof_last_bgrewrite_status"] != "ok"):
        mark_rewrite_due(connections)
    connections.text.delete(REWRITE_BEGUN)
