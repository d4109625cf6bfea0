"""What was sent, remembered apart from the store: a plain ledger that says what must happen, and counts by hand."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from zlib import crc32

from campaigns.responses import ERASED, EXPIRED, LIVE, WITHDRAWN, SlotCoding, Submission
from campaigns.store.intake import Way
from tests.storehouse import ABBEY, NORMANTON

TAGGER = "made-up-1"
MOST_BY_ONE = 3
SIDES = {ABBEY: "North side", NORMANTON: "South side"}
FIFTHS = {"1": "Most deprived", "2": "Least deprived"}
WARDS = {ABBEY: "Abbey", NORMANTON: "Normanton"}
OPTIONS = {
    "connection": ("not given", "I live here", "I work here", "I visit"),
    "disability": ("not given", "Yes", "No", "I would rather not say"),
    "faith": ("not given", "None", "One", "I would rather not say"),
}
CODINGS = [
    (("growth.roads",), "more"), (("growth.jobs", "growth.roads"), "keep"), (("safer.green", "growth.jobs", "other"), "less"),
    (("other",), "unclear"), (("none",), "unclear"), ((), "mend"),
]


def made_up_coding(text: str) -> SlotCoding:
    """Returns the coding that the made-up tagger gives a text, always the same."""
    codes, ask = CODINGS[crc32(text.encode()) % len(CODINGS)]
    return SlotCoding(codes, ask, TAGGER, 0.5, (1, 2))


@dataclass(frozen=True)
class Slot:
    """One wish as it was sent, and what people made of it."""

    text: str
    person: SlotCoding | None = None
    moderation: int = 0

    @property
    def coding(self) -> SlotCoding:
        """Returns the coding that counts, once the machine has come to it."""
        return self.person or made_up_coding(self.text)


@dataclass(frozen=True)
class Kept:
    """One response as it must be."""

    sent: Submission
    slots: dict[int, Slot]
    day: str = ""
    state: str = LIVE
    revision: int = 1
    expired: bool = False
    hour: str = "not known"

    def value(self, slot: Slot, facet: str, code: str) -> str:
        """Returns under which name the response, one of its wishes or one of that one's codes stands."""
        if facet in OPTIONS:
            return OPTIONS[facet][{**self.sent.answers, **self.sent.special}.get(facet, 0)]
        return {
            "theme": code.partition(".")[0], "code": code, "ask": slot.coding.ask,
            "coder": "person" if slot.person else "machine", "moderation": ("unseen", "cleared", "held")[slot.moderation],
            "ward": WARDS.get(self.sent.area, self.sent.area), "channel": self.sent.channel, "source": self.sent.source,
            "day": self.day, "side": SIDES.get(self.sent.area, "not known"),
            "fifth": FIFTHS.get(self.sent.geography, "not known"), "hour": self.hour,
        }[facet]


