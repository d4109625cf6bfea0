"""Bulk entry from a CSV: every row is accepted, refused with its line and reason, or in already."""

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from campaigns.responses import Submission
from campaigns.rows import FIRST_DAY
from campaigns.store.areas import read_place
from campaigns.store.intake import Accepted, Way, accept_many
from campaigns.store.store import Store
from campaigns.submitting import Typed, read_submission

TOGETHER = 200
TOO_MANY_CELLS = "There are more cells than headings. Put a text with a comma in it in quotation marks."


class UnreadableFile(ValueError):
    """A file that cannot be imported as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Columns:
    """Which columns hold the wishes (one each), the postcode and the date."""

    wishes: tuple[str, ...]
    postcode: str = ""
    day: str = ""


@dataclass
class Outcome:
    """What became of a file's rows; the three counts add up to ``rows``."""

    rows: int = 0
    accepted: int = 0
    already: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    number: int
    line: int
    cells: dict[str, str]
    problem: str = ""


def import_wishes(
    store: Store, path: Path, columns: Columns, channel: str, source: str,
    progress: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Takes in every row of a file that is not in already; may be killed and run again without a double.

    A row is known by the file's hash and its place in it, so the same words twice are two wishes.
    Raises UnreadableFile.
    """
    file_hash = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    outcome = Outcome()
    waiting: list[tuple[_Row, Submission]] = []
    for row in _rows(path, columns):
        outcome.rows += 1
        try:
            waiting.append((row, _submission(store, row, columns, channel, source)))
        except ValueError as problem:
            outcome.refused.append((row.line, str(problem)))
        if len(waiting) == TOGETHER:
            _hand_in(store, waiting, file_hash, outcome)
            waiting = []
            progress(outcome)
    _hand_in(store, waiting, file_hash, outcome)
    progress(outcome)
    return outcome


def count_rows(path: Path) -> int:
    """Returns how many rows a file has, for the progress bar."""
    return sum(1 for _ in _each_row(_open(path)[1]))


def _open(path: Path) -> tuple[list[str], Any]:
    """Returns a file's headings, and the reader of the rows under them."""
    csv.field_size_limit(10_000_000)
    text = _read_text(path)
    heading = text.partition("\n")[0]
    between = max(",;\t", key=heading.count) if "," not in heading else ","
    # Strict: a quotation mark out of place would otherwise join rows into one wish, or cut one short.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        return [name.strip() for name in next(reader, [])], reader
    except csv.Error as problem:
        raise UnreadableFile(f"The headings of {path.name} cannot be read: {problem}. Save it as CSV again.") from None


def _read_text(path: Path) -> str:
    """Returns what a file says, in the encodings that spreadsheets save: UTF-8, UTF-16 with its mark, else Windows'."""
    kept = path.read_bytes()
    if kept.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return kept.decode("utf-16", "replace")
    try:
        return kept.decode("utf-8-sig")
    except UnicodeDecodeError:
        return kept.decode("cp1252", "replace")


def _each_row(reader: Any) -> Iterator[tuple[int, int, list[str] | str]]:  # noqa: ANN401 - csv gives it no name
    """Yields each row that is not blank: its number, its first line, and its cells or why they cannot be told apart."""
    number, line = 0, reader.line_num
    while True:
        number, first_line = number + 1, line + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            cells = "A quotation mark is out of place or never closed. Inside a text, write each quotation mark twice."
        line = reader.line_num
        if cells is None:
            return
        if cells:
            yield number, first_line, cells


def _rows(path: Path, columns: Columns) -> Iterator[_Row]:
    head, reader = _open(path)
    for name in (*columns.wishes, columns.postcode, columns.day):
        if name and name not in head:
            raise UnreadableFile(f"{path.name} has no column “{name}”. It has: {', '.join(head) or 'nothing'}.")
        if name and head.count(name) > 1:
            raise UnreadableFile(f"{path.name} has two columns “{name}”. Give each its own heading.")
    for number, line, cells in _each_row(reader):
        if isinstance(cells, str):
            yield _Row(number, line, {}, cells)
        else:
            problem = TOO_MANY_CELLS if any(cell.strip() for cell in cells[len(head):]) else ""
            yield _Row(number, line, dict(zip(head, cells, strict=False)), problem)


def _submission(store: Store, row: _Row, columns: Columns, channel: str, source: str) -> Submission:
    if row.problem:
        raise ValueError(row.problem)
    # A heading may be empty, as that of a column of row numbers often is; a column that was not named is none.
    postcode, day = (row.cells.get(name, "") if name else "" for name in (columns.postcode, columns.day))
    place = read_place(postcode)
    typed = Typed([row.cells.get(name, "") for name in columns.wishes], channel, source, day=_day(day, store))
    submission, problems = read_submission(store.campaign, typed, place.area, place.outward, place.postcode)
    if submission is None:
        raise ValueError(" ".join(problems.values()))
    return submission


def _day(text: str, store: Store) -> str:
    if not text.strip():
        return ""
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise ValueError(f"“{text}” is not a date such as 2010-07-12.") from None
    window = store.campaign.window
    # A demonstration's window lies around today, whenever the comments shown in it were written.
    first = date.fromordinal(FIRST_DAY) if store.demonstration else window.opens
    if not first <= day <= datetime.now(window.timezone).date():
        raise ValueError(f"{day} is not a day on which this campaign could be answered: it must be from {first} to today.")
    return day.isoformat()


def _hand_in(store: Store, waiting: list[tuple[_Row, Submission]], file_hash: str, outcome: Outcome) -> None:
    way = [
        (submission, Way(who="job:import", window="none", imported=(file_hash, str(row.number))))
        for row, submission in waiting
    ]
    for (row, _), taken in zip(waiting, accept_many(store, way), strict=True):
        _note(taken, row, outcome)


def _note(taken: Accepted, row: _Row, outcome: Outcome) -> None:
    if taken.outcome == "accepted":
        outcome.accepted += 1
    elif taken.outcome == "done":
        outcome.already += 1
    elif taken.outcome == "closed":
        raise UnreadableFile("The campaign is not open, so nothing more can be taken in. What was taken in stays.")
    else:
        outcome.refused.append((row.line, taken.outcome))
