"""The jobs: each loads, calls the consultation's own code, and saves. All may safely run twice.

Why they may: a catch-up reads the log from the cursor, writes what follows from present state,
and moves the cursor only if it is still where it was read.
"""

import os
from functools import cache
from pathlib import Path
from time import monotonic

from campaigns.coding.embedding import Embedder
from campaigns.coding.learning import tagger_for
from campaigns.consumers.coding import Coder, code_batch
from campaigns.consumers.tallying import catch_up, stand, tally_batch
from campaigns.demonstration import fill
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import CODING, TALLIES, behind, cursor, renew_bell, ring_bell, silence_bell
from campaigns.store.intake import BELL_MS
from campaigns.store.log import wait_for_events
from campaigns.store.places import data_dir
from campaigns.store.store import Store, open_store
from campaigns.store.taggers import adopted
from workers.queues import ring

QUIET_MS = 250
LONGEST_SECONDS = 2.0
LONGEST_CODING_SECONDS = 30.0
STAND_EVERY_SECONDS = 0.25


@cache
def connections() -> Connections:
    """Returns this worker's connections, made once."""
    return connect(os.environ)


@cache
def _table(slug: str) -> RowTable:
    return RowTable()


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
def _coder(slug: str, definition: str, tagger: str) -> Coder:
    store = open_store(connections(), slug)
    learnt = adopted(store) or tagger_for(store.campaign.frame, model_folder(), embedder())
    return Coder(embedder(), learnt)


def coder_for(store: Store) -> Coder:
    """Returns the campaign's coder, kept in memory between jobs."""
    return _coder(store.slug, store.state["definition"], store.state.get("tagger", ""))


def catch_up_tallies(slug: str) -> None:
    """Brings the rows and standing tallies of a campaign up to its last event."""
    store, table = open_store(connections(), slug), _table(slug)
    renew_bell(store, TALLIES, BELL_MS)
    started = stood = monotonic()
    while monotonic() - started < LONGEST_SECONDS:
        if tally_batch(store):
            if monotonic() - stood > STAND_EVERY_SECONDS:
                stand(store, table)
                stood = monotonic()
        elif not wait_for_events(store, cursor(store, TALLIES), QUIET_MS):
            break
    silence_bell(store, TALLIES)  # and leave it so: whatever comes from now on rings for another job
    catch_up(store)
    stand(store, table)
    if behind(store, CODING) and ring_bell(store, CODING, BELL_MS):
        ring(store, CODING)


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


def fill_demonstration(slug: str, responses: int) -> int:
    """Adds made-up responses to a demonstration campaign."""
    store = open_store(connections(), slug)
    done = fill(store, responses)
    ring(store, TALLIES)
    return done
