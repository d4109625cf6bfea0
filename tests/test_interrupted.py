"""Workers stopped at every command in turn while something else happens: what the made-up sequences found, kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from campaigns.consumers import tallying
from campaigns.consumers.rebuilding import differences, rebuild
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from campaigns.store.consumers import parked
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store, forget_campaign
from tests.stopping import Worker, stopping
from tests.storehouse import open_little, send


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def for_workers(connections: Connections, redis_server: EmbeddedServer) -> Iterator[Connections]:
    with stopping(connections, redis_server.url) as made:
        yield made


@pytest.mark.parametrize("steps", range(20))
def test_a_response_that_comes_during_a_rebuild_keeps_its_row(store: Store, for_workers: Connections, steps: int) -> None:
    send(store)
    tallying.catch_up(store)
    width = store.layout.width
    store.raw.setrange(store.keys.of("rows", 0), 2 * width, b"\x01" * width)  # of no response yet
    store.raw.hincrby(store.keys.of("rows", "versions"), "0", 1)
    worker = Worker(lambda: rebuild(replace(store, connections=for_workers), RowTable()))
    worker.go_on(steps)
    send(store)
    tallying.catch_up(store)
    worker.go_on()
    assert differences(store, RowTable()) == []


@pytest.mark.parametrize("steps", range(14))
@pytest.mark.parametrize("work", ["rebuild", "catch up"])
def test_work_for_a_campaign_that_was_removed_ends_and_leaves_its_successor_alone(
    store: Store, for_workers: Connections, work: str, steps: int
) -> None:
    for _ in range(3):
        send(store)
    theirs = replace(store, connections=for_workers)
    worker = Worker({"rebuild": lambda: rebuild(theirs, RowTable()), "catch up": lambda: tallying.catch_up(theirs)}[work])
    worker.go_on(steps)
    forget_campaign(store)
    again = open_little(store.connections)
    for _ in range(3):
        send(again)
    worker.go_on(500)
    over, aside = worker.over, parked(again)
    worker.die()
    assert (over, aside) == (True, [])
