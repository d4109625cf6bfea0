"""How many submissions one address may send: generous, since households, schools and libraries share one."""

import hashlib
from datetime import UTC, datetime

from flask import request

from campaigns.store.secrets import secret
from campaigns.store.store import Store
from web.context import surroundings

MOST, SECONDS = 60, 600


def limits_for(store: Store) -> tuple[tuple[str, int, int], ...]:
    """Returns the limit on this request's address; the address itself is never kept, only a hash salted by the day."""
    if not surroundings().rate_limit:
        return ()
    salt = secret(store.connections, "limits") + f"{datetime.now(UTC):%Y%m%d}".encode()
    known = hashlib.sha256(salt + (request.remote_addr or "").encode()).hexdigest()[:24]
    return ((known, MOST, SECONDS),)
