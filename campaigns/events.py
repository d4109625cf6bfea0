"""Every event a campaign's log can hold: its name, its version, and what it carries.

An event holds numbers, codes, pseudonymous staff ids and times; never a wish's words, nor
anything about a person. For words it holds a salted commitment (see ``responses.commitment``).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# What may become of a piece of paper that came back.
OUTCOMES = ("keyed", "unnumbered", "unusable", "duplicate", "set aside")

# name: (version, the fields its data may hold)
EVENTS: dict[str, tuple[int, frozenset[str]]] = {
    "campaign.opened": (1, frozenset({"definition", "opens", "closes", "demonstration"})),
    "campaign.closed": (1, frozenset({"why"})),
    "areas.loaded": (1, frozenset({"postcodes", "sha256"})),
    "response.received": (1, frozenset({"channel", "source", "words", "card", "import", "batch", "piece"})),
    "response.revised": (1, frozenset({"words", "answers"})),
    "response.withdrawn": (1, frozenset()),
    "response.erased": (1, frozenset()),
    "response.placed": (1, frozenset({"area"})),
    "words.expired": (1, frozenset({"ranges", "why"})),
    "cards.printed": (1, frozenset({"first", "last", "ward", "batch", "round", "place", "households", "kind", "held"})),
    "cards.drawn": (1, frozenset({"count", "seed", "of", "sha256"})),
    "card.moved": (1, frozenset({"first", "last", "from", "to", "why"})),
    "piece.noted": (1, frozenset({"batch", "piece", "outcome", "why", "to"})),
    "piece.undone": (1, frozenset({"batch", "piece", "outcome", "to"})),
    "batch.opened": (1, frozenset({"batch", "count", "channel", "place", "day"})),
    "batch.recounted": (1, frozenset({"batch", "count", "why", *OUTCOMES})),
    "batch.closed": (1, frozenset({"batch", "count", "why", *OUTCOMES})),
    "keying.ruled": (1, frozenset({"share", "apart"})),
    "keying.compared": (1, frozenset({"batch", "compared", "differ"})),
    "keying.settled": (1, frozenset({"batch", "differ", "wrong"})),
    "repeat.settled": (1, frozenset({"card", "online", "same"})),
    "worry.raised": (1, frozenset({"held"})),
    "worry.noted": (1, frozenset({"held", "state"})),
    "worry.told": (1, frozenset({"held"})),
    "worry.closed": (1, frozenset({"held"})),
    "wishes.coded": (1, frozenset({"tagger", "ranges", "frame"})),
    "wish.coded": (1, frozenset({"slot", "codes", "ask", "words"})),
    "wish.uncoded": (1, frozenset({"slot", "words"})),
    "wish.moderated": (1, frozenset({"slot", "moderation", "reason"})),
    "wish.redacted": (1, frozenset({"slot", "words", "kinds", "spans", "moderation"})),
    "sample.drawn": (1, frozenset({"draw", "count", "seed", "of", "after", "upto", "sha256"})),
    "sample.coded": (1, frozenset({"slot", "words", "said"})),
    "sample.settled": (1, frozenset({"slot", "words", "said"})),
    "sample.undone": (1, frozenset({"slot", "words"})),
    "frame.revised": (1, frozenset({"frame", "was", "added", "gone"})),
    "wish.carried": (1, frozenset({"slot", "codes", "words"})),
    "tagger.adopted": (1, frozenset({"tagger", "learnt_from", "judged", "f1", "f1_before", "by_sample"})),
    "photo.received": (1, frozenset({"sha256"})),
    "indicators.loaded": (1, frozenset({"indicators", "sha256"})),
    "indicator.referred": (1, frozenset({"referral", "sha256"})),
    "indicator.returned": (1, frozenset({"referral", "sha256"})),
    "draft.written": (1, frozenset({"draft", "version", "sha256"})),
    "draft.sent": (1, frozenset({"draft", "version", "sha256"})),
    "draft.returned": (1, frozenset({"draft", "version", "sha256"})),
    "draft.approved": (1, frozenset({"draft", "version", "sha256"})),
    "results.published": (1, frozenset({"sha256", "release", "upto"})),
    "releases.planned": (1, frozenset({"days", "next"})),
    "action.written": (1, frozenset({"action", "state", "sha256"})),
    "action.answered": (1, frozenset({"action", "state", "sha256"})),
    "action.unanswered": (1, frozenset({"action", "state", "sha256"})),
    "event.parked": (1, frozenset({"consumer", "why"})),
    "staff.invited": (1, frozenset({"roles"})),
    "staff.joined": (1, frozenset({"person", "roles", "by"})),
    "staff.changed": (1, frozenset({"person", "roles", "was"})),
    "staff.closed": (1, frozenset({"person", "roles", "was"})),
    "campaign.restored": (1, frozenset({"backup", "made", "skipped"})),
    "log.sealed": (1, frozenset({"first", "last", "sha256", "previous"})),
}


class UnknownEvent(ValueError):
    """An event that the table above does not name, or a field it does not list."""


@dataclass(frozen=True)
class Event:
    """One event as it stands in the log; ``subject`` is the response or card it is about, 0 for none."""

    number: int
    name: str
    version: int
    at_ms: int
    who: str
    subject: int
    data: dict[str, Any]

    @property
    def at(self) -> datetime:
        """Returns when it happened, in UTC."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)


def full_name(name: str) -> str:
    """Returns an event's name with its version, as the log writes it."""
    if name not in EVENTS:
        raise UnknownEvent(f"No event is called {name}.")
    return f"{name}/{EVENTS[name][0]}"


def write_data(name: str, **data: Any) -> str:  # noqa: ANN401 - JSON
    """Returns an event's data as the JSON the log keeps, refusing any field its kind does not list."""
    strange = set(data) - EVENTS[name][1]
    if strange:
        raise UnknownEvent(f"{name} does not carry {', '.join(sorted(strange))}.")
    return json.dumps({k: v for k, v in data.items() if v not in (None, "")}, separators=(",", ":"), sort_keys=True)


def read_event(line: str) -> Event:
    """Returns the event that one canonical line of the log says: number, name/version, ms, who, subject, data."""
    number, named, at_ms, who, subject, data = line.split(" ", 5)
    name, _, version = named.partition("/")
    return Event(int(number), name, int(version), int(at_ms), who, int(subject), json.loads(data))
