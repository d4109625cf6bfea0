"""One piece of paper as it was typed: read, placed and handed to the store; what stands in the way is said in words."""

import re
from dataclasses import dataclass, field, replace

from campaigns.cards.comparing import same_wishes
from campaigns.cards.serials import card_of
from campaigns.cards.tokens import card_from
from campaigns.definition import NO_AREA
from campaigns.responses import LIVE, LONGEST_WISH, Submission
from campaigns.store.areas import Placed, place_named, read_place
from campaigns.store.cards import STATES, card_ward, responses_of_card
from campaigns.store.intake import ANSWERS, Accepted, Way, accept
from campaigns.store.pieces import SetDown, set_down
from campaigns.store.responses import get_responses
from campaigns.store.returns import ReturnBatch, get_batch
from campaigns.store.second import is_drawn, rules_of
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store
from campaigns.submitting import Typed, read_submission
from web.keying.entry import DRAWN, FOREIGN, Entry
from web.keying.words import (
    ALREADY,
    CLOSED,
    ELSEWHERE,
    EMPTY,
    LATE,
    MISSING,
    NEVER_PRINTED,
    NO_SERIAL,
    NOT_OURS,
    OTHER_CAMPAIGN,
    REPEAT,
)

WRITTEN = ("letter", "assisted")  # channels that bring no cards


@dataclass(frozen=True)
class Kept:
    """What became of an entry: saved, or a plain line for each field that stands in the way, with the store's own reason.

    ``ring``: the tallies' job is to be queued; ``note``: something the keyer should know though all is well.
    """

    saved: bool = False
    problems: dict[str, str] = field(default_factory=dict)
    why: str = "for a person"
    card: int = 0
    note: str = ""
    ring: bool = False

    @property
    def words(self) -> str:
        """Returns what stands in the way as one line."""
        return " ".join(self.problems.values())


def keep_entry(store: Store, entry: Entry, who: str) -> Kept:
    """Makes a piece what the keyer said it is, once however often it is sent; says what stands in the way of that."""
    batch = get_batch(store, entry.batch)
    if batch is None:
        return Kept(problems={"form": MISSING})
    if entry.outcome in ("unusable", "set aside") or entry.blank:
        return _put_down(store, entry, who)
    card = 0 if entry.outcome == "unnumbered" or batch.channel in WRITTEN else read_serial(store, entry.serial)
    if not card and entry.outcome == "keyed" and batch.channel not in WRITTEN:
        return unreadable(store, entry.serial)
    return _key(store, entry, batch, card or 0, who)


def read_serial(store: Store, typed: str) -> int | None:
    """Returns the number of the card a serial stands for, typed or scanned from the card's code; None where it is none."""
    address, _, token = typed.strip().casefold().rpartition("/c/")
    if address:
        return card_from(token.upper(), card_secret(store))
    return card_of(typed, store.slug)


def unreadable(store: Store, serial: str) -> Kept:
    """Returns why a serial is none of this campaign's, in words."""
    scanned = re.search(r"/([^/]+)/c/[^/]+$", serial.strip().casefold())
    if scanned and scanned[1] != store.slug:
        return Kept(problems={"serial": OTHER_CAMPAIGN}, why="another campaign")
    return Kept(problems={"serial": NOT_OURS if serial.strip() else NO_SERIAL}, why="unknown serial")


def _put_down(store: Store, entry: Entry, who: str) -> Kept:
    outcome, why = ("unusable", "blank") if entry.blank and entry.outcome not in ("unusable", "set aside") else (
        entry.outcome, entry.why)
    card = read_serial(store, entry.serial) or 0
    down = set_down(store, batch=entry.batch, piece=entry.piece, outcome=outcome, card=card, why=why, who=who)
    return as_kept(down, card)


def as_kept(down: SetDown, card: int) -> Kept:
    """Returns what became of setting a piece down, in words where it could not be."""
    if down.kept or down.outcome == "piece":
        return Kept(saved=True, card=card)
    if down.outcome == "batch":
        return Kept(problems={"form": MISSING if down.detail == "missing" else CLOSED}, card=card)
    return _by_state(down.detail, card)


