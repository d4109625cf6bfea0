"""The jobs: each loads, calls the consultation's own code, and saves. All may safely run twice.

Why they may: a catch-up reads the log from the cursor, writes what follows from present state,
and moves the cursor only if it is still where it was read; printing draws only the files that are not there yet; a release
is made only where none was since the last; an export begins again, and takes the place of nothing until it is whole; an e-mail
is struck off once it has gone, and may go twice where its worker was killed in between.
"""

import os
from contextlib import suppress
from functools import cache
from importlib import import_module
from time import monotonic, sleep

from campaigns.cards.print.making import make_files
from campaigns.cards.print.orders import NoSuchOrder, find_order
from campaigns.cards.scans.working import read_scan
from campaigns.consumers.grouping import regroup
from campaigns.consumers.tallying import BATCH, catch_up, stand, tally_batch
from campaigns.demonstration import fill
from campaigns.drafts.making import make_draft
from campaigns.exports.making import make_file
from campaigns.exports.orders import DRAFTS
from campaigns.exports.orders import NoSuchOrder as NoSuchExport
from campaigns.exports.orders import find_order as find_export
from campaigns.keeping import duties
from campaigns.keeping.retention import local_today
from campaigns.mailing.working import send_waiting
from campaigns.open_data.releases import CannotRelease, due, release
from campaigns.searching.index import keep_up
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import CODING, TALLIES, behind, cursor, renew_bell, ring_bell, silence_bell
from campaigns.store.intake import BELL_MS
from campaigns.store.log import wait_for_events
from campaigns.store.scans import unread_scans
from campaigns.store.server.places import data_dir
from campaigns.store.store import Store, open_store
from workers.queues import NOTICES, SCANS, SCANS_BELL_MS, ring

QUIET_MS = 250
LONGEST_SECONDS = 2.0
STAND_EVERY_SECONDS = 0.25
GATHER_SECONDS = 0.1


@cache
def connections() -> Connections:
    """Returns this worker's connections, made once."""
    return connect(os.environ)


@cache
def _table(slug: str) -> RowTable:
    return RowTable()


def catch_up_tallies(slug: str) -> None:
    """Brings the rows and standing tallies of a campaign up to its last event."""
    store, table = open_store(connections(), slug), _table(slug)
    renew_bell(store, TALLIES, BELL_MS)
    started = stood = monotonic()
    while (began := monotonic()) - started < LONGEST_SECONDS:
        if done := tally_batch(store):
            _ring_coding(store)  # now: at eight responses a second this job never falls quiet before its time is up
            _let_gather(done, began)
            if monotonic() - stood > STAND_EVERY_SECONDS:
                stand(store, table)
                stood = monotonic()
        elif not wait_for_events(store, cursor(store, TALLIES), QUIET_MS):
            break
    silence_bell(store, TALLIES)  # and leave it so: whatever comes from now on rings for another job
    catch_up(store)
    stand(store, table)
    _ring_coding(store)


def _ring_coding(store: Store) -> None:
    if behind(store, CODING) and ring_bell(store, CODING, BELL_MS):
        ring(store, CODING)


def _let_gather(done: int, began: float) -> None:
    """Waits a little after a small batch: at full load it would otherwise do three responses at a time, at thrice the cost."""
    if done < BATCH:
        sleep(max(GATHER_SECONDS - (monotonic() - began), 0))


def fill_demonstration(slug: str, responses: int) -> int:
    """Adds made-up responses to a demonstration campaign."""
    store = open_store(connections(), slug)
    done = fill(store, responses)
    ring(store, TALLIES)
    return done


def read_scans(slug: str) -> None:
    """Reads the uploads of a campaign that are still to be read; one that fails keeps the others from nothing."""
    store, failures = open_store(connections(), slug), []
    for scan in unread_scans(store):
        try:
            read_scan(store, scan, lambda: renew_bell(store, SCANS, SCANS_BELL_MS))
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise failures[-1]  # its bell falls silent by itself, and the schedule asks again
    silence_bell(store, SCANS)


def print_files(slug: str, batch: int, paper: str) -> None:
    """Makes the files of one batch of cards on one paper, or what a job before left of them."""
    with suppress(NoSuchOrder):  # its files were taken away meanwhile
        make_files(find_order(open_store(connections(), slug), data_dir(os.environ), batch, paper))


def export_file(slug: str, order: str) -> None:
    """Makes the file of one export, from the beginning."""
    with suppress(NoSuchExport):  # it was taken away meanwhile
        make_file(find_export(open_store(connections(), slug), data_dir(os.environ), order))


def release_figures(slug: str) -> None:
    """Releases a campaign's open data, where it is due; what stands in the way now may be gone when the schedule looks again."""
    store = open_store(connections(), slug)
    if due(store, local_today(store.campaign)):
        with suppress(CannotRelease):
            release(store, "job:schedule")


def draft_file(slug: str, order: str) -> None:
    """Writes one draft anew and makes its file."""
    with suppress(NoSuchExport):  # it was taken away meanwhile
        make_draft(find_export(open_store(connections(), slug), data_dir(os.environ), order, DRAFTS))


def keep_index(slug: str) -> None:
    """Takes what came into the index of words, and what went out of it."""
    keep_up(data_dir(os.environ), open_store(connections(), slug))


def learn_codes(slug: str) -> None:
    """Learns from what people coded in a campaign, and measures the tagger by it."""
    import_module("workers.teaching").learn_codes(slug)  # by name: what learns takes seconds to load, and is rarely needed


def preview_frame(slug: str) -> None:
    """Codes wishes as the draft of a frame would, and keeps what would move."""
    import_module("workers.reframing").preview_frame(slug)


def find_missed(slug: str) -> None:
    """Looks for groups of wishes that no code of the frame fits."""
    import_module("workers.missing").find_missed(slug)


def reframe_wishes(slug: str) -> None:
    """Codes a campaign again by the frame that was adopted; where it is stopped, it goes on."""
    import_module("workers.reframing").reframe_wishes(slug)


def write_working(slug: str, known: str) -> None:
    """Writes a working draft, or counts one anew."""
    import_module("workers.drafting").write_working(slug, known)


def keep_promises() -> None:
    """Lets words go whose time is up, and takes what was erased out of the backups."""
    duties.keep_promises(connections(), data_dir(os.environ))


def send_notices(slug: str) -> None:
    """Sends the e-mails of a campaign that wait; what cannot be sent waits for another try, and the job fails with the reason."""
    store = open_store(connections(), slug)
    send_waiting(store, os.environ)
    silence_bell(store, NOTICES)  # after a failure it falls silent by itself: nothing is tried more than once a minute


def group_alike(slug: str) -> None:
    """Looks for letter campaigns among a campaign's wishes."""
    regroup(open_store(connections(), slug))