@dataclass
class Ledger:
    """A campaign as it must be after everything that was done to it."""

    responses: dict[int, Kept] = field(default_factory=dict)
    keys: dict[tuple[bool, str], tuple[int, Submission]] = field(default_factory=dict)
    imported: set[tuple[str, str]] = field(default_factory=set)
    cards: dict[int, str] = field(default_factory=dict)
    by_one: int = 0
    open: bool = True

    def accept(self, submission: Submission, way: Way) -> tuple[str, int]:
        """Enters a submission; returns the outcome and number it must have."""
        if way.key and (known := self.keys.get((way.desk, way.key))):
            return "same" if known[1] == submission else "conflict", known[0]
        refusal = self._refusal(submission, way)
        if refusal:
            return refusal, 0
        number = len(self.responses) + 1
        slots = {slot: Slot(text) for slot, text in enumerate(submission.wishes, 1) if text}
        self.responses[number] = Kept(submission, slots, submission.day)
        self.by_one += bool(way.limits)
        if way.key:
            self.keys[way.desk, way.key] = number, submission
        if way.imported:
            self.imported.add(way.imported)
        if submission.card:
            state = self.cards[submission.card]
            self.cards[submission.card] = _marked(state, way.card_mark)
        return "accepted", number

    def _refusal(self, submission: Submission, way: Way) -> str:
        if way.imported in self.imported:
            return "done"
        if not self.open:
            return "closed"
        if way.limits and self.by_one >= MOST_BY_ONE:
            return "limited"
        state = self.cards.get(submission.card, "")
        keyed_before = way.card_mark == "keyed" and state.lower() == "k"
        return "card" if submission.card and (not state or keyed_before) else ""

    def received(self, number: int, moment: datetime) -> None:
        """Notes the local day and hour of a new response that named no day."""
        kept = self.responses[number]
        if not kept.day:
            self.responses[number] = replace(kept, day=moment.date().isoformat(), hour=f"{moment.hour:02}:00")

    def change(
        self, number: int, made: Callable[[Kept], Kept], seen: Kept | None = None, slot: int = 0,
        states: tuple[str, ...] = (LIVE,),
    ) -> str:
        """Enters a change by someone who saw the response as ``seen``; returns the outcome it must have."""
        now = self.responses.get(number)
        if now is None:
            return "missing"
        if now.state not in states:
            return "refused"
        if seen and slot and not (slot in seen.slots and slot in now.slots and seen.slots[slot].text == now.slots[slot].text):
            return "words"
        if seen and seen.revision != now.revision:
            return "conflict"
        self.responses[number] = replace(made(now), revision=now.revision + 1)
        return "changed"

    @property
    def living(self) -> list[Kept]:
        """Returns the responses that count."""
        return [kept for kept in self.responses.values() if kept.state in (LIVE, EXPIRED)]


def _marked(state: str, mark: str) -> str:
    if mark == "keyed":
        return "K" if state == "O" else "k"
    return state.upper()


def revised(wishes: tuple[str, ...]) -> Callable[[Kept], Kept]:
    """Returns the change that puts other wishes in a response's place; those that stay keep what people made of them."""
    def change(kept: Kept) -> Kept:
        slots = {slot: Slot(text) for slot, text in enumerate(wishes, 1) if text}
        return replace(kept, slots={s: kept.slots[s] if _same(kept, s, new) else new for s, new in slots.items()})
    return change


def _same(kept: Kept, slot: int, new: Slot) -> bool:
    return slot in kept.slots and kept.slots[slot].text == new.text


def with_slot(slot: int, **what: object) -> Callable[[Kept], Kept]:
    """Returns the change of one wish."""
    return lambda kept: replace(kept, slots={**kept.slots, slot: replace(kept.slots[slot], **what)})


def with_sent(**what: object) -> Callable[[Kept], Kept]:
    """Returns the change of what was sent with the wishes."""
    return lambda kept: replace(kept, sent=replace(kept.sent, **what))


def withdrawn(kept: Kept) -> Kept:
    """Returns a response taken back."""
    return replace(kept, state=WITHDRAWN)


def expired(kept: Kept) -> Kept:
    """Returns a response whose words are kept no longer, though it counts as before."""
    sent = replace(kept.sent, outward="")
    return replace(kept, expired=True, sent=sent, state=EXPIRED if kept.state == LIVE else kept.state)


def erased(kept: Kept) -> Kept:
    """Returns a response of which nothing is left."""
    return Kept(Submission((), kept.sent.channel), {}, state=ERASED)


def units(kept: Kept, base: str) -> Iterator[list[tuple[Slot, str]]]:
    """Yields the (wish, code) pairs of each unit of a base; a wish without a code has the pair (wish, "")."""
    pairs = [[(slot, code) for code in slot.coding.codes or ("",)] for slot in kept.slots.values()]
    if base == "responses":
        yield [pair for each in pairs for pair in each]
    elif base == "wishes":
        yield from pairs
    else:
        yield from ([pair] for each in pairs for pair in each if pair[1])


def recount(ledger: Ledger, by: tuple[str, ...], base: str) -> tuple[dict[tuple[str, ...], int], int]:
    """Counts with loops, as anyone would by hand; returns the cells and how many units stand in any."""
    cells: Counter[tuple[str, ...]] = Counter()
    total = 0
    for kept in ledger.living:
        for unit in units(kept, base):
            counted = [(slot, code) for slot, code in unit if code or not {"theme", "code"} & {*by}]
            total += bool(counted)
            cells.update({tuple(kept.value(slot, facet, code) for facet in by) for slot, code in counted})
    return dict(cells), total
