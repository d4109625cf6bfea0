"""What the schedule has to see to: the journal kept up, and slow work found that is due."""

import logging
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from campaigns.keeping.forgetting import forget, overdue
from campaigns.keeping.journal import Journal
from campaigns.keeping.retention import local_today, retain
from campaigns.store.connection import Connections
from campaigns.store.errors import Unreachable
from campaigns.store.keys import KEEPING, RESTORING
from campaigns.store.pictures import sweep, sweep_removed
from campaigns.store.server.scratch import Busy, in_workroom, workroom
from campaigns.store.store import Store, loaded_slugs, open_store

UNDER_WAY_SECONDS = 3600
TRY_AGAIN_SECONDS = 60
log = logging.getLogger(__name__)


@dataclass
class Duties:
    """What was seen to already: the day for which each campaign's words were last looked through."""

    retained: dict[str, date] = field(default_factory=dict)


def slow_work_due(connections: Connections, data: Path, duties: Duties) -> bool:
    """Keeps the journal of erasures up; True once where slow work is due, so that the caller queues ``keep_promises``."""
    end = Journal(data).sync(connections)
    days = {store.slug: local_today(store.campaign) for store in _by_themselves(connections)}
    fresh = {slug: day for slug, day in days.items() if duties.retained.get(slug) != day}
    if not fresh and not overdue(connections, end) and not in_workroom(data):
        return False
    if not connections.text.set(KEEPING, "1", nx=True, ex=UNDER_WAY_SECONDS):
        return False
    duties.retained.update(fresh)  # only now: while earlier work is under way, the day's is still to be queued
    return True


def keep_promises(connections: Connections, data: Path) -> None:
    """Lets words go whose time is up, where a campaign's file wants it done unasked; then clears the backups of the erased."""
    for store in _by_themselves(connections):
        _retain(store)
    try:
        with workroom(data):  # during a restore half of the names are missing
            _sweep(connections)
        for backup in forget(connections, data).unreachable:
            log.warning("The backup %s on %s cannot be reached and holds what was erased since", backup.path, backup.host)
    except Busy:
        connections.text.expire(KEEPING, TRY_AGAIN_SECONDS)
    else:
        connections.text.delete(KEEPING)


def _retain(store: Store) -> None:
    try:
        retain(store, local_today(store.campaign))
    except Exception:  # one campaign's damage keeps neither the others' words nor what was erased
        log.exception("The words of %s whose time is up cannot be let go", store.slug)


def _sweep(connections: Connections) -> None:
    """Removes the files that nothing names: what a killed process left, or one that could not be reached when it was to go."""
    if connections.text.exists(RESTORING):  # on another machine
        return
    try:
        sweep_removed(connections, lambda: loaded_slugs(connections))
        for slug in loaded_slugs(connections):
            sweep(open_store(connections, slug))
    except Unreachable:
        raise
    except Exception:  # each kind of object store fails in its own way
        log.exception("Pictures that nothing names cannot be removed")


def _by_themselves(connections: Connections) -> list[Store]:
    stores = [open_store(connections, slug) for slug in loaded_slugs(connections)]
    return [store for store in stores if store.campaign.privacy.expire_daily and "opens" in store.state]
