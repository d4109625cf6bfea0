"""A draft as a tagged PDF (PDF/UA-1), set by Typst from the same parts; anyone's words reach it as data, never as markup."""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import typst

from campaigns.definition import Look
from campaigns.drafts.document import Blank, Boxed, Bullets, Cell, Days, Draft, Grid, Link, Part, Said, Section, Share, Text, Ways
from campaigns.drafts.pictures import KEEP, MEND, TRACK, UNTOLD
from campaigns.drafts.prose import count, percent
from campaigns.drafts.shape import columns_of
from campaigns.drafts.tracing import anchor
from campaigns.drafts.ways import counted_ways

TEMPLATE = Path(__file__).with_name("draft.typ")
UNSHOWN = "could not be displayed"
# What no font shows, and what would turn the words around it.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2066-\u2069\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def as_pdf(draft: Draft) -> bytes:
    """Returns a draft as the bytes of a PDF file.

    A script for which this machine has no font is left blank where it stands, and then the file, though tagged, does not
    call itself PDF/UA-1, which asks that every letter can be shown.
    """
    sent = {"draft": json.dumps(_draft(draft))}
    moment = int(draft.evidence.at_ms / 1000)
    try:
        return _set(sent, moment, "ua-1")
    except typst.TypstError as problem:
        if UNSHOWN not in str(problem):
            raise
        return _set(sent, moment, None)


def _set(sent: dict[str, str], moment: int, standard: Literal["ua-1"] | None) -> bytes:
    return typst.compile(
        TEMPLATE, format="pdf", sys_inputs=sent, font_paths=[_fonts()], pdf_standards=standard,
        timestamp=moment, pdf_tags=True,
    )


@cache
def _fonts() -> Path:
    """The letters come with a package, so that a page is set alike on every machine; other scripts use what is installed."""
    found = find_spec("font_source_sans_pro")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "files"


def _draft(draft: Draft) -> dict[str, Any]:
    language, _, region = draft.language.partition("-")
    return {
        "title": _clean(draft.title), "byline": _clean(draft.byline), "banner": _clean(draft.banner),
        "author": _clean(draft.author),
        "lang": language, "region": region or None, "wide": draft.wide, "colours": _colours(draft.look),
        "opening": _parts(draft.opening), "sections": [_section(section, 1) for section in draft.sections],
    }


def _colours(look: Look) -> dict[str, str]:
    own = {"ink": look.ink, "leaf": look.leaf, "muted": look.muted, "red": look.red}
    kept = {name: colour if COLOUR.fullmatch(colour) else getattr(Look(), name) for name, colour in own.items()}
    return {**kept, "more": kept["leaf"], "keep": KEEP, "mend": MEND, "less": kept["red"], "unclear": UNTOLD, "track": TRACK}


def _section(section: Section, level: int) -> dict[str, Any]:
    return {
        "id": f"draft-{section.id}", "heading": _clean(section.heading), "level": level, "new_page": section.new_page,
        "parts": _parts(section.parts), "sections": [_section(one, level + 1) for one in section.sections],
    }


def _parts(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    return [_part(part) for part in parts]


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return {"kind": "text", **_text(part)}
        case Bullets():
            return {"kind": "bullets", "items": [_text(item) for item in part.items]}
        case Grid():
            return _grid(part)
        case Days():
            most = max(part.counts, default=1)
            return {"kind": "days", "caption": _clean(part.caption), "counts": list(part.counts), "most": most}
        case Said():
            return {"kind": "said", "words": _clean(part.words), "about": _clean(part.about)}
        case Boxed():
            return {"kind": "boxed", "label": _clean(part.label), "parts": _parts(part.parts)}
        case Blank():
            return {"kind": "blank", **_blank(part)}


def _text(text: Text) -> dict[str, Any]:
    behind = f"({text.behind})" if text.behind else ""
    words = " ".join(part for part in (text.words, behind) if part)
    return {"label": _clean(text.label), "words": _clean(words), "trace": text.trace, "to": anchor(text.trace)}


def _blank(blank: Blank) -> dict[str, str]:
    return {"what": _clean(blank.what), "words": _clean(blank.words)}


def _grid(grid: Grid) -> dict[str, Any]:
    rows = [
        {"cells": [_cell(cell) for cell in cells], "trace": _at(grid.traces, place), "to": anchor(_at(grid.traces, place)),
         "anchor": _at(grid.anchors, place)}
        for place, cells in enumerate(grid.rows)
    ]
    return {
        "kind": "grid", "caption": _clean(grid.caption), "columns": [_clean(heading) for heading in grid.columns],
        "shapes": [{"kind": one.kind, "weight": one.weight, "right": one.right} for one in columns_of(grid)],
        "rows": rows, "total": [_cell(cell) for cell in grid.total], "note": _clean(grid.note),
    }


def _at(names: tuple[str, ...], place: int) -> str:
    return names[place] if place < len(names) else ""


def _cell(cell: Cell) -> dict[str, Any]:
    match cell:
        case int():
            return {"kind": "count", "words": count(cell)}
        case Share():
            against = cell.most or cell.whole
            return {
                "kind": "share", "words": count(cell.part), "share": percent(cell.part, cell.whole),
                "bar": cell.part / against if against else 0,
            }
        case Ways():
            bars = [{"ask": ask, "bar": number / cell.most} for ask, number in cell.asks if number and cell.most]
            return {"kind": "ways", "words": counted_ways(dict(cell.asks), with_untold=True) or "–", "bars": bars}
        case Link():
            return {"kind": "link", "words": _clean(cell.words), "address": cell.address if "://" in cell.address else ""}
        case Blank():
            return {"kind": "blank", **_blank(cell)}
    return {"kind": "words", "words": _clean(str(cell))}


def _clean(words: str) -> str:
    return UNWRITABLE.sub("", words)