def _key(store: Store, entry: Entry, batch: ReturnBatch, card: int, who: str) -> Kept:
    submission, problems = read_paper(store, entry, batch, card)
    if submission is None:
        return Kept(problems=problems, card=card)
    way = Way(
        who=who, window="cards", card_mark="keyed", piece=(entry.batch, entry.piece),
        sampled=is_drawn(store, card),
    )
    kept = _taken(accept(store, submission, way), card)
    return replace(kept, note=REPEAT) if kept.saved and repeats(store, card, submission) else kept


def read_paper(store: Store, entry: Entry, batch: ReturnBatch, card: int) -> tuple[Submission | None, dict[str, str]]:
    """Returns the submission a piece of paper makes, or None with a plain line for each field that must be put right."""
    place = place_card(store, entry, card)
    wishes = (entry.letter.strip()[:LONGEST_WISH],) if entry.letter.strip() else with_marks(entry)
    typed = Typed(wishes, batch.channel, batch.place, entry.ticks, card, batch.day, entry.marks)
    submission, problems = read_submission(store.campaign, typed, place.area, place.outward, place.postcode)
    if "wish1" in problems and not any(wish.strip() for wish in wishes):
        problems["wish1"] = EMPTY
    if submission and (entry.letter or entry.behalf):
        submission = replace(submission, letter=entry.letter, behalf=entry.behalf)
    return submission, problems


def with_marks(entry: Entry) -> tuple[str, ...]:
    """Returns the wishes; a card with nothing to key but a drawing, or words nobody here can read, says so in their place."""
    if any(wish.strip() for wish in entry.wishes):
        return entry.wishes
    stands_for = DRAWN if "d" in entry.marks else FOREIGN if "l" in entry.marks else ""
    return (stands_for, *entry.wishes[1:])


def place_card(store: Store, entry: Entry, card: int) -> Placed:
    """Returns where a card's wishes come from: where it says, else where it was delivered."""
    delivered = (card_ward(store, card) if card else "") or NO_AREA[0]
    chosen = place_named(store, entry.ward)
    if chosen.area not in NO_AREA:
        return chosen
    # A whole postcode that no table of ours holds says that the card was filled in elsewhere; half a one says nothing new.
    read = read_place(entry.postcode)
    return read if read.postcode else Placed(delivered, read.outward)


def repeats(store: Store, card: int, submission: Submission) -> bool:
    """Tells whether a card's code brought the same wishes online; both count until a person has looked at the two."""
    online = [number for number, kind in responses_of_card(store, card) if kind == "online"] if card else []
    found = (one for one in get_responses(store, online) if one.state == LIVE) if online else ()
    return any(same_wishes(submission.wishes, [wish.text for wish in one.wishes], rules_of(store).apart) for one in found)


def _taken(taken: Accepted, card: int) -> Kept:
    # The same piece with other words can only be its own repeat, read anew after the table of postcodes changed.
    if taken.kept or taken.outcome in ("conflict", "piece"):
        return Kept(saved=True, card=card, ring=taken.ring)
    if taken.outcome == "card":
        return _by_state(STATES.get(taken.detail, ""), card)
    if taken.outcome == "batch":
        return Kept(problems={"form": MISSING if taken.detail == "missing" else CLOSED}, card=card)
    if taken.outcome == "late":
        return Kept(problems={"form": LATE}, why="late", card=card)
    words = ANSWERS.get(taken.detail) or ANSWERS.get(taken.outcome) or ANSWERS["closed"]
    return Kept(problems={"form": words}, card=card)


def _by_state(state: str, card: int) -> Kept:
    if state not in ELSEWHERE:
        return Kept(problems={"serial": NEVER_PRINTED}, why="unknown serial")
    why = "already keyed" if state in ALREADY else "not sent out"
    return Kept(problems={"serial": ELSEWHERE[state]}, why=why, card=card)
