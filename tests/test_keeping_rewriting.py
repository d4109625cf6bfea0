"""The append-only file is rewritten after an erasure, once; and again where the rewrite failed or its server ended."""

from collections.abc import Callable

from campaigns.store.connection import Connections
from campaigns.store.keys import REWRITE_BEGUN, REWRITE_DUE
from campaigns.store.rewriting import mark_rewrite_due, rewrite_if_due


def ended(connections: Connections) -> bool:
    """Tells whether no rewrite is under way or waiting."""
    about = connections.text.info("persistence")
    return not about["aof_rewrite_in_progress"] and not about["aof_rewrite_scheduled"]


def test_one_that_ended_well_is_done_with(connections: Connections, wait_for: Callable[..., object]) -> None:
    wait_for(lambda: ended(connections), 120)
    mark_rewrite_due(connections)
    assert (rewrite_if_due(connections), connections.text.exists(REWRITE_DUE, REWRITE_BEGUN)) == (True, 1)
    wait_for(lambda: ended(connections), 120)
    assert (rewrite_if_due(connections), connections.text.exists(REWRITE_DUE, REWRITE_BEGUN)) == (False, 0)


def test_one_whose_server_ended_in_the_midst_is_due_again(connections: Connections, wait_for: Callable[..., object]) -> None:
    wait_for(lambda: ended(connections), 120)
    connections.text.set(REWRITE_BEGUN, "another server's run")
    assert rewrite_if_due(connections)
    wait_for(lambda: ended(connections), 120)
    assert not rewrite_if_due(connections)


def test_what_is_erased_while_one_is_under_way_has_the_next(connections: Connections, wait_for: Callable[..., object]) -> None:
    wait_for(lambda: ended(connections), 120)
    mark_rewrite_due(connections)
    assert rewrite_if_due(connections)
    mark_rewrite_due(connections)
    wait_for(lambda: ended(connections), 120)
    assert rewrite_if_due(connections)
