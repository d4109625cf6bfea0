"""Workers that stop between any two of their commands: for good, as if killed, or until other things have been done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Semaphore, Thread, current_thread

import redis

from campaigns.store.connection import SETTINGS, Connections, PatientPool


class Died(BaseException):
    """What ends a worker where it stands, as kill -9 would."""


class Worker(Thread):
    """A worker that goes on only when told to, and stops before its next command but so many."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.over, self.failure = False, None
        self._work, self._steps, self._dead = work, 0, False
        self._go, self._stopped = Semaphore(0), Semaphore(0)
        self.start()

    def run(self) -> None:
        """Works, once told to."""
        self._go.acquire()
        try:
            if not self._dead:
                self._work()
        except Died:
            pass
        except BaseException as failure:
            self.failure = failure
        self.over = True
        self._stopped.release()

    def before_command(self) -> None:
        """Waits to be told to go on."""
        if not self._steps and not self._dead:
            self._stopped.release()
            self._go.acquire()
        if self._dead:
            raise Died
        self._steps -= 1

    def go_on(self, steps: int = 100_000) -> None:
        """Lets it send so many commands more; raises what its work raised."""
        if not self.over:
            self._steps = steps
            self._go.release()
            self._stopped.acquire()
        if self.failure:
            raise self.failure

    def die(self) -> None:
        """Ends it before its next command."""
        self._dead = True
        self.go_on(0)
        self.join()


class StoppingPool(PatientPool):
    """Connections on which a worker can be stopped before any command."""

    def get_connection(self, *args: object, **options: object) -> object:
        """Returns a connection, once the worker that asks may go on."""
        if isinstance(thread := current_thread(), Worker):
            thread.before_command()
        return super().get_connection(*args, **options)


@contextmanager
def stopping(connections: Connections, url: str) -> Iterator[Connections]:
    """Yields connections to the same server on which a Worker stops before every command it has not been allowed."""
    clients = [
        redis.Redis(connection_pool=StoppingPool.from_url(url, decode_responses=text, **SETTINGS)) for text in (True, False)
    ]
    yield Connections(*clients, queue=connections.queue)
    for client in clients:
        client.close()
