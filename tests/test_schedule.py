"""The schedule's look: whoever is behind and stands still gets the bell, without piling up jobs or falling over one campaign."""

from datetime import UTC, datetime

import pytest

from campaigns.store.changes import erase
from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import CODING, TALLIES
from campaigns.store.errors import Unreachable
from campaigns.store.keys import REWRITE_DUE
from campaigns.store.log import last_event, read_events
from campaigns.store.rewriting import rewrite_if_due
from campaigns.store.store import Store
from tests.storehouse import LITTLE, catch_up, loaded_little, open_little, send
from workers.queues import waiting_jobs
from workers.schedule import Looks, look


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def looks() -> Looks:
    return Looks(sealed={LITTLE: "", "second-town": ""})


def test_the_first_look_only_remembers(store: Store, connections: Connections, looks: Looks) -> None:
    send(store)
    assert look(connections, looks) == []
    assert look(connections, looks) == [(LITTLE, TALLIES), (LITTLE, CODING)]
    assert (waiting_jobs(connections, TALLIES), waiting_jobs(connections, CODING)) == (1, 1)


def test_whoever_moves_is_left_alone(store: Store, connections: Connections, looks: Looks) -> None:
    look(connections, looks)
    send(store)
    catch_up(store)
    assert look(connections, looks) == [(LITTLE, CODING)]


def test_a_bell_that_nobody_answered_does_not_keep_it_quiet(store: Store, connections: Connections, looks: Looks) -> None:
    assert send(store).ring  # and no job was queued for it
    look(connections, looks)
    assert (LITTLE, TALLIES) in look(connections, looks)


def test_without_a_worker_jobs_do_not_pile_up(store: Store, connections: Connections, looks: Looks) -> None:
    open_little(connections, slug="second-town")
    send(store)
    for _ in range(20):
        look(connections, looks)
    assert waiting_jobs(connections, TALLIES) <= 2 and waiting_jobs(connections, CODING) <= 2


def test_a_campaign_that_cannot_be_read_does_not_stop_the_others(store: Store, connections: Connections, looks: Looks) -> None:
    loaded_little(connections, "a-town")
    connections.text.set("{a-town}:definition", "title = 'broken")
    connections.text.hset("{a-town}:state", "definition", "0")
    send(store)
    look(connections, looks)
    assert (LITTLE, TALLIES) in look(connections, looks)


def test_a_campaign_that_was_removed_meanwhile_is_passed_over(store: Store, connections: Connections, looks: Looks) -> None:
    connections.text.sadd("site:campaigns", "gone-town")
    send(store)
    look(connections, looks)
    assert (LITTLE, TALLIES) in look(connections, looks)


def test_a_store_that_does_not_answer_is_said_to_be_unreachable() -> None:
    nobody = connect({"REDIS_URL": "unix:///nowhere/redis.sock"})
    with pytest.raises(Unreachable):
        look(nobody, Looks())
    nobody.close()


def test_the_log_is_sealed_once_a_day(store: Store, connections: Connections) -> None:
    looks = Looks()
    for _ in range(3):
        send(store)
        look(connections, looks)
    assert [event.name for event in read_events(store)].count("log.sealed") == 1
    looks.sealed[LITTLE] = "2010-06-28"
    look(connections, looks)
    assert read_events(store)[-1].name == "log.sealed"
    before = last_event(store)
    look(connections, looks)
    assert last_event(store) == before


def test_whoever_caught_up_is_not_rung_for(store: Store, connections: Connections) -> None:
    looks = Looks(sealed={LITTLE: datetime.now(UTC).date().isoformat()})
    catch_up(store)
    connections.text.set(store.keys.of("cursor", CODING), last_event(store))
    assert [look(connections, looks) for _ in range(3)] == [[], [], []]


def test_an_erasure_has_the_file_rewritten_once(store: Store, connections: Connections, looks: Looks) -> None:
    send(store)
    erase(store, 1)
    assert rewrite_if_due(connections)
    assert not connections.text.exists(REWRITE_DUE)
    assert not rewrite_if_due(connections)
