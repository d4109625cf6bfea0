"""Bulk entry from a CSV: every row is accepted, refused with its line and reason, or in already."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from campaigns.responses import Submission
from campaigns.store.areas import place_postcode
from campaigns.store.intake import Accepted, Way, accept_many
from campaigns.store.store import Store
from campaigns.submitting import Typed, read_submission

TOGETHER = 200


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
    return sum(1 for cells in _open(path)[1] if cells)


def _open(path: Path) -> tuple[list[str], Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    return next(reader, []), reader


def _rows(path: Path, columns: Columns) -> Iterator[_Row]:
    csv.field_size_limit(10_000_000)
    head, reader = _open(path)
    missing = [name for name in (*columns.wishes, columns.postcode, columns.day) if name and name not in head]
    if missing:
        raise UnreadableFile(f"{path.name} has no column “{missing[0]}”. It has: {', '.join(head) or 'nothing'}.")
    line = reader.line_num
    for number, cells in enumerate(reader, 1):
        first_line, line = line + 1, reader.line_num
        if cells:
            yield _Row(number, first_line, dict(zip(head, cells, strict=False)))


def _submission(store: Store, row: _Row, columns: Columns, channel: str, source: str) -> Submission:
    wishes = [row.cells.get(name, "") for name in columns.wishes]
    placed = place_postcode(store, row.cells.get(columns.postcode, ""))
    typed = Typed(wishes, channel, source, day=_day(row.cells.get(columns.day, "")))
    submission, problems = read_submission(store.campaign, typed, placed.area, placed.outward)
    if submission is None:
        raise ValueError(" ".join(problems.values()))
    return submission


def _day(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        raise ValueError(f"“{text}” is not a date such as 2010-07-12.") from None


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
