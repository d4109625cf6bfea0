"""A draft as a document: sections of words, lists, tables and quotes, before any writer gives it a form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from campaigns.definition import Look
from campaigns.drafts.evidence import Evidence


@dataclass(frozen=True)
class Text:
    """A paragraph, or an item of a list: a label in bold, if it has one, then words, then the count behind them.

    ``trace`` asks for the wishes behind it as the officers' pages do ("theme=growth"); ``trace_draft`` puts its number there.
    """

    words: str
    label: str = ""
    behind: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Blank:
    """What a named officer is to write, which no machine may: ``what`` it is, and ``who`` completes it."""

    what: str
    who: str

    @property
    def words(self) -> str:
        """Returns what stands there until it is written."""
        return f"To be completed by {self.who}"


@dataclass(frozen=True)
class Link:
    """Words that lead to an address."""

    words: str
    address: str


@dataclass(frozen=True)
class Bullets:
    """A list whose order carries no more than it says."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Share:
    """A count with the whole it is a part of; its bar is as long as its part of ``most``, the whole unless another is given."""

    part: int
    whole: int
    most: int = 0


@dataclass(frozen=True)
class Ways:
    """Wishes by which way they ask, with the most that any row of the table has, so that bars compare."""

    asks: tuple[tuple[str, int], ...]
    most: int


Cell: TypeAlias = str | int | Share | Ways | Link | Blank


@dataclass(frozen=True)
class Grid:
    """A table: its caption, the heading of each column, rows whose first cell names them, and a last row of totals.

    ``traces`` asks for the wishes behind each row, as a text's does; ``anchors`` are names by which rows are led to.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    traces: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Days:
    """Counts by day over a stretch, to be drawn where a writer can draw; a table always stands beside."""

    caption: str
    first: date
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Said:
    """A wish in its own words, and what may be told about where it came from."""

    words: str
    about: str


@dataclass(frozen=True)
class Boxed:
    """Parts set apart from the rest, under a label that says why."""

    label: str
    parts: "tuple[Part, ...]"
    id: str


Part: TypeAlias = Text | Bullets | Grid | Days | Said | Boxed | Blank


@dataclass(frozen=True)
class Section:
    """A part of a document under its heading; ``theme`` names the theme it is about, ``new_page`` begins it on one."""

    id: str
    heading: str
    parts: tuple[Part, ...] = ()
    sections: "tuple[Section, ...]" = ()
    theme: str = ""
    new_page: bool = False


@dataclass(frozen=True)
class Draft:
    """A whole draft: what a reader gets, and the evidence that every number in it came from.

    ``author`` is the body it is drafted for; a ``wide`` one lies on its side, on one page.
    """

    kind: str
    title: str
    byline: str
    banner: str
    opening: tuple[Part, ...]
    sections: tuple[Section, ...]
    evidence: Evidence
    language: str
    look: Look
    author: str = ""
    wide: bool = False

    @property
    def event(self) -> int:
        """Returns the event that the draft is as of."""
        return self.evidence.event

    def walk(self) -> Iterator[Section]:
        """Yields every section, each before those under it."""
        for section in self.sections:
            yield section
            yield from section.sections
