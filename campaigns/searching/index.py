"""What this machine keeps to look wishes up by: a SQLite file, made afresh wherever it is missing, that follows the log.

In it lie the wishes' words, the signs of their vectors, and which events are about which response. It has a cursor of its own,
with the link of the event it stands at, so that another log under the same name, a restored one, is known at once.
It is made when somebody first looks, so that nobody's words are copied for nothing. Words and signs that go from the store
go from it: what is deleted is written over (secure_delete), and the words are merged after each deletion, so that no part
of the file keeps a word of theirs.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import monotonic

from campaigns.events import Event
from campaigns.searching import history, signs, words
from campaigns.searching.words import CannotLook
from campaigns.store.keys import Keys
from campaigns.store.log import last_event, read_events, read_lines
from campaigns.store.server.places import ServerFailed, make_private
from campaigns.store.store import Store

FOLDER = "search"
VERSION = 3  # raise it when what is kept changes: older files are then made afresh
EVENTS = 1000  # taken in at once; others wait for no longer than that takes
FEW, LITTLE_SECONDS = 250, 0.1  # what a page takes in before it answers, about so long
PATIENCE_SECONDS = 5.0
TABLES = ("about", "words", "hidden", "signs", "acts", "wide")
ABOUT = "CREATE TABLE IF NOT EXISTS about (born TEXT, life TEXT, upto INTEGER, link TEXT)"
# What may take something away. A page leaves these to a job: the merging after them takes as long as the index is large.
TAKES_AWAY = frozenset({"response.revised", "response.withdrawn", "response.erased", "words.expired"})


@dataclass(frozen=True)
class Index:
    """An open index: how many events it has not looked at yet, and what tells it from one made before it."""

    connection: sqlite3.Connection
    behind: int
    life: str


def index_file(data: Path, slug: str) -> Path:
    """Returns where a campaign's index lies in the data folder."""
    return data / FOLDER / f"{Keys(slug).slug}.sqlite"


@contextmanager
def opened(data: Path, store: Store) -> Iterator[Index]:
    """Gives the index to be read, made first where there is none, with a little of what came since; raises CannotLook."""
    with _opened(data, store) as file:
        _take_a_little(file, store)
        life, upto = file.execute("SELECT life, upto FROM about").fetchone()
        yield Index(file, max(last_event(store) - upto, 0), life)


def keep_up(data: Path, store: Store) -> int:
    """Takes in all that came since; returns how many events are left, as where another process is at it already."""
    with _opened(data, store) as file:
        with suppress(sqlite3.OperationalError):  # locked
            while events := read_events(store, _upto(file), EVENTS):
                _take_in(file, store, events)
        return max(last_event(store) - _upto(file), 0)


def is_behind(data: Path, store: Store) -> bool:
    """Tells whether there is an index that lacks something, or keeps something that has gone."""
    return (upto := reached(data, store)) is not None and upto != last_event(store)


def reached(data: Path, store: Store) -> int | None:
    """Returns the last event that the index has taken in; None where there is no index, or it cannot be asked now."""
    if index_file(data, store.slug).exists():
        with suppress(CannotLook), _opened(data, store) as file:
            return _upto(file)
    return None


def sweep_removed(data: Path, slugs: Iterable[str]) -> None:
    """Removes the indexes of campaigns that are there no more."""
    kept = {index_file(data, slug).stem for slug in slugs}
    for path in (data / FOLDER).glob("*.sqlite"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)


@contextmanager
def _opened(data: Path, store: Store) -> Iterator[sqlite3.Connection]:
    path = index_file(data, store.slug)
    try:
        make_private(path.parent)
        with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)) as file:
            path.chmod(0o600)
            file.execute("PRAGMA secure_delete=ON")
            file.execute("PRAGMA synchronous=OFF")  # a lost index is made again
            _begin_afresh(file, store)
            yield file
    except sqlite3.OperationalError as failure:
        raise CannotLook("The index of words is being put in order. Look again in a moment.") from failure
    except sqlite3.DatabaseError as damage:
        path.unlink(missing_ok=True)
        raise CannotLook("The index of words was damaged and is made again. Look again in a moment.") from damage
    except (ServerFailed, PermissionError) as shut:
        raise CannotLook("No index can be kept on this machine. Tell whoever runs it: its data folder is shut.") from shut


def _begin_afresh(file: sqlite3.Connection, store: Store) -> None:
    """Empties an index of an older kind, of another campaign of that name, or of another log: a restored one."""
    if file.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        born, upto, link = file.execute("SELECT born, upto, link FROM about").fetchone()
        if born == store.born and link == _link(store, upto):
            return
    file.execute("BEGIN IMMEDIATE")
    for table in TABLES:
        file.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in (ABOUT, *words.TABLES, *signs.TABLES, *history.TABLES):
        file.execute(statement)
    file.execute("INSERT INTO about VALUES (?, ?, 0, '')", (store.born, token_hex(8)))
    file.execute(f"PRAGMA user_version = {VERSION}")
    file.execute("COMMIT")


def _link(store: Store, number: int) -> str:
    """Returns the link of an event of the log, "" where it has none of that number."""
    return next((link for at, _, link in read_lines(store, number - 1, 1) if at == number), "") if number else ""


def _upto(file: sqlite3.Connection) -> int:
    return int(file.execute("SELECT upto FROM about").fetchone()[0])


def _take_a_little(file: sqlite3.Connection, store: Store) -> None:
    """Takes in what came since, for a moment, as long as nothing goes; waits for no other process that is at it."""
    until = monotonic() + LITTLE_SECONDS
    file.execute("PRAGMA busy_timeout = 0")
    with suppress(sqlite3.OperationalError):
        while monotonic() < until and (events := _until_something_goes(read_events(store, _upto(file), FEW))):
            _take_in(file, store, events)
    file.execute(f"PRAGMA busy_timeout = {int(PATIENCE_SECONDS * 1000)}")


def _until_something_goes(events: list[Event]) -> list[Event]:
    goes = next((place for place, event in enumerate(events) if event.name in TAKES_AWAY), len(events))
    return events[:goes]


def _take_in(file: sqlite3.Connection, store: Store, events: list[Event]) -> None:
    """Puts the present state of the responses that some events touch in place of what was kept, all of it or nothing."""
    last = events[-1].number
    link = _link(store, last)
    file.execute("BEGIN IMMEDIATE")
    try:
        if _upto(file) == events[0].number - 1:
            words.replace(file, store, events)
            words.hide(file, store, events)
            signs.replace(file, store, events)
            history.note(file, events)
            file.execute("UPDATE about SET upto = ?, link = ?", (last, link))
        file.execute("COMMIT")
    except BaseException:
        file.execute("ROLLBACK")
        raise
