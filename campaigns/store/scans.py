"""Uploads of scanned cards: what was uploaded, what became of each page, and what waits for a person."""

import hashlib
import json
import time
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from campaigns.store.pictures import PIECE, put, remove, remove_folder
from campaigns.store.store import Store

LONGEST_NAME = 80
ID_LENGTH = 24
WAITING, READ, REFUSED = "waiting", "read", "refused"


@dataclass(frozen=True)
class Part:
    """What became of a page, or of one code on it: the outcome's name, and the card's number, 0 for none."""

    outcome: str
    card: int = 0


@dataclass(frozen=True)
class Scan:
    """An upload: ``state`` is waiting (to be read, or to be read on), read or refused, the last with its outcome.

    ``done`` holds the pages read so far, from 0, each with its parts; ``pages`` is how many there are, 0 until that is known.
    """

    id: str
    name: str
    size: int
    by: str
    at_ms: int
    state: str
    outcome: str = ""
    pages: int = 0
    both_sides: bool = False
    done: Mapping[int, tuple[Part, ...]] = field(default_factory=dict)

    @property
    def tied(self) -> int:
        """Returns how many cards' pictures it has brought."""
        return sum(part.outcome == "tied" for parts in self.done.values() for part in parts)


@dataclass(frozen=True)
class Item:
    """Something that waits for a person: a page (``part`` 0) or a card on it, why, and the card's number where it is known."""

    scan: str
    page: int
    part: int
    outcome: str
    card: int = 0

    @property
    def id(self) -> str:
        """Returns the name by which it is known."""
        return f"{self.scan}:{self.page}:{self.part}"


@dataclass(frozen=True)
class Uploaded:
    """What became of an upload: the scan it is, and whether the same file was here already."""

    id: str
    same: bool


def keep_upload(store: Store, file: BinaryIO, name: str, who: str, both_sides: bool = False) -> Uploaded:
    """Keeps an uploaded file until it is read; a file that was uploaded before is not kept again, unless nothing came of it.

    Raises OSError where it cannot be kept.
    """
    digest, size = _hash(file)
    before = get_scan(store, digest)
    if before and before.state != REFUSED:
        return Uploaded(digest, same=True)
    file.seek(0)
    kept = put(store, file, "upload")
    fields = {
        "name": clean_name(name), "bytes": str(size), "by": who, "at": str(round(time.time() * 1000)), "state": WAITING,
        "outcome": "", "both": "1" if both_sides else "",
    }
    was = {"field": "state", "text": REFUSED if before else ""}
    try:
        answer = note(store, digest, only=was, fields=fields, images={f"original:{digest}": kept}, working="begin")
    except Exception:
        remove(store, [kept])
        raise
    store.connections.settle()
    if answer[0] != "noted":
        remove(store, [kept])
    else:
        store.text.zadd(store.keys.of("scans"), {digest: int(fields["at"])})
    return Uploaded(digest, same=answer[0] != "noted")


def _hash(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest()[:ID_LENGTH], size


def clean_name(name: str) -> str:
    """Returns a file's name as it may be shown: its last part, without control and other unseen letters, cut short."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    return seen.strip()[:LONGEST_NAME] or "file without a name"


def get_scan(store: Store, scan: str) -> Scan | None:
    """Returns an upload with what became of its pages; None where there is none of that id."""
    kept = store.text.hgetall(store.keys.of("scan", scan))
    if "state" not in kept:
        return None
    done = {int(name[1:]): _read_parts(text) for name, text in kept.items() if name[0] == "p" and name[1:].isdecimal()}
    return Scan(
        scan, kept["name"], int(kept["bytes"]), kept["by"], int(kept["at"]), kept["state"], kept["outcome"],
        int(kept.get("pages", 0)), bool(kept["both"]), dict(sorted(done.items())),
    )


def _read_parts(text: str) -> tuple[Part, ...]:
    return tuple(Part(outcome, card) for outcome, card in json.loads(text))


def parts_of(store: Store, scan: str, page: int) -> tuple[Part, ...]:
    """Returns what became of one page of an upload; nothing where it has not been read."""
    return _read_parts(store.text.hget(store.keys.of("scan", scan), f"p{page}") or "[]")


def list_scans(store: Store, most: int = 50) -> list[Scan]:
    """Returns the newest uploads, newest first."""
    ids = store.text.zrevrange(store.keys.of("scans"), 0, most - 1)
    return [scan for id_ in ids if (scan := get_scan(store, id_))]


def unread_scans(store: Store) -> list[str]:
    """Returns the ids of the uploads that are still to be read, or to be read on."""
    return sorted(store.text.smembers(store.keys.of("scanning")))


def list_items(store: Store) -> list[Item]:
    """Returns what waits for a person, in the order of the pages."""
    kept = store.text.hgetall(store.keys.of("unread"))
    return sorted((_read_item(name, text) for name, text in kept.items()), key=lambda item: (item.scan, item.page, item.part))


def count_items(store: Store) -> int:
    """Returns how much waits for a person."""
    return int(store.text.hlen(store.keys.of("unread")))


def get_item(store: Store, name: str) -> Item | None:
    """Returns one thing that waits for a person; None where it waits no more."""
    kept = store.text.hget(store.keys.of("unread"), name)
    return _read_item(name, kept) if kept else None


def _read_item(name: str, text: str) -> Item:
    scan, page, part = name.split(":")
    outcome, card = json.loads(text)
    return Item(scan, int(page), int(part), outcome, card)


def item_field(item: Item) -> str:
    """Returns under which name the picture of what waits is kept."""
    return f"item:{item.id}" if item.part else f"page:{item.scan}:{item.page}"


def write_part(part: Part | Item) -> list[str | int]:
    """Returns an outcome as it is kept."""
    return [part.outcome, part.card]


def note(
    store: Store, scan: str, *, only: dict[str, str] | None = None, fields: Mapping[str, str] | None = None,
    images: Mapping[str, str] | None = None, drop_images: Iterable[str] = (), unread: Mapping[str, str] | None = None,
    drop_unread: Iterable[str] = (), working: str = "",
) -> list[Any]:
    """Runs the script that notes what became of a scan; returns its answer."""
    return store.scripts.run("scan", {
        "born": store.born, "scan": scan, "only": only, "fields": fields or {}, "images": images or {},
        "drop_images": list(drop_images), "unread": unread or {}, "drop_unread": list(drop_unread), "working": working,
    })


def end_scan(store: Store, scan: str, state: str, outcome: str = "") -> None:
    """Notes that a file is read, or cannot be; the file itself goes, since what is still needed of it are its pictures."""
    original = store.text.hget(store.keys.of("images"), f"original:{scan}")
    note(
        store, scan, fields={"state": state, "outcome": outcome}, drop_images=[f"original:{scan}"], working="end",
    )
    remove(store, [original] if original else [])


def note_pages(store: Store, scan: str, pages: int) -> None:
    """Notes how many pages a file has."""
    note(store, scan, fields={"pages": str(pages)})


def forget_scans(store: Store) -> None:
    """Removes all that was uploaded, every picture and attachment, and what is noted of them."""
    scans = store.text.zrange(store.keys.of("scans"), 0, -1)
    names = [store.keys.of("scan", scan) for scan in scans]
    store.text.delete(*names, *(store.keys.of(name) for name in ("scanning", "scans", "unread", "images")))
    remove_folder(store.connections, store.slug)
