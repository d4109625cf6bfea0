"""The installation's secrets: made once, on first start, and kept with the data they protect.

They live in Redis rather than in a file so that every process on every machine has the same ones,
and so that receipts and printed cards still work after a restore.
"""

import secrets
from functools import lru_cache

from campaigns.store.connection import Connections
from campaigns.store.keys import SECRETS
from campaigns.store.store import Store


@lru_cache(maxsize=64)
def secret(connections: Connections, name: str) -> bytes:
    """Returns a secret by name, making it if this is the first time it is asked for."""
    connections.text.hsetnx(SECRETS, name, secrets.token_hex(32))
    return bytes.fromhex(str(connections.text.hget(SECRETS, name)))


def receipt_secret(store: Store) -> bytes:
    """Returns the secret behind a campaign's receipt references.

    It belongs to this loading: a demonstration's receipts must not open what has its numbers later.
    """
    return secret(store.connections, f"receipts:{store.slug}:{store.born}")


def card_secret(store: Store) -> bytes:
    """Returns the secret behind the card addresses of a campaign as it was loaded this time."""
    return secret(store.connections, f"cards:{store.slug}:{store.born}")
