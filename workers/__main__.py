"""``python -m workers NAME``: one worker for one queue, or the schedule."""

import os
import signal
import sys
from importlib import import_module

from rq import Queue
from rq.serializers import JSONSerializer

from campaigns.leaving import AT_LEISURE
from campaigns.observing import configure, say_ready
from campaigns.store.connection import connect
from campaigns.store.consumers import CODING
from workers.jobs import connections
from workers.observing import Forking, Staying
from workers.queues import EXPORTS, QUEUES, SLOW
from workers.schedule import keep_looking

WORKER_TTL = 30
USAGE = f"python -m workers {' | '.join([*QUEUES, 'schedule'])}"


def main(arguments: list[str]) -> int:
    """Works until it is told to stop."""
    if len(arguments) != 1 or arguments[0] not in (*QUEUES, "schedule"):
        print(USAGE, file=sys.stderr)
        return 2
    configure(arguments[0])
    # A successor is at work: finish what is in hand, as on SIGTERM, but nobody asks twice.
    signal.signal(AT_LEISURE.signal, lambda *_: signal.raise_signal(signal.SIGTERM))
    if arguments[0] == "schedule":
        say_ready()
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
        import_module("workers.coding").warm()  # by name: the other workers are 150 MB smaller without the model
    kind = Forking if name in (SLOW, EXPORTS) else Staying
    made = connections()
    queue = Queue(name, connection=made.queue, serializer=JSONSerializer)
    say_ready()
    kind([queue], connection=made.queue, serializer=JSONSerializer, worker_ttl=WORKER_TTL).work(logging_level="WARNING")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
