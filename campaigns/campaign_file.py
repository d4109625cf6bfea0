"""Reading a campaign from its file, and explaining every mistake in it by line and remedy."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaigns.alike import AlikeRule
from campaigns.campaign_checks import MOST_WISHES, check_campaign
from campaigns.coding.frame import Frame, FrameError, read_frame
from campaigns.definition import (
    Area,
    Campaign,
    KeyingTwice,
    Look,
    Milestone,
    OpenData,
    Outline,
    Pause,
    Planned,
    Privacy,
    Source,
    Window,
)
from campaigns.geographies import Geography, Part
from campaigns.mistakes import Mistakes, shapes_of
from campaigns.questions import Question
from campaigns.safeguarding import Officer

CATALOGUE = Path(__file__).parent / "catalogue"
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
REQUIRED = ("title", "place", "question", "why", "who_decides", "organiser")
# Every setting at the top of a file, and what it may be.
SETTINGS: dict[str, Any] = {
    **dict.fromkeys((*REQUIRED, "help_contact"), str),
    **dict.fromkeys(("can_change", "cannot_change", "channels", "languages", "return_address"), tuple[str, ...]),
    **dict.fromkeys(
        ("window", "areas", "safeguarding", "privacy", "keying", "open_data", "look", "frame", "letter_campaigns"), dict
    ),
    **dict.fromkeys(("milestones", "events", "sources", "questions", "drafts", "geographies", "pauses"), list),
    "wishes_each": int,
}
NO_WINDOW = Window(date.min, date.min, date.min, ZoneInfo("Europe/London"))
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
        pauses=_each(Pause, table.get("pauses", []), "pauses", mistakes),
        geographies=_geographies(table.get("geographies", []), mistakes),
        questions=_each(Question, table.get("questions", []), "questions", mistakes),
        frame=frame,
        safeguarding=_one(Officer, safeguarding, "safeguarding", mistakes) or Officer(),
        deputy=_one(Officer, deputy, "safeguarding.deputy", mistakes) or Officer(),
        privacy=_one(Privacy, table.get("privacy", {}), "privacy", mistakes) or Privacy(),
        keying=_one(KeyingTwice, table.get("keying", {}), "keying", mistakes) or KeyingTwice(),
        open_data=_one(OpenData, table.get("open_data", {}), "open_data", mistakes) or OpenData(),
        letter_campaigns=_one(AlikeRule, table.get("letter_campaigns", {}), "letter_campaigns", mistakes) or AlikeRule(),
        help_contact=table.get("help_contact", ""),
        languages=tuple(table.get("languages", ("en-GB",))),
        milestones=_each(Milestone, table.get("milestones", []), "milestones", mistakes),
        events=_each(Planned, table.get("events", []), "events", mistakes),
        outlines=_each(Outline, table.get("drafts", []), "drafts", mistakes),
        return_address=tuple(table.get("return_address", ())),
        look=_one(Look, table.get("look", {}), "look", mistakes) or Look(),
    )
    if len(mistakes.lines) == before:  # else some of what would be checked was left out, and its absence is no mistake
        check_campaign(campaign, mistakes)
    return campaign


def _geographies(tables: list[Mapping[str, Any]], mistakes: Mistakes) -> tuple[Geography, ...]:
    """Returns the campaign's other geographies, each with its parts; ``[[geographies.parts]]`` are numbered through the file."""
    made, before = [], 0
    for nth, table in enumerate(tables):
        shapes = {**shapes_of(Geography), "parts": list}
        kept = mistakes.shaped(table, shapes, "geographies", nth)
        listed = kept.pop("parts", [])
        parts = [_one(Part, part, "geographies.parts", mistakes, before + place) for place, part in enumerate(listed)]
        before += len(listed)
        rest = _one(Geography, kept, "geographies", mistakes, nth)
        if rest:
            made.append(replace(rest, parts=tuple(part for part in parts if part)))
    return tuple(made)


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
