"""E-mails that are to be sent: which, when next, and how often in vain; what they say is put together as they go."""

import json
from dataclasses import dataclass

from campaigns.store.store import Store

FIRST_AGAIN_MS = 60_000  # after the first try in vain; twice as long after each
LAST_AGAIN_MS = 3_600_000
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Failing:
    """How often a notice was tried in vain, and why it was the last time, in words."""

    tries: int
    why: str


def ask_for(store: Store, notice: str, at_ms: int) -> None:
    """Has an e-mail sent, by its kind and what it is about (``kind:id``), from a time on; once, however often it is asked for."""
    store.text.zadd(store.keys.of("notices"), {notice: at_ms}, nx=True)


def waiting(store: Store) -> list[str]:
    """Returns what is to be sent, whether its time has come or not, the first first; so many as one job sends."""
    return [str(one) for one in store.text.zrange(store.keys.of("notices"), 0, MOST_AT_ONCE - 1)]


def any_due(store: Store, now_ms: int) -> bool:
    """Tells whether the time has come for anything that is to be sent."""
    return bool(store.text.zcount(store.keys.of("notices"), "-inf", now_ms))


def strike(store: Store, notice: str) -> None:
    """Takes a notice off the list: it was sent, or nobody needs it any more."""
    with store.text.pipeline() as pipe:
        pipe.zrem(store.keys.of("notices"), notice)
        pipe.hdel(store.keys.of("notices", "failed"), notice)
        pipe.execute()


def put_off(store: Store, notice: str, why: str, now_ms: int) -> None:
    """Keeps that a notice was tried in vain, and tries it again later, later each time."""
    before = failing(store, notice)
    tries = before.tries + 1 if before else 1
    again = now_ms + min(FIRST_AGAIN_MS * 2 ** min(tries - 1, 10), LAST_AGAIN_MS)
    with store.text.pipeline() as pipe:
        pipe.zadd(store.keys.of("notices"), {notice: again}, xx=True)
        pipe.hset(store.keys.of("notices", "failed"), notice, json.dumps([tries, why]))
        pipe.execute()


def failing(store: Store, notice: str) -> Failing | None:
    """Returns how often a notice was tried in vain, None where it was not."""
    kept = store.text.hget(store.keys.of("notices", "failed"), notice)
    return Failing(*json.loads(kept)) if kept else None
