"""The job that writes a working draft, or counts one anew beside what stands in it.

It may safely run twice, as all jobs may (see ``workers.jobs``).
"""

from dataclasses import replace

from campaigns.drafts.freezing import freeze
from campaigns.drafts.writing import write_draft
from campaigns.store.blocks import RowTable
from campaigns.store.store import open_store
from campaigns.store.workings import WORKING, get_working, keep_working
from workers.jobs import connections

LOOKS = 5


def write_working(slug: str, known: str) -> None:
    """Writes a draft and freezes it; where one stands already it waits beside that until somebody takes it."""
    store = open_store(connections(), slug)
    asked = get_working(store, known)
    if asked is None or asked.state != WORKING:
        return
    frozen = freeze(write_draft(store, RowTable(), asked.kind, home=asked.home, only=asked.only))
    for _ in range(LOOKS):  # somebody may save their words meanwhile
        now = get_working(store, known)
        if now is None or now.state != WORKING:
            return
        changed = replace(now, waiting=frozen) if now.kept else replace(now, kept=frozen)
        if keep_working(store, changed, now.revision):
            return
