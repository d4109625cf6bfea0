"""Freezing a draft: its document as it was written, kept as JSON, with the numbers behind it and no wish's words.

A wish that is quoted is kept by its number; its words are read anew each time, so that what was erased, withdrawn, changed or
is no longer cleared is gone from every version, and a line says so in its place.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

from campaigns.definition import Look
from campaigns.drafts.document import (
    Blank,
    Boxed,
    Bullets,
    Days,
    Draft,
    Grid,
    Link,
    Part,
    Said,
    Section,
    Share,
    Text,
    Ways,
)
from campaigns.drafts.evidence import Evidence, Figure, Seal, Standing, Table, Taggers
from campaigns.drafts.quoting import cut_short

KNOWN = {kind.__name__: kind for kind in (Blank, Boxed, Bullets, Days, Grid, Link, Said, Section, Share, Text, Ways)}
GONE = "A wish that was quoted here is no longer public."
OFFICERS = "Written by officers"
Place = tuple[int, int]
Words = Callable[[int, int], str | None]  # what anybody may read of a wish now


class CannotThaw(ValueError):
    """What was kept is no draft; the message says what to do."""


@dataclass(frozen=True)
class Changed:
    """One number that a refresh would change; None where it was not told before, or is told no longer."""

    name: str
    before: int | None
    after: int | None


def freeze(draft: Draft) -> dict[str, Any]:
    """Returns a draft as it is kept: its document, and every number behind it by name."""
    quoted = {
        quote.words + (" […]" if quote.cut else ""): (quote.number, quote.slot)
        for block in draft.evidence.blocks.values() for quote in getattr(block, "quotes", ())
    }
    return {
        "kind": draft.kind, "title": draft.title, "byline": draft.byline, "banner": draft.banner, "language": draft.language,
        "author": draft.author, "wide": draft.wide, "event": draft.evidence.event, "at_ms": draft.evidence.at_ms,
        "definition": draft.evidence.definition,
        "look": {one.name: getattr(draft.look, one.name) for one in fields(draft.look)},
        "seal": [draft.evidence.seal.event, draft.evidence.seal.sha256],
        "opening": _written(draft.opening, quoted), "sections": _written(draft.sections, quoted),
        "numbers": dict(_numbers(draft)),
    }


def thaw(kept: Mapping[str, Any], words: Words, prose: Mapping[str, str]) -> Draft:
    """Returns a draft that was kept, with the quoted wishes as they now read and officers' prose in its sections.

    Raises CannotThaw.
    """
    try:
        evidence = Evidence(
            kept["event"], kept["at_ms"], kept["definition"], Seal(*kept["seal"]), Standing(), Taggers(), {},
        )
        opening, read = _read(kept["opening"], words), _read(kept["sections"], words)
        sections = tuple(_with_prose(one, prose) for one in read)
        return Draft(
            kept["kind"], kept["title"], kept["byline"], kept["banner"], opening, sections, evidence,
            kept["language"], Look(**kept["look"]), kept["author"], kept["wide"],
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise CannotThaw("The program as it now is cannot read this version. Begin a new one; nothing of it is lost.") from wrong


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """Returns the numbers that differ between two that were kept, in the order of the later one."""
    old, new = before["numbers"], after["numbers"]
    names = [*new, *(name for name in old if name not in new)]
    return [Changed(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def headings(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns each section's id and heading, those below after the one they stand under."""
    found: list[tuple[str, str]] = []
    for one in kept["sections"]:
        found.append((one["id"], one["heading"]))
        found += [(below["id"], f"{one['heading']}: {below['heading']}") for below in one["sections"]]
    return found


def hash_of(kept: Mapping[str, Any], prose: Mapping[str, str]) -> str:
    """Returns the SHA-256 by which a version is known: of what was kept, wishes by number, and of officers' prose."""
    return hashlib.sha256(json.dumps([kept, prose], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _written(part: Any, quoted: Mapping[str, Place]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(part, Said):
        number, slot = quoted.get(part.words, (0, 0))
        return {"$": "Said", "number": number, "slot": slot, "about": part.about, "cut": part.words.endswith(" […]")}
    if is_dataclass(part) and not isinstance(part, type):
        return {"$": type(part).__name__, **{one.name: _written(getattr(part, one.name), quoted) for one in fields(part)}}
    if isinstance(part, tuple | list):
        return [_written(one, quoted) for one in part]
    return {"day": part.isoformat()} if isinstance(part, date) else part


def _read(kept: Any, words: Words) -> Any:  # noqa: ANN401 - JSON
    if isinstance(kept, list):
        return tuple(_read(one, words) for one in kept)
    if not isinstance(kept, dict):
        return kept
    if "day" in kept:
        return date.fromisoformat(kept["day"])
    if kept["$"] == "Said":
        said = words(kept["number"], kept["slot"])
        return Said(cut_short(said) + (" […]" if kept["cut"] else ""), kept["about"]) if said else Text(GONE)
    return KNOWN[kept["$"]](**{name: _read(value, words) for name, value in kept.items() if name != "$"})


def _with_prose(section: Section, prose: Mapping[str, str]) -> Section:
    below = tuple(_with_prose(one, prose) for one in section.sections)
    said: tuple[Part, ...] = tuple(Text(line) for line in prose.get(section.id, "").split("\n\n") if line.strip())
    boxed = (Boxed(OFFICERS, said, f"prose-{section.id}"),) if said else ()
    return replace(section, parts=(*boxed, *section.parts), sections=below)


def _numbers(draft: Draft) -> Iterator[tuple[str, int]]:
    for name, block in draft.evidence.blocks.items():
        if isinstance(block, Figure):
            yield name, block.number
        elif isinstance(block, Table):
            yield from ((f"{name}: {', '.join(cell)}", count) for cell, count in sorted(block.cells.items()))
