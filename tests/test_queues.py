"""The one door through which work enters the queues."""

import json
import zlib

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer

from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import CODING, TALLIES
from campaigns.store.store import Store
from tests.storehouse import LITTLE, open_little
from workers.queues import QUEUES, SLOW, count_workers, enqueue_slow, oldest_waiting_seconds, queue, ring, waiting_jobs


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def waiting(connections: Connections, name: str) -> list[Job]:
    return [Job.fetch(job, connections.queue, JSONSerializer) for job in queue(connections, name).get_job_ids()]


@pytest.mark.parametrize(("consumer", "function"), [
    (TALLIES, "workers.jobs.catch_up_tallies"), (CODING, "workers.coding.catch_up_coding"),
])
def test_ringing_queues_one_job_for_the_campaign(store: Store, connections: Connections, consumer: str, function: str) -> None:
    ring(store, consumer)
    job, = waiting(connections, consumer)
    assert (job.func_name, list(job.args), job.timeout) == (function, [LITTLE], 300)
    assert {name: waiting_jobs(connections, name) for name in QUEUES} == {**dict.fromkeys(QUEUES, 0), consumer: 1}


def test_jobs_are_written_as_json(store: Store, connections: Connections) -> None:
    ring(store, TALLIES)
    kept = connections.queue.hget(f"rq:job:{queue(connections, TALLIES).get_job_ids()[0]}", "data")
    assert json.loads(zlib.decompress(kept))[0] == "workers.jobs.catch_up_tallies"


def test_a_bell_that_cannot_be_rung_raises_nothing(store: Store, connections: Connections) -> None:
    nobody = connect({"REDIS_URL": "unix:///nowhere/redis.sock"})
    lost = Store(nobody, store.campaign, store.layout, store.state)
    ring(lost, TALLIES)
    nobody.close()
    assert waiting_jobs(connections, TALLIES) == 0


def test_slow_work_waits_in_a_queue_of_its_own(connections: Connections) -> None:
    job = enqueue_slow(connections, "fill_demonstration", [LITTLE, 5])
    assert [(one.id, one.func_name, list(one.args)) for one in waiting(connections, SLOW)] == [
        (job.id, "workers.jobs.fill_demonstration", [LITTLE, 5])
    ]


def test_a_queue_that_nobody_works_cannot_be_named(connections: Connections) -> None:
    with pytest.raises(KeyError):
        queue(connections, "fast")


def test_how_long_the_oldest_has_waited_is_told(store: Store, connections: Connections) -> None:
    assert oldest_waiting_seconds(connections) == 0
    ring(store, CODING)
    assert 0 <= oldest_waiting_seconds(connections) < 60


def test_queues_without_a_worker_are_counted_as_such(connections: Connections) -> None:
    assert count_workers(connections) == dict.fromkeys(QUEUES, 0)
