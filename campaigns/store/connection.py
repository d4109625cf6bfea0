"""Connections to the store: one for text, one for bytes, one for the queue."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.maint_notifications import MaintNotificationsConfig
from redis.retry import Retry

from campaigns.store.durability import Durability, check_server
from campaigns.store.server.disk import Room, room_of
from campaigns.store.server.places import Places, data_dir

# The library's types do not know whether answers are decoded: every answer would be "bytes or str".
TextClient: TypeAlias = Any  # a redis.Redis that answers in str
BytesClient: TypeAlias = Any  # a redis.Redis that answers in bytes

# About 1.4 seconds in all: a server that died is back sooner, and nobody waits long for one that is gone.
# One that hangs is not waited for again: each time costs a whole socket_timeout, and people wait behind it.
CONNECTING = Retry(ExponentialBackoff(cap=0.4, base=0.02), retries=6, supported_errors=(redis.ConnectionError,))
SETTINGS: dict[str, Any] = {
    # A command is never sent twice: a broken connection does not tell whether the first one was carried out.
    "retry": Retry(NoBackoff(), 0),
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "maint_notifications_config": MaintNotificationsConfig(enabled=False),
}
QUEUE_TIMEOUT = 30  # longer than a worker's blocking wait for its next job (worker_ttl less 15, and 10 to spare)


class PatientPool(redis.ConnectionPool):
    """Connections that wait a moment for a server that is just being started again, before anything is sent."""

    def get_connection(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as the library has it
        """A connection ready to send on; raises redis.ConnectionError when the server stays away."""
        connect = super().get_connection
        return CONNECTING.call_with_retry(lambda: connect(*args, **options), lambda _: None)


@dataclass(frozen=True)
class Connections:
    """The store's clients, safe to share between threads; nothing is sent until the first command."""

    text: TextClient
    raw: BytesClient
    queue: BytesClient
    url: str = ""
    durability: Durability = field(default_factory=Durability, compare=False)
    room: Room = field(default_factory=Room, compare=False)
    pictures: str = ""  # where pictures are kept; nowhere where this is empty

    def settle(self) -> None:
        """Return once everything written so far is on disk; raises NotDurable if that cannot be promised."""
        self.durability.settle(self.raw)

    def close(self) -> None:
        """Close every connection; a later command opens a new one."""
        for client in (self.text, self.raw, self.queue):
            client.connection_pool.disconnect()


def connect(env: Mapping[str, str] = os.environ) -> Connections:
    """Clients for REDIS_URL, or else for the data folder's own server; raises ValueError on a URL that is none."""
    places = Places(data_dir(env))
    url = env.get("REDIS_URL") or places.url
    return Connections(
        text=_client(url, decode_responses=True),
        raw=_client(url),
        queue=_client(env.get("QUEUE_REDIS_URL") or url, socket_timeout=QUEUE_TIMEOUT),
        url=url,
        pictures=env.get("PICTURES_URL") or f"file://{data_dir(env) / 'pictures'}",
        room=room_of(places.store, env) if url == places.url else Room(),  # another server's disk cannot be seen from here
    )


def check(connections: Connections) -> list[str]:
    """What stands against keeping wishes where REDIS_URL points, each with its remedy; empty when nothing does."""
    faults = check_server(connections.text)
    if _place(connections.queue) != _place(connections.text):
        faults += [f"The queue's server: {fault}" for fault in check_server(connections.queue)]
    return faults


def _place(client: redis.Redis) -> list[Any]:
    return [client.connection_pool.connection_kwargs.get(part) for part in ("path", "host", "port")]


def _client(url: str, **settings: Any) -> redis.Redis:  # noqa: ANN401 - handed on as they are
    return redis.Redis(connection_pool=PatientPool.from_url(url, **(SETTINGS | settings)))
