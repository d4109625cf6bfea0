"""The coding job, with the model and the taggers it keeps in memory; apart, so that no other worker loads them.

It may safely run twice, as all jobs may (see ``workers.jobs``).
"""

import os
from functools import cache
from pathlib import Path
from time import monotonic

from campaigns.coding.embedding import Embedder
from campaigns.coding.kept import tagger_for
from campaigns.consumers.coding import Coder, code_batch
from campaigns.consumers.replaying import replay_coding, replay_tallies
from campaigns.store.consumers import CODING, TALLIES, parked, renew_bell, ring_bell, silence_bell
from campaigns.store.intake import BELL_MS
from campaigns.store.server.places import data_dir
from campaigns.store.store import Store, loaded_slugs, open_store
from campaigns.store.taggers import adopted
from workers.jobs import connections
from workers.queues import ring

LONGEST_CODING_SECONDS = 30.0


@cache
def embedder() -> Embedder:
    """Returns the sentence model, loaded once a process."""
    return Embedder(model_folder())


def model_folder() -> Path:
    """Returns the folder that the model's graph and the taggers are kept in."""
    folder = data_dir(os.environ) / "model"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def _coder(slug: str, frame: str, tagger: str) -> Coder:
    store = open_store(connections(), slug)
    learnt, codes = adopted(store), tuple(code.id for code in store.campaign.frame.codes)
    if learnt is None or learnt.codes != codes:  # a tagger of an earlier frame knows other codes
        learnt = tagger_for(store.campaign.frame, model_folder(), embedder())
    return Coder(embedder(), learnt)


def coder_for(store: Store) -> Coder:
    """Returns the campaign's coder, kept in memory between jobs."""
    return _coder(store.slug, store.frame_version, store.state.get("tagger", ""))


def catch_up_coding(slug: str) -> None:
    """Codes the wishes of a campaign that came since it was last called."""
    store = open_store(connections(), slug)
    coder = coder_for(store)
    until = monotonic() + LONGEST_CODING_SECONDS
    renew_bell(store, CODING, BELL_MS)
    while _code_some(store, coder):
        renew_bell(store, CODING, BELL_MS)
        if monotonic() > until:
            ring(store, CODING)  # the rest waits its turn, behind what other campaigns have waiting
            return
    silence_bell(store, CODING)
    if _code_some(store, coder) and ring_bell(store, CODING, BELL_MS):
        ring(store, CODING)


def _code_some(store: Store, coder: Coder) -> bool:
    """Codes a batch, and tells whether there was one."""
    coded = code_batch(store, coder)
    if coded.ring:
        ring(store, TALLIES)
    return bool(coded.events)


def warm() -> None:
    """Loads the model and every campaign's tagger before the first wish comes."""
    for slug in loaded_slugs(connections()):
        coder_for(open_store(connections(), slug))


def replay_parked(slug: str) -> None:
    """Tries the responses of a campaign that were set aside again."""
    store = open_store(connections(), slug)
    replay_tallies(store)
    if any(one.consumer == CODING for one in parked(store)):
        replay_coding(store, coder_for(store))
    ring(store, TALLIES)
