"""A draft as HTML: a whole accessible page that also prints well, or a fragment to stand inside another page."""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from campaigns.definition import Look
from campaigns.drafts.bars import day_bars, share_bar, ways_bar
from campaigns.drafts.document import Blank, Boxed, Bullets, Cell, Days, Draft, Grid, Link, Part, Said, Section, Share, Text, Ways
from campaigns.drafts.prose import count, percent
from campaigns.drafts.tracing import anchor

WIDEST = 4  # columns that still fit a telephone; a table of more is moved sideways
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")
ASK_WORDS = {"more": "more", "keep": "keep", "mend": "mend", "less": "less", "unclear": "no direction"}


def as_page(draft: Draft) -> str:
    """Returns a draft as a complete HTML document that needs nothing beside it."""
    title, style = escape(draft.title), f"\n{draft_style()}{_colours(draft.look)}{_running_head(draft)}"
    return (
        f'<!doctype html>\n<html lang="{escape(draft.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_only(style)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n"
        f'<main class="draft draft-page">\n{"".join(_whole(draft, 1))}</main>\n</body>\n</html>\n'
    )


def as_fragment(draft: Draft, top: int = 2) -> str:
    """Returns a draft to stand inside another page, its title a heading of level ``top``; ``draft_style`` dresses it."""
    return f'<article class="draft">\n{"".join(_whole(draft, top))}</article>\n'


@cache
def draft_style() -> str:
    """Returns the stylesheet of drafts; all of it but the page itself is under the class ``draft``."""
    return Path(__file__).with_name("draft.css").read_text(encoding="utf-8")


def _only(style: str) -> str:
    """The policy of a page in a file, which no server sends along: this stylesheet, known by its hash, and nothing else."""
    known = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{known}'; base-uri 'none'; form-action 'none'"


def _colours(look: Look) -> str:
    """The campaign's own colours; anything that is not one is left at its default."""
    named = {"paper": look.paper, "ink": look.ink, "leaf": look.leaf, "muted": look.muted, "red": look.red}
    kept = "".join(f"--{name}:{colour};" for name, colour in named.items() if COLOUR.fullmatch(colour))
    return f".draft{{{kept}}}\n"


def _running_head(draft: Draft) -> str:
    return '@page{@top-center{content:"Demonstration: everything here is made up"}}\n' if draft.banner else ""


def _whole(draft: Draft, top: int) -> Iterator[str]:
    yield f'<header>\n<h{top}>{escape(draft.title)}</h{top}>\n<p class="byline">{escape(draft.byline)}</p>\n'
    if draft.banner:
        yield f'<p class="banner" role="note">{escape(draft.banner)}</p>\n'
    yield f'</header>\n<div class="opening">\n{_parts(draft.opening)}</div>\n{_contents(draft)}'
    for section in draft.sections:
        yield _section(section, top + 1)


def _contents(draft: Draft) -> str:
    links = "".join(f'<li><a href="#draft-{escape(one.id)}">{escape(one.heading)}</a></li>' for one in draft.sections)
    return f'<nav aria-label="Contents of this draft"><ul>{links}</ul></nav>\n'


def _section(section: Section, level: int) -> str:
    name = f' class="theme theme-{escape(section.theme)}"' if section.theme else ""
    under = "".join(_section(one, level + 1) for one in section.sections)
    heading = f'<h{level} id="draft-{escape(section.id)}">{escape(section.heading)}</h{level}>'
    return f"<section{name}>\n{heading}\n{_parts(section.parts)}{under}</section>\n"


def _parts(parts: tuple[Part, ...]) -> str:
    return "".join(_part(part) + "\n" for part in parts)


def _part(part: Part) -> str:
    match part:
        case Text():
            return f'<p{_text_class(part)}>{_text(part)}</p>'
        case Bullets():
            return f"<ul>{''.join(f'<li>{_text(item)}</li>' for item in part.items)}</ul>"
        case Grid():
            return _grid(part)
        case Days():
            return f"<figure><figcaption>{escape(part.caption)}</figcaption>{day_bars(part)}</figure>"
        case Said():
            return (
                f'<blockquote><p dir="auto" class="wish">{escape(part.words)}</p>'
                f'<p class="about">{escape(part.about)}</p></blockquote>'
            )
        case Boxed():
            return f'<div class="boxed {escape(part.id)}"><p class="label">{escape(part.label)}</p>\n{_parts(part.parts)}</div>'
        case Blank():
            return f'<p class="blank">{_blank(part)}</p>'


