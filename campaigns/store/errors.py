"""What can go wrong between this project and its store."""

import redis

Unreachable = redis.RedisError
"""The store did not answer, or answered that it cannot: nothing may be taken as kept."""


class Paused(redis.RedisError):
    """Nothing is taken in while a backup is put back, since it would be gone with what is there."""
