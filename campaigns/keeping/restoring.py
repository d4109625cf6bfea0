"""Restoring a backup: what it holds in the place of what is there, without what was erased since, and proved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from campaigns.consumers.rebuilding import differences
from campaigns.consumers.tallying import catch_up, stand
from campaigns.events import write_data
from campaigns.keeping.archive import FILES, Manifest, check_archive, extract_body, extract_files
from campaigns.keeping.backing_up import as_listed, back_up, where_it_stands
from campaigns.keeping.erasing import erase_again
from campaigns.keeping.journal import Given, Journal
from campaigns.store.backups import Backup, all_backups, note_backup
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from campaigns.store.copying import check_logs, copy_all, empty, strip
from campaigns.store.keys import RESTORING
from campaigns.store.log import read_lines, verify
from campaigns.store.pausing import paused
from campaigns.store.responses import response_count
from campaigns.store.server.places import make_private
from campaigns.store.server.scratch import alone, served, workroom
from campaigns.store.staff import all_people
from campaigns.store.store import Store, loaded_slugs, open_store, record

Say = Callable[[str], None]
UNKNOWN_AHEAD = 100_000  # numbers passed over where nobody knows how many were given out after the backup
BUNDLES_AHEAD = 1000  # so that no number is written on two bundles of returns
BEFORE = "backups"
LOCK = "restore.lock"


class NotEmpty(ValueError):
    """A store that holds something, which a restore would take away."""


class NotProved(ValueError):
    """What was restored is not what the backup says."""


@dataclass(frozen=True)
class Restored:
    """What a restore did: the backup's manifest, a line on each campaign, how much it erased again, and what was kept before."""

    manifest: Manifest
    lines: list[str]
    erased_again: int
    before: Backup | None


def holds(connections: Connections) -> list[str]:
    """Returns what people have put into a store, in words; nothing of what a first start puts there by itself."""
    found = []
    for slug in loaded_slugs(connections):
        stands = where_it_stands(connections, slug)
        counts = [f"{stands[what]:,} {what}" for what in ("responses", "cards") if stands[what]]
        found += [f"{slug} with {' and '.join(counts)}"] if counts else []
    people = len(all_people(connections))
    return found + ([f"{people:,} member{'s' * (people != 1)} of staff"] if people else [])


def restore(connections: Connections, data: Path, path: Path, replace: bool = False, say: Say = lambda words: None) -> Restored:
    """Puts what a backup holds in the store's place; what was there is backed up first, and goes only with ``replace``.

    Nothing is taken in from before that backup on, so that it holds every response that was acknowledged.
    Raises NotEmpty, NotABackup, Unreadable, Misfit or NotProved. If it was stopped, giving it again begins anew.
    """
    say("Reading the backup through")
    manifest = check_archive(path)
    with alone(data, LOCK), paused(connections):
        before = _make_way(connections, data, manifest, replace, say)
        earlier, erased, ahead = _put_back(connections, data, path, manifest, say)
    extract_files(path, data / FILES)
    _list_all(connections, [as_listed(path.resolve(), manifest, ("", 0)), *earlier])
    lines = [_prove(connections, slug, manifest, say) for slug in sorted(manifest.campaigns)]
    connections.text.delete(RESTORING)
    return Restored(manifest, [*lines, *ahead], erased, before)


def _put_back(
    connections: Connections, data: Path, path: Path, manifest: Manifest, say: Say
) -> tuple[list[Backup], int, list[str]]:
    """Puts a backup in the store's place; returns the backups it lists, how much it erased again, and which numbers come next."""
    journal = Journal(data)
    journal.sync(connections)  # what was erased while the backup of before was made
    given = journal.given()
    with workroom(data) as room:
        raw = room / "store.rdb"
        extract_body(path, raw)
        with served(room / "server", raw) as copy:
            strip(copy)
            earlier = all_backups(copy)
            erased = erase_again(copy, journal.entries())
            # Before anybody sees the campaigns: from then on a response may come at any moment.
            ahead = [line for slug in sorted(manifest.campaigns) for line in _pass_over(open_store(copy, slug), manifest, given)]
            check_logs(copy)
            connections.text.set(RESTORING, manifest.id)
            empty(connections)
            copy_all(copy, connections, lambda done: say(f"Putting back: {done:,} keys"))
    return earlier, erased, ahead


