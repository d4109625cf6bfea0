"""Pictures and attachments: files in a folder or an object store, each named in the campaign's hash for as long as it is kept.

A file that the hash does not name is nobody's: it is what a process that was killed left, and ``sweep`` removes it. So to let
a picture go is to take its name out of the hash, in the script that erases a response, and then to remove the file.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import fsspec
import structlog

from campaigns.responses import LIVE
from campaigns.store.connection import Connections
from campaigns.store.keys import PICTURES_DUE
from campaigns.store.server.places import make_data_folder, make_private

if TYPE_CHECKING:  # whoever removes a campaign's keys there removes its files here
    from campaigns.store.store import Store

SPARED = timedelta(hours=1)  # a file as young may be about to be named
PIECE = 1 << 20
MOST_ATTACHED = 20
LOCAL = "file://"
WHOLE_PAGE = "-"  # in a card's place: the page it stands on is its picture
log = structlog.get_logger()


class NoPictures(OSError):
    """The place that pictures are kept in cannot be reached, or none is set."""


def put(store: Store, file: BinaryIO | bytes, kind: str = "jpg") -> str:
    """Returns the name under which a file is kept from now on; it must be named in the campaign's hash soon. Raises OSError."""
    name = f"{secrets.token_hex(12)}.{kind}"
    fs, folder = _place(store)
    fs.makedirs(folder, exist_ok=True)
    with fs.open(f"{folder}/{name}", "wb") as kept:
        for piece in [file] if isinstance(file, bytes) else iter(lambda: file.read(PIECE), b""):
            kept.write(piece)
        with suppress(AttributeError, OSError):  # an object store has its own word for it
            kept.flush()
            os.fsync(kept.fileno())
    return name


def get(store: Store, name: str) -> bytes | None:
    """Returns what a file holds; None where it is no longer there."""
    try:
        with opened(store, name) as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        return None


@contextmanager
def opened(store: Store, name: str) -> Iterator[BinaryIO]:
    """Gives a file to be read; raises FileNotFoundError where it is no longer there, or OSError."""
    fs, folder = _place(store)
    with fs.open(f"{folder}/{name}", "rb") as kept:
        yield kept


def remove(store: Store, names: Iterable[str]) -> None:
    """Removes files; one that cannot be reached is told of, and swept away later."""
    for name in names if store.connections.pictures else ():
        try:
            fs, folder = _place(store)
            fs.rm_file(f"{folder}/{name}")
        except FileNotFoundError:
            continue
        except Exception as failure:  # each kind of object store fails in its own way
            log.warning("a picture cannot be removed yet", slug=store.slug, failure=type(failure).__name__)


def card_picture(store: Store, card: int) -> str:
    """Returns the name of a card's picture, empty where it has none; several cards may stand in one picture of a page."""
    shown = store.text.hget(store.keys.of("images"), str(card)) or ""
    name, _, page = shown.partition(" ")
    return name if name != WHOLE_PAGE else str(store.text.hget(store.keys.of("images"), f"page:{page}") or "")


def page_picture(store: Store, scan: str, page: int) -> str:
    """Returns the name of the picture of a whole page, empty where there is none."""
    return str(store.text.hget(store.keys.of("images"), f"page:{scan}:{page}") or "")


def put_attachment(store: Store, response: int, name: str, content: bytes) -> str:
    """Keeps a file that came with a live response, for as long as that is kept: kept, same, full, or response (not live)."""
    file = put(store, content, "bin")
    outcome = str(store.scripts.run("attach", {
        "born": store.born, "number": response, "state": LIVE, "name": name, "file": file, "most": MOST_ATTACHED,
    })[0])
    store.connections.settle()
    if outcome != "kept":
        remove(store, [file])
    return outcome


def attachments(store: Store, response: int) -> list[dict[str, str]]:
    """Returns the files that came with a response, in order: the ``name`` each had, and the ``file`` it is kept under."""
    found: list[dict[str, str]] = json.loads(store.text.hget(store.keys.of("images"), f"letter:{response}") or "[]")
    return found


def get_attachment(store: Store, response: int, name: str) -> bytes | None:
    """Returns what a file that came with a response holds; None where there is none of that name any more."""
    found = next((one["file"] for one in attachments(store, response) if one["name"] == name), "")
    return get(store, found) if found else None


def files_of(store: Store, responses: Sequence[int]) -> list[str]:
    """Returns the names of the files that go with some responses, as the scripts that let these go take them out of the hash."""
    images = store.keys.of("images")
    if not responses or not store.text.exists(images):
        return []
    pipe = store.text.pipeline(transaction=False)
    for response in responses:
        pipe.hget(store.keys.response(response), "q")
    cards = {int(card) for card in pipe.execute() if card}
    shown = [one for one in store.text.hmget(images, [*map(str, cards), *(f"letter:{one}" for one in responses)]) if one]
    pages = [f"page:{one.partition(' ')[2]}" for one in shown if not one.startswith("[")]
    unread = store.text.hgetall(store.keys.of("unread")) if cards else {}
    papers = [f"item:{item}" for item, text in unread.items() if json.loads(text)[1] in cards]
    more = [one for one in store.text.hmget(images, [*pages, *papers]) if one] if pages or papers else []
    return sorted({name for one in [*shown, *more] for name in _names(one)})


def _names(shown: str) -> list[str]:
    """Returns the names of the files that one field of the hash holds."""
    if shown.startswith("["):
        return [one["file"] for one in json.loads(shown)]
    name = shown.partition(" ")[0]
    return [name] if name != WHOLE_PAGE else []


def sweep(store: Store) -> int:
    """Removes the files of a campaign that nothing names; returns how many."""
    left = [name for name, changed in _listed(store) if datetime.now(UTC) - changed > SPARED]
    named = _named(store) if left else set()
    stray = [name for name in left if name not in named]
    remove(store, stray)
    return len(stray)


def sweep_removed(connections: Connections, loaded: Callable[[], Sequence[str]]) -> None:
    """Removes the files of campaigns that were removed and are not there again.

    What else lies in that place is not ours, or is a campaign's that is only about to be restored.
    """
    for slug in sorted(connections.text.smembers(PICTURES_DUE)):
        if slug not in loaded():
            remove_folder(connections, slug)
        connections.text.srem(PICTURES_DUE, slug)


def remove_folder(connections: Connections, slug: str) -> None:
    """Removes every file of a campaign, whatever names it."""
    if connections.pictures:
        fs, root = _root(connections)
        with suppress(FileNotFoundError):
            fs.rm(f"{root}/{slug}", recursive=True)


def _named(store: Store) -> set[str]:
    return {name for shown in store.text.hvals(store.keys.of("images")) for name in _names(shown)}


def _listed(store: Store) -> list[tuple[str, datetime]]:
    if not store.connections.pictures:
        return []
    fs, folder = _place(store)
    try:
        paths = fs.ls(folder, detail=False)
        return [(path.rpartition("/")[2], _aware(fs.modified(path))) for path in paths]
    except FileNotFoundError:
        return []


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _place(store: Store) -> tuple[Any, str]:
    fs, root = _root(store.connections)
    return fs, f"{root}/{store.slug}"


def _root(connections: Connections) -> tuple[Any, str]:
    url = connections.pictures
    if not url:
        raise NoPictures("no place for pictures is set")
    if url.startswith(LOCAL):
        folder = Path(url.removeprefix(LOCAL))
        make_data_folder(folder.parent)
        make_private(folder)
    fs, root = fsspec.core.url_to_fs(url)
    return fs, root.rstrip("/")
