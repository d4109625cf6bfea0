"""The screen of jobs: queues, what runs, what failed and why, and trying again."""

import pytest
from rq import SimpleWorker
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES, park, parked
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app
from web.account.jobs import ago
from workers.observing import Staying
from workers.queues import SLOW, enqueue_slow, queue, waiting_jobs
from workers.watching import failed, lines, running

PAGE = "/account/jobs"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "0 seconds"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (7199, "119 minutes"), (7200, "2 hours"),
])
def test_a_wait_is_told_in_words(seconds: int, words: str) -> None:
    assert ago(seconds) == words


def test_an_empty_house_says_so(desks: Desks) -> None:
    page = desks.signed_in("administrator").get(PAGE).text
    for said in ("No job is in hand", "No job has failed", "Nothing is set aside", "none; if it stays so"):
        assert said in page
    assert desks.signed_in("officer", name="Olive").get(PAGE).status_code == 403


def test_what_waits_runs_and_failed_is_shown_without_what_it_held(desks: Desks) -> None:
    store = desks.connections
    enqueue_slow(store, "no_such_job", (SLUG, "the words of somebody"))
    assert [line.waiting for line in lines(store)] == [0, 0, 1, 0]
    worker = Staying([queue(store, SLOW)], connection=store.queue, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
    job = enqueue_slow(store, "keep_promises", ())
    job.meta["progress"] = "3 of 7"
    job.save_meta()
    worker.prepare_execution(job)
    assert [(one.function, one.progress) for one in running(store)] == [("keep promises", "3 of 7")]
    page = desks.signed_in("administrator").get(PAGE).text
    assert "3 of 7" in page and "No such job" in page and "the words of somebody" not in page
    auditor = desks.signed_in("auditor", name="Audrey").get(PAGE).text
    assert "No such job" in auditor and "Try again" not in auditor
    StartedJobRegistry(queue=queue(store, SLOW)).remove_executions(job)


def test_a_failed_job_is_tried_again(desks: Desks) -> None:
    store = desks.connections
    enqueue_slow(store, "no_such_job", (SLUG,))
    worker = SimpleWorker([queue(store, SLOW)], connection=store.queue, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")
    work = failed(store)[0]
    assert (work.function, work.slug, work.queue) == ("no such job", SLUG, SLOW) and work.cause
    client = desks.signed_in("administrator")
    assert post(client, PAGE, {"job": work.id}).location == f"{PAGE}?done=retried"
    assert (failed(store), waiting_jobs(store, SLOW)) == ([], 1)
    assert post(client, PAGE, {"job": work.id}).location == f"{PAGE}?done=gone"
    assert "no longer there" in client.get(f"{PAGE}?done=gone").text


def test_what_was_set_aside_is_listed_and_tried_again(desks: Desks) -> None:
    number = desks.send("A wish")
    park(desks.store, TALLIES, number, "It did not fit its row.")
    client = desks.signed_in("administrator")
    assert f"Response {number} could not be counted, tried 1 time: It did not fit its row." in client.get(PAGE).text
    assert post(client, PAGE, {"slug": SLUG}).location == f"{PAGE}?done=replaying"
    waiting = queue(desks.connections, CODING).get_job_ids()
    job = Job.fetch(waiting[0], desks.connections.queue, JSONSerializer)
    assert (job.func_name, tuple(job.args), len(parked(desks.store))) == ("workers.coding.replay_parked", (SLUG,), 1)
    assert post(client, PAGE, {"slug": "nowhere"}).status_code == 404
