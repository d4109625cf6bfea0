"""Keeps the indexes of this machine up where no worker does: words that went leave its disk, though nobody looks for any."""

from pathlib import Path
from threading import Event, Thread

import structlog

from campaigns.searching.index import keep_up, reached, sweep_removed
from campaigns.store.connection import Connections
from campaigns.store.errors import Unreachable
from campaigns.store.log import last_event
from campaigns.store.store import loaded_slugs, open_stores

LOOK_EVERY_SECONDS = 15.0
log = structlog.get_logger()


def follow(connections: Connections, data: Path) -> None:
    """Looks from time to time, in the background, for as long as the process runs."""
    Thread(target=_keep_following, args=(connections, data), name="indexes", daemon=True).start()


def _keep_following(connections: Connections, data: Path) -> None:
    seen: dict[str, int] = {}
    while not Event().wait(LOOK_EVERY_SECONDS):
        try:
            seen = catch_up_where_stuck(connections, data, seen)
        except Unreachable:
            continue  # whoever is served says so
        except Exception:
            log.exception("the indexes of this machine cannot be kept up")


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
