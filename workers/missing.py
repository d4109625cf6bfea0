"""The job that looks for what the frame misses; apart, so that no other worker loads what it needs.

It may safely run twice, as all jobs may (see ``workers.jobs``).
"""

from campaigns.consumers.missing import look_for_missed
from campaigns.store.store import open_store
from workers.coding import coder_for
from workers.jobs import connections


def find_missed(slug: str) -> None:
    """Looks through the wishes that no code fits for groups that say the same."""
    store = open_store(connections(), slug)
    look_for_missed(store, coder_for(store).tagger.lexicon)
