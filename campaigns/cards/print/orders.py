"""An order of printed files, kept as a folder: what was asked for, how far it is, and the files once they are whole.

The folder is the truth. A file is written under another name and renamed when it is on disk, so that whatever ends the
work half way, no part of a file is offered; who goes on finds the whole ones there and draws the rest. The same cards
give the same pages, so it does not matter who drew which.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from campaigns.cards.print.papers import PAPERS, Paper
from campaigns.cards.print.printing import style_of
from campaigns.store.cards import Batch, batches
from campaigns.store.server.places import make_private
from campaigns.store.store import Store
from campaigns.whole_files import write_whole

PRINTS = "prints"  # in the data folder
MANIFEST = "manifest.json"
QUIET_SECONDS = 120  # without a sign of life, after which whoever was at work is taken to be gone

_ASKED, _PROGRESS, _STOP, _PROBLEM = ".asked.json", ".progress", ".stop", ".problem"


class NoSuchOrder(LookupError):
    """No files were ordered of this batch on this paper."""


@dataclass(frozen=True)
class Order:
    """One order: of which campaign's batch, on which paper, in which folder, and where the codes' addresses begin."""

    store: Store
    batch: Batch
    paper: Paper
    folder: Path
    base_url: str

    @property
    def cards(self) -> int:
        """Returns how many cards are ordered."""
        return self.batch.last - self.batch.first + 1

    def asked_to_stop(self) -> bool:
        """Tells whether somebody has stopped it."""
        return (self.folder / _STOP).exists()

    def tell(self, done: int) -> None:
        """Notes how many cards are drawn."""
        write_whole(self.folder / _PROGRESS, str(done).encode())

    def give_up(self, words: str) -> None:
        """Notes why it cannot be done, for a person to mend."""
        write_whole(self.folder / _PROBLEM, words.encode())


@dataclass(frozen=True)
class Progress:
    """How far an order is: "done", "stopped", "failed", "waiting", "going" or "lost"; cards drawn, words, whole files."""

    state: str
    done: int
    total: int
    words: str = ""
    files: tuple[Path, ...] = ()

    @property
    def under_way(self) -> bool:
        """Tells whether it goes on by itself."""
        return self.state in ("waiting", "going")


def ask(store: Store, data: Path, batch: Batch, paper: Paper, base_url: str) -> Order:
    """Orders files of a batch, or has an order that was stopped or failed go on; anew where the cards would look otherwise."""
    order = Order(store, batch, paper, _folder(store, data, batch, paper), base_url)
    design = hashlib.sha256(repr((style_of(store.campaign, base_url), base_url)).encode()).hexdigest()
    asked = json.dumps({"base_url": base_url, "design": design}).encode()
    if not _has(order.folder / _ASKED, asked):
        shutil.rmtree(order.folder, ignore_errors=True)
        loading = order.folder.parent
        for folder in (data / PRINTS, loading.parent, loading, order.folder):
            make_private(folder)
        for before in loading.parent.iterdir():  # of a campaign that was removed and loaded again: its codes open nothing
            if before != loading:
                shutil.rmtree(before, ignore_errors=True)
        write_whole(order.folder / _ASKED, asked)
    for mark in (_STOP, _PROBLEM):
        (order.folder / mark).unlink(missing_ok=True)
    if not (order.folder / MANIFEST).exists():
        (order.folder / _ASKED).touch()
    return order


def find_order(store: Store, data: Path, batch_number: int, paper_name: str) -> Order:
    """Returns an order that was made, or raises NoSuchOrder."""
    batch = next((one for one in batches(store) if one.number == batch_number), None)
    paper = PAPERS.get(paper_name)
    if batch and paper:
        folder = _folder(store, data, batch, paper)
        with suppress(OSError, ValueError):
            asked = json.loads((folder / _ASKED).read_bytes())
            return Order(store, batch, paper, folder, asked["base_url"])
    raise NoSuchOrder(f"{batch_number}-{paper_name}")


def orders_of(store: Store, data: Path, of: Sequence[Batch]) -> dict[int, list[Order]]:
    """Returns the orders of each of these batches, by the batch's number."""
    made: dict[int, list[Order]] = {}
    for batch in of:
        for paper in PAPERS.values():
            if (_folder(store, data, batch, paper) / _ASKED).exists():
                made.setdefault(batch.number, []).append(Order(store, batch, paper, _folder(store, data, batch, paper), ""))
    return made


def look(order: Order) -> Progress:
    """Returns how far an order is."""
    done = _number(order.folder / _PROGRESS)
    if (order.folder / MANIFEST).exists():
        return Progress("done", order.cards, order.cards, files=_files(order.folder))
    if (order.folder / _PROBLEM).exists():
        return Progress("failed", done, order.cards, (order.folder / _PROBLEM).read_text())
    if order.asked_to_stop():
        return Progress("stopped", done, order.cards)
    sign = order.folder / (_PROGRESS if done else _ASKED)
    with suppress(OSError):
        if time.time() - max(sign.stat().st_mtime, (order.folder / _ASKED).stat().st_mtime) < QUIET_SECONDS:
            return Progress("going" if done else "waiting", done, order.cards)
    return Progress("lost", done, order.cards)


def stop(order: Order) -> None:
    """Stops an order before its next card; what is whole stays, and it can go on."""
    write_whole(order.folder / _STOP, b"")


def discard(order: Order) -> None:
    """Takes an order's files away; they can be made again, the same."""
    stop(order)
    shutil.rmtree(order.folder, ignore_errors=True)


def _folder(store: Store, data: Path, batch: Batch, paper: Paper) -> Path:
    return data / PRINTS / store.slug / store.born / f"{batch.number}-{paper.name}"


def _files(folder: Path) -> tuple[Path, ...]:
    kinds = {".pdf": 0, ".csv": 1, ".json": 2}
    found = [path for path in folder.iterdir() if path.suffix in kinds and not path.name.startswith(".")]
    return tuple(sorted(found, key=lambda path: (kinds[path.suffix], path.name)))


def _has(path: Path, data: bytes) -> bool:
    with suppress(OSError):
        return path.read_bytes() == data
    return False


def _number(path: Path) -> int:
    with suppress(OSError, ValueError):
        return int(path.read_text())
    return 0
