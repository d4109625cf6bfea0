"""The trace: every figure in a draft numbered, and an appendix with the question behind each and where its wishes are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from campaigns.definition import CHANNEL_WORDS, Campaign
from campaigns.drafts.document import Boxed, Bullets, Cell, Draft, Grid, Link, Part, Section, Text
from campaigns.drafts.evidence import Evidence, Figure, Table
from campaigns.drafts.prose import count

ALL = "*"
HEADING = "Every figure, and the question behind it"
ASKING = {
    "more": "that ask for more", "keep": "that ask to keep", "mend": "that ask to mend", "less": "that ask for less",
    "unclear": "that tell no direction",
}
CODED = {"person": "that a person coded or put right", "machine": "coded by machine alone", "waiting": "that wait for coding"}
FACETS = ("theme", "code", "ask", "ward", "channel", "coder", "moderation")


def behind(**where: str) -> str:
    """Returns the question behind a figure, as the address of the officers' pages asks it."""
    return urlencode(where)


def trace_draft(draft: Draft, campaign: Campaign, home: str) -> Draft:
    """Returns a draft whose figures are numbered in the order they are met, with the appendix that lists them at its end.

    ``home`` is the address of the site, to which the appendix leads; empty where none is known.
    """
    numbers: dict[str, str] = {}
    opening = tuple(_part(part, numbers) for part in draft.opening)
    sections = tuple(_section(section, numbers) for section in draft.sections)
    if not numbers:
        return draft
    appendix = _appendix(numbers, draft.evidence, campaign, home)
    return replace(draft, opening=opening, sections=(*sections, appendix))


def _section(section: Section, numbers: dict[str, str]) -> Section:
    parts = tuple(_part(part, numbers) for part in section.parts)
    return replace(section, parts=parts, sections=tuple(_section(one, numbers) for one in section.sections))


def _part(part: Part, numbers: dict[str, str]) -> Part:
    match part:
        case Text():
            return _text(part, numbers)
        case Bullets():
            return Bullets(tuple(_text(item, numbers) for item in part.items))
        case Boxed():
            return replace(part, parts=tuple(_part(one, numbers) for one in part.parts))
        case Grid():
            return replace(part, traces=tuple(_number(query, numbers) for query in part.traces))
    return part


def _text(text: Text, numbers: dict[str, str]) -> Text:
    return replace(text, trace=_number(text.trace, numbers))


def _number(query: str, numbers: dict[str, str]) -> str:
    return numbers.setdefault(query, str(len(numbers) + 1)) if query else ""


def _appendix(numbers: Mapping[str, str], evidence: Evidence, campaign: Campaign, home: str) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for query, number in numbers.items():
        where = {} if query == ALL else dict(parse_qsl(query))
        counts: list[Cell] = [_or_dash(counted(evidence, where, base)) for base in ("responses", "wishes")]
        rows.append((number, asked_in_words(where, campaign), *counts, _address(campaign, where, home)))
    said = Text(
        f"Each number in brackets in this document leads here. All are counted up to event {count(evidence.event)}, over "
        "responses that stand; a dash means that the base is not used for that question. The address opens the wishes "
        "themselves, as they now are, for officers who may see them."
    )
    anchors = tuple(anchor(number) for number in numbers.values())
    columns = ("No.", "What is counted", "Responses", "Wishes", "Where the wishes are")
    grid = Grid(f"Figures up to event {count(evidence.event)}", columns, tuple(rows), anchors=anchors)
    return Section("figures", HEADING, (said, grid), new_page=True)


def anchor(number: str) -> str:
    """Returns the name by which a figure's row in the appendix is led to."""
    return f"figure-{number}"


def counted(evidence: Evidence, where: Mapping[str, str], base: str) -> int | None:
    """Returns the count of a question on a base, or None where it was not counted on that one."""
    for block in evidence.blocks.values():
        if block.query.base != base:
            continue
        if isinstance(block, Table) and not block.query.where and set(block.query.by) == set(where):
            return block.cells.get(tuple(where[facet] for facet in block.query.by), 0)
        if isinstance(block, Figure) and block.query.where == tuple((facet, (value,)) for facet, value in sorted(where.items())):
            return block.number
    return None


def asked_in_words(where: Mapping[str, str], campaign: Campaign) -> str:
    """Returns a question in words: about City Growth, from Abbey, by card."""
    said = [_said(facet, where[facet], campaign) for facet in FACETS if facet in where]
    return ", ".join(said)[:1].upper() + ", ".join(said)[1:] if said else "All that was sent"


def _said(facet: str, value: str, campaign: Campaign) -> str:
    themes = {theme.id: theme.name for theme in campaign.frame.themes}
    codes = {code.id: code.name for code in campaign.frame.codes}
    match facet:
        case "theme" | "code":
            return f"about {themes.get(value) or codes.get(value, value)}"
        case "ward":
            return f"from {value}" if campaign.area_named(value) else f"with an area that is {value}"
        case "channel":
            return CHANNEL_WORDS.get(value, value)
        case "ask":
            return ASKING.get(value, value)
        case "coder":
            return CODED.get(value, value)
    return value


def _address(campaign: Campaign, where: Mapping[str, str], home: str) -> Link:
    query = f"?{urlencode(where)}" if where else ""
    path = f"/officers/{campaign.slug}/wishes{query}"
    return Link(path if not query else query.removeprefix("?"), f"{home}{path}")


def _or_dash(number: int | None) -> Cell:
    return "–" if number is None else number


def quoted_numbers(draft: Draft) -> Iterator[tuple[int, int]]:
    """Yields the response and slot of each wish that a draft may quote, whether it stands in it or not."""
    for block in draft.evidence.blocks.values():
        for quote in getattr(block, "quotes", ()):
            yield quote.number, quote.slot
