"""Which workers are there: one for each queue, each heard from lately."""

from dataclasses import dataclass

from rq import Worker
from rq.serializers import JSONSerializer
from rq.utils import now

from campaigns.store.connection import Connections
from workers.queues import QUEUES, queue


@dataclass(frozen=True)
class Attendance:
    """A queue's workers: seconds since each was heard from, and how many ended without saying so."""

    queue: str
    silent: tuple[float, ...] = ()
    dead: int = 0


def attendance(connections: Connections) -> list[Attendance]:
    """Returns the workers of each queue."""
    return [_of(connections, name) for name in QUEUES]


def _of(connections: Connections, name: str) -> Attendance:
    served = queue(connections, name)
    noted = Worker.count(queue=served)  # before the next line, which strikes off those that are gone
    living = Worker.all(queue=served, serializer=JSONSerializer)
    silent = tuple((now() - worker.last_heartbeat).total_seconds() for worker in living if worker.last_heartbeat)
    return Attendance(name, silent, noted - len(living))
