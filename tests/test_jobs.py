"""The jobs, worked as a worker works them: what was sent is counted, and the bell is silent afterwards."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from campaigns.store.changes import withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES, behind, park, parked
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.standing import read_standing
from campaigns.store.store import Store
from tests.storehouse import LITTLE, catch_up, open_little, send
from workers import jobs
from workers.coding import replay_parked
from workers.queues import queue, ring, waiting_jobs


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture(autouse=True)
def worker(redis_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets jobs reach the test's own store, and puts signals back as a worker found them."""
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    jobs.connections.cache_clear()
    yield
    jobs.connections().close()
    jobs.connections.cache_clear()
    for number, handler in kept.items():
        signal.signal(number, handler)


def rung(store: Store, consumer: str) -> bool:
    return bool(store.text.exists(store.keys.of("bell", consumer)))


def work(connections: Connections, name: str) -> None:
    """Does what waits in a queue, as its worker would."""
    worker = SimpleWorker([queue(connections, name)], connection=connections.queue, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="WARNING")
    assert queue(connections, name).failed_job_registry.count == 0


def test_a_job_counts_what_was_sent_and_rings_for_the_coding(store: Store, connections: Connections) -> None:
    for n in range(5):
        if send(store, f"wish {n}").ring:
            ring(store, TALLIES)
    assert waiting_jobs(connections, TALLIES) == 1
    work(connections, TALLIES)
    assert (read_standing(store).total(), behind(store, TALLIES)) == (5, 0)
    assert (rung(store, TALLIES), rung(store, CODING), waiting_jobs(connections, CODING)) == (False, True, 1)


def test_after_a_job_the_next_response_rings_at_once(store: Store) -> None:
    send(store)
    jobs.catch_up_tallies(LITTLE)
    assert not rung(store, TALLIES)
    assert send(store).ring


def test_a_job_with_nothing_to_do_changes_nothing(store: Store) -> None:
    jobs.catch_up_tallies(LITTLE)
    before = read_standing(store)
    jobs.catch_up_tallies(LITTLE)
    assert (read_standing(store).event, read_standing(store).tables) == (before.event, before.tables)


def test_two_jobs_at_once_count_everything_once(store: Store) -> None:
    for n in range(300):
        send(store, f"wish {n}")
    withdraw(store, 1)
    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(jobs.catch_up_tallies, LITTLE) for _ in range(2)]:
            one.result()
    assert read_standing(store).total() == 299


def test_a_job_ends_and_stands_though_responses_never_stop(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LONGEST_SECONDS", 0.3)
    enough = Event()

    def keep_sending() -> None:
        while not enough.is_set():
            send(store)

    with ThreadPoolExecutor(3) as pool:
        sending = [pool.submit(keep_sending) for _ in range(2)]
        jobs.catch_up_tallies(LITTLE)
        enough.set()
        for one in sending:
            one.result()
    assert read_standing(store).total() > 0


def test_filling_a_demonstration_rings_for_the_tallies(store: Store, connections: Connections) -> None:
    assert jobs.fill_demonstration(LITTLE, 7) == 7
    work(connections, TALLIES)
    assert read_standing(store).total() == 7


def test_what_was_set_aside_is_counted_once_its_cause_is_gone(store: Store) -> None:
    number = send(store, "A wish").number
    catch_up(store)
    park(store, TALLIES, number, "It did not fit its row.")
    replay_parked(LITTLE)
    assert (parked(store), read_standing(store).total()) == ([], 1)
