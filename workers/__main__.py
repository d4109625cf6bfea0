"""``python -m workers NAME``: one worker for one queue, or the schedule."""

import os
import sys

import structlog
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

from campaigns.store.connection import connect
from campaigns.store.consumers import CODING
from campaigns.store.store import loaded_slugs, open_store
from workers.jobs import coder_for, connections
from workers.queues import QUEUES, SLOW
from workers.schedule import keep_looking

WORKER_TTL = 30
USAGE = f"python -m workers {' | '.join([*QUEUES, 'schedule'])}"
log = structlog.get_logger()


def main(arguments: list[str]) -> int:
    """Works until it is told to stop."""
    if len(arguments) != 1 or arguments[0] not in (*QUEUES, "schedule"):
        print(USAGE, file=sys.stderr)
        return 2
    if arguments[0] == "schedule":
        keep_looking(connect(os.environ))
        return 0
    work(arguments[0])
    return 0


def work(name: str) -> None:
    """Does a queue's jobs, one after another.

    The tallies' and the coding's do not fork: the rows and the model stay in memory between jobs.
    """
    if name == CODING:
        os.nice(10)
        _warm()
    kind = Worker if name == SLOW else SimpleWorker
    made = connections()
    queue = Queue(name, connection=made.queue, serializer=JSONSerializer)
    kind([queue], connection=made.queue, serializer=JSONSerializer, worker_ttl=WORKER_TTL).work(logging_level="WARNING")


def _warm() -> None:
    for slug in loaded_slugs(connections()):
        coder_for(open_store(connections(), slug))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
