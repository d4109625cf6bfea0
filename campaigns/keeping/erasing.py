"""Erasing again, in a backup or in what is restored from one, what was erased after it was made."""

from collections.abc import Sequence

from campaigns.keeping.expiring import expire
from campaigns.keeping.journal import ERASURE, Entry
from campaigns.keeping.retention import all_go
from campaigns.responses import ERASED
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.holding import forget_held
from campaigns.store.responses import get_response, response_count
from campaigns.store.store import loaded_slugs, open_store

TOGETHER = 250
WHO = "job:forgetting"


def erase_again(connections: Connections, entries: Sequence[Entry]) -> int:
    """Erases in a store what a journal says was erased; returns how many responses still held it."""
    done = 0
    for slug in loaded_slugs(connections):
        store = open_store(connections, slug)
        total = response_count(store)
        for entry in entries:
            if (entry.slug, entry.born) != (slug, store.born):
                continue
            if entry.what == ERASURE:
                response = get_response(store, entry.first)
                # A number may have been given again where a store was lost; the time it came tells which is meant.
                if response and response.state != ERASED and response.received_ms == entry.received_ms:
                    done += erase(store, entry.first, WHO).done
            else:
                last = min(entry.last, total)
                for first in range(entry.first, last + 1, TOGETHER):
                    done += expire(store, range(first, min(first + TOGETHER, last + 1)), who=WHO)
                if all_go(store.campaign, store.campaign.window.local_day(entry.at_ms)):
                    forget_held(store)
    return done
