"""What stands in the queues, for a person to look at: waiting, running with progress, failed with its cause."""

from dataclasses import dataclass

from rq import Queue
from rq.job import Job
from rq.registry import FailedJobRegistry, StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.utils import now

from campaigns.store.connection import Connections
from workers.queues import QUEUES, count_workers, queue

MOST = 50


@dataclass(frozen=True)
class Line:
    """One queue: how many jobs wait, for how long the oldest has, and how many workers serve it."""

    name: str
    waiting: int
    oldest_seconds: int
    workers: int


@dataclass(frozen=True)
class Work:
    """One job: what it does, for which campaign, since when, how far it is, and why it failed if it did; never its arguments."""

    id: str
    queue: str
    function: str
    slug: str
    at_ms: int
    progress: str = ""
    cause: str = ""


def lines(connections: Connections) -> list[Line]:
    """Returns every queue."""
    workers = count_workers(connections)
    return [Line(name, int(each.count), _oldest(connections, each), workers[name])
            for name, each in ((name, queue(connections, name)) for name in QUEUES)]


def running(connections: Connections) -> list[Work]:
    """Returns the jobs that workers have in hand."""
    found = [(name, StartedJobRegistry(queue=queue(connections, name))) for name in QUEUES]
    return [_told(job, name) for name, kept in found for job in _jobs(connections, kept.get_job_ids(cleanup=False)[:MOST])]


def failed(connections: Connections) -> list[Work]:
    """Returns the jobs that failed and were not tried again, the last first."""
    found = [(name, FailedJobRegistry(queue=queue(connections, name))) for name in QUEUES]
    works = [_told(job, name) for name, kept in found for job in _jobs(connections, kept.get_job_ids(cleanup=False)[-MOST:])]
    return sorted(works, key=lambda work: -work.at_ms)


def retry(connections: Connections, job_id: str) -> bool:
    """Puts a failed job in its queue again; tells whether there was such a job."""
    for name in QUEUES:
        kept = FailedJobRegistry(queue=queue(connections, name))
        if job_id in kept.get_job_ids(cleanup=False) and _jobs(connections, [job_id]):
            kept.requeue(job_id)
            return True
    return False


def _oldest(connections: Connections, waiting: Queue) -> int:
    first = _jobs(connections, waiting.get_job_ids(0, 1))
    at = first[0].enqueued_at if first else None
    return int((now() - at).total_seconds()) if at else 0


def _jobs(connections: Connections, ids: list[str]) -> list[Job]:
    found = Job.fetch_many(ids, connections.queue, JSONSerializer) if ids else []
    return [job for job in found if job]


def _told(job: Job, name: str) -> Work:
    at = job.ended_at or job.started_at or job.enqueued_at
    latest = job.latest_result()
    why = str(latest.exc_string or "").strip().splitlines() if latest else []
    first = str(job.args[0]) if job.args else ""
    progress = str(job.meta.get("progress", ""))
    return Work(
        job.id, name, str(job.func_name).rpartition(".")[2].replace("_", " "), first,
        int(at.timestamp() * 1000) if at else 0, progress, why[-1][:200] if why else "",
    )
