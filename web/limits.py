"""How much one address may send, and how often it may guess wrong.

Sending is generous, since households, schools and libraries share an address; RATE_LIMIT=off lifts it for load tests.
Nothing lifts the bounds on guessing.
"""

import hashlib
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address

from flask import abort, make_response, request

from campaigns.store.connection import Connections
from campaigns.store.guesses import Bound, count_wrong, seconds_to_wait
from campaigns.store.secrets import secret
from campaigns.store.store import Store
from web.context import Surroundings, connections, surroundings
from web.errors import say

Limits = tuple[tuple[str, int, int], ...]  # name, most, seconds
MOST, SECONDS = 60, 600
MOST_WRONG, HOUR = 30, 3600


def limits_for(store: Store) -> Limits:
    """Returns the limit on this request's address."""
    return limits_on(surroundings(), request.remote_addr or "")


def limits_on(around: Surroundings, address: str) -> Limits:
    """Returns the limit on an address."""
    return ((standing_for(around.connections, address), MOST, SECONDS),) if around.rate_limit else ()


def sender() -> str:
    """Returns what stands for this request's address."""
    return standing_for(connections(), request.remote_addr or "")


def standing_for(connections: Connections, address: str) -> str:
    """Returns what stands for an address, which itself is never kept: a hash salted by the day."""
    salt = secret(connections, "limits") + f"{datetime.now(UTC):%Y%m%d}".encode()
    return hashlib.sha256(salt + network_of(address).encode()).hexdigest()[:24]


def network_of(address: str) -> str:
    """Returns an address as limits see it: of IPv6 the first half, since one household or server has all of the second."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, IPv6Address):
        return str(read.ipv4_mapped or IPv6Address(int(read) >> 64 << 64))
    return str(read)


def check_guess(kind: str, right: bool) -> None:
    """Lets a guess be answered, counting it if it is wrong; answers 429 in words once this address made too many."""
    bound = Bound(f"{kind}:{sender()}", MOST_WRONG, HOUR)
    wait = seconds_to_wait(connections(), [bound]) if right else count_wrong(connections(), [bound])
    if wait:
        answer = make_response(say(
            429, "Too many were tried from here",
            f"To keep what people sent to themselves, this connection must wait {in_minutes(wait)} before it opens another. "
            "If you share it with others, try from a different one. Nothing is lost.",
        ))
        answer.headers["Retry-After"] = str(wait)
        abort(answer)


def in_minutes(seconds: int) -> str:
    """Returns a time to wait as people say it: a minute, 14 minutes."""
    minutes = -(-seconds // 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
