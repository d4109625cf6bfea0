"""Parts of a full report: how it was asked and counted, what became of all that was sent, and where wishes disagree."""

from campaigns.definition import CHANNEL_WORDS
from campaigns.drafts.asked_for import NUMBERS, said_by
from campaigns.drafts.document import Bullets, Cell, Grid, Part, Section, Text
from campaigns.drafts.evidence import Quote
from campaigns.drafts.material import Material
from campaigns.drafts.prose import count, days_between, listed, starting
from campaigns.drafts.tracing import ALL, behind
from campaigns.drafts.ways import UNTOLD, Direction, both_sides

RULE = "Where a tenth or more of the wishes that tell a direction ask the other way, both are said; the closest come first."
OPEN_TO_ALL = "Anyone could reply, as often as they liked. Nobody was drawn by lot: nothing here speaks for those who did not."
BASES = (
    "Responses are submissions, wishes the single things asked for, mentions the codes on them. They stand beside each other, "
    "since a household that asks three times for one thing should not count as three."
)
QUOTED = (
    "Only wishes that a person has cleared are quoted, by a rule that favours nobody: up to three a theme, from different areas, "
    "no response twice. Typical ones ask the way that most wishes of their theme do, opposing ones the other way."
)


def method(material: Material, heading: str) -> Section:
    """Returns how people were asked, and how their wishes were coded and counted."""
    campaign = material.campaign
    ways = listed(CHANNEL_WORDS.get(channel, channel) for channel in campaign.channels)
    items = (
        Text(f"“{campaign.question}” Up to {NUMBERS[campaign.wishes_each]} wishes in a response.", "The question."),
        Text(f"{starting(days_between(campaign.window.opens, campaign.window.closes))}, {ways}.", "When and how."),
        Text(OPEN_TO_ALL, "Who."),
        Text(
            f"Each wish was given one to three of {count(len(campaign.frame.codes))} codes under "
            f"{count(len(campaign.frame.themes))} themes, and which way it asks, by a machine that learnt from examples and by "
            "people, whose coding outranks it.", "Coding.",
        ),
        Text(BASES, "Counting."),
    )
    return Section("method", heading, (Bullets(items),))


def waterfall(material: Material, heading: str) -> Section:
    """Returns what became of all that was sent, step by step."""
    evidence = material.evidence
    received = evidence.standing.received
    steps: list[tuple[tuple[Cell, ...], str]] = [
        (("Responses ever received", received, "–"), ""),
        (("Withdrawn, erased or not yet counted", received - material.responses, "–"), ""),
        (("Counted here", material.responses, evidence.number("all, wishes")), ALL),
        (("of these, with a coded wish", material.coded_responses, evidence.number("coded, wishes")), ""),
        (("coded by machine alone", "–", evidence.number("machine, wishes")), behind(coder="machine")),
        (("coded or put right by a person", "–", evidence.number("person, wishes")), behind(coder="person")),
        (("waiting for coding", "–", material.waiting), behind(coder="waiting")),
        (("cleared for quoting by a person", "–", evidence.number("cleared, wishes")), behind(moderation="cleared")),
        (("held back from quoting", "–", evidence.number("held, wishes")), behind(moderation="held")),
    ]
    rows, traces = tuple(cells for cells, _ in steps), tuple(trace for _, trace in steps)
    note = "What is held back from quoting is counted like any other."
    grid = Grid("What became of what was sent", ("Step", "Responses", "Wishes"), rows, (), note, traces)
    return Section("waterfall", heading, (grid,))


def disagree(material: Material, heading: str) -> Section:
    """Returns the codes under which wishes ask both ways, the closest first."""
    asked = [code.name for code in material.all_codes if code.number]
    ways = {code: Direction(material.evidence.asks(code)) for code in asked}
    divided = sorted((code for code in asked if ways[code].divided), key=lambda code: -ways[code].smaller / ways[code].told)
    if not divided:
        return Section("disagree", heading, (Text("Under no code does a tenth or more of the wishes ask the other way."),))
    items = tuple(Text(f"{both_sides(ways[code].asks)}.", f"{material.name(code)}:", trace=behind(code=code)) for code in divided)
    return Section("disagree", heading, (Text(RULE), Bullets(items)))


def quoted(material: Material, heading: str) -> Section:
    """Returns cleared wishes of each theme, those that ask the common way apart from those that ask the other."""
    sections = [section for one in material.themes for section in _of_theme(material, one.name)]
    none = Text("No wish has been cleared for quoting yet, so none is quoted.")
    return Section("quoted", heading, (Text(QUOTED), *(() if sections else (none,))), tuple(sections))


def _of_theme(material: Material, theme: str) -> list[Section]:
    found = material.evidence.quotes(theme)
    if found is None or not found.quotes:
        return []
    common = Direction(material.evidence.table("theme and ask, wishes").row(theme)).larger_side
    typical = [quote for quote in found.quotes if quote.ask in common]
    opposing = [quote for quote in found.quotes if quote.ask not in common and quote.ask != UNTOLD]
    other = [quote for quote in found.quotes if quote.ask == UNTOLD]
    parts = [*_group("Typical:", typical), *_group("Opposing:", opposing), *_group("Telling no direction:", other)]
    return [Section(f"quoted-{theme}", material.name(theme), tuple(parts), theme=theme)]


def _group(label: str, quotes: list[Quote]) -> list[Part]:
    return [Text("", label), *(said_by(quote) for quote in quotes)] if quotes else []
