"""A wish as officers see it: its words, where and how it came, its coding with who gave it and why, and its clearing."""

from dataclasses import dataclass
from functools import lru_cache

from campaigns.definition import Campaign
from campaigns.moderating import as_redacted, reason_words
from campaigns.responses import Response, SlotCoding, Wish
from campaigns.rows import local_day
from campaigns.screening import WORRYING, Mark, in_pieces, marks
from campaigns.store.staff import get_person
from campaigns.store.store import Store
from web.guards import sees_redacted
from web.officers.choosing import seen_coding, seen_moderation
from web.officers.filters import names_of
from web.words import CHANNEL_WORDS, moment

MOST_EXAMPLES = 2
# No machine is told to be surer than this.
SUREST = 0.99
# Before the kind of a stretch that was redacted, where pieces say what the screen takes a stretch for.
REDACTED = "removed: "
Names = dict[str, str]


@dataclass(frozen=True)
class Card:
    """One wish on an officer's page."""

    number: int
    slot: int
    text: str
    day: str
    area: str
    channel: str
    source: str
    codes: tuple[tuple[str, str], ...]
    ask: str
    coder: str
    checked: bool
    examples: tuple[str, ...]
    moderation: int
    seen_coding: str
    seen_moderation: str
    pieces: tuple[tuple[str, str], ...] = ()  # the text in stretches, each with what the screen takes it for
    redacted: tuple[str, ...] = ()  # the kinds of what was
    reason: str = ""
    decided: str = ""  # who cleared it or held it back, and when
    note: str = ""

    @property
    def id(self) -> str:
        """Returns what the wish is known by within a page."""
        return f"w-{self.number}-{self.slot}"

    @property
    def worrying(self) -> bool:
        """Tells whether the screen takes words of it for harm or a threat."""
        return any(kind in WORRYING for _, kind in self.pieces)


def show_wish(store: Store, response: Response, wish: Wish, known: Names) -> Card:
    """Returns a wish ready to be shown; ``known`` remembers the names of staff from one wish to the next."""
    campaign, coding = store.campaign, wish.coding
    wish = wish if sees_redacted() else as_redacted(wish)
    codes = names_of("code", campaign)
    return Card(
        response.number, wish.slot, wish.text,
        day=local_day(campaign, response).isoformat(),
        area=names_of("ward", campaign).get(response.area, f"{campaign.areas_called} {response.area}"),
        channel=CHANNEL_WORDS.get(response.channel, response.channel),
        source=names_of("source", campaign).get(response.source, "") if response.source else "",
        codes=tuple((codes[code], campaign.frame.theme_of(code)) for code in coding.codes) if coding else (),
        ask=coding.ask if coding else "", coder=_coder_words(store, wish, known), checked=bool(wish.person),
        examples=examples_near(store, wish.machine) if coding and not wish.person else (),
        moderation=wish.moderation, seen_coding=seen_coding(wish), seen_moderation=seen_moderation(wish),
        pieces=in_pieces(wish.text, _marked(wish, campaign)), redacted=tuple(one.kind for one in wish.redactions),
        **_decided(store, wish, known),
    )


def _decided(store: Store, wish: Wish, known: Names) -> dict[str, str]:
    """Returns why a wish was cleared or held back, and by whom."""
    why = wish.decision
    if why is None:
        return {}
    at = moment(why.at_ms, store.campaign.window.timezone)
    reason = reason_words(wish.moderation, why.reason)
    return {"reason": reason, "decided": f"{staff_name(store, why.who, known)}, {at}", "note": why.note}


def _marked(wish: Wish, campaign: Campaign) -> list[Mark]:
    """Returns what was redacted, and what the screen marks beside it."""
    gone = [Mark(one.start, one.end, REDACTED + one.kind) for one in wish.redactions]
    found = marks(wish.text, never_marked(campaign))
    return sorted([*gone, *(one for one in found if all(one.end <= old.start or old.end <= one.start for old in gone))])


@lru_cache(maxsize=16)
def never_marked(campaign: Campaign) -> frozenset[str]:
    """Returns names of the campaign's own that point at nobody, in small letters."""
    names = (campaign.place, *campaign.area_names.values(), *(source.name for source in campaign.sources))
    return frozenset(name.casefold() for name in names)


def _coder_words(store: Store, wish: Wish, known: Names) -> str:
    if wish.person:
        name = staff_name(store, wish.person.coder, known)
        at = f", {moment(wish.person.at_ms, store.campaign.window.timezone)}" if wish.person.at_ms else ""
        return f"coded by {name}{at}"
    return f"coded by machine, {sureness(wish.machine)}" if wish.machine else "waiting for coding"


def sureness(coding: SlotCoding) -> str:
    """Returns how sure the machine says it is."""
    return f"{min(coding.confidence, SUREST):.0%} sure"


def staff_name(store: Store, person_id: str, known: Names) -> str:
    """Returns the name of someone on the staff; ``known`` remembers it."""
    if person_id not in known:
        person = get_person(store.connections, person_id)
        known[person_id] = person.name if person else "someone no longer on the staff"
    return known[person_id]


def examples_near(store: Store, coding: SlotCoding | None) -> tuple[str, ...]:
    """Returns the examples of the frame that the machine found a wish most like."""
    examples = store.campaign.frame.examples
    nearest = coding.nearest if coding else ()
    return tuple(examples[place].text for place in nearest[:MOST_EXAMPLES] if place < len(examples))
