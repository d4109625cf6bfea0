"""The jobs of the living frame: a draft's preview, and coding again by one that was adopted; apart, for they load the model.

They may safely run twice, as all jobs may (see ``workers.jobs``).
"""

from campaigns.coding.kept import tagger_for
from campaigns.consumers.reframing import preview, reframe
from campaigns.store.consumers import TALLIES
from campaigns.store.frames import draft_of
from campaigns.store.reframing import keep_preview
from campaigns.store.store import open_store
from workers.coding import coder_for, embedder, model_folder
from workers.jobs import connections
from workers.queues import ring


def preview_frame(slug: str) -> None:
    """Codes wishes as the draft would, and keeps what would move."""
    store = open_store(connections(), slug)
    if draft := draft_of(store):
        keep_preview(store, preview(store, draft, tagger_for(draft.frame, model_folder(), embedder())))


def reframe_wishes(slug: str) -> None:
    """Carries people's codings over to the frame that was adopted, and codes all others again."""
    store = open_store(connections(), slug)
    for _, rung in reframe(store, coder_for(store)):
        if rung:
            ring(store, TALLIES)
