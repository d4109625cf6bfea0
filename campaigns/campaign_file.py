"""Reading a campaign from its file, and explaining every mistake in it by line and remedy."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaigns.coding.frame import Frame, FrameError, read_frame
from campaigns.contrast import check_look
from campaigns.definition import (
    CHANNELS,
    Area,
    Campaign,
    KeyingTwice,
    Look,
    Milestone,
    Officer,
    Outline,
    Planned,
    Privacy,
    Source,
    Window,
)
from campaigns.facets import FACET_LEVELS
from campaigns.mistakes import Mistakes, repeated, shapes_of
from campaigns.questions import Question

CATALOGUE = Path(__file__).parent / "catalogue"
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
REQUIRED = ("title", "place", "question", "why", "who_decides", "organiser")
MOST_WISHES = 3
MOST_OPTIONS = 250  # an answer is kept in one byte
# Every setting at the top of a file, and what it may be.
SETTINGS: dict[str, Any] = {
    **dict.fromkeys((*REQUIRED, "help_contact"), str),
    **dict.fromkeys(("can_change", "cannot_change", "channels", "languages", "return_address"), tuple[str, ...]),
    **dict.fromkeys(("window", "areas", "safeguarding", "privacy", "keying", "look", "frame"), dict),
    **dict.fromkeys(("milestones", "events", "sources", "questions", "drafts"), list),
    "wishes_each": int,
}
NO_WINDOW = Window(date.min, date.min, date.min, ZoneInfo("Europe/London"))
# Questions are counted by beside these, so they may not share a name with them.
TAKEN = (*FACET_LEVELS, "by", "base")
WINDOW = dict.fromkeys(("opens", "closes", "cards_until", "timezone"), object)
T = TypeVar("T")


class MistakesInFile(ValueError):
    """A campaign file that cannot be used; ``lines`` says each mistake with its line and remedy."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def catalogue_slugs() -> list[str]:
    """Returns the names of the campaigns in the catalogue."""
    return sorted(path.parent.name for path in CATALOGUE.glob("*/campaign.toml"))


def read_file(slug: str) -> str:
    """Returns the text of a campaign's file, or raises MistakesInFile saying which campaigns there are."""
    path = CATALOGUE / slug / "campaign.toml"
    if not SLUG.match(slug) or not path.is_file():
        known = ", ".join(catalogue_slugs()) or "none yet"
        raise MistakesInFile([f"There is no campaign “{slug}” in the catalogue. There are: {known}."])
    return path.read_text(encoding="utf-8")


