"""Parts for a board: what is under way, what emerges, what lies ahead; achievements and decisions are for officers to write."""

from datetime import datetime

from campaigns.drafts.asked_for import overview
from campaigns.drafts.document import Bullets, Part, Section, Text
from campaigns.drafts.material import Material
from campaigns.drafts.prose import both_bases, days_between, first_places, plural
from campaigns.drafts.taking_part import area_words, channel_words, total_words
from campaigns.drafts.tracing import ALL, behind
from campaigns.drafts.ways import say_direction

MOST_EMERGING = 5


def achievements(material: Material, heading: str) -> Section:
    """Returns room for achievements since the last meeting."""
    return Section("achievements", heading, (material.room("Achievements"),))


def business(material: Material, heading: str) -> Section:
    """Returns room for recent business."""
    return Section("business", heading, (material.room("Recent business"),))


def progress(material: Material, heading: str) -> Section:
    """Returns how far the campaign is, and whom it has reached."""
    window = material.campaign.window
    today = datetime.fromtimestamp(material.evidence.at_ms / 1000, window.timezone).date()
    left = (window.closes - today).days
    when = "It has closed." if left < 0 else "Today is the last day." if left == 0 else f"{plural(left, 'day')} left after today."
    parts: list[Part] = [Text(f"Open {days_between(window.opens, window.closes)}. {when}")]
    if not material.responses:
        return Section("progress", heading, (*parts, Text("No response has been received yet.")))
    parts += [Text(total_words(material), trace=ALL), Text(channel_words(material))]
    return Section("progress", heading, (*parts, area_words(material)) if material.campaign.areas else tuple(parts))


def emerging(material: Material, heading: str) -> Section:
    """Returns the themes, and the codes most asked for so far."""
    if not material.coded_responses:
        return Section("emerging", heading, (Text("No wish has been coded yet, so nothing can be said by theme."),))
    said = [
        Text(f"{both_bases(one.number, material.coded_responses, material.wishes('code', one.name))}. "
             f"{say_direction(material.evidence.asks(one.name))}", f"{material.name(one.name)}:", trace=behind(code=one.name))
        for one in first_places([code for code in material.all_codes if code.number], MOST_EMERGING)
    ]
    most = (Text("", "Most asked of all codes so far:"), Bullets(tuple(said)))
    return Section("emerging", heading, (Text(material.base_words), overview(material), *(most if said else ())))


def horizon(material: Material, heading: str) -> Section:
    """Returns the campaign's milestones, with room for what else is coming."""
    ahead = tuple(Text(f"{one.what}.", f"{one.day}:") for one in material.campaign.milestones)
    return Section("horizon", heading, (*((Bullets(ahead),) if ahead else ()), material.blank("Other issues on the horizon")))


def decisions(material: Material, heading: str) -> Section:
    """Returns room for the decisions asked of the board."""
    return Section("decisions", heading, (material.room("Decisions"),))


def next_meeting(material: Material, heading: str) -> Section:
    """Returns room for the next meeting."""
    return Section("next-meeting", heading, (material.room("Next meeting"),))
