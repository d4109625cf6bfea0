"""The job that learns from what people coded; apart, so that no other worker loads what it needs.

It may safely run twice, as all jobs may (see ``workers.jobs``).
"""

from campaigns.consumers.measuring import measure_by_people
from campaigns.consumers.teaching import teach
from campaigns.store.store import open_store
from campaigns.store.taught import MEASURED, note
from workers.coding import coder_for, embedder, model_folder
from workers.jobs import connections


def learn_codes(slug: str) -> None:
    """Lets a better tagger take over where people's codings make one, and keeps how well the machine agrees with people."""
    store = open_store(connections(), slug)
    if measured := measure_by_people(store):
        note(store, MEASURED, measured)
        teach(store, coder_for(store).tagger, embedder(), model_folder())
