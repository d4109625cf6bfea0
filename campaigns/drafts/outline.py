"""Outlining a draft: which parts stand in it, in what order, under what heading, as its kind or the campaign's file says."""

from collections.abc import Callable
from dataclasses import replace

from campaigns.definition import Campaign
from campaigns.drafts import board, committee, one_page, reported
from campaigns.drafts.area_pages import area_pages
from campaigns.drafts.asked_for import what_they_asked
from campaigns.drafts.chapters import all_actions, chapters
from campaigns.drafts.document import Boxed, Bullets, Draft, Part, Section, Text
from campaigns.drafts.kinds import PARTS, Kind, read_part
from campaigns.drafts.limits import as_of, moment, what_figures_say
from campaigns.drafts.material import Material
from campaigns.drafts.measured import what_is_measured, wishes_beside_targets
from campaigns.drafts.prose import both_bases, count, days_between, first_places, in_sentence, listed, plural, starting
from campaigns.drafts.taking_part import span, who_took_part
from campaigns.drafts.tracing import ALL, behind, trace_draft
from campaigns.drafts.ways import Direction, both_sides
from campaigns.drafts.wording import draft_statement

MOST_SAID = 3
SPREAD = ("chapters", "areas")
NOT_IN_SHORT = ("plan", "committee")
Builder = Callable[[Material, str], Section]


def outline_draft(kind: Kind, material: Material, home: str = "") -> Draft:
    """Returns a whole draft from a campaign and its evidence, every figure in it traced; ``home`` is the site's address."""
    campaign = material.campaign
    own = campaign.outline(kind.name)
    named = {"place": campaign.place, "title": campaign.title, "areas": campaign.areas_called or "area"}
    title = own.title if own else kind.title.format(**named)
    opening = own.opening if own and own.opening else kind.opening
    parts: tuple[Part, ...] = (Text(opening),) if opening else ()
    if kind.name not in NOT_IN_SHORT:
        parts += in_short(material)
    draft = Draft(
        kind.name, starting(title), _byline(material), _banner(material), parts, _sections(kind, material),
        material.evidence, campaign.languages[0], campaign.look, campaign.organiser, kind.wide,
    )
    return trace_draft(draft, campaign, home)


def _sections(kind: Kind, material: Material) -> tuple[Section, ...]:
    made = [(part, BUILDERS[part](material, heading or PARTS[part])) for part, heading in parts_of(kind, material.campaign)]
    return tuple(one for part, section in made for one in _spread(part, section))


def _spread(part: str, section: Section) -> tuple[Section, ...]:
    """Chapters and the pages of areas stand beside the other parts, so that the contents name each of them."""
    if part not in SPREAD or not all(under.new_page for under in section.sections):
        return (section,)
    return (replace(section, sections=()), *section.sections)


def parts_of(kind: Kind, campaign: Campaign) -> list[tuple[str, str]]:
    """Returns the parts of a kind of document with their own headings, as the campaign's file has them or as the kind does."""
    own = campaign.outline(kind.name)
    return [read_part(written) for written in own.parts] if own and own.parts else [(part, "") for part in kind.parts]


def _byline(material: Material) -> str:
    return f"{material.campaign.organiser} · up to event {count(material.evidence.event)}, {moment(material)}"


def _banner(material: Material) -> str:
    if not material.demonstration:
        return ""
    return (
        "Demonstration. Everything in this document is made up, or was put in to show the system at work: "
        f"nothing in it says what anyone in {material.campaign.place} wishes for."
    )


def _what_was_asked(material: Material, heading: str) -> Section:
    campaign = material.campaign
    window = campaign.window
    parts: list[Part] = [
        Text(f"“{campaign.question}”", "The question:"), Text(campaign.why),
        Text(f"Asked {days_between(window.opens, window.closes)} by {campaign.organiser}. {campaign.who_decides}"),
    ]
    for label, items in (("What can change:", campaign.can_change), ("What cannot:", campaign.cannot_change)):
        if items:
            parts += [Text("", label), Bullets(tuple(Text(item) for item in items))]
    return Section("asked", heading, tuple(parts))


