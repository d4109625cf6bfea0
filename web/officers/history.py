"""What became of one wish since it was sent, from the log: who coded, cleared or changed it, and when; never any older words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import current_app

from campaigns.events import Event
from campaigns.moderating import reason_words
from campaigns.responses import Wish
from campaigns.searching.history import events_of
from campaigns.searching.index import opened
from campaigns.searching.words import CannotLook
from campaigns.store.store import Store
from web.officers.filters import names_of
from web.officers.showing import Names, staff_name
from web.words import ASK_WORDS, CHANNEL_WORDS, moment

MODERATED = (
    "No longer cleared or held back", "Cleared for quoting", "Held back from quoting", "Queried by its sender",
)
SENDER = "public"


@dataclass(frozen=True)
class Line:
    """One line of a history: when, what happened, by whom (empty where nobody in particular), and the event that says so."""

    when: str
    words: str
    who: str
    event: int


@dataclass(frozen=True)
class History:
    """The history of one wish, oldest first; ``behind`` events of the log have not been gone through yet."""

    lines: list[Line]
    behind: int = 0
    problem: str = ""


def history_of(store: Store, number: int, wish: Wish, known: Names) -> History:
    """Returns what the log says of a wish; ``known`` remembers the names of staff."""
    try:
        with opened(cast(Path, current_app.config["DATA_DIR"]), store) as index:
            events = events_of(index.connection, store, number)
    except CannotLook as reason:
        return History([], problem=str(reason))
    zone = store.campaign.window.timezone
    told = _told(store, wish.slot, events)
    lines = [Line(moment(event.at_ms, zone), words, _who(store, event, known), event.number) for event, words in told]
    return History(lines, index.behind)


def _told(store: Store, slot: int, events: Sequence[Event]) -> Iterator[tuple[Event, str]]:
    before = ""
    for event in events:
        now = _commitment(event, slot) if "words" in event.data and event.name.startswith("response.") else before
        words = _revised(before, now) if event.name == "response.revised" else _words(store, event, slot)
        before = now
        if words:
            yield event, words


def _commitment(event: Event, slot: int) -> str:
    """Returns what stands for a slot's words in an event that lists those of every slot; empty where it has none."""
    listed = event.data["words"]
    return str(listed[slot - 1]) if len(listed) >= slot else ""


def _revised(before: str, now: str) -> str:
    """Returns what a revision did to this wish; nothing where it was another wish, or answers, that changed."""
    if before == now:
        return ""
    return "Its words were changed; the older ones are not kept" if before else "Added to the response"


def _words(store: Store, event: Event, slot: int) -> str:
    if event.data.get("slot", slot) != slot:
        return ""
    said: dict[str, Callable[[], str]] = {
        "response.received": lambda: f"Sent {CHANNEL_WORDS.get(str(event.data.get('channel')), '')}".strip(),
        "wishes.coded": lambda: f"Coded by machine, version {event.data.get('tagger', '')}",
        "wish.coded": lambda: _coding(store, event),
        "wish.moderated": lambda: _moderated(event),
        "wish.redacted": lambda: _redaction(event),
        "response.placed": lambda: f"Placed in {store.campaign.area_names.get(str(event.data.get('area')), 'no area')}",
        "response.withdrawn": lambda: "Withdrawn",
        "words.expired": lambda: "Its words went, their time being up; it still counts",
    }
    return said[event.name]() if event.name in said else ""


def _moderated(event: Event) -> str:
    moderation = int(event.data.get("moderation", 0))
    reason = reason_words(moderation, str(event.data.get("reason", "")))
    return ": ".join(part for part in (MODERATED[moderation], reason) if part)


def _coding(store: Store, event: Event) -> str:
    codes = names_of("code", store.campaign)
    named = " and ".join(codes.get(code, code) for code in event.data["codes"])
    return f"Coded: {named}, {ASK_WORDS.get(event.data['ask'], event.data['ask'])}"


def _redaction(event: Event) -> str:
    kinds = ", ".join(event.data.get("kinds", []))
    again = "; no longer cleared for quoting" if "moderation" in event.data else ""
    return f"{f'Redacted: {kinds}' if kinds else 'Nothing of it redacted any more'}{again}"


def _who(store: Store, event: Event, known: Names) -> str:
    if event.name == "wishes.coded" or event.who.startswith("job:"):
        return ""
    return "its sender" if event.who == SENDER else staff_name(store, event.who, known)
