"""Parts of a report to a committee. What the law asks an officer to judge is left to a named officer; no machine writes it."""

from campaigns.drafts.asked_for import MOST_CODES_SAID, overview
from campaigns.drafts.document import Bullets, Cell, Grid, Part, Section, Share, Text
from campaigns.drafts.material import Material
from campaigns.drafts.measured import wishes_beside_targets
from campaigns.drafts.prose import Ranked, both_bases, count, first_places
from campaigns.drafts.taking_part import area_words, channel_words, total_words
from campaigns.drafts.tracing import ALL, behind
from campaigns.drafts.ways import say_direction
from campaigns.small_cells import hide_column

IMPLICATIONS = (
    "Financial and value for money", "Legal", "Personnel", "IT", "Equalities impact", "Health and safety",
    "Environmental sustainability", "Property and asset management", "Risk management and safeguarding",
    "Corporate objectives and priorities for change",
)
CONSULTED = ("Legal", "Financial", "Human resources", "Property", "Service director", "Others")
LEAST_ANSWERS = 10
NOT_NEEDED = (
    "These describe those who replied and chose to answer. Answers of special categories (such as disability, ethnic group or "
    "religion) are in no draft: they are counted for officers alone, without filters and never beside words."
)
HIDDEN = "fewer than ten, or hidden with one that is"


def summary(material: Material, heading: str) -> Section:
    """Returns the figures of the summary, with room for an officer's own words."""
    said: tuple[Part, ...] = (Text("No response has been received yet."),)
    if material.responses:
        said = (Text(total_words(material), trace=ALL), *_themes(material))
    return Section("summary", heading, (*said, material.blank("Summary")))


def _themes(material: Material) -> tuple[Part, ...]:
    asked = first_places([one for one in material.themes if one.number], MOST_CODES_SAID)
    items = tuple(
        Text(f"{one.words} of all themes, {_bases(material, 'theme', one)}.", f"{material.name(one.name)}:",
             trace=behind(theme=one.name))
        for one in asked
    )
    return (Bullets(items),) if items else ()


def _bases(material: Material, facet: str, one: Ranked) -> str:
    return both_bases(one.number, material.coded_responses, material.wishes(facet, one.name))


def recommendations(material: Material, heading: str) -> Section:
    """Returns room for what is recommended."""
    return Section("recommendations", heading, (material.room("Recommendations"),))


def reasons(material: Material, heading: str) -> Section:
    """Returns room for the reasons."""
    return Section("reasons", heading, (material.room("Reasons"),))


def supporting(material: Material, heading: str) -> Section:
    """Returns what was heard and from whom, and what is asked for beside the indicators that are red."""
    campaign = material.campaign
    parts: list[Part] = [Text(f"“{campaign.question}”", "The question asked:"), Text(f"{campaign.why} {campaign.who_decides}")]
    if not material.coded_responses:
        return Section("supporting", heading, (*parts, Text("No wish has been coded yet, so nothing can be said by theme.")))
    who = (Text(channel_words(material)), *([area_words(material)] if campaign.areas else []))
    sections = [Section("supporting-who", "Who replied", who), Section("supporting-themes", "What they asked for", (
        Text(material.base_words), overview(material), Text("", "Most asked of all codes:"), _codes(material)))]
    if material.indicators:
        sections.append(wishes_beside_targets(material, "What is asked for beside indicators off target"))
    return Section("supporting", heading, tuple(parts), tuple(sections))


def _codes(material: Material) -> Bullets:
    return Bullets(tuple(
        Text(f"{_bases(material, 'code', one)}. {say_direction(material.evidence.asks(one.name))}", f"{material.name(one.name)}:",
             trace=behind(code=one.name))
        for one in first_places([code for code in material.all_codes if code.number], MOST_CODES_SAID)
    ))


def options(material: Material, heading: str) -> Section:
    """Returns room for the other options."""
    return Section("options", heading, (material.room("Other options considered"),))


def implications(material: Material, heading: str) -> Section:
    """Returns a line for each implication, none of them written by machine."""
    rows = tuple((what, material.room(what)) for what in IMPLICATIONS)
    return Section("implications", heading, (Grid("What the proposals imply", ("For", "Implications"), rows),))


def equality(material: Material, heading: str) -> Section:
    """Returns how about-you questions were answered, as evidence for an equality impact assessment that officers make."""
    asked = [one for one in material.campaign.questions if not one.special]
    tables = [_answers(material, one.id, one.text, one.options) for one in asked]
    found = tuple(table for table in tables if table)
    return Section("equality", heading, (Text(NOT_NEEDED), *found, material.blank("Equality impact assessment")))


def _answers(material: Material, question: str, text: str, answers: tuple[str, ...]) -> Grid | None:
    counts = material.evidence.counts(f"answer {question}, responses")
    given = [counts.get(answer, 0) for answer in answers]
    if not sum(given):
        return None
    shown = hide_column(given, LEAST_ANSWERS)
    told: list[Cell] = [HIDDEN if number is None else Share(number, material.responses) for number in shown]
    rows = tuple(zip(answers, told, strict=True))
    if all(number is None for number in shown):
        return None
    note = "Shares are of all responses; those who did not answer make up the rest."
    return Grid(text, ("Answer", "Responses"), rows, note=note)


def consulted(material: Material, heading: str) -> Section:
    """Returns a table for the officers who were consulted."""
    rows = tuple((role, material.room(role), "") for role in CONSULTED)
    return Section("consulted", heading, (Grid("Officers consulted on this report", ("For", "Officer", "Date"), rows),))


def papers(material: Material, heading: str) -> Section:
    """Returns the background papers: what lets anyone count again, and room for others."""
    evidence, campaign = material.evidence, material.campaign
    known = (
        Text(f"{campaign.title}: its file as frozen at opening, {evidence.definition}.", "The campaign:"),
        Text(f"events 1 to {count(evidence.event)} of {campaign.slug}.", "The log:"),
    )
    return Section("papers", heading, (Bullets(known), material.blank("Other background papers")))