def read_campaign(slug: str, text: str) -> Campaign:
    """Returns the campaign a file defines, or raises MistakesInFile with every mistake found in it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        raise MistakesInFile([f"Not valid TOML: {mistake}. Mend that place first; the rest is read after it."]) from None
    mistakes = Mistakes(text)
    settings = mistakes.shaped(table, SETTINGS)
    frame = _frame(settings, mistakes)
    window = _window(settings.get("window", {}), mistakes)
    campaign = _campaign(slug, settings, window, frame, mistakes)
    if mistakes.lines:
        raise MistakesInFile(mistakes.lines)
    return campaign


def missing_to_open(campaign: Campaign) -> list[str]:
    """Returns what the campaign still lacks before it may open, each with its remedy."""
    needed = {
        "[safeguarding] name and contact": campaign.safeguarding.name and campaign.safeguarding.contact,
        "[safeguarding.deputy] name and contact": campaign.deputy.name and campaign.deputy.contact,
        "[privacy] controller": campaign.privacy.controller,
        "[privacy] lawful_basis": campaign.privacy.lawful_basis,
        "[privacy] retention": campaign.privacy.retention,
        "[privacy] contact": campaign.privacy.contact,
        "[privacy] impact_assessment (its reference)": campaign.privacy.impact_assessment,
    }
    return [f"Fill in {what} before opening." for what, there in needed.items() if not there]


def _frame(settings: Mapping[str, Any], mistakes: Mistakes) -> Frame:
    try:
        return read_frame(settings.get("frame", {}))
    except FrameError as wrong:
        for message in wrong.mistakes:
            mistakes.add_quoting(message, "frame.themes")
        return Frame((), (), ())


def _window(table: Mapping[str, Any], mistakes: Mistakes) -> Window:
    table = {"timezone": "Europe/London", "cards_until": table.get("closes"), **mistakes.shaped(table, WINDOW, "window")}
    wrong = [name for name in ("opens", "closes", "cards_until") if type(table.get(name)) is not date]
    for name in wrong:
        mistakes.add(f"window.{name}", f"[window] {name} must be a date such as 2010-06-28, without quotation marks.")
    if wrong:
        return NO_WINDOW
    window = Window(table["opens"], table["closes"], table["cards_until"], _zone(str(table["timezone"]), mistakes))
    if not window.opens <= window.closes <= window.cards_until:
        mistakes.add("window.closes", "[window] must run opens, closes, cards_until in that order of days.")
    return window


def _zone(name: str, mistakes: Mistakes) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mistakes.add("window.timezone", "[window] timezone is not known. Write one such as “Europe/London”.")
        return NO_WINDOW.timezone


def _campaign(slug: str, table: Mapping[str, Any], window: Window, frame: Frame, mistakes: Mistakes) -> Campaign:
    for name in REQUIRED:
        if not table.get(name, "").strip():
            mistakes.add(name, f"{name} is missing. Write it in quotation marks near the top of the file.")
    before = len(mistakes.lines)
    areas = mistakes.shaped(table.get("areas", {}), {"called": str, "list": list}, "areas")
    officers = {**shapes_of(Officer), "deputy": dict}
    safeguarding = mistakes.shaped(table.get("safeguarding", {}), officers, "safeguarding")
    deputy = safeguarding.pop("deputy", {})
    campaign = Campaign(
        slug=slug,
        **{name: table.get(name, "").strip() for name in REQUIRED},
        can_change=tuple(table.get("can_change", ())),
        cannot_change=tuple(table.get("cannot_change", ())),
        window=window,
        wishes_each=table.get("wishes_each", MOST_WISHES),
        areas_called=areas.get("called", "ward"),
        areas=_each(Area, areas.get("list", []), "areas.list", mistakes),
        channels=tuple(table.get("channels", ("online",))),
        sources=_each(Source, table.get("sources", []), "sources", mistakes),
        questions=_each(Question, table.get("questions", []), "questions", mistakes),
        frame=frame,
        safeguarding=_one(Officer, safeguarding, "safeguarding", mistakes) or Officer(),
        deputy=_one(Officer, deputy, "safeguarding.deputy", mistakes) or Officer(),
        privacy=_one(Privacy, table.get("privacy", {}), "privacy", mistakes) or Privacy(),
        keying=_one(KeyingTwice, table.get("keying", {}), "keying", mistakes) or KeyingTwice(),
        help_contact=table.get("help_contact", ""),
        languages=tuple(table.get("languages", ("en-GB",))),
        milestones=_each(Milestone, table.get("milestones", []), "milestones", mistakes),
        events=_each(Planned, table.get("events", []), "events", mistakes),
        outlines=_each(Outline, table.get("drafts", []), "drafts", mistakes),
        return_address=tuple(table.get("return_address", ())),
        look=_one(Look, table.get("look", {}), "look", mistakes) or Look(),
    )
    if len(mistakes.lines) == before:  # else some of what would be checked was left out, and its absence is no mistake
        _check(campaign, mistakes)
    return campaign


def _check(campaign: Campaign, mistakes: Mistakes) -> None:
    if not 1 <= campaign.wishes_each <= MOST_WISHES:
        mistakes.add("wishes_each", f"wishes_each must be a number from 1 to {MOST_WISHES}.")
    for channel in campaign.channels:
        if channel not in CHANNELS:
            mistakes.add("channels", f"“{channel}” is not a channel. Choose from {', '.join(CHANNELS)}.")
    listed: dict[str, tuple[Area | Source | Question, ...]] = {
        "areas.list": campaign.areas, "sources": campaign.sources, "questions": campaign.questions,
    }
    for what, each in listed.items():
        for place, twice in repeated(one.id for one in each):
            mistakes.add(f"{what}.id", f"[[{what}]] has the id “{twice}” twice. Give each its own.", place)
    for place, source in enumerate(campaign.sources):
        _check_source(campaign, source, place, mistakes)
    for place, question in enumerate(campaign.questions):
        _check_question(question, place, mistakes)
    for place, planned in enumerate(campaign.events):
        if planned.area not in [area.id for area in campaign.areas]:
            remedy = f"[[events]] {planned.name}: no area has the id “{planned.area}”. Use the id of one."
            mistakes.add("events.area", remedy, place)
    _check_numbers(campaign, mistakes)
    check_look(campaign.look, mistakes)


def _check_numbers(campaign: Campaign, mistakes: Mistakes) -> None:
    privacy, keying = campaign.privacy, campaign.keying
    for where, kept, name, least, most in (
        ("privacy", privacy, "words_kept_months", 1, 1200), ("privacy", privacy, "withdrawn_kept_days", 1, 3650),
        ("keying", keying, "second_percent", 0, 100), ("keying", keying, "apart_percent", 0, 50),
    ):
        if not 0 <= getattr(kept, name) <= most:
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


def _one(kind: type[T], table: Mapping[str, Any], where: str, mistakes: Mistakes, nth: int = 0) -> T | None:
    """Returns what a table describes, or None with its mistakes noted."""
    values = mistakes.shaped(table, shapes_of(kind), where, nth)
    needed = [f.name for f in fields(cast(Any, kind)) if f.default is MISSING and f.default_factory is MISSING]
    missing = [name for name in needed if name not in table]
    for name in missing:
        mistakes.add(f"{where}.{name}", f"[{where}] has no {name}. Add a line: {name} = ...", nth)
    if missing or len(values) < len(table):
        return None
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _each(kind: type[T], tables: list[Mapping[str, Any]], where: str, mistakes: Mistakes) -> tuple[T, ...]:
    made = [_one(kind, table, where, mistakes, nth) for nth, table in enumerate(tables)]
    return tuple(one for one in made if one is not None)