def _text_class(text: Text) -> str:
    """Marks labels that must not be left alone at the foot of a printed page."""
    return ' class="leads"' if text.label.endswith(":") or not text.words else ""


def _text(text: Text) -> str:
    label = f"<strong>{escape(text.label)}</strong>" if text.label else ""
    behind = f'<span class="behind">({escape(text.behind)})</span>' if text.behind else ""
    return " ".join(part for part in (label, escape(text.words), behind, _trace(text.trace)) if part)


def _trace(number: str) -> str:
    return f'<a class="trace" href="#{anchor(number)}"><span class="unseen">figure </span>{number}</a>' if number else ""


def _blank(blank: Blank) -> str:
    what = f"<strong>{escape(blank.what)}:</strong> " if blank.what else ""
    return f"{what}{escape(blank.words)}"


def _grid(grid: Grid) -> str:
    """Roles stand beside the elements, since narrow pages lay some rows out as blocks, which would end their being rows."""
    around = ("", "")
    kinds = [_kind(cell) for cell in (grid.rows or (grid.columns,))[0]]
    heads = "".join(
        f'<th scope="col" role="columnheader" class="{kind}">{escape(heading)}</th>'
        for heading, kind in zip(grid.columns, kinds, strict=True)
    )
    rows = "".join(_row(grid, cells, *_marks(grid, place)) for place, cells in enumerate(grid.rows))
    total = f'<tfoot role="rowgroup">{_row(grid, grid.total)}</tfoot>\n' if grid.total else ""
    note = f'<p class="note">{escape(grid.note)}</p>' if grid.note else ""
    if len(kinds) > WIDEST:
        around = (f'<div class="wide" role="region" tabindex="0" aria-label="{escape(grid.caption)}">', "</div>")
    return (
        f'{around[0]}<table role="table" class="by-{kinds[-1]} of-{len(kinds)}">\n<caption>{escape(grid.caption)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{rows}</tbody>\n{total}</table>{around[1]}{note}'
    )


def _marks(grid: Grid, place: int) -> tuple[str, str]:
    """Returns the number behind a row, and the name it is led to by; empty where it has none."""
    trace, name = (names[place] if place < len(names) else "" for names in (grid.traces, grid.anchors))
    return trace, name


def _row(grid: Grid, cells: tuple[Cell, ...], trace: str = "", anchored: str = "") -> str:
    known = f' id="{escape(anchored)}"' if anchored else ""
    name = f'<th scope="row" role="rowheader"{known}>{_cell(cells[0])}{_trace(trace)}</th>'
    rest = "".join(
        f'<td role="cell" class="{_kind(cell)}" data-label="{escape(heading)}">{_cell(cell)}</td>'
        for heading, cell in zip(grid.columns[1:], cells[1:], strict=True)
    )
    return f'<tr role="row">{name}{rest}</tr>\n'


def _kind(cell: Cell) -> str:
    return {Share: "share", Ways: "ways", int: "count"}.get(type(cell), "words")


def _cell(cell: Cell) -> str:
    match cell:
        case int():
            return count(cell)
        case Share():
            share = percent(cell.part, cell.whole)
            numbers = f'<span class="number">{count(cell.part)}</span> <span class="percent">{share}</span>'
            return f'<span class="measure">{share_bar(cell)}{numbers}</span>'
        case Ways():
            return _ways(cell)
        case Link():
            return f'<a href="{escape(cell.address)}">{escape(cell.words)}</a>' if cell.address else escape(cell.words)
        case Blank():
            return f'<span class="blank">{_blank(cell)}</span>'
    return escape(cell)


def _ways(ways: Ways) -> str:
    said = [
        f'<span class="way"><span class="key ask-{ask}" aria-hidden="true"></span>{ASK_WORDS[ask]} {count(number)}</span>'
        for ask, number in ways.asks if number
    ]
    return f"{ways_bar(ways)}{', '.join(said)}" if said else "–"
