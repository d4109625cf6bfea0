"""The queues' names, and the one door through which work enters them."""

from collections.abc import Sequence
from contextlib import suppress

import structlog
from rq import Queue, Retry, Worker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import now

from campaigns.observing import request_id
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES, ring_bell
from campaigns.store.scans import unread_scans
from campaigns.store.store import Store

SLOW, EXPORTS = "slow", "exports"
QUEUES = (TALLIES, CODING, SLOW, EXPORTS)
CATCH_UP = {TALLIES: "workers.jobs.catch_up_tallies", CODING: "workers.coding.catch_up_coding"}
REPLAY = "workers.coding.replay_parked"
REQUEST_ID = "request_id"
CATCH_UP_SECONDS = 300
SLOW_SECONDS = 3600
SCANS = "scans"
NOTICES = "notices"
NOTICES_BELL_MS = 60_000
NOTICES_SECONDS = 300
INDEX, ALIKE = "index", "alike"
TEACHING, MISSED = "teaching", "missed"
TEACHING_BELL_MS = 3_600_000  # at most so often: a trial takes up to half a minute of a processor
RELEASES = "releases"
RELEASES_BELL_MS = 60_000
INDEX_BELL_MS = 30_000
SCANS_BELL_MS = 60_000  # renewed with each page, which may take half as long

log = structlog.get_logger()


def queue(connections: Connections, name: str) -> Queue:
    """Returns a queue by its name."""
    if name not in QUEUES:
        raise KeyError(name)
    return Queue(name, connection=connections.queue, serializer=JSONSerializer)


def ring(store: Store, consumer: str) -> None:
    """Queues one job that catches a consumer up; a failure is logged, never raised, since the schedule will look."""
    try:
        queue(store.connections, consumer).enqueue_call(
            CATCH_UP[consumer], args=(store.slug,), timeout=CATCH_UP_SECONDS, result_ttl=0, failure_ttl=24 * 3600, meta=_for()
        )
    except Exception as failure:
        log.warning("bell not rung", consumer=consumer, failure=type(failure).__name__)


def enqueue_slow(
    connections: Connections, function: str, arguments: Sequence[object], tries: int = 1, on: str = SLOW
) -> Job:
    """Queues a piece of slow work, by the name of its function in workers.jobs; again, where its worker fell, so often in all."""
    return queue(connections, on).enqueue_call(
        f"workers.jobs.{function}", args=tuple(arguments), timeout=SLOW_SECONDS, result_ttl=24 * 3600, meta=_for(),
        retry=Retry(max=tries - 1) if tries > 1 else None,
    )


def ring_scans(store: Store) -> None:
    """Queues a job that reads a campaign's uploads, if there are any to be read and no such job is there; asked at any time."""
    if unread_scans(store) and ring_bell(store, SCANS, SCANS_BELL_MS):
        enqueue_slow(store.connections, "read_scans", (store.slug,))


def ring_replay(store: Store) -> None:
    """Queues a job that tries a campaign's responses that were set aside again; the coding's worker has the model."""
    queue(store.connections, CODING).enqueue_call(
        REPLAY, args=(store.slug,), timeout=SLOW_SECONDS, result_ttl=0, failure_ttl=24 * 3600, meta=_for()
    )


def ring_index(store: Store) -> None:
    """Queues a job that brings the index of words up to date, unless one was queued within half a minute."""
    if ring_bell(store, INDEX, INDEX_BELL_MS):
        enqueue_slow(store.connections, "keep_index", (store.slug,))


def ring_release(store: Store) -> None:
    """Queues a job that releases a campaign's open data, unless one was queued within a minute."""
    if ring_bell(store, RELEASES, RELEASES_BELL_MS):
        enqueue_slow(store.connections, "release_figures", (store.slug,))


def ring_alike(store: Store) -> None:
    """Queues a job that looks for letter campaigns, unless one was queued within half a minute."""
    if ring_bell(store, ALIKE, INDEX_BELL_MS):
        enqueue_slow(store.connections, "group_alike", (store.slug,))


def ring_teaching(store: Store) -> None:
    """Queues a job that learns from what people coded, at most once an hour; it sees for itself whether enough is new."""
    if ring_bell(store, TEACHING, TEACHING_BELL_MS):
        enqueue_slow(store.connections, "learn_codes", (store.slug,))


def ring_notices(store: Store) -> None:
    """Queues a job that sends a campaign's e-mails, before any export that waits; a failure is logged: the schedule looks too.

    The job has one id, so that however often a mail server refuses, one failed job is shown.
    """
    if not ring_bell(store, NOTICES, NOTICES_BELL_MS):
        return
    exports, job = queue(store.connections, EXPORTS), f"notices-{store.slug}"
    try:
        FailedJobRegistry(queue=exports).remove(job)
        exports.enqueue_call(
            "workers.jobs.send_notices", args=(store.slug,), timeout=NOTICES_SECONDS, result_ttl=0, failure_ttl=24 * 3600,
            job_id=job, at_front=True, meta=_for(),
        )
    except Exception as failure:
        log.warning("bell not rung", consumer=NOTICES, failure=type(failure).__name__)


def ring_missed(store: Store) -> None:
    """Queues a job that looks for what the frame misses, at most once an hour."""
    if ring_bell(store, MISSED, TEACHING_BELL_MS):
        enqueue_slow(store.connections, "find_missed", (store.slug,))


def _for() -> dict[str, str]:
    """What goes with every job: the id of the request, or of the job, that asked for it."""
    return {REQUEST_ID: request_id()} if request_id() else {}


def waiting_jobs(connections: Connections, name: str) -> int:
    """Returns how many jobs wait in a queue."""
    return int(queue(connections, name).count)


def oldest_waiting_seconds(connections: Connections) -> float:
    """Returns how long the job that has waited longest has waited, 0 where none does."""
    waits = [0.0]
    for name in QUEUES:
        first = queue(connections, name).get_job_ids(0, 1)
        with suppress(NoSuchJobError):  # it was done meanwhile
            job = Job.fetch(first[0], connections.queue, JSONSerializer) if first else None
            if job and job.enqueued_at:
                waits.append((now() - job.enqueued_at).total_seconds())
    return max(waits)


def count_workers(connections: Connections) -> dict[str, int]:
    """Returns how many workers serve each queue."""
    return {name: Worker.count(queue=queue(connections, name)) for name in QUEUES}
