"""An export or a draft that was asked for, kept as a folder: what was asked, how far it is, and the file once it is whole.

The folder is the truth, as it is of printed cards. A file is offered only once it is whole, only for so long, and only
until a response of the campaign is withdrawn or erased or its words' time is up: then it goes, whatever it held of it.
"""

import json
import shutil
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from campaigns.events import read_event
from campaigns.responses import CLEARED
from campaigns.store.log import last_event, read_lines
from campaigns.store.server.places import make_private
from campaigns.store.store import Store
from campaigns.whole_files import write_whole

EXPORTS, DRAFTS = "exports", "drafts"  # in the data folder
FAMILIES = (EXPORTS, DRAFTS)
MOST = 20  # a campaign's, beyond which the oldest makes room
KEPT_SECONDS = 48 * 3600
QUIET_SECONDS = 120  # without a sign of life, after which whoever was at work is taken to be gone
ENDINGS = ("xlsx", "ods", "zip")
GONE = "A response was withdrawn or erased, or its time was up, so this file was taken away with what it held of it."
# What takes words, or a whole response, out of what may be handed on.
TAKING = tuple(f" {name}/" for name in ("response.withdrawn", "response.erased", "words.expired", "wish.redacted"))

# What besides takes a wish out of a draft that quotes it.
UNSAYING = (" response.revised/", " wish.moderated/")

_QUOTED = ".quoted.json"
_ASKED, _PROGRESS, _STOP, _PROBLEM, _SEEN, _MADE = ".asked.json", ".progress", ".stop", ".problem", ".seen", ".made.json"


class NoSuchOrder(LookupError):
    """No such export was asked for, or its time is up."""


@dataclass(frozen=True)
class Asked:
    """What was asked for: which rows, in which kind of file, behind which filters, by whom, and when (ms of UTC)."""

    kind: str
    ending: str
    where: Mapping[str, tuple[str, ...]]
    who: str
    at_ms: int


@dataclass(frozen=True)
class Made:
    """What was made: the file's name, its rows, the events it shows (the same, or from which to which), what was left out."""

    name: str
    rows: int
    event: int
    last: int
    changed: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Order:
    """One export of a campaign, in its folder."""

    store: Store
    folder: Path
    asked: Asked

    @property
    def id(self) -> str:
        """Returns what it is known by in addresses."""
        return self.folder.name

    @property
    def over_at(self) -> float:
        """Returns when its file goes, in seconds of UTC."""
        return self.asked.at_ms / 1000 + KEPT_SECONDS

    def asked_to_stop(self) -> bool:
        """Tells whether somebody has stopped it, or taken it away."""
        return (self.folder / _STOP).exists() or not (self.folder / _ASKED).exists()

    def tell(self, done: int, total: int) -> None:
        """Notes how many rows are written, of how many."""
        write_whole(self.folder / _PROGRESS, f"{done} {total}".encode())

    def give_up(self, words: str) -> None:
        """Notes why there is no file, for a person to mend."""
        write_whole(self.folder / _PROBLEM, words.encode())

    def given_up(self) -> bool:
        """Tells whether there is no file, and a reason stands where it would be."""
        return (self.folder / _PROBLEM).exists()

    def note_event(self, event: int) -> None:
        """Notes up to which event the log has been looked through for what takes something out of the file."""
        write_whole(self.folder / _SEEN, str(event).encode())

    def finish(self, made: Made) -> None:
        """Notes that the file is whole."""
        write_whole(self.folder / _MADE, json.dumps(asdict(made)).encode())

    def note_quoted(self, numbers: Iterable[int]) -> None:
        """Notes the only responses whose words the file holds, where it holds few: then no other takes it away."""
        write_whole(self.folder / _QUOTED, json.dumps(sorted(set(numbers))).encode())

    def _takes(self, line: str) -> bool:
        if not any(name in line for name in (*TAKING, *UNSAYING)):
            return False
        try:
            quoted = json.loads((self.folder / _QUOTED).read_bytes())
        except (OSError, ValueError):  # it may hold any
            return any(name in line for name in TAKING)
        event = read_event(line)
        again_cleared = event.name == "wish.moderated" and event.data.get("moderation") == CLEARED
        return event.name == "words.expired" or (event.subject in quoted and not again_cleared)

    def something_gone(self) -> bool:
        """Tells whether anything was withdrawn, erased or let go since the log was last looked through; looks on from there."""
        if not (self.folder / _SEEN).exists():  # nothing of it is written yet
            return False
        [seen] = _numbers(self.folder / _SEEN, 1)
        if seen > last_event(self.store):  # an older store was put back
            return True
        while page := read_lines(self.store, seen):
            if any(self._takes(line) for _, line, _ in page):
                return True
            seen = page[-1][0]
            self.note_event(seen)
        return False


