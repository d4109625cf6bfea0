"""Looking for letter campaigns among all wishes that are kept."""

from collections.abc import Iterator

from campaigns.alike import group
from campaigns.responses import LIVE
from campaigns.store.alike import Place, keep_alike
from campaigns.store.log import last_event
from campaigns.store.responses import read_ahead, response_count
from campaigns.store.store import Store

TOGETHER = 1000


def regroup(store: Store) -> int:
    """Looks through every living wish for those sent in nearly the same words; returns how many campaigns there are."""
    event = last_event(store)
    groups = group(_wishes(store), store.campaign.letter_campaigns)
    keep_alike(store, event, groups)
    return len(groups)


def _wishes(store: Store) -> Iterator[tuple[Place, str]]:
    total = response_count(store)
    parts = [range(first, min(first + TOGETHER, total + 1)) for first in range(1, total + 1, TOGETHER)]
    for kept in read_ahead(store, parts):
        for number, fields in kept.items():
            if fields[b"l"] == LIVE.encode():
                for slot in range(1, store.campaign.wishes_each + 1):
                    if text := fields.get(b"w%d" % slot):
                        yield (number, slot), text.decode()
