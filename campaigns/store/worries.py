"""Worries: what staff passed to the named safeguarding officer at once, followed with notes until somebody has closed it.

One from the keying desk holds what was typed until it is closed. One about a wish holds its number alone: the words stay
where they are, so that an erasure finds them in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time

from campaigns.safeguarding import CLOSED, LONGEST_NOTE, NEW, Note
from campaigns.store.holding import WORRIES, Held, all_held, amend, get_held, hold, settle
from campaigns.store.store import Store

NOTICE = "worry"  # what the e-mail that tells of one is called


@dataclass(frozen=True)
class Worry:
    """One worry: the piece and batch it came with, its card (0: none), who raised it, and what was typed so far.

    Or the ``response`` and ``slot`` of the wish it is about. Once closed, ``typed`` is empty, and ``note`` says what was done.
    ``told_ms``: when the e-mail went out, 0 until it did.
    """

    id: str
    batch: int
    card: int
    who: str
    typed: Mapping[str, str]
    at_ms: int = 0
    closed_by: str = ""
    closed_ms: int = 0
    note: str = ""
    response: int = 0
    slot: int = 0
    notes: tuple[Note, ...] = ()
    told_ms: int = 0
    held: Held | None = field(default=None, repr=False, compare=False)

    @property
    def open(self) -> bool:
        """Tells whether nobody has closed it yet."""
        return not self.closed_ms

    @property
    def state(self) -> str:
        """Returns where it stands."""
        return (self.notes[-1].state if self.notes else NEW) if self.open else CLOSED


def raise_worry(store: Store, worry: Worry, words: str = "") -> bool:
    """Passes a worry on, with what whoever raised it wrote; once, however often it is sent."""
    now_ms = int(time() * 1000)
    about = {"batch": worry.batch, "card": worry.card, "who": worry.who, "at_ms": now_ms}
    if worry.response:
        about |= {"response": worry.response, "slot": worry.slot}
    if words := words.strip()[:LONGEST_NOTE]:
        about["notes"] = [[worry.who, now_ms, NEW, words]]
    return hold(store, WORRIES, Held(worry.id, about, worry.typed), worry.who, "worry.raised", f"{NOTICE}:{worry.id}")


def raise_about_wish(store: Store, response: int, slot: int, words: str, who: str) -> bool:
    """Passes a worry about a wish on; False where an open one is there already, or somebody was quicker."""
    before = [one for one in list_worries(store) if (one.response, one.slot) == (response, slot)]
    if any(one.open for one in before):
        return False
    id_ = f"wish-{response}-{slot}-{len(before) + 1}"  # of two who raise it in the same moment, the second changes nothing
    return raise_worry(store, Worry(id_, 0, 0, who, {}, response=response, slot=slot), words)


def list_worries(store: Store) -> list[Worry]:
    """Returns every worry, open ones first, the longest open before the others; closed ones newest first."""
    every = [_read(held) for held in all_held(store, WORRIES)]
    return sorted(every, key=lambda worry: (worry.closed_ms > 0, -worry.closed_ms, worry.at_ms))


def open_worries(store: Store) -> list[Worry]:
    """Returns the worries nobody has closed yet, the longest open first."""
    return [worry for worry in list_worries(store) if worry.open]


def worry_about(store: Store, response: int, slot: int) -> Worry | None:
    """Returns the open worry about a wish, None where there is none."""
    return next((one for one in open_worries(store) if (one.response, one.slot) == (response, slot)), None)


def get_worry(store: Store, id_: str) -> Worry | None:
    """Returns one worry, None where there is none of that id."""
    held = get_held(store, WORRIES, id_)
    return _read(held) if held else None


def note_worry(store: Store, worry: Worry, state: str, words: str, who: str) -> bool:
    """Puts a note to an open worry and says where it now stands; False where somebody else changed it before."""
    if worry.held is None or not worry.open:
        return False
    if state == CLOSED:
        return close_worry(store, worry, words, who)
    note = [who, int(time() * 1000), state, words.strip()[:LONGEST_NOTE]]
    about = {**worry.held.about, "notes": [*worry.held.about.get("notes", ()), note]}
    return amend(store, WORRIES, worry.held, about, who, "worry.noted", state=state)


def close_worry(store: Store, worry: Worry, note: str, who: str) -> bool:
    """Closes a worry with a note of what was done, and drops what was typed; False where somebody changed it before."""
    if worry.held is None or not worry.open:
        return False
    closed = {"who": who, "at_ms": int(time() * 1000), "note": note.strip()[:LONGEST_NOTE]}
    return settle(store, WORRIES, worry.held, closed, who, "worry.closed")


def told(store: Store, id_: str, who: str) -> None:
    """Keeps that the safeguarding officer was told of a worry by e-mail, and when."""
    for _ in range(5):  # somebody may write a note in the same moment
        held = get_held(store, WORRIES, id_)
        if held is None or not held.open or "told_ms" in held.about:
            return
        if amend(store, WORRIES, held, {**held.about, "told_ms": int(time() * 1000)}, who, "worry.told"):
            return


def _read(held: Held) -> Worry:
    about, closed = held.about, held.settled
    return Worry(
        held.id, about["batch"], about["card"], about["who"], held.typed, about["at_ms"],
        closed.get("who", ""), closed.get("at_ms", 0), closed.get("note", ""), about.get("response", 0), about.get("slot", 0),
        tuple(Note(*note) for note in about.get("notes", ())), about.get("told_ms", 0), held,
    )
