"""One card as it was typed: read, placed, and handed to the store; what stands in the way is said under its field."""

from dataclasses import dataclass, field

from campaigns.cards.serials import card_of
from campaigns.cards.tokens import card_from
from campaigns.definition import NO_AREA
from campaigns.responses import Submission
from campaigns.store.areas import place_named, place_postcode
from campaigns.store.cards import STATES, card_ward
from campaigns.store.intake import ANSWERS, Accepted, Way, accept
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store
from campaigns.submitting import Typed, read_submission

NO_SERIAL = "Type the serial printed on the card, or scan its code."
NOT_OURS = "That is not a serial from this campaign. Check the letters against the card: it never has 0, O, 1, I or L."
NEVER_PRINTED = "No card with this serial was ever printed. Check it letter by letter, then set the card aside."
EMPTY = "Type at least one wish. If the card has none, set it aside for your supervisor."
CHANGED = "This card was saved a moment ago with other words, and those stand. Set it aside if they must change."
ELSEWHERE = {
    "keyed": "This card was keyed already. Put it with the duplicates, unless the serial is mistyped.",
    "held": "This card was held back and never sent out. Set it aside for your supervisor.",
    "destroyed": "This card is down as destroyed. Set it aside for your supervisor.",
    "undelivered": "This card is down as undelivered. Set it aside for your supervisor.",
    "unusable": "This card is down as unusable. Set it aside for your supervisor.",
    "duplicate": "This card is down as a duplicate. Put it with the duplicates.",
    "set aside": "This card is down as set aside. Put it back with those.",
    "waiting": "This card belongs to a batch that is being keyed elsewhere. Set it aside for your supervisor.",
}


@dataclass(frozen=True)
class Entry:
    """What stands in the boxes of the desk, one wish a box; ``key`` tells this form from every other."""

    key: str
    serial: str = ""
    wishes: tuple[str, ...] = ()
    postcode: str = ""
    ward: str = ""


@dataclass(frozen=True)
class Kept:
    """What became of an entry: taken, or a plain line for each field that must be put right."""

    taken: Accepted | None = None
    problems: dict[str, str] = field(default_factory=dict)


def keep_card(store: Store, entry: Entry, who: str) -> Kept:
    """Makes a keyed card a response, once however often it is sent."""
    card = read_serial(store, entry.serial)
    submission, problems = _submission(store, entry, card or 0)
    if card is None:
        problems = {"serial": NOT_OURS if entry.serial.strip() else NO_SERIAL, **problems}
    if problems or submission is None:
        return Kept(problems=problems)
    way = Way(who=who, window="cards", key=f"desk:{who}:{entry.key}", desk=True, card_mark="keyed")
    taken = accept(store, submission, way)
    return Kept(taken) if taken.kept else Kept(problems=_refusal(taken))


def read_serial(store: Store, typed: str) -> int | None:
    """Returns the number of the card a serial stands for, typed or scanned from the card's code; None where it is none."""
    address, _, token = typed.strip().casefold().rpartition("/c/")
    if address:
        return card_from(token.upper(), card_secret(store))
    return card_of(typed, store.slug)


def _submission(store: Store, entry: Entry, card: int) -> tuple[Submission | None, dict[str, str]]:
    area, outward = place_card(store, entry, card)
    typed = Typed(entry.wishes, "card", card=card)
    submission, problems = read_submission(store.campaign, typed, area, outward)
    if "wish1" in problems and not any(wish.strip() for wish in entry.wishes):
        problems["wish1"] = EMPTY
    return submission, problems


def place_card(store: Store, entry: Entry, card: int) -> tuple[str, str]:
    """Returns where a card's wishes come from (where it says, else where it was delivered), and a postcode's outward half."""
    delivered = (card_ward(store, card) if card else "") or NO_AREA[0]
    chosen = place_named(store, entry.ward).area
    if chosen not in NO_AREA:
        return chosen, ""
    placed = place_postcode(store, entry.postcode)
    known = placed.area not in NO_AREA
    # A whole postcode that no table of ours holds says that the card was filled in elsewhere; half a one says nothing new.
    elsewhere = placed.area == NO_AREA[2] and placed.outward
    return (placed.area if known or elsewhere else delivered), placed.outward


def _refusal(taken: Accepted) -> dict[str, str]:
    if taken.outcome == "card":
        state = STATES.get(taken.detail, "")
        return {"serial": ELSEWHERE.get(state, NEVER_PRINTED)}
    if taken.outcome == "conflict":
        return {"serial": CHANGED}
    if taken.outcome == "late":
        return {"form": "The last day for posted cards has passed. Keep this card with the late ones."}
    return {"form": ANSWERS.get(taken.detail) or ANSWERS.get(taken.outcome) or ANSWERS["closed"]}
