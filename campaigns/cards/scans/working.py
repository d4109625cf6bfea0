"""Reading an upload: each page looked at in the child process, its cards' pictures tied to them, the rest left for a person."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import BinaryIO

from reportlab.lib.units import mm

from campaigns.cards.print.front import symbol_place
from campaigns.cards.print.printing import style_of
from campaigns.cards.print.stub import HEIGHT, WIDTH
from campaigns.cards.scans.judging import judge
from campaigns.cards.scans.layout import CardLayout
from campaigns.cards.scans.outcomes import waits
from campaigns.cards.scans.reading import PageRead, read_file
from campaigns.store.cards import card_state, move_cards
from campaigns.store.pictures import opened, put, remove
from campaigns.store.scans import (
    READ,
    REFUSED,
    WAITING,
    Item,
    Part,
    Scan,
    end_scan,
    get_scan,
    item_field,
    note,
    note_pages,
    parts_of,
    write_part,
)
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store

WHO = "job:scans"
TO_BE_KEYED = ("out", "undelivered", "waiting")
Renew = Callable[[], None]


@dataclass
class Taken:
    """What a page comes to before it is noted: its parts, the files that were put for it, and what waits for a person."""

    parts: list[Part] = field(default_factory=list)
    images: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def add(self, scan: str, page: int, part: Part, file: str) -> None:
        """Adds a part; one that waits for a person with its picture."""
        self.parts.append(part)
        item = Item(scan, page, len(self.parts) if part.card else 0, part.outcome, part.card)
        if part.outcome == "tied":
            self.images[str(part.card)] = f"{file} {scan}:{page}"
        elif waits(part.outcome):
            self.unread[item.id] = json.dumps(write_part(item))
            if file:
                self.images[item_field(item)] = file


def layout_of(store: Store) -> CardLayout:
    """Returns where the code stands on a campaign's cards."""
    side, left, top = symbol_place(style_of(store.campaign, ""))
    return CardLayout(WIDTH / mm, HEIGHT / mm, side / mm, left / mm, top / mm)


def read_scan(store: Store, scan_id: str, renew: Renew = lambda: None) -> None:
    """Reads an upload from the first page that has not been read; may be stopped at any moment and called again."""
    scan = get_scan(store, scan_id)
    if scan is None or scan.state != WAITING:
        return
    try:
        with _fetched(store, scan) as file:
            start = next(place for place in range(len(scan.done) + 1) if place not in scan.done)
            for told in read_file(file, start, store.slug, layout_of(store)):
                renew()
                if isinstance(told, PageRead):
                    take_page(store, scan, told)
                elif told.refused:
                    end_scan(store, scan.id, REFUSED, told.refused)
                    return
                else:
                    note_pages(store, scan.id, told.pages)
    except FileNotFoundError:
        end_scan(store, scan.id, REFUSED, "lost")
        return
    end_scan(store, scan.id, READ)


@contextmanager
def _fetched(store: Store, scan: Scan) -> Iterator[BinaryIO]:
    """Gives an upload as a real file of its own, which goes by itself with this process; FileNotFoundError where it is lost."""
    name = store.text.hget(store.keys.of("images"), f"original:{scan.id}") or ""
    with opened(store, name) as kept, TemporaryFile() as file:
        shutil.copyfileobj(kept, file)
        if file.tell() != scan.size:
            raise FileNotFoundError(name)
        file.flush()
        yield file


def take_page(store: Store, scan: Scan, page: PageRead) -> None:
    """Notes what became of a page, and ties its cards' pictures to them; a page that was noted already stays as it is."""
    taken = _take(store, scan, page)
    for card in (part.card for part in taken.parts if part.outcome == "tied"):
        await_keying(store, card)
    name = f"p{page.place}"
    answer = note(
        store, scan.id, only={"field": name, "text": ""}, images=taken.images, unread=taken.unread,
        fields={name: json.dumps([write_part(part) for part in taken.parts])},
    )
    if answer[0] != "noted":
        remove(store, [shown.partition(" ")[0] for shown in taken.images.values()])


def await_keying(store: Store, card: int, who: str = WHO) -> None:
    """Moves a card that came back to those that wait to be keyed."""
    if card_state(store, card) != "waiting":
        move_cards(store, card, card, "waiting", "scanned", who)


def _take(store: Store, scan: Scan, page: PageRead) -> Taken:
    taken = Taken()
    if not page.texts:
        taken.add(scan.id, page.place, Part(_of_page(store, scan, page)), put(store, page.page) if page.page else "")
        return taken
    secret = card_secret(store)
    strange = ["two codes"] if page.clash else []
    for at, (text, picture) in enumerate(zip(page.texts, page.cards, strict=True)):
        outcome, card = judge(text, store.slug, secret)
        if at in page.clash:
            continue
        if not card:
            strange.append(outcome)
            continue
        outcome = _of_card(store, card, {part.card for part in taken.parts})
        taken.add(scan.id, page.place, Part(outcome, card), put(store, picture))
    if strange:
        taken.add(scan.id, page.place, Part(strange[0]), put(store, page.page) if page.page else "")
    return taken


def _of_page(store: Store, scan: Scan, page: PageRead) -> str:
    """Returns the outcome of a page without a code."""
    if page.refused or page.blank:
        return page.refused or "blank"
    if scan.both_sides and page.place % 2 and any(part.card for part in parts_of(store, scan.id, page.place - 1)):
        return "back"
    return "damaged" if page.damaged else "no code"


def _of_card(store: Store, card: int, others: set[int]) -> str:
    """Returns the outcome of a card's code: tied where its card is to be keyed and has no picture of another paper."""
    state = card_state(store, card)
    if state not in TO_BE_KEYED:
        return state or "unknown"
    shown = store.text.hget(store.keys.of("images"), str(card)) or ""
    return "again" if shown or card in others else "tied"
