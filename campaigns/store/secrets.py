"""The installation's secrets: made once, on first start, and kept with the data they protect.

They live in Redis rather than in a file so that every process on every machine has the same ones,
and so that receipts and printed cards still work after a restore.
"""

import secrets
from functools import lru_cache

from campaigns.store.connection import Connections
from campaigns.store.keys import SECRETS, Keys


@lru_cache(maxsize=64)
def secret(connections: Connections, name: str) -> bytes:
    """Returns a secret by name, making it if this is the first time it is asked for."""
    connections.text.hsetnx(SECRETS, name, secrets.token_hex(32))
    return bytes.fromhex(str(connections.text.hget(SECRETS, name)))


def receipt_secret(connections: Connections, slug: str) -> bytes:
    """Returns the secret behind a campaign's receipt references."""
    return secret(connections, f"receipts:{slug}:{_born(connections, slug)}")


def card_secret(connections: Connections, slug: str) -> bytes:
    """Returns the secret behind a campaign's card addresses."""
    return secret(connections, f"cards:{slug}:{_born(connections, slug)}")


def _born(connections: Connections, slug: str) -> str:
    """Returns when a campaign was loaded: a demonstration's receipts and cards must not open what has its numbers later."""
    return str(connections.text.hget(Keys(slug).of("state"), "born"))
