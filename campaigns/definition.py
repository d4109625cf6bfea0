"""A campaign as its file defines it: what is asked, of whom, until when, and who answers."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from campaigns.alike import AlikeRule
from campaigns.coding.frame import Frame
from campaigns.geographies import Geography
from campaigns.questions import Question
from campaigns.safeguarding import Officer

CHANNELS = ("online", "card", "tree", "workshop", "photo", "letter", "assisted", "meeting")
CHANNEL_WORDS = {
    "online": "online", "card": "by card", "tree": "at the wishes tree", "workshop": "in workshops", "photo": "as photographs",
    "letter": "by letter or e-mail", "assisted": "by telephone or in person", "meeting": "at meetings",
}
ANSWER_WEEKS = 12  # as the UK government's consultation principles have it
NO_AREA = ("not given", "part postcode", "not in our table")


@dataclass(frozen=True)
class Window:
    """When responses are taken: local dates, the last inclusive."""

    opens: date
    closes: date
    cards_until: date
    timezone: ZoneInfo

    def starts_ms(self) -> int:
        """Returns the first moment of the window in milliseconds of UTC."""
        return self._midnight_ms(self.opens)

    def ends_ms(self) -> int:
        """Returns the first moment after the window in milliseconds of UTC."""
        return self._midnight_ms(self.closes + timedelta(days=1))

    def cards_end_ms(self) -> int:
        """Returns the first moment after the last day for posted cards in milliseconds of UTC."""
        return self._midnight_ms(self.cards_until + timedelta(days=1))

    def local_day(self, ms: int) -> date:
        """Returns the local date of a moment."""
        return datetime.fromtimestamp(ms / 1000, self.timezone).date()

    def local_hour(self, ms: int) -> int:
        """Returns the local hour of a moment, 0 to 23."""
        return datetime.fromtimestamp(ms / 1000, self.timezone).hour

    def _midnight_ms(self, day: date) -> int:
        return int(datetime.combine(day, time(), self.timezone).timestamp() * 1000)


@dataclass(frozen=True)
class Area:
    """One ward or other area that responses are counted by."""

    id: str
    name: str
    households: int = 0


@dataclass(frozen=True)
class Source:
    """Who or what brought responses in: a partner, an event, a collection point, a poster."""

    id: str
    name: str
    channel: str = "online"
    area: str = ""


@dataclass(frozen=True)
class Planned:
    """An event where people can take part: on a day, in an area, at a place."""

    name: str
    day: date
    area: str
    place: str = ""


@dataclass(frozen=True)
class Privacy:
    """Who is answerable for what people send, on what basis, and for how long it is kept.

    ``retention`` says it in words. Words go ``words_kept_months`` after the last day for cards, those of withdrawn
    responses ``withdrawn_kept_days`` after that; 0 keeps them until somebody decides. ``expire_daily`` has it done unasked.
    """

    controller: str = ""
    lawful_basis: str = ""
    retention: str = ""
    contact: str = ""
    impact_assessment: str = ""
    words_kept_months: int = 0
    withdrawn_kept_days: int = 0
    expire_daily: bool = False


@dataclass(frozen=True)
class KeyingTwice:
    """How many cards in a hundred are keyed a second time, and how many words in a hundred may then differ.

    A supervisor may set both otherwise while the campaign runs.
    """

    second_percent: int = 10
    apart_percent: int = 3


@dataclass(frozen=True)
class OpenData:
    """Under which licence open data is released, and after how many days again; 0 releases nothing unasked.

    Officers may set the days otherwise while the campaign runs.
    """

    licence: str = "Open Government Licence v3.0"
    address: str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    every_days: int = 7


@dataclass(frozen=True)
class Milestone:
    """A step after the window that residents are told of."""

    day: str
    what: str


@dataclass(frozen=True)
class Pause:
    """Days, both inclusive, on which nothing is published, such as before an election, and why."""

    begins: date
    ends: date
    why: str


@dataclass(frozen=True)
class Outline:
    """One document to be drafted: its kind, its title, which parts stand in it, and who completes what no machine may write.

    A part is named as in ``campaigns.drafts.kinds``, with a heading of its own if it is to have one: "who: Who replied".
    In ``completed_by`` a line names whoever completes all, or one thing: "Financial: the Director of Finance".
    """

    kind: str
    title: str
    opening: str = ""
    parts: tuple[str, ...] = ()
    completed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """The campaign's own colours, each checked for contrast before opening."""

    paper: str = "#fffdf7"
    ink: str = "#1c2321"
    leaf: str = "#1e6b3c"
    muted: str = "#505a57"
    red: str = "#b3261e"


@dataclass(frozen=True, eq=False)
class Campaign:
    """One consultation, whole: everything its pages, cards, counts and drafts follow from.

    Compared by identity, not by content: it is the key of caches, and hashing 2,600 examples for each request is slow.
    """

    slug: str
    title: str
    place: str
    question: str
    why: str
    can_change: tuple[str, ...]
    cannot_change: tuple[str, ...]
    who_decides: str
    organiser: str
    window: Window
    wishes_each: int
    areas_called: str
    areas: tuple[Area, ...]
    channels: tuple[str, ...]
    sources: tuple[Source, ...]
    questions: tuple[Question, ...]
    frame: Frame
    safeguarding: Officer
    deputy: Officer
    privacy: Privacy
    keying: KeyingTwice = field(default_factory=KeyingTwice)
    open_data: OpenData = field(default_factory=OpenData)
    help_contact: str = ""
    languages: tuple[str, ...] = ("en-GB",)
    milestones: tuple[Milestone, ...] = ()
    events: tuple[Planned, ...] = ()
    geographies: tuple[Geography, ...] = ()
    pauses: tuple[Pause, ...] = ()
    letter_campaigns: AlikeRule = field(default_factory=AlikeRule)
    outlines: tuple[Outline, ...] = ()
    return_address: tuple[str, ...] = ()
    look: Look = field(default_factory=Look)

    @property
    def answers_due(self) -> date:
        """Returns the day by which people should have answers: twelve weeks after the last day for cards."""
        return self.window.cards_until + timedelta(weeks=ANSWER_WEEKS)

    def paused_on(self, day: date) -> Pause | None:
        """Returns why nothing is published on a day, None where publishing is open."""
        return next((pause for pause in self.pauses if pause.begins <= day <= pause.ends), None)

    @cached_property
    def area_names(self) -> dict[str, str]:
        """Returns the name of each area by its id."""
        return {area.id: area.name for area in self.areas}

    def source(self, source_id: str) -> Source | None:
        """Returns a source by its id, or None."""
        return next((source for source in self.sources if source.id == source_id), None)

    def question_called(self, question_id: str) -> Question | None:
        """Returns a closed question by its id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)

    def geography(self, geography_id: str) -> Geography | None:
        """Returns a geography by its id, or None."""
        return next((geography for geography in self.geographies if geography.id == geography_id), None)

    def area_named(self, name: str) -> Area | None:
        """Returns an area by its id or its name in any case, or None."""
        wanted = name.strip().casefold()
        return next((area for area in self.areas if wanted in (area.id.casefold(), area.name.casefold())), None)

    def outline(self, kind: str) -> Outline | None:
        """Returns the outline of a kind of document, or None where the campaign has none."""
        return next((outline for outline in self.outlines if outline.kind == kind), None)
