"""A server of our own over a snapshot, for as long as somebody reads it or takes something out of it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from campaigns.store.connection import Connections, connect
from campaigns.store.durability import Durability
from campaigns.store.server.embedded import EmbeddedServer, running_url
from campaigns.store.server.places import ServerFailed, make_data_folder, make_private, take

SNAPSHOT = "dump.rdb"
WHOLE = {"appendonly": "no", "dbfilename": SNAPSHOT, "rdb-version-check": "relaxed"}
ROOM, LOCK = "keeping", "lock"


class Busy(ValueError):
    """Another backup, restore or the like is under way in this data folder."""


class Unreadable(ValueError):
    """A snapshot that our server cannot read; the text says what it said."""


class _Passing(Durability):
    """Nothing has to last here: what is wanted of this server is read out of it before it ends."""

    def settle(self, client: object) -> None:
        return


@contextmanager
def workroom(data: Path) -> Iterator[Path]:
    """Gives a private empty folder to one at a time, and removes it again; what a killed one left goes first.

    Raises Busy where another is at it.
    """
    with alone(data, LOCK) as room:
        try:
            _clear(room)
            yield Path(tempfile.mkdtemp(dir=room))
        finally:
            _clear(room)


@contextmanager
def alone(data: Path, lock: str) -> Iterator[Path]:
    """Gives the folder that all workrooms are in to one at a time who takes the lock of that name; raises Busy."""
    make_data_folder(data)
    room = data / ROOM
    make_private(room)
    held = take(room / lock)
    if held is None:
        raise Busy("Another backup, restore or clearing of backups is under way here. Give the command again when it has ended.")
    try:
        yield room
    finally:
        os.close(held)


def in_workroom(data: Path) -> bool:
    """Tells whether anything lies in the workroom: someone is at work there, or was killed."""
    room = data / ROOM
    return room.is_dir() and any(one.is_dir() for one in room.iterdir())


def sweep(data: Path) -> None:
    """Ends and removes what a killed backup, restore or clearing left; raises Busy where one is under way."""
    with workroom(data):
        pass


@contextmanager
def served(folder: Path, snapshot: Path, database: int = 0) -> Iterator[Connections]:
    """Runs a server over one database of a snapshot, which is removed from the disk once it is read; raises Unreadable.

    What is changed there is kept nowhere but in that server.
    """
    server = EmbeddedServer(folder, WHOLE)
    server.places.make()
    snapshot.replace(server.places.store / SNAPSHOT)
    try:
        reached = connect({"REDIS_URL": server.start()})
        (server.places.store / SNAPSHOT).unlink()
        _keep_one(reached, database)
        yield replace(reached, durability=_Passing(), pictures="")  # what is erased in a copy leaves the files of today
        reached.close()
    except ServerFailed as words:
        raise Unreadable(f"The snapshot cannot be read. {str(words).splitlines()[0]}") from words
    finally:
        server.stop()


def _keep_one(reached: Connections, database: int) -> None:
    """Makes the database that was asked for the first and only one."""
    if database:
        reached.raw.swapdb(0, database)
    for name in reached.raw.info("keyspace"):
        if (other := int(name.removeprefix("db"))) != 0:
            reached.raw.swapdb(0, other)
            reached.raw.flushdb()
            reached.raw.swapdb(0, other)


def _clear(room: Path) -> None:
    for left in room.iterdir():
        if left.is_dir():
            for folder in (left, *(inside for inside in left.iterdir() if inside.is_dir())):
                if running_url(folder):
                    server = EmbeddedServer(folder)
                    server.start()
                    server.stop()
            shutil.rmtree(left)
