"""What both kinds of spreadsheet file share: sheets of typed columns, cells that hold what they may, rows cut to sheets."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from campaigns.exports.columns import Value

# Letters a cell holds in Excel, in UTF-16 units, and rows a sheet holds in either program.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
CUT = " [cut here: a cell holds no more]"
WIDTHS = {"integer": 9, "number": 11, "date": 11, "string": 20}
WIDE = {"text": 60, "meaning": 90, "fact": 90, "frame": 12}
# XML 1.0 holds no other controls than tab and line end, no half of a pair, and neither of the last two places.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")
Rows = Iterator[list[Value]]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns (name, and the kind of value: string, integer, number or date), and its rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: Rows

    @property
    def widths(self) -> list[int]:
        """Returns how wide each column stands, in letters."""
        return [WIDE.get(name, WIDTHS[kind]) for name, kind in self.columns]


def cut_to_sheets(sheets: Iterable[Sheet], most: int = MOST_ROWS) -> Iterator[Sheet]:
    """Yields sheets that hold no more rows than a program opens, the first being for the names; further ones hold the rest."""
    for sheet in sheets:
        rows, part = iter(sheet.rows), 1
        while True:
            yield Sheet(sheet.name if part == 1 else f"{sheet.name} {part}", sheet.columns, islice(rows, most - 1))
            following = next(rows, None)
            if following is None:
                break
            rows, part = chain([following], rows), part + 1


def cell_text(text: str) -> str:
    """Returns a text as a cell may hold it: no controls, one kind of line end, and no more letters than fit."""
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return _cut(text) if len(text) * 2 > LONGEST_CELL else text


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LONGEST_CELL:
        return text
    return units[:2 * (LONGEST_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def escaper() -> Callable[[str], str]:
    """Returns what makes a text safe between the tags of XML."""
    table = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    return lambda text: text.translate(table) if "&" in text or "<" in text or ">" in text else text
