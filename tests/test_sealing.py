"""A seal that is stopped between any two of its commands must not seal what came in the campaign's place."""

from contextlib import suppress
from dataclasses import replace

import pytest

from campaigns.store.connection import Connections
from campaigns.store.log import last_event, seal, verify
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import NoSuchCampaign, Store, forget_campaign
from tests.stopping import Worker, stopping
from tests.storehouse import open_little, send


def seal_if_there(store: Store) -> None:
    """Seals, and ends quietly where the campaign is gone."""
    with suppress(NoSuchCampaign):
        seal(store)


@pytest.mark.parametrize("steps", range(7))
def test_a_seal_whose_campaign_was_removed_seals_nothing(
    connections: Connections, redis_server: EmbeddedServer, steps: int
) -> None:
    old = open_little(connections)
    send(old, "More trees")
    with stopping(connections, redis_server.url) as theirs:
        worker = Worker(lambda: seal_if_there(replace(old, connections=theirs)))
        worker.go_on(steps)
        forget_campaign(old)
        again = open_little(connections)
        send(again, "Quite other trees")
        worker.go_on()
        assert worker.over
    assert (last_event(again), verify(again).problem) == (2, "")
    seal(again)
    assert verify(again).problem == ""