def in_short(material: Material) -> tuple[Part, ...]:
    """Returns the few figures that a reader in a hurry needs, in a box."""
    if not material.responses:
        return (Text("No response has been received yet, so there is nothing to draft from."),)
    items = [_taking_part(material), *_most_asked(material), *_codes(material), *_both_ways(material), _checked(material)]
    return (Boxed("In short", (Bullets(tuple(items)),), "in-short"),)


def _taking_part(material: Material) -> Text:
    reached = span(material)
    wishes = plural(material.evidence.number("all, wishes"), "wish", "wishes")
    when = f", {days_between(*reached)}" if reached else ""
    return Text(f"{plural(material.responses, 'response')} with {wishes}{when}.", trace=ALL)


def _most_asked(material: Material) -> list[Text]:
    said = [one for one in first_places(material.themes, MOST_SAID) if one.number]
    whole = material.coded_responses
    return [
        Text(f"{one.words} of all themes, {both_bases(one.number, whole, material.wishes('theme', one.name))}.",
             f"{material.name(one.name)}:", trace=behind(theme=one.name))
        for one in said
    ]


def _codes(material: Material) -> list[Text]:
    first = [one for one in first_places(material.all_codes, MOST_SAID) if one.number]
    said = [f"{in_sentence(material.name(one.name))} ({plural(one.number, 'response')})" for one in first]
    unsure = any(one.ahead is not None and not one.apart for one in first)
    also = "; ranges cannot tell all of these from others" if unsure else ""
    label = "Counted most often of all codes:" if unsure else "Most asked of all codes:"
    return [Text(f"{starting(listed(said))}{also}.", label)] if said else []


def _both_ways(material: Material) -> list[Text]:
    """Says on how many of the codes put forward wishes ask both ways, and names the ones that are closest."""
    codes = [one.name for theme in material.themes for one in first_places(material.codes(theme.name), MOST_SAID) if one.number]
    directions = {code: Direction(material.evidence.asks(code)) for code in codes}
    divided = sorted(
        (code for code in codes if directions[code].divided), key=lambda code: -directions[code].smaller / directions[code].told
    )
    if not divided:
        return []
    closest = [f"{in_sentence(material.name(code))} ({both_sides(directions[code].asks)})" for code in divided[:MOST_SAID]]
    of = f"on {len(divided)} of the {len(codes)} codes most asked for under the themes."
    return [Text(f"{of} The closest: {listed(closest)}." if len(divided) > MOST_SAID else f"{of} {starting(listed(closest))}.",
                 "Asked both ways")]


def _checked(material: Material) -> Text:
    person, coded = (material.evidence.number(f"{name}, wishes") for name in ("person", "coded"))
    said = f"A person coded or put right {count(person)} of the {count(coded)} coded wishes; a machine coded the rest."
    if person == coded:
        said = "Every coded wish was coded or put right by a person." if coded else "No wish has been coded yet."
    elif not person:
        said = f"A machine coded {plural(coded, 'wish', 'wishes')}; no person has checked any of them."
    return Text(f"{said} {plural(material.waiting, 'wish waits', 'wishes wait')} for coding." if material.waiting else said)


# Every part that an outline may name, by the name it has there.
BUILDERS: dict[str, Builder] = {
    "asked": _what_was_asked, "method": reported.method, "who": who_took_part, "waterfall": reported.waterfall,
    "asked-for": what_they_asked, "statement": draft_statement, "chapters": chapters, "disagree": reported.disagree,
    "quoted": reported.quoted, "indicators": what_is_measured, "matrix": wishes_beside_targets, "areas": area_pages,
    "on-a-page": one_page.on_a_page, "outcomes": one_page.outcomes, "achievements": board.achievements,
    "progress": board.progress, "emerging": board.emerging, "business": board.business, "horizon": board.horizon,
    "decisions": board.decisions, "next-meeting": board.next_meeting, "summary": committee.summary,
    "recommendations": committee.recommendations, "reasons": committee.reasons, "supporting": committee.supporting,
    "options": committee.options, "implications": committee.implications, "equality": committee.equality,
    "consulted": committee.consulted, "papers": committee.papers, "actions": all_actions, "limits": what_figures_say,
    "as-of": as_of,
}
