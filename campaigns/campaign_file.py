"""Reading a campaign from its file, and explaining every mistake in it by line and remedy."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaigns.coding.frame import Frame, FrameError, read_frame
from campaigns.definition import (
    CHANNELS,
    Area,
    Campaign,
    Look,
    Milestone,
    Officer,
    Outline,
    Privacy,
    Source,
    Window,
)
from campaigns.questions import Question

CATALOGUE = Path(__file__).parent / "catalogue"
SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
REQUIRED = ("title", "place", "question", "why", "who_decides", "organiser")
MOST_WISHES = 3
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
    mistakes = _Mistakes(text)
    frame = _frame(table, mistakes)
    window = _window(table.get("window", {}), mistakes)
    campaign = _campaign(slug, table, window, frame, mistakes) if window and frame else None
    if mistakes.lines or campaign is None:
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


class _Mistakes:
    """Collects mistakes, each with the line it stands on."""

    def __init__(self, text: str) -> None:
        self._file = text.splitlines()
        self.lines: list[str] = []

    def add(self, path: str, remedy: str) -> None:
        self.lines.append(f"Line {self._line_of(path)}: {remedy}")

    def _line_of(self, path: str) -> int:
        table, _, name = path.rpartition(".")
        start = 0
        if table:
            heads = (f"[{table}]", f"[[{table}]]")
            start = next((i for i, line in enumerate(self._file) if line.strip() in heads), 0)
        for i, line in enumerate(self._file[start:], start + 1):
            if re.match(rf"\s*{re.escape(name)}\s*=", line):
                return i
        return start + 1


def _frame(table: Mapping[str, Any], mistakes: _Mistakes) -> Frame | None:
    try:
        return read_frame(table.get("frame", {}))
    except FrameError as wrong:
        for message in wrong.mistakes:
            mistakes.add("frame.themes.id", message)
        return None


def _window(table: Mapping[str, Any], mistakes: _Mistakes) -> Window | None:
    days = {}
    for name in ("opens", "closes", "cards_until"):
        value = table.get(name, table.get("closes"))
        if type(value) is date:
            days[name] = value
        else:
            mistakes.add(f"window.{name}", f"[window] {name} must be a date such as 2010-06-28, without quotation marks.")
    try:
        zone = ZoneInfo(str(table.get("timezone", "Europe/London")))
    except (ZoneInfoNotFoundError, ValueError):
        mistakes.add("window.timezone", "[window] timezone is not known. Write one such as “Europe/London”.")
        return None
    if len(days) < 3:
        return None
    if not days["opens"] <= days["closes"] <= days["cards_until"]:
        mistakes.add("window.closes", "[window] must run opens, closes, cards_until in that order of days.")
    return Window(days["opens"], days["closes"], days["cards_until"], zone)


def _campaign(slug: str, table: Mapping[str, Any], window: Window, frame: Frame, mistakes: _Mistakes) -> Campaign:
    for name in REQUIRED:
        if not isinstance(table.get(name), str) or not table[name].strip():
            mistakes.add(name, f"{name} is missing. Write it in quotation marks near the top of the file.")
    wishes_each = table.get("wishes_each", MOST_WISHES)
    if wishes_each not in range(1, MOST_WISHES + 1):
        mistakes.add("wishes_each", f"wishes_each must be a number from 1 to {MOST_WISHES}.")
        wishes_each = MOST_WISHES
    areas = table.get("areas", {})
    safeguarding = table.get("safeguarding", {})
    campaign = Campaign(
        slug=slug,
        **{name: str(table.get(name, "")).strip() for name in REQUIRED},
        can_change=tuple(table.get("can_change", ())),
        cannot_change=tuple(table.get("cannot_change", ())),
        window=window,
        wishes_each=wishes_each,
        areas_called=areas.get("called", "ward"),
        areas=_each(Area, areas.get("list", []), "areas.list", mistakes),
        channels=tuple(table.get("channels", ("online",))),
        sources=_each(Source, table.get("sources", []), "sources", mistakes),
        questions=_each(Question, table.get("questions", []), "questions", mistakes),
        frame=frame,
        safeguarding=_one(Officer, {k: v for k, v in safeguarding.items() if k != "deputy"}, "safeguarding", mistakes),
        deputy=_one(Officer, safeguarding.get("deputy", {}), "safeguarding.deputy", mistakes),
        privacy=_one(Privacy, table.get("privacy", {}), "privacy", mistakes),
        help_contact=table.get("help_contact", ""),
        languages=tuple(table.get("languages", ("en-GB",))),
        milestones=_each(Milestone, table.get("milestones", []), "milestones", mistakes),
        outlines=_each(Outline, table.get("drafts", []), "drafts", mistakes),
        return_address=tuple(table.get("return_address", ())),
        look=_one(Look, table.get("look", {}), "look", mistakes),
    )
    _check_lists(campaign, mistakes)
    return campaign


def _check_lists(campaign: Campaign, mistakes: _Mistakes) -> None:
    for channel in campaign.channels:
        if channel not in CHANNELS:
            mistakes.add("channels", f"“{channel}” is not a channel. Choose from {', '.join(CHANNELS)}.")
    for what, ids in (
        ("areas.list", [area.id for area in campaign.areas]),
        ("sources", [source.id for source in campaign.sources]),
        ("questions", [question.id for question in campaign.questions]),
    ):
        for twice in sorted({name for name in ids if ids.count(name) > 1}):
            mistakes.add(f"{what}.id", f"[[{what}]] has the id “{twice}” twice. Give each its own.")
    for question in campaign.questions:
        if not 2 <= len(question.options) <= 250:
            mistakes.add("questions.options", f"[[questions]] {question.id} needs from 2 to 250 options.")


def _one(kind: type[T], table: Mapping[str, Any], where: str, mistakes: _Mistakes) -> T:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    try:
        return kind(**values)
    except TypeError as wrong:
        words = re.sub(r"^.*__init__\(\) ", "", str(wrong)).replace("got an unexpected keyword argument", "has no setting")
        mistakes.add(f"{where}.id", f"[{where}] {words}. Compare it with a campaign in the catalogue.")
        return kind.__new__(kind)


def _each(kind: type[T], tables: list[Mapping[str, Any]], where: str, mistakes: _Mistakes) -> tuple[T, ...]:
    before = len(mistakes.lines)
    made = tuple(_one(kind, table, where, mistakes) for table in tables)
    return made if len(mistakes.lines) == before else ()
