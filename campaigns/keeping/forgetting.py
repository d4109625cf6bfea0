"""Taking out of the backups what was erased after they were made, or whose time is up since."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from campaigns.keeping.archive import FILES, NotABackup, check_archive, extract_body, extract_files, read_manifest
from campaigns.keeping.backing_up import as_listed, write_store
from campaigns.keeping.erasing import erase_again
from campaigns.keeping.journal import Entry, Journal, Point
from campaigns.store.backups import Backup, all_backups, note_backup
from campaigns.store.connection import Connections
from campaigns.store.server.places import DAMAGED
from campaigns.store.server.scratch import Unreadable, served, sweep, workroom
from campaigns.store.server.snapshot import NoSnapshot

Say = Callable[[str], None]


@dataclass
class Forgotten:
    """What clearing the backups came to: those written anew, and those that still hold what was erased."""

    cleared: list[Backup] = field(default_factory=list)
    unreachable: list[Backup] = field(default_factory=list)


def still_hold(connections: Connections, data: Path) -> list[tuple[Backup, list[Entry]]]:
    """Returns the backups that may hold what was erased since, each with those erasures."""
    journal = Journal(data)
    each = [(backup, _touching(backup, journal)) for backup in all_backups(connections)]
    return [(backup, entries) for backup, entries in each if entries]


def forget(connections: Connections, data: Path, say: Say = lambda words: None) -> Forgotten:
    """Writes anew every backup on the list that can be reached and holds what was erased since it was made.

    One that is damaged, or has no room to be written, counts as one that cannot be reached. Raises Busy.
    """
    journal = Journal(data)
    end, outcome = journal.sync(connections), Forgotten()
    sweep(data)  # what a killed backup left holds what was erased, too
    for backup in all_backups(connections):
        entries = _touching(backup, journal)
        if not entries:
            note_backup(connections, replace(backup, journal=end))
        elif cleared := _try_to_clear(backup, entries, data, end, say):
            note_backup(connections, cleared)
            outcome.cleared.append(cleared)
        else:
            note_backup(connections, replace(backup, missed=end[1]))
            outcome.unreachable.append(backup)
    return outcome


def _try_to_clear(backup: Backup, entries: list[Entry], data: Path, end: Point, say: Say) -> Backup | None:
    """Writes a backup anew; returns it as the list has it then, None where that cannot be done."""
    if not reachable(backup):
        return None
    say(f"Writing {backup.path} anew")
    try:
        return _write_anew(backup, entries, data, end)
    except (NotABackup, Unreadable, NoSnapshot, OSError):
        return None


def overdue(connections: Connections, end: Point) -> bool:
    """Tells whether a backup was not looked at since the journal's end, reached or not."""
    return any(backup.journal != end and backup.missed != end[1] for backup in all_backups(connections))


def left_lying(data: Path) -> list[Path]:
    """Returns the copies of a damaged store that were set aside for whoever mends it, from which nothing is ever erased."""
    return sorted(data.glob(f"{DAMAGED}*"))


def reachable(backup: Backup) -> bool:
    """Tells whether a backup's file is where the list says, and is that one, be it written anew and not noted since."""
    try:
        return read_manifest(Path(backup.path)).id == backup.id
    except (OSError, NotABackup):
        return False


def _touching(backup: Backup, journal: Journal) -> list[Entry]:
    stands = {(slug, about["born"]): int(about["responses"]) for slug, about in backup.campaigns.items()}
    return [
        entry for entry in journal.entries(backup.journal) if entry.first <= stands.get((entry.slug, entry.born), 0)
    ]


def _write_anew(backup: Backup, entries: list[Entry], data: Path, end: Point) -> Backup:
    path = Path(backup.path)
    manifest = check_archive(path)
    with workroom(data) as room:
        raw, files = room / "store.rdb", room / FILES
        extract_body(path, raw)
        extract_files(path, files)
        with served(room / "server", raw) as copy:
            erase_again(copy, entries)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            written = write_store(copy, path, files, replace(manifest, forgotten=now))
    return as_listed(path, written, end)