@dataclass(frozen=True)
class Progress:
    """How far an export is: "done", "stopped", "failed", "waiting", "going" or "lost"; rows, words, and the file once whole."""

    state: str
    done: int = 0
    total: int = 0
    words: str = ""
    made: Made | None = None
    size: int = 0

    @property
    def under_way(self) -> bool:
        """Tells whether it goes on by itself."""
        return self.state in ("waiting", "going")


def ask(store: Store, data: Path, asked: Asked, family: str = EXPORTS) -> Order:
    """Asks for a file; the campaign's oldest of that family make room where there are too many."""
    folder = _folder(store, data, family) / f"{asked.at_ms}-{token_hex(4)}"
    unnamed = folder.with_name(f".{folder.name}")  # until it says what it is, so that nobody takes it for one that is over
    for part in (data / family, data / family / store.slug, folder.parent, unnamed):
        make_private(part)
    write_whole(unnamed / _ASKED, json.dumps(asdict(asked)).encode())
    unnamed.rename(folder)
    order = Order(store, folder, asked)
    for old in orders_of(store, data, family)[MOST:]:
        discard(old)
    return order


def again(order: Order) -> None:
    """Has an export that ended without a file begin again, as of now."""
    for mark in (_STOP, _PROBLEM, _PROGRESS, _MADE, _SEEN, _QUOTED):
        (order.folder / mark).unlink(missing_ok=True)
    (order.folder / _ASKED).touch()


def find_order(store: Store, data: Path, order_id: str, family: str = EXPORTS) -> Order:
    """Returns a file that was asked for, or raises NoSuchOrder."""
    found = next((order for order in orders_of(store, data, family) if order.id == order_id), None)
    if found is None:
        raise NoSuchOrder(order_id)
    return found


def orders_of(store: Store, data: Path, family: str = EXPORTS) -> list[Order]:
    """Returns a campaign's exports, or its drafts, newest first; what is over is not among them."""
    found = []
    with suppress(FileNotFoundError):
        for folder in _folder(store, data, family).iterdir():
            with suppress(OSError, ValueError, TypeError):
                kept: dict[str, Any] = json.loads((folder / _ASKED).read_bytes())
                where = {facet: tuple(values) for facet, values in kept.pop("where").items()}
                found.append(Order(store, folder, Asked(**kept, where=where)))
    return sorted((order for order in found if order.over_at > time.time()), key=lambda order: -order.asked.at_ms)


def look(order: Order) -> Progress:
    """Returns how far an export is; a file that holds what has gone since is taken away first."""
    if (order.folder / _MADE).exists() and order.something_gone():
        take_away(order)
    done, total = _numbers(order.folder / _PROGRESS, 2)
    with suppress(OSError, ValueError, TypeError):
        made = Made(**json.loads((order.folder / _MADE).read_bytes()))
        return Progress("done", made.rows, made.rows, made=made, size=(order.folder / made.name).stat().st_size)
    if order.given_up():
        return Progress("failed", done, total, (order.folder / _PROBLEM).read_text())
    if order.asked_to_stop():
        return Progress("stopped", done, total)
    begun = (order.folder / _PROGRESS).exists()
    with suppress(OSError):
        if time.time() - (order.folder / (_PROGRESS if begun else _ASKED)).stat().st_mtime < QUIET_SECONDS:
            return Progress("going" if begun else "waiting", done, total)
    return Progress("lost", done, total)


def stop(order: Order) -> None:
    """Stops an export before its next thousand rows; it can be begun again."""
    write_whole(order.folder / _STOP, b"")


def discard(order: Order) -> None:
    """Takes an export away with its file."""
    stop(order)
    shutil.rmtree(order.folder, ignore_errors=True)


def take_away(order: Order) -> None:
    """Takes the file of an export away, with what was left of any before it, and says why where it stood."""
    order.give_up(GONE)
    for path in list(order.folder.iterdir()):
        if path.name not in (_ASKED, _PROBLEM):
            path.unlink(missing_ok=True)


def _folder(store: Store, data: Path, family: str) -> Path:
    return data / family / store.slug / store.born


def _numbers(path: Path, many: int) -> list[int]:
    with suppress(OSError, ValueError):
        found = [int(part) for part in path.read_text().split()]
        if len(found) == many:
            return found
    return [0] * many
