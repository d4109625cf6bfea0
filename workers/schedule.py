"""The schedule's look: whoever is behind and not moving gets the bell rung, whatever became of the first ring."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import sleep, time

import structlog

from campaigns.exports import sweeping
from campaigns.keeping.duties import Duties, slow_work_due
from campaigns.keeping.retention import local_today
from campaigns.open_data.releases import due
from campaigns.searching.index import is_behind, sweep_removed
from campaigns.store import missed, taught
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, CONSUMERS, behind, cursor
from campaigns.store.errors import Unreachable
from campaigns.store.log import seal
from campaigns.store.notices import any_due
from campaigns.store.rewriting import rewrite_if_due
from campaigns.store.server.places import data_dir
from campaigns.store.store import Store, loaded_slugs, open_store, open_stores
from workers.queues import (
    enqueue_slow,
    ring,
    ring_index,
    ring_missed,
    ring_notices,
    ring_release,
    ring_scans,
    ring_teaching,
    waiting_jobs,
)

LOOK_EVERY_SECONDS = 2.0
log = structlog.get_logger()


@dataclass
class Looks:
    """What the last look saw: each consumer's cursor, the day each log was last sealed, and what was kept and forgotten.

    ``data`` is the data folder, in which the journal of erasures is kept; None keeps none.
    """

    cursors: dict[tuple[str, str], int] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    duties: Duties = field(default_factory=Duties)
    data: Path | None = None


def look(connections: Connections, looks: Looks) -> list[tuple[str, str]]:
    """Rings for every consumer that is behind and has not moved since the last look; returns whom it rang for.

    A campaign that cannot be looked at does not keep the others from it.
    """
    rung: list[tuple[str, str]] = []
    rewrite_if_due(connections)
    slugs = loaded_slugs(connections)
    for slug in slugs:
        try:
            store = open_store(connections, slug)
            rung += [(slug, consumer) for consumer in CONSUMERS if _ring_if_stuck(store, consumer, looks, len(slugs))]
            _seal_daily(store, looks)
            ring_scans(store)
            _ring_slow(store, looks)
        except Unreachable:
            raise
        except Exception:
            log.exception("a campaign cannot be looked at", slug=slug)
    if looks.data:
        sweep_removed(looks.data, slugs)
        if sweeping.anything_kept(looks.data):
            sweeping.sweep(looks.data, open_stores(connections))
        _keep_and_forget(connections, looks.data, looks.duties)
    return rung


def _ring_slow(store: Store, looks: Looks) -> None:
    """Rings for whatever slow work is due in a campaign."""
    if taught.worth_a_look(store):
        ring_teaching(store)
    if missed.worth_a_look(store):
        ring_missed(store)
    if os.environ.get("MAIL_HOST") and any_due(store, int(time() * 1000)):
        ring_notices(store)
    if due(store, local_today(store.campaign)) and not any(behind(store, consumer) for consumer in CONSUMERS):
        ring_release(store)
    if looks.data and is_behind(looks.data, store):
        ring_index(store)


def keep_looking(connections: Connections) -> None:
    """Looks every two seconds until told to stop; a lost server is waited for."""
    looks = Looks(data=data_dir(os.environ))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        while True:
            try:
                look(connections, looks)
            except Unreachable as failure:
                log.warning("the schedule cannot reach the store", failure=type(failure).__name__)
            sleep(LOOK_EVERY_SECONDS)


def _ring_if_stuck(store: Store, consumer: str, looks: Looks, most: int) -> bool:
    """Rings once more, but never more jobs than there are campaigns: with no worker there, they would pile up."""
    if consumer == CODING and not store.connections.room.enough():  # it would do nothing, and the queue's own writes need room
        return False
    at, before = cursor(store, consumer), looks.cursors.get((store.slug, consumer))
    looks.cursors[store.slug, consumer] = at
    stuck = behind(store, consumer) > 0 and at == before and waiting_jobs(store.connections, consumer) < most
    if stuck:
        ring(store, consumer)
    return stuck


def _keep_and_forget(connections: Connections, data: Path, duties: Duties) -> None:
    """Keeps the journal of erasures up and queues the slow part, if any is due; a failure keeps nobody from the rest."""
    try:
        if slow_work_due(connections, data, duties):
            enqueue_slow(connections, "keep_promises", ())
    except Unreachable:
        raise
    except Exception:
        log.warning("the journal of erasures cannot be kept up", exc_info=True)


def _seal_daily(store: Store, looks: Looks) -> None:
    today = datetime.now(UTC).date().isoformat()
    if looks.sealed.get(store.slug) != today:
        seal(store)
        looks.sealed[store.slug] = today
