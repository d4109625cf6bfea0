"""What can go wrong between this project and its store."""

import redis

Unreachable = redis.RedisError
"""The store did not answer, or answered that it cannot: nothing may be taken as kept."""
