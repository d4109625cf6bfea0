"""The journal of erasures: kept beside the store, so that no older backup brings back what was erased after it.

A line holds a campaign, numbers of responses and times; nothing that a person wrote, nor anything about one.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from campaigns.events import Event, read_event
from campaigns.store.connection import Connections
from campaigns.store.keys import JOURNALS
from campaigns.store.log import last_event, read_lines
from campaigns.store.responses import get_response, response_count
from campaigns.store.rewriting import mark_rewrite_due
from campaigns.store.store import Store, loaded_slugs, open_store

NAME = "erased.jsonl"
ERASURE, EXPIRY = "response.erased", "words.expired"
AHEAD = 5000  # numbers written down as given before they are, so that one line does for many
Point = tuple[str, int]  # a journal's id, and how far into it


@dataclass(frozen=True)
class Entry:
    """What was erased: a range of a campaign's responses, whole (``received_ms`` tells which it was) or in their words."""

    slug: str
    born: str
    event: int
    at_ms: int
    what: str
    first: int
    last: int
    received_ms: int = 0


@dataclass(frozen=True)
class Given:
    """How far a campaign's numbers may have been given out, to responses and to cards."""

    slug: str
    born: str
    responses: int
    cards: int


class Journal:
    """The journal of one data folder; made when it is first written."""

    def __init__(self, data: Path) -> None:
        self.path = data / NAME

    def sync(self, connections: Connections) -> Point:
        """Writes down every erasure that the logs have and this journal has not; returns its end.

        For any of them a rewrite of the append-only file is due, whatever became of whoever erased.
        """
        with self._writing() as (id_, file):
            done = {name: int(n) for name, n in connections.text.hgetall(JOURNALS).items()}
            for slug in loaded_slugs(connections):
                store = open_store(connections, slug)
                name = f"{id_}:{slug}:{store.born}"
                _write_given(store, name, done, file)
                _write_erasures(store, name, done.get(name, 0), file)
            return id_, file.seek(0, os.SEEK_END)

    def entries(self, after: Point = ("", 0)) -> list[Entry]:
        """Returns what was erased since a point; all of it where the point is of another journal."""
        return [Entry(**line) for line in self._lines(after) if "what" in line]

    def given(self) -> dict[tuple[str, str], Given]:
        """Returns how far numbers may have been given out, by campaign and birth."""
        return {(line["slug"], line["born"]): Given(**line) for line in self._lines(("", 0)) if "cards" in line}

    def _lines(self, after: Point) -> list[dict[str, Any]]:
        with self._writing() as (id_, file):
            file.seek(after[1] if after[0] == id_ else 0)
            return list(_read(file.read()))

    @contextmanager
    def _writing(self) -> Iterator[tuple[str, BinaryIO]]:
        """Gives the journal's id and file to one at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            first = next(_read(file.readline()), None)
            if first is None:
                file.truncate(0)
                file.seek(0)
                first = {"journal": secrets.token_hex(8)}
                _append(file, [first])
            yield first["journal"], file


def _write_given(store: Store, name: str, done: dict[str, int], file: BinaryIO) -> None:
    """Writes down how far the numbers may be given out by the time anybody looks again."""
    counts = {"responses": response_count(store), "cards": max(store.raw.strlen(store.keys.of("cards")) - 1, 0)}
    marks = {what: done.get(f"{name}:{what}", -1) for what in counts}
    if any(counts[what] > marks[what] for what in counts):
        ahead = {what: count + AHEAD for what, count in counts.items()}
        _append(file, [asdict(Given(store.slug, store.born, **ahead))])
        store.text.hset(JOURNALS, mapping={f"{name}:{what}": n for what, n in ahead.items()})


def _write_erasures(store: Store, name: str, done: int, file: BinaryIO) -> None:
    while done < last_event(store) and (page := read_lines(store, done)):
        events = [read_event(line) for _, line, _ in page if f" {ERASURE}/" in line or f" {EXPIRY}/" in line]
        if events:
            mark_rewrite_due(store.connections)
        _append(file, [asdict(entry) for event in events for entry in _entries(store, event)])
        done = page[-1][0]
        store.text.hset(JOURNALS, name, done)  # after the line: one written twice does no harm


def _entries(store: Store, event: Event) -> Iterator[Entry]:
    about = (store.slug, store.born, event.number, event.at_ms, event.name)
    if event.name == EXPIRY:
        yield from (Entry(*about, first, last) for first, last in event.data["ranges"])
    elif response := get_response(store, event.subject):
        yield Entry(*about, event.subject, event.subject, response.received_ms)


def _append(file: BinaryIO, lines: Sequence[dict[str, Any]]) -> None:
    if not lines:
        return
    end = file.seek(0, os.SEEK_END)
    file.seek(max(end - 1, 0))
    torn = end and file.read(1) != b"\n"  # the power went in the middle of a line
    file.write(b"\n" * bool(torn) + b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    file.flush()
    os.fsync(file.fileno())


def _read(text: bytes) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue  # torn: what it said was not noted as journalled, so it stands again further on
