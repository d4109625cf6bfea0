"""Wishes by their words: SQLite's full-text search, with forms of words, phrases, and accents or none."""

import re
import sqlite3
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from campaigns.consumers.tallying import touched
from campaigns.events import Event
from campaigns.responses import LIVE
from campaigns.store.responses import read_fields
from campaigns.store.store import Store

SLOTS = 16  # a wish is known by its response's number times this, and its slot
LONGEST = 500
NOTHING: NDArray[np.int64] = np.zeros(0, np.int64)
TABLES = (
    "CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE TABLE hidden (wish INTEGER PRIMARY KEY)",  # those of which some words were redacted
)
LEAVES_WORDS = frozenset({
    "wishes.coded", "wish.coded", "wish.uncoded", "wish.carried", "wish.moderated", "wish.redacted", "response.placed",
})
HIDES = frozenset({"wish.redacted", "response.revised", "response.erased"})
_PARTS = re.compile(r'"([^"]*)"|(\S+)')
_AROUND = re.compile(r"^\W+|\W+$")


class CannotLook(ValueError):
    """A search that cannot be answered; the message says what to do."""


class NothingToLookFor(CannotLook):
    """A search that holds no word; the message says what to type."""


def as_query(typed: str) -> str:
    """Returns what SQLite looks for: every word, in any form it has, and what stands in quotes as it stands there.

    Raises NothingToLookFor.
    """
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


def holding(file: sqlite3.Connection, query: str) -> NDArray[np.int64]:
    """Returns the wishes that hold what is looked for, as response number times 16 and slot, in no order.

    As one text: tens of thousands of rows, each an object, would take longer than finding them.
    """
    joined = file.execute("SELECT group_concat(rowid) FROM words WHERE words MATCH ?", (query,)).fetchone()[0]
    return np.fromstring(joined, np.int64, sep=",") if joined else NOTHING


def replace(file: sqlite3.Connection, store: Store, events: Iterable[Event]) -> None:
    """Puts the present words of the responses that events touch in place of those before."""
    numbers = _touched(events)
    fields = read_fields(store, numbers)
    slots = range(1, store.campaign.wishes_each + 1)
    texts = {
        number * SLOTS + slot: kept[b"w%d" % slot].decode() for number, kept in fields.items() for slot in slots
        if kept.get(b"l") == LIVE.encode() and b"w%d" % slot in kept
    }
    before = file.total_changes
    file.executemany("DELETE FROM words WHERE rowid BETWEEN ? AND ?", ((n * SLOTS, n * SLOTS + SLOTS - 1) for n in numbers))
    gone = file.total_changes > before
    file.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", texts.items())
    if gone:
        file.execute("INSERT INTO words(words) VALUES ('optimize')")


def hide(file: sqlite3.Connection, store: Store, events: Iterable[Event]) -> None:
    """Notes which wishes have redacted words: whoever may not read these shall not find out by looking for them."""
    numbers = sorted({event.subject for event in events if event.name in HIDES})
    slots = range(1, store.campaign.wishes_each + 1)
    file.executemany("DELETE FROM hidden WHERE wish BETWEEN ? AND ?", ((n * SLOTS, n * SLOTS + SLOTS - 1) for n in numbers))
    kept = read_fields(store, numbers).items()
    redacted = ((number * SLOTS + slot,) for number, fields in kept for slot in slots if b"r%d" % slot in fields)
    file.executemany("INSERT INTO hidden VALUES (?)", redacted)


def hidden(file: sqlite3.Connection) -> NDArray[np.int64]:
    """Returns the wishes that have redacted words, numbered as ``holding`` does."""
    return np.array([wish for wish, in file.execute("SELECT wish FROM hidden")], np.int64)


def _touched(events: Iterable[Event]) -> list[int]:
    """Returns the responses whose words may have changed; codings change none."""
    some = [event for event in events if event.name not in LEAVES_WORDS]
    return sorted({*touched(some), *expired(some)})


def expired(events: Iterable[Event]) -> set[int]:
    """Returns the responses whose words some events say have gone."""
    ranges = [one for event in events if event.name == "words.expired" for one in event.data["ranges"]]
    return {number for first, last in ranges for number in range(first, last + 1)}
