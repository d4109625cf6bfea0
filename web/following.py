"""Keeps this process's tables and this machine's indexes at hand, in the background.

Where no worker keeps an index up, words that went leave this machine's disk all the same, though nobody looks for any.
"""

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import structlog

from campaigns.searching.index import index_file, keep_up, opened, reached, sweep_removed
from campaigns.searching.words import CannotLook
from campaigns.store.connection import Connections
from campaigns.store.errors import Unreachable
from campaigns.store.log import last_event
from campaigns.store.store import loaded_slugs, open_stores
from web.context import Surroundings

LOOK_EVERY_SECONDS = 15.0
log = structlog.get_logger()


def follow(held: Surroundings, data: Path) -> None:
    """Looks at once and from time to time, in the background, for as long as the process runs."""
    Thread(target=_keep_following, args=(held, data), name="indexes", daemon=True).start()


def _keep_following(held: Surroundings, data: Path) -> None:
    seen: dict[str, int] = {}
    pause = 0.0
    while not Event().wait(pause):
        pause = LOOK_EVERY_SECONDS
        try:
            bring_to_hand(held, data)
            seen = catch_up_where_stuck(held.connections, data, seen)
        except Unreachable:
            continue  # whoever is served says so
        except Exception:
            log.exception("the indexes of this machine cannot be kept up")


def bring_to_hand(held: Surroundings, data: Path) -> None:
    """Fetches each campaign's rows, and the signs where wishes are looked up, so that nobody's first page waits for them."""
    for store in open_stores(held.connections):
        held.rows_of(store.slug).refresh(store)
        if index_file(data, store.slug).exists():
            with suppress(CannotLook), opened(data, store) as index:
                held.signs_of(store.slug).refresh(index.connection, index.life, store.campaign.wishes_each)


def catch_up_where_stuck(connections: Connections, data: Path, seen: dict[str, int]) -> dict[str, int]:
    """Brings up to date what is behind and has not moved since the last look; returns where each index stands.

    Where it moves, a worker on this machine is at it, and this process has people to serve.
    """
    now = {}
    for store in open_stores(connections):
        at = reached(data, store)
        if at is not None:
            stuck = at < last_event(store) and seen.get(store.slug) == at
            now[store.slug] = last_event(store) - keep_up(data, store) if stuck else at
    sweep_removed(data, loaded_slugs(connections))
    return now
