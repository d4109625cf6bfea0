"""What a worker tells of each job: for which request, how it went and how long it took; never what it was about."""

import sys
from time import perf_counter

import structlog
from rq import Queue, SimpleWorker, Worker
from rq.executions import Execution
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.worker import BaseWorker

from campaigns.observing import begin_request, kind_and_place
from workers.queues import CATCH_UP, REQUEST_ID

log = structlog.get_logger()


class Telling(BaseWorker):
    """A worker whose lines all carry the request's and the job's id, and that keeps no message of a failure.

    A message may hold what somebody wrote, and RQ would keep it for a day, beyond any erasure.
    """

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Does a job, and tells how it went."""
        begin_request(str(job.meta.get(REQUEST_ID, "")), job=job.id, queue=queue.name)
        began = perf_counter()
        done = bool(super().perform_job(job, queue, execution))
        log.info(
            "job done" if done else "job failed", function=str(job.func_name).rpartition(".")[2],
            ms=round((perf_counter() - began) * 1000, 1), **({"slug": job.args[0]} if done and queue.name in CATCH_UP else {}),
        )
        return done

    def handle_exception(self, job: Job, *exc_info: object) -> None:
        """Tells the kind and place of a failure."""
        log.error("a job broke", exc_info=exc_info)

    def handle_job_failure(
        self, job: Job, queue: Queue, started_job_registry: StartedJobRegistry | None = None, exc_string: str = "",
        execution: Execution | None = None,
    ) -> None:
        """Keeps the kind and place of a failure with the job, in place of its message."""
        failure = sys.exc_info()[1]  # of the job that just failed; RQ's own reasons hold nothing of anybody's
        if failure:
            told = kind_and_place(failure)
            exc_string = f"{told['failure']} {told['at']}"
        super().handle_job_failure(job, queue, started_job_registry, exc_string, execution)


class Staying(Telling, SimpleWorker):
    """A worker that does its jobs in its own process, so that what they load stays loaded."""


class Forking(Telling, Worker):
    """A worker that does each job in a process of its own."""
