"""An index of wishes by their words: SQLite's full-text search in a file of this machine, made afresh wherever it is missing.

It follows the log by a cursor of its own, kept in the same file. Words that go from the store go from it: what is deleted is
written over (secure_delete), and the index is merged after each deletion, so that no part of it keeps a word of theirs.
It is made when somebody first looks for a word, so that nobody's words are copied for nothing.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.consumers.tallying import touched
from campaigns.events import Event
from campaigns.responses import LIVE
from campaigns.store.keys import Keys
from campaigns.store.log import last_event, read_events
from campaigns.store.responses import read_fields
from campaigns.store.server.places import make_private
from campaigns.store.store import Store

FOLDER = "search"
SLOTS = 16  # a wish is known by its response's number times this, and its slot
EVENTS = 5000
PATIENCE_SECONDS = 5.0
LONGEST = 500
NOTHING: NDArray[np.int64] = np.zeros(0, np.int64)
_PARTS = re.compile(r'"([^"]*)"|(\S+)')
_AROUND = re.compile(r"^\W+|\W+$")
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS about (born TEXT, upto INTEGER)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')",
)


class CannotLook(ValueError):
    """A search that cannot be answered; the message says what to do."""


class NothingToLookFor(CannotLook):
    """A search that holds no word; the message says what to type."""


def index_file(data: Path, slug: str) -> Path:
    """Returns where a campaign's index lies in the data folder."""
    return data / FOLDER / f"{Keys(slug).slug}.sqlite"


def as_query(typed: str) -> str:
    """Returns what SQLite looks for: every word, in any form it has, and what stands in quotes as it stands there."""
    whole = typed[:LONGEST].replace("\x00", " ")
    parts = [(phrase,) if phrase else _forms(_AROUND.sub("", word.replace('"', ""))) for phrase, word in _PARTS.findall(whole)]
    kept = [forms for forms in parts if any(letter.isalnum() for letter in forms[0])]
    if not kept:
        raise NothingToLookFor("Type a word to look for, or several. Put a phrase in “straight quotes”: \"bus station\".")
    return " AND ".join("(" + " OR ".join(f'"{form}"' for form in forms) + ")" for forms in kept)


def _forms(word: str) -> tuple[str, ...]:
    """Returns a word with the form that Porter's stemmer takes for another word's: it makes bu of bus, and buse of buses."""
    if word.casefold().endswith("ses"):
        return word, word[:-2]
    return (word, f"{word}es") if word.casefold().endswith("s") else (word,)


def look_for(data: Path, store: Store, typed: str) -> tuple[NDArray[np.int64], int]:
    """Returns the wishes that hold all words, as response number times 16 and slot, and how many events are not looked at yet.

    Some of what came since is taken in first. Raises CannotLook.
    """
    query = as_query(typed)
    with _opened(data, store) as index:
        behind = _catch_up(index, store, EVENTS)
        found = index.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (query,)).fetchall()
    return (np.array(found, np.int64)[:, 0] if found else NOTHING), behind


def keep_up(data: Path, store: Store, most: int | None = None) -> int:
    """Takes in what came since, all of it or so many events; returns how many are left. Another process may be at it already."""
    with _opened(data, store) as index:
        return _catch_up(index, store, most)


def _catch_up(index: sqlite3.Connection, store: Store, most: int | None) -> int:
    last, done = last_event(store), 0
    with suppress(sqlite3.OperationalError):  # locked: another process is at it
        while (most is None or done < most) and (events := read_events(store, _upto(index), EVENTS)):
            _take_in(index, store, events)
            done += len(events)
    return max(last - _upto(index), 0)


def is_behind(data: Path, store: Store) -> bool:
    """Tells whether there is an index that lacks something, or keeps something that has gone."""
    if not index_file(data, store.slug).exists():
        return False
    with suppress(CannotLook), _opened(data, store) as index:
        return _upto(index) != last_event(store)
    return False


def sweep_removed(data: Path, slugs: Iterable[str]) -> None:
    """Removes the indexes of campaigns that are there no more."""
    kept = {index_file(data, slug).stem for slug in slugs}
    for path in (data / FOLDER).glob("*.sqlite"):
        if path.stem not in kept:
            path.unlink(missing_ok=True)


@contextmanager
def _opened(data: Path, store: Store) -> Iterator[sqlite3.Connection]:
    path = index_file(data, store.slug)
    make_private(path.parent)
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)) as index:
            path.chmod(0o600)
            index.execute("PRAGMA secure_delete=ON")
            index.execute("PRAGMA synchronous=OFF")  # a lost index is made again
            _begin_afresh(index, store)
            yield index
    except sqlite3.OperationalError as failure:
        raise CannotLook("The index of words is being put in order. Look again in a moment.") from failure
    except sqlite3.DatabaseError as damage:
        path.unlink(missing_ok=True)
        raise CannotLook("The index of words was damaged and is made again. Look again in a moment.") from damage


def _begin_afresh(index: sqlite3.Connection, store: Store) -> None:
    """Empties an index of another campaign of that name, or of a log that was longer: a restored one."""
    _lay_out(index)
    about = index.execute("SELECT born, upto FROM about").fetchone()
    if about and about[0] == store.born and about[1] <= last_event(store):
        return
    index.executescript("BEGIN IMMEDIATE; DROP TABLE IF EXISTS words; DELETE FROM about;")
    _lay_out(index)
    index.execute("INSERT INTO about VALUES (?, 0)", (store.born,))
    index.execute("COMMIT")


def _lay_out(index: sqlite3.Connection) -> None:
    for statement in SCHEMA:
        index.execute(statement)


def _upto(index: sqlite3.Connection) -> int:
    return int(index.execute("SELECT upto FROM about").fetchone()[0])


def _take_in(index: sqlite3.Connection, store: Store, events: list[Event]) -> None:
    """Puts the present words of the responses that some events touch in place of those before, all of it or nothing."""
    index.execute("BEGIN IMMEDIATE")
    try:
        at = _upto(index)
        if at < events[0].number:
            numbers = _touched(events)
            gone = _replace(index, store, numbers)
            if gone:
                index.execute("INSERT INTO words(words) VALUES ('optimize')")
            index.execute("UPDATE about SET upto = ?", (events[-1].number,))
        index.execute("COMMIT")
    except BaseException:
        index.execute("ROLLBACK")
        raise


def _touched(events: Iterable[Event]) -> list[int]:
    """Returns the responses whose words may have changed; codings change none."""
    some = [event for event in events if event.name not in ("wishes.coded", "wish.coded", "wish.moderated", "response.placed")]
    ranges = [one for event in some if event.name == "words.expired" for one in event.data["ranges"]]
    return sorted({*touched(some), *(number for first, last in ranges for number in range(first, last + 1))})


def _replace(index: sqlite3.Connection, store: Store, numbers: list[int]) -> bool:
    """Tells whether any words went."""
    fields = read_fields(store, numbers)
    slots = range(1, store.campaign.wishes_each + 1)
    texts = {
        number * SLOTS + slot: kept[b"w%d" % slot].decode() for number, kept in fields.items() for slot in slots
        if kept.get(b"l") == LIVE.encode() and b"w%d" % slot in kept
    }
    before = index.total_changes
    index.executemany("DELETE FROM words WHERE rowid BETWEEN ? AND ?", ((n * SLOTS, n * SLOTS + SLOTS - 1) for n in numbers))
    gone = index.total_changes > before
    index.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", texts.items())
    return gone
