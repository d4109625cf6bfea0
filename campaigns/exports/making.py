"""Making the file of an export: a workbook, or a data package, written as it is read, and offered only once it is whole."""

import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from campaigns.exports.columns import COUNTS, RESPONSES, Value, columns_of_kind
from campaigns.exports.ods import write_ods
from campaigns.exports.orders import GONE, Made, Order, look
from campaigns.exports.reading import Watch, read_rows
from campaigns.exports.sheets import Sheet
from campaigns.exports.writing import as_csv, descriptor, dictionary, file_name
from campaigns.exports.xlsx import write_xlsx
from campaigns.store.blocks import RowTable
from campaigns.store.log import last_event
from campaigns.store.room import NoRoom, check_room
from campaigns.store.server.disk import room_of
from campaigns.store.server.places import take
from campaigns.tallies import ask_for
from campaigns.whole_files import whole_file

TELL_EVERY = 1000
TRIES = 3
MEANING = (("column", "string"), ("type", "string"), ("meaning", "string"))
ABOUT = (("about this file", "string"), ("fact", "string"))
SHEETS = {"wishes": "Wishes", "responses": "Responses", "counts": "Counts"}


class Stopped(Exception):
    """Somebody stopped the export, or took it away."""


@dataclass
class Written:
    """An export while it is written: how many rows so far, of how many, and what changed meanwhile."""

    order: Order
    watch: Watch
    total: int
    rows: int = 0

    def counted(self, rows: Iterator[list[Value]]) -> Iterator[list[Value]]:
        """Yields rows, telling now and then how many there were; raises Stopped."""
        for row in rows:
            if self.rows % TELL_EVERY == 0:
                if self.order.asked_to_stop():
                    raise Stopped
                self.order.tell(self.rows, max(self.total, self.rows))
            self.rows += 1
            yield row

    def made(self) -> Made:
        """Returns what came of it; its name carries the event, or from which event to which."""
        watch, asked = self.watch, self.order.asked
        name = file_name(self.order.store.slug, asked.kind, asked.ending, watch.event, watch.last)
        return Made(name, self.rows, watch.event, watch.last, len(watch.shown), watch.left_out)


def make_file(order: Order, make: Callable[[Order], bool] | None = None) -> bool:
    """Makes the file of an export, or what ``make`` does; False where someone else is at it, or it was stopped or cannot be made.

    Whatever ended an earlier try half way, it begins again: nothing of that is offered, and nothing of it is in the way.
    """
    try:
        lock = take(order.folder / ".lock")
    except FileNotFoundError:  # taken away before its turn came
        return False
    if lock is None:
        return False
    try:
        return any((make or _make)(order) for _ in range(TRIES)) or _give_up(order, GONE)
    except (Stopped, FileNotFoundError):
        return False
    except NoRoom as full:
        return _give_up(order, str(full))
    except OSError as failure:
        return _give_up(order, f"The disk said: {failure.strerror}. Make room, or mend it; then make the file again.")
    finally:
        os.close(lock)


def _give_up(order: Order, words: str) -> bool:
    order.give_up(words)
    return False


def _make(order: Order) -> bool:
    """Writes the file, unless it is there; False where what it may hold went meanwhile, so that it has to be written again."""
    if look(order).made:
        return True
    for left in order.folder.glob(".*.part"):  # by whoever was ended half way
        left.unlink(missing_ok=True)
    check_room(room_of(order.folder))
    order.note_event(last_event(order.store))  # before anything is read
    store, table = order.store, RowTable()
    watch = Watch(store, table.refresh(store))
    base = RESPONSES if order.asked.kind == RESPONSES else "wishes"
    total = 0 if order.asked.kind == COUNTS else table.count(store, ask_for(store.layout, (), order.asked.where, base)).total
    written = Written(order, watch, total)
    part, rows = order.folder / "whole", read_rows(store, table, order.asked.where, order.asked.kind, watch)
    with whole_file(part) as out:
        WRITERS[order.asked.ending](out, written, written.counted(rows))
    if order.asked_to_stop():
        raise Stopped
    if order.something_gone():
        part.unlink(missing_ok=True)
        return False
    made = written.made()
    part.rename(order.folder / made.name)
    order.finish(made)
    return True


def _sheets(written: Written, rows: Iterator[list[Value]]) -> Iterator[Sheet]:
    """Yields the sheets of a workbook: the rows, what each column means, and what the file is, which is known last."""
    kind = written.order.asked.kind
    columns = columns_of_kind(kind)
    yield Sheet(SHEETS[kind], tuple((name, type_) for name, type_, _ in columns), rows)
    yield Sheet("What each column means", MEANING, iter([list[Value](column) for column in columns]))
    yield Sheet("About this file", ABOUT, iter([list[Value](fact) for fact in about(written)]))


def about(written: Written) -> list[tuple[str, str]]:
    """Returns what a file says of itself: whose, as of which event, behind which filters, what changed meanwhile."""
    made, order = written.made(), written.order
    campaign, asked = order.store.campaign, order.asked
    named = {facet: ", ".join(value or "none named" for value in values) for facet, values in asked.where.items()}
    filters = "; ".join(f"{facet}: {values}" for facet, values in named.items())
    whole = made.event == made.last and not made.left_out
    changed = "Nothing changed while this file was written." if whole else (
        f"{made.changed:,} of its responses changed while it was written and say their own event; {made.left_out:,} were "
        "withdrawn or erased and are left out."
    )
    return [
        ("campaign", campaign.title), ("asked by", campaign.organiser), ("question", campaign.question),
        ("demonstration", "Yes: these are made-up responses." if order.store.demonstration else "No."),
        ("rows", f"{made.rows:,}"), ("filters", filters or "None: everything that counts."),
        ("from event", f"{made.event}"), ("to event", f"{made.last}"), ("while it was written", changed),
        ("written", datetime.now(UTC).isoformat(timespec="seconds")), ("definition", order.store.state["definition"]),
        ("take care", "Words of people, cleared or not, may be in this file. Delete it when you are done: a wish that is erased "
         "from the campaign stays in a file that was taken away. About-you answers are in no export."),
    ]


def _package(out: BinaryIO, written: Written, rows: Iterator[list[Value]]) -> None:
    """Writes a data package: the rows as CSV, what each column means, and the description by which programs read both."""
    order, kind = written.order, written.order.asked.kind
    name = file_name(order.store.slug, kind, "csv", written.watch.event)
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        with package.open(name, "w", force_zip64=True) as part:
            for piece in as_csv(rows, kind):
                part.write(piece.encode())
        package.writestr("dictionary.csv", "".join(dictionary(kind)))
        package.writestr("datapackage.json", descriptor(order.store.campaign, kind, written.watch.event, name))
        facts = io.StringIO()
        facts.writelines(f"{what}: {fact}\n" for what, fact in about(written))
        package.writestr("about.txt", facts.getvalue())


Writer = Callable[[BinaryIO, Written, Iterator[list[Value]]], None]


def _workbook(write: Callable[[BinaryIO, Iterable[Sheet]], None]) -> Writer:
    return lambda out, written, rows: write(out, _sheets(written, rows))


WRITERS: dict[str, Writer] = {"xlsx": _workbook(write_xlsx), "ods": _workbook(write_ods), "zip": _package}
