"""Making a backup: a snapshot of the store as of one moment, opened and read before it is called one."""

import secrets
import socket
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.keeping.archive import FILES, Manifest, NotABackup, read_manifest, write_archive
from campaigns.keeping.journal import Journal, Point
from campaigns.store.backups import Backup, all_backups, note_backup, strike_backup
from campaigns.store.connection import Connections
from campaigns.store.copying import strip
from campaigns.store.log import seal
from campaigns.store.pausing import resume
from campaigns.store.server.disk import free_bytes, in_megabytes
from campaigns.store.server.places import REPOSITORY
from campaigns.store.server.scratch import served, workroom
from campaigns.store.server.snapshot import take_snapshot
from campaigns.store.store import loaded_slugs, open_store

Say = Callable[[str], None]


class NoRoomForIt(ValueError):
    """Too little space for a backup; nothing of it was begun."""


def back_up(connections: Connections, data: Path, asked: Path, say: Say = lambda words: None) -> Backup:
    """Writes a backup of everything, while the service goes on; a folder gets one named by the time.

    Raises NotABackup where another kind of file would be overwritten, NoRoomForIt, and NoSnapshot where the server gives none.
    """
    at = datetime.now(UTC)
    path = choose_path(asked, at)
    for slug in loaded_slugs(connections):
        seal(open_store(connections, slug), "job:backup")
    journal = Journal(data).sync(connections)
    with workroom(data) as room:
        _check_room(connections, room)
        raw = room / "whole.rdb"
        with raw.open("xb") as into:
            size = take_snapshot(connections.raw, into, lambda done: say(f"Reading the store: {done / 1e6:,.1f} MB"))
        say(f"Read the store: {size / 1e6:,.1f} MB. Opening what was read")
        with served(room / "server", raw, _database(connections)) as copy:
            begun = Manifest(secrets.token_hex(4), *_moment(at), software_version())
            manifest = write_store(copy, path, data / FILES, begun, say)
    return _note(connections, path, manifest, journal)


def _check_room(connections: Connections, folder: Path) -> None:
    """Raises NoRoomForIt where a backup could take the space that the store needs to go on."""
    needed = 2 * int(connections.raw.info("memory")["used_memory"]) + connections.room.least
    free = free_bytes(folder) or 0
    if free < needed:
        raise NoRoomForIt(
            f"{folder.parent} has {in_megabytes(free)} free; a backup may need {in_megabytes(needed)} there for a while "
            "without taking the store's own. Make room, or set DATA_DIR to a folder on a larger disk where REDIS_URL is set."
        )


def choose_path(asked: Path, at: datetime) -> Path:
    """Returns where the backup goes; raises NotABackup where another kind of file is."""
    if asked.is_dir():
        return asked.resolve() / f"three-wishes-{at:%Y%m%d-%H%M%S}.zip"
    if asked.exists():
        try:
            read_manifest(asked)
        except NotABackup:
            raise NotABackup(f"{asked} is there already and is no backup, so it is left as it is. Choose another name.") from None
    return asked.resolve()


def write_store(copy: Connections, path: Path, files: Path, manifest: Manifest, say: Say = lambda words: None) -> Manifest:
    """Writes what a store of our own holds as a backup; returns its manifest, with where each campaign stands."""
    strip(copy)
    resume(copy)
    stands = {slug: where_it_stands(copy, slug) for slug in loaded_slugs(copy)}
    say("Writing the backup")
    return write_archive(
        path, Manifest(**{**manifest.__dict__, "campaigns": stands}),
        lambda into: take_snapshot(copy.raw, into, lambda done: say(f"Writing the backup: {done / 1e6:,.1f} MB")), files,
    )


def where_it_stands(connections: Connections, slug: str) -> dict[str, Any]:
    """Returns a campaign's birth, last event with its link, seal and how far that reaches, responses and cards."""
    store = open_store(connections, slug)
    head = store.text.hgetall(store.keys.of("head"))
    return {
        "born": store.born, "event": int(head.get("event", 0)), "link": head.get("link", ""), "seal": head.get("seal", ""),
        "sealed": int(head.get("sealed", 0)), "responses": int(head.get("responses", 0)),
        "cards": max(store.raw.strlen(store.keys.of("cards")) - 1, 0),
    }


@cache
def software_version() -> str:
    """Returns this software's version."""
    return str(tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"])


def _moment(at: datetime) -> tuple[int, str]:
    return int(at.timestamp() * 1000), at.isoformat(timespec="seconds")


def _database(connections: Connections) -> int:
    return int(connections.raw.connection_pool.connection_kwargs.get("db") or 0)


def keep_newest(connections: Connections, folder: Path, most: int) -> list[Backup]:
    """Destroys the backups in a folder of this machine but the newest; returns those that are gone."""
    here = [one for one in all_backups(connections) if one.host == socket.gethostname() and Path(one.path).parent == folder]
    for old in here[most:]:
        Path(old.path).unlink(missing_ok=True)
        strike_backup(connections, old.id)
    return here[most:]


def _note(connections: Connections, path: Path, manifest: Manifest, journal: Point) -> Backup:
    for other in all_backups(connections):
        if (other.host, other.path) == (socket.gethostname(), str(path)):
            strike_backup(connections, other.id)  # its file was written over
    made = as_listed(path, manifest, journal)
    note_backup(connections, made)
    return made


def as_listed(path: Path, manifest: Manifest, journal: Point) -> Backup:
    """Returns a backup's file as the list has it."""
    size = path.stat().st_size
    return Backup(
        manifest.id, manifest.at_ms, socket.gethostname(), str(path), size, manifest.sha256, manifest.campaigns, journal
    )
