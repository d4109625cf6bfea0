"""What a draft's figures do and do not say, and as of when."""

from collections.abc import Iterator
from datetime import datetime

from campaigns.drafts.document import Bullets, Grid, Section, Text
from campaigns.drafts.material import Material, waiting_words
from campaigns.drafts.prose import FEWEST_FOR_WORDS, count, day, listed, plural
from campaigns.drafts.surety import how_sure

RANGE = (
    "The range allows for coding and keying error only. People chose to take part, so this describes those who replied, "
    "not everyone in {place}."
)
WORDS = (
    "“Most” is said from 60% to under 95%, “about four in ten” from 35% to under 45%, and so on by tenths; “some” from 2% "
    f"to under 7.5% and “a few” below that. Under {FEWEST_FOR_WORDS} responses only numbers are given. What has the same count "
    "has the same place."
)
COUNT_AGAIN = "Whoever holds the log and the responses can count again up to this event, and must find these numbers."
BOTH_WAYS = (
    "More, keep and mend count as one side and less as the other. Where a tenth or more of the wishes under a code ask the "
    "other way, both are said. Asking for less may mean less of a trouble, as in less crime, or less of a service: read the "
    "wishes before drawing on it."
)


def what_figures_say(material: Material, heading: str) -> Section:
    """Returns the part on what the figures do and do not say."""
    items = (
        Text(how_sure(material.evidence.ranged), "How sure."),
        Text(RANGE.format(place=material.campaign.place), "Who replied."),
        Text(" ".join(_coding(material)), "Who coded the wishes."),
        Text(WORDS, "Words for shares."),
        Text(BOTH_WAYS, "Which way."),
    )
    return Section("limits", heading, (Bullets(items),))


def _coding(material: Material) -> Iterator[str]:
    evidence = material.evidence
    machine, person = evidence.number("machine, wishes"), evidence.number("person, wishes")
    if not machine + person:
        yield "None has been coded yet."
    else:
        yield f"{_by_machine(material, machine)}; {_by_person(person)}." if person else f"{_by_machine(material, machine)}."
    if material.waiting:
        yield f"{waiting_words(material.waiting)} in no theme."
    parked = evidence.standing.parked
    if parked:
        yield f"{plural(parked, 'response')} could not be coded and {'is' if parked == 1 else 'are'} set aside."


def _by_machine(material: Material, machine: int) -> str:
    taggers = material.evidence.taggers
    if not machine:
        return "No wish was coded by machine alone"
    seen = f"; versions read from {count(taggers.looked_at)} of them" if taggers.looked_at < taggers.coded else ""
    versions = f" (tagger {listed(taggers.versions)}{seen})" if taggers.versions else ""
    return f"{plural(machine, 'wish was', 'wishes were')} coded by machine{versions} and checked by no person"


def _by_person(person: int) -> str:
    return f"{plural(person, 'was', 'were')} coded or put right by a person"


def as_of(material: Material, heading: str) -> Section:
    """Returns the part that lets anyone count again: up to which event, when, which definition, which seal."""
    evidence, campaign = material.evidence, material.campaign
    seal = evidence.seal
    rows = (
        ("Campaign", f"{campaign.title} ({campaign.slug})"),
        ("Counted", f"{moment(material)}, {campaign.window.timezone.key}"),
        ("Up to event", count(evidence.event)),
        ("Definition", evidence.definition),
        ("Seal of the log", f"{seal.sha256}, up to event {count(seal.event)}" if seal.sha256 else "Not sealed yet"),
    )
    told = tuple(Text(said) for said in (COUNT_AGAIN, *_behind(material)))
    return Section("as-of", heading, (*told, Grid("What to quote when checking these figures", ("What", "As it stands"), rows)))


def moment(material: Material) -> str:
    """Returns when the draft was counted, by the campaign's own clock."""
    at = datetime.fromtimestamp(material.evidence.at_ms / 1000, material.campaign.window.timezone)
    return f"{day(at.date())}, {at:%H:%M}"


def _behind(material: Material) -> Iterator[str]:
    standing = material.evidence.standing
    if standing.tallies_behind:
        yield f"The counts were {plural(standing.tallies_behind, 'event')} behind the log when this was written."
    if standing.moved:
        yield f"{plural(standing.moved, 'event')} came in while it was counted, so figures may differ from each other by as many."
    if material.waiting and standing.coding_behind:
        yield f"Coding was {plural(standing.coding_behind, 'event')} behind the log when this was written."
