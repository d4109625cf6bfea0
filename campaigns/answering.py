"""What is done about what people asked for: actions under priorities, and the answers published from them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

PLANNED, UNDER_WAY, DONE, CANNOT = STATES = ("planned", "under way", "done", "cannot")
VERDICTS = {PLANNED: "We will", UNDER_WAY: "Under way", DONE: "We did", CANNOT: "We cannot"}
KINDS = ("outcome", "output")  # of a measure: what changes for people, or what is delivered
LONGEST, LONGEST_LINE = 2000, 200
YEAR = timedelta(days=365)
EITHER_WAY = 10  # of a hundred that ask another way: from so many on, that is said too
ASKED = {"more": "for more", "keep": "to keep it", "mend": "to mend it", "less": "for less"}


@dataclass(frozen=True)
class Heard:
    """What people said that an answer is about, counted when it was published: responses, all of them, and by ask."""

    responses: int
    of: int
    asks: Mapping[str, int]
    event: int


@dataclass(frozen=True)
class Published:
    """An answer as it was published: what it said then, what it answered, and when (ms)."""

    state: str
    what: str
    because: str
    body: str
    due: str
    heard: Heard
    at_ms: int


@dataclass(frozen=True)
class Action:
    """One thing that is done, will be or cannot be, about the wishes under some codes; dates as 2011-03-31."""

    number: int = 0
    codes: tuple[str, ...] = ()
    priority: str = ""
    what: str = ""
    because: str = ""
    body: str = ""
    owner: str = ""
    measure: str = ""
    kind: str = KINDS[0]
    due: str = ""
    state: str = PLANNED
    revision: int = 0
    published: Published | None = None

    @property
    def stale(self) -> bool:
        """Tells whether what is published says something else than what stands here now."""
        own = (self.state, self.what, self.because, self.body, self.due)
        told = self.published
        return told is not None and (told.state, told.what, told.because, told.body, told.due) != own


@dataclass(frozen=True)
class Progress:
    """How many actions are due within the first year, and how many of those are done."""

    due: int
    done: int


def read_action(about: Mapping[str, Any]) -> Action:
    """Returns the action that ``write_action`` wrote."""
    published = about.get("published")
    if published:
        published = Published(**{**published, "heard": Heard(**published["heard"])})
    return Action(**{**about, "codes": tuple(about["codes"]), "published": published})


def write_action(action: Action) -> dict[str, Any]:
    """Returns an action as JSON keeps it."""
    return asdict(action)


def check_action(action: Action, known: Sequence[str]) -> dict[str, str]:
    """Returns a plain line for each field that keeps an action from being kept as it is."""
    problems = {}
    if not action.codes or set(action.codes) - set(known):
        problems["codes"] = "Tick at least one of the things people asked for that this is about."
    if not action.what:
        problems["what"] = "Say what is done, will be or cannot be, in a sentence that residents understand."
    if action.state == CANNOT and not action.because:
        problems["because"] = "Say why it cannot be done. People who asked for it deserve the reason."
    if action.due and not _is_day(action.due):
        problems["due"] = "Choose a day, or leave it empty."
    for name in ("what", "because"):
        if len(getattr(action, name)) > LONGEST:
            problems[name] = f"This is {len(getattr(action, name)):,} letters long. Shorten it to {LONGEST:,}."
    for name in ("priority", "body", "owner", "measure"):
        if len(getattr(action, name)) > LONGEST_LINE:
            problems[name] = f"Shorten this to {LONGEST_LINE} letters."
    return problems


def publish(action: Action, heard: Heard, at_ms: int) -> Action:
    """Returns an action with its answer published as it now stands, beside what people said."""
    now = Published(action.state, action.what, action.because, action.body, action.due, heard, at_ms)
    return replace(action, published=now)


def first_year(actions: Sequence[Action], begins: date) -> Progress:
    """Returns how far the actions have come that are due within a year of a day; what cannot be done is no action."""
    meant = [action for action in actions if action.due and action.state != CANNOT]
    due = [action for action in meant if date.fromisoformat(action.due) <= begins + YEAR]
    return Progress(len(due), sum(action.state == DONE for action in due))


def late(action: Action, today: date) -> bool:
    """Tells whether an action's day has passed and it is not done."""
    return bool(action.due) and action.state in (PLANNED, UNDER_WAY) and date.fromisoformat(action.due) < today


def answers_to(actions: Sequence[Action], codes: Sequence[str]) -> list[Action]:
    """Returns the published answers to wishes under some codes, those to the main code first."""
    found = [action for action in actions if action.published and set(action.codes) & set(codes)]
    return sorted(found, key=lambda action: codes[0] not in action.codes)


def heard_words(heard: Heard, names: Sequence[str]) -> str:
    """Returns what people said as a sentence: how many of all, about what, and which way; other ways from a tenth on."""
    about = " or ".join(names)
    told = {ask: count for ask, count in heard.asks.items() if ask in ASKED and count}
    ways = [f"{count:,} {ASKED[ask]}" for ask, count in sorted(told.items(), key=lambda one: -one[1])
            if EITHER_WAY * count >= heard.responses or count == max(told.values())]
    said = f"{heard.responses:,} of {heard.of:,} responses wished for something about {about}"
    return f"{said}: {_listed(ways)}." if ways else f"{said}."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
