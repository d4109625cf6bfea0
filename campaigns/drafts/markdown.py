"""A draft as Markdown, in which a wish stays words: it can become no heading, link, markup or break of a table."""

import re
from collections.abc import Iterator

from campaigns.drafts.document import Blank, Boxed, Bullets, Cell, Days, Draft, Grid, Link, Part, Said, Section, Share, Text, Ways
from campaigns.drafts.prose import count, percent
from campaigns.drafts.ways import counted_ways

ANYWHERE = re.compile(r"([\\`*_{}\[\]<>#|~&!$^])")
LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
COLON = re.compile(r"(?<!\d):(?=\S)|:(?=[^\s\d])")
WWW = re.compile(r"(www)\.", re.IGNORECASE)
# Some readers make a link of a bare e-mail address, whatever is escaped; an unseen joiner after the @ stops them.
AFTER_AT = "@\u2060"


def escape_line(line: str) -> str:
    """Returns one line of anyone's words so that Markdown shows them as they are."""
    said = ANYWHERE.sub(r"\\\1", line.strip())
    said = WWW.sub(r"\1\\.", COLON.sub(r"\\:", said)).replace("@", AFTER_AT)
    start = LINE_START.match(said)
    if not start:
        return said
    mark = start.group(2)
    return f"{mark}\\{said[len(mark):]}" if mark.isdigit() else f"\\{said}"


def escape(words: str) -> str:
    """Returns anyone's words on one line, so that Markdown shows them as they are."""
    return escape_line(re.sub(r"\s+", " ", words))


def as_markdown(draft: Draft) -> str:
    """Returns a draft as GitHub's Markdown, ending with a line end."""
    lines = [f"# {escape(draft.title)}", "", escape(draft.byline), ""]
    if draft.banner:
        lines += [f"> **{escape(draft.banner)}**", ""]
    lines += _parts(draft.opening)
    for section in draft.sections:
        lines += _section(section, 2)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section, level: int) -> list[str]:
    lines = [f"{'#' * level} {escape(section.heading)}", "", *_parts(section.parts)]
    for under in section.sections:
        lines += _section(under, level + 1)
    return lines


def _parts(parts: tuple[Part, ...]) -> list[str]:
    return [line for part in parts for line in (*_part(part), "")]


def _part(part: Part) -> Iterator[str]:
    match part:
        case Text():
            yield _text(part)
        case Bullets():
            yield from (f"- {_text(item)}" for item in part.items)
        case Grid():
            yield from _grid(part)
        case Days():
            yield f"*{escape(part.caption)}.*"
        case Said():
            yield from _said(part)
        case Boxed():
            inner = [f"**{escape(part.label)}**", "", *_parts(part.parts)]
            yield from (f"> {line}".rstrip() for line in inner[:-1])
        case Blank():
            yield _blank(part)


def _text(text: Text) -> str:
    label = f"**{escape(text.label)}**" if text.label else ""
    behind = f"({escape(text.behind)})" if text.behind else ""
    return " ".join(part for part in (label, escape(text.words), behind, _trace(text.trace)) if part)


def _trace(number: str) -> str:
    return f"\\[{number}\\]" if number else ""


def _blank(blank: Blank) -> str:
    what = f"**{escape(blank.what)}:** " if blank.what else ""
    return f"{what}*{escape(blank.words)}*"


def _said(said: Said) -> Iterator[str]:
    lines = [escape_line(line) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", said.words)]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        yield f"> {line}\\" if line and after else f"> {line}".rstrip()
    yield ">"
    yield f"> — {escape(said.about)}"


def _grid(grid: Grid) -> Iterator[str]:
    yield f"**{escape(grid.caption)}**"
    yield ""
    first: tuple[Cell, ...] = (grid.rows or (grid.columns,))[0]
    yield _row([said for heading, cell in zip(grid.columns, first, strict=True) for said in _heads(heading, cell)])
    yield _row(["---", *("---:" if _is_number(cell) else "---" for cell in _flat(first)[1:])])
    for place, cells in enumerate(grid.rows):
        said = [_cell(cell) for cell in _flat(cells)]
        trace = _trace(grid.traces[place]) if place < len(grid.traces) else ""
        yield _row([f"{said[0]} {trace}".strip(), *said[1:]])
    if grid.total:
        yield _row([f"**{_cell(cell)}**" for cell in _flat(grid.total)])
    if grid.note:
        yield ""
        yield escape(grid.note)


def _heads(heading: str, cell: Cell) -> list[str]:
    return [escape(heading), "Share"] if isinstance(cell, Share) else [escape(heading)]


def _flat(cells: tuple[Cell, ...]) -> list[Cell]:
    """A share is two cells here: the count, and its part of the whole."""
    flat: list[Cell] = []
    for cell in cells:
        flat += [cell.part, percent(cell.part, cell.whole)] if isinstance(cell, Share) else [cell]
    return flat


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int) or (isinstance(cell, str) and cell.endswith("%"))


def _cell(cell: Cell) -> str:
    match cell:
        case int():
            return count(cell)
        case Ways():
            return escape(counted_ways(dict(cell.asks), with_untold=True) or "–")
        case Share():
            return percent(cell.part, cell.whole)
        case Link():
            return f"{escape(cell.words)} <{cell.address}>" if "://" in cell.address else escape(cell.words)
        case Blank():
            return _blank(cell)
    return escape(cell)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
