"""Closing intake in words while there is still room, and telling a store that takes no writes from one that is away."""

from typing import Any

import redis

from campaigns.store.keys import SETTLED
from campaigns.store.server.disk import Room, in_megabytes

AWAY_SECONDS, FULL_SECONDS = 60, 600  # when to try again: a server that is away is soon back, a full disk needs a person


class NoRoom(redis.RedisError):
    """Nothing was sent to the store, because its disk is too full to keep more; reading goes on."""


def check_room(room: Room) -> None:
    """Raises NoRoom, saying what is free and what must be, where nothing more may be taken."""
    free = room.free()
    if free is not None and free < room.least:
        raise NoRoom(
            f"The disk of {room.folder} has {in_megabytes(free)} free, and below {in_megabytes(room.least)} nothing "
            "more is taken in. Make room on it, then try again: what was taken in stays, and nothing was lost."
        )


def cannot_write(failure: BaseException) -> bool:
    """Tells whether the store still answers and takes no writes: its disk or memory is full, or it is a replica."""
    if isinstance(failure, NoRoom | redis.exceptions.OutOfMemoryError | redis.exceptions.ReadOnlyError):
        return True
    return isinstance(failure, redis.ResponseError) and any(word in str(failure) for word in ("MISCONF", "NOREPLICAS"))


def retry_after(failure: BaseException) -> int:
    """Returns after how many seconds it is worth trying again."""
    return FULL_SECONDS if cannot_write(failure) else AWAY_SECONDS


def why_no_writes(client: Any) -> str:  # noqa: ANN401 - a redis.Redis of either kind
    """Returns why a server that answers takes no writes, in its own words; empty where it takes them, and nothing is changed."""
    try:
        client.setrange(SETTLED, 0, "")
    except redis.RedisError as failure:
        if not cannot_write(failure):
            raise
        return str(failure)
    return ""
