"""What a campaign's settings must be to one another, once each is what it should be by itself."""

from campaigns.contrast import check_look
from campaigns.definition import CHANNELS, Area, Campaign, Source
from campaigns.drafts.checking import check_outlines
from campaigns.facets import FACET_LEVELS
from campaigns.geographies import Geography
from campaigns.mistakes import Mistakes, repeated
from campaigns.questions import Question

MOST_WISHES = 3
MOST_OPTIONS = 250  # an answer is kept in one byte
# Questions are counted by beside these, so they may not share a name with them.
TAKEN = (*FACET_LEVELS, "by", "base")


def check_campaign(campaign: Campaign, mistakes: Mistakes) -> None:
    """Notes every setting that is of the right kind and yet cannot be used, with its remedy."""
    if not 1 <= campaign.wishes_each <= MOST_WISHES:
        mistakes.add("wishes_each", f"wishes_each must be a number from 1 to {MOST_WISHES}.")
    for channel in campaign.channels:
        if channel not in CHANNELS:
            mistakes.add("channels", f"“{channel}” is not a channel. Choose from {', '.join(CHANNELS)}.")
    listed: dict[str, tuple[Area | Source | Question | Geography, ...]] = {
        "areas.list": campaign.areas, "sources": campaign.sources, "questions": campaign.questions,
        "geographies": campaign.geographies,
    }
    for what, each in listed.items():
        for place, twice in repeated(one.id for one in each):
            mistakes.add(f"{what}.id", f"[[{what}]] has the id “{twice}” twice. Give each its own.", place)
    for place, source in enumerate(campaign.sources):
        _check_source(campaign, source, place, mistakes)
    for place, question in enumerate(campaign.questions):
        _check_question(question, place, mistakes)
    _check_days(campaign, mistakes)
    _check_geographies(campaign, mistakes)
    _check_numbers(campaign, mistakes)
    check_look(campaign.look, mistakes)
    check_outlines(campaign, mistakes)


def _check_days(campaign: Campaign, mistakes: Mistakes) -> None:
    for place, planned in enumerate(campaign.events):
        if planned.area not in [area.id for area in campaign.areas]:
            remedy = f"[[events]] {planned.name}: no area has the id “{planned.area}”. Use the id of one."
            mistakes.add("events.area", remedy, place)
    for place, pause in enumerate(campaign.pauses):
        if pause.ends < pause.begins:
            mistakes.add("pauses.ends", "[[pauses]] ends before it begins. Set the days in their order.", place)


def _check_geographies(campaign: Campaign, mistakes: Mistakes) -> None:
    known = {area.id for area in campaign.areas}
    taken = {*TAKEN, *(question.id for question in campaign.questions)}
    before = 0
    for place, geography in enumerate(campaign.geographies):
        said = f"[[geographies]] {geography.id}"
        if geography.id in taken:
            mistakes.add("geographies.id", f"{said}: this name means something else here already. Choose another.", place)
        if not 1 <= len(geography.parts) <= MOST_OPTIONS:
            mistakes.add("geographies.id", f"{said} needs from 1 to {MOST_OPTIONS} [[geographies.parts]].", place)
        seen: set[str] = set()
        for nth, part in enumerate(geography.parts, before):
            if bool(part.areas) == bool(geography.column):
                remedy = "values, not areas" if part.areas else "areas = [...], the ids of those it is put together from"
                mistakes.add("geographies.parts.name", f"{said}: “{part.name}” needs {remedy}.", nth)
            for strange in [area for area in part.areas if area not in known]:
                mistakes.add("geographies.parts.areas", f"{said}: no area has the id “{strange}”. Use the id of one.", nth)
            for twice in sorted(seen & {*part.areas}):
                mistakes.add("geographies.parts.areas", f"{said}: the area “{twice}” is in two parts. Leave it in one.", nth)
            seen |= {*part.areas}
        before += len(geography.parts)


def _check_numbers(campaign: Campaign, mistakes: Mistakes) -> None:
    privacy, keying, letters = campaign.privacy, campaign.keying, campaign.letter_campaigns
    never_none = (letters, campaign.safeguarding)
    for where, kept, name, least, most in (
        ("privacy", privacy, "words_kept_months", 1, 1200), ("privacy", privacy, "withdrawn_kept_days", 1, 3650),
        ("letter_campaigns", letters, "words", 3, 1000), ("letter_campaigns", letters, "alike_percent", 50, 100),
        ("letter_campaigns", letters, "fewest", 2, 100_000),
        ("keying", keying, "second_percent", 0, 100), ("keying", keying, "apart_percent", 0, 50),
        ("open_data", campaign.open_data, "every_days", 0, 366),
        ("safeguarding", campaign.safeguarding, "within_hours", 1, 720),
    ):
        if not (least if kept in never_none else 0) <= getattr(kept, name) <= most:  # 0 stands for left out elsewhere
            mistakes.add(f"{where}.{name}", f"[{where}] {name} must be a number from {least} to {most:,}, or left out.")
    if privacy.expire_daily and not (privacy.words_kept_months or privacy.withdrawn_kept_days):
        mistakes.add("privacy.expire_daily", "[privacy] expire_daily needs words_kept_months or withdrawn_kept_days to go by.")


def _check_source(campaign: Campaign, source: Source, place: int, mistakes: Mistakes) -> None:
    if source.channel not in campaign.channels:
        remedy = f"[[sources]] {source.id}: “{source.channel}” is not one of this campaign's channels. Add it, or choose another."
        mistakes.add("sources.channel", remedy, place)
    if source.area and source.area not in [area.id for area in campaign.areas]:
        mistakes.add("sources.area", f"[[sources]] {source.id}: no area has the id “{source.area}”. Use the id of one.", place)


def _check_question(question: Question, place: int, mistakes: Mistakes) -> None:
    if not 2 <= len(question.options) <= MOST_OPTIONS:
        mistakes.add("questions.options", f"[[questions]] {question.id} needs from 2 to {MOST_OPTIONS} options.", place)
    if any(option.isdecimal() for option in question.options):
        mistakes.add(
            "questions.options", f"[[questions]] {question.id} has an option that is only a number, which would be "
            "taken for its place in the list. Put words to it, such as “2 children”.", place,
        )
    if question.special and question.on_card:
        mistakes.add(
            "questions.on_card", f"[[questions]] {question.id} is special, so it cannot stand on a card, where whoever "
            "carries the card reads the answer. Take out on_card.", place,
        )
    if question.id in TAKEN:
        mistakes.add("questions.id", f"[[questions]] “{question.id}” means something else here already. Choose another.", place)
