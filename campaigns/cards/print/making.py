"""Making the files of an order: part after part, each whole or not there at all."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

from campaigns.cards.print.lettering import UnprintableError
from campaigns.cards.print.manifest import Made, describe
from campaigns.cards.print.merge import write_merge
from campaigns.cards.print.orders import MANIFEST, Order
from campaigns.cards.print.printing import cards_of, style_of, told
from campaigns.cards.print.sheets import draw_sheets
from campaigns.cards.print.style import Card
from campaigns.store.room import NoRoom, check_room
from campaigns.store.server.disk import room_of
from campaigns.store.server.places import take
from campaigns.whole_files import whole_file

A_FILE = 5000  # cards; print houses take such files by mail, and no more than one is drawn again after a fall


class Stopped(Exception):
    """Somebody stopped the order."""


def make_files(order: Order, a_file: int = A_FILE) -> bool:
    """Makes what an order still lacks; False where someone else is at it, or it was stopped or cannot be done."""
    try:
        lock = take(order.folder / ".lock")
    except FileNotFoundError:  # taken away before its turn came
        return False
    if lock is None:
        return False
    try:
        _make(order, a_file)
    except (Stopped, FileNotFoundError):
        return False
    except (UnprintableError, NoRoom) as cannot:
        order.give_up(str(cannot))
        return False
    except OSError as failure:
        order.give_up(f"The disk said: {failure.strerror}. Make room, or mend it; then have it go on.")
        return False
    finally:
        os.close(lock)
    return True


def _make(order: Order, a_file: int) -> None:
    if (order.folder / MANIFEST).exists():
        return
    for left in order.folder.glob(".*.part"):  # by whoever was ended half way
        left.unlink(missing_ok=True)
    made, batch = [], order.batch
    for first in range(batch.first, batch.last + 1, a_file):
        last = min(first + a_file - 1, batch.last)
        name = f"{order.store.slug}-cards-{first}-{last}-{order.paper.name}.pdf"
        pages = 2 * -(-(last - first + 1) // len(order.paper.places))
        _write_unless_there(order, name, partial(_draw, order, first, last))
        made.append(Made(order.folder / name, last - first + 1, pages))
    name = f"{order.store.slug}-cards-{batch.first}-{batch.last}.csv"
    _write_unless_there(order, name, lambda out: write_merge(out, _cards(order, batch.first, batch.last), batch.round))
    made.append(Made(order.folder / name, order.cards))
    _finish(order, made)


def _finish(order: Order, made: list[Made]) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    words = describe(order.store.campaign, order.batch, order.paper, order.base_url, made, now)
    with whole_file(order.folder / MANIFEST) as out:
        out.write(words.encode())


def _write_unless_there(order: Order, name: str, write: Callable[[BinaryIO], object]) -> None:
    if not (order.folder / name).exists():
        check_room(room_of(order.folder))
        with whole_file(order.folder / name) as out:
            write(out)


def _draw(order: Order, first: int, last: int, out: BinaryIO) -> None:
    style = style_of(order.store.campaign, order.base_url)
    tell = partial(_tell, order, first - order.batch.first)
    draw_sheets(out, told(_cards(order, first, last), tell), style, order.paper)


def _cards(order: Order, first: int, last: int) -> Iterator[Card]:
    return cards_of(order.store, order.batch, order.base_url, first, last)


def _tell(order: Order, before: int, done: int) -> None:
    if order.asked_to_stop():
        raise Stopped
    order.tell(before + done)