def _list_all(connections: Connections, known: list[Backup]) -> None:
    """Puts backups on the list that it has not, so that what is erased from now on leaves them too."""
    listed = {one.id for one in all_backups(connections)}
    for one in known:
        if one.id not in listed:
            note_backup(connections, one)


def _make_way(connections: Connections, data: Path, manifest: Manifest, replace: bool, say: Say) -> Backup | None:
    """Backs up what is there where it may be replaced; nothing where there is nothing, or only half of this very backup.

    Once its campaigns can be seen it is no half any more: from then on they take responses in.
    """
    half = connections.text.get(RESTORING)
    there = [] if half == manifest.id and not loaded_slugs(connections) else holds(connections)
    if half and half != manifest.id:
        there = there or ["half of another backup"]
    if there and not replace:
        raise NotEmpty(
            f"The store is not empty: it holds {', '.join(there)}. Nothing was changed. To put the backup in its place "
            "(after a backup of what is there): the same command with --replace"
        )
    if not there:
        return None
    folder = data / BEFORE
    make_private(folder)
    say("Taking nothing in meanwhile. Backing up what is there first")
    return back_up(connections, data, folder / f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.zip", say)


def _prove(connections: Connections, slug: str, manifest: Manifest, say: Say) -> str:
    """Returns what was found of a restored campaign; raises NotProved where it is not what the backup says."""
    say(f"Checking {slug}")
    store, said = open_store(connections, slug), manifest.campaigns[slug]
    verdict = verify(store)
    if verdict.problem:
        raise NotProved(f"{slug}: its log does not verify: {verdict.problem}. Take another backup.")
    if verdict.events < said["event"] or not _link_fits(store, said["event"], said["link"]):
        raise NotProved(f"{slug}: its log is not the one the backup was made of. Take another backup.")
    catch_up(store)
    table = RowTable()
    stand(store, table)
    wrong = differences(store, table)
    if wrong:
        raise NotProved(f"{slug}: {len(wrong):,} rows differ from their responses. Run: bin/flask tallies rebuild {slug}")
    return f"{slug}: {verdict.events:,} events fit, {verdict.responses:,} responses are those they commit to, no row differs."


def _link_fits(store: Store, number: int, link: str) -> bool:
    return not number or [(at, kept) for at, _, kept in read_lines(store, number - 1, 1)] == [(number, link)]


def _pass_over(store: Store, manifest: Manifest, given: dict[tuple[str, str], Given]) -> list[str]:
    """Leaves out the numbers that may have been given out after the backup, so that a receipt or card of then opens nothing."""
    said = manifest.campaigns[store.slug]
    if store.demonstration or not said["event"]:
        return []
    far = Given(store.slug, store.born, said["responses"] + UNKNOWN_AHEAD, said["cards"] + UNKNOWN_AHEAD)
    mark = given.get((store.slug, store.born), far)
    last = response_count(store)
    skipped = [last + 1, mark.responses] if mark.responses > last else None
    bundles = int(store.text.hget(store.keys.of("returns"), "last") or 0)
    hashes = {"head": {"responses": str(mark.responses)}} if skipped else {}
    hashes |= {"returns": {"last": str(bundles + BUNDLES_AHEAD)}} if bundles else {}
    data = write_data("campaign.restored", backup=manifest.sha256, made=manifest.made, skipped=skipped)
    record(store.connections, store.slug, "campaign.restored", hashes=hashes, who="job:restore", data=data)
    if said["cards"] and mark.cards > said["cards"]:
        store.raw.setrange(store.keys.of("cards"), mark.cards, b"\0")
    return [f"{store.slug}: the next response has number {mark.responses + 1:,}."] if skipped else []
