"""Worries: what a keyer passed to the named safeguarding officer at once, kept until somebody has seen to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time

from campaigns.store.holding import WORRIES, Held, all_held, get_held, hold, settle
from campaigns.store.store import Store

LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Worry:
    """One worry: the piece and batch it came with, its card (0: none), who raised it, and what was typed so far.

    Once closed, ``typed`` is empty, and ``note`` says what was done.
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
    held: Held | None = field(default=None, repr=False, compare=False)

    @property
    def open(self) -> bool:
        """Tells whether nobody has seen to it yet."""
        return not self.closed_ms


def raise_worry(store: Store, worry: Worry) -> None:
    """Passes a worry on; once, however often it is sent."""
    about = {"batch": worry.batch, "card": worry.card, "who": worry.who, "at_ms": int(time() * 1000)}
    hold(store, WORRIES, Held(worry.id, about, worry.typed), worry.who, "worry.raised")


def list_worries(store: Store) -> list[Worry]:
    """Returns every worry, open ones first, the longest open before the others; closed ones newest first."""
    every = [_read(held) for held in all_held(store, WORRIES)]
    return sorted(every, key=lambda worry: (worry.closed_ms > 0, -worry.closed_ms, worry.at_ms))


def open_worries(store: Store) -> list[Worry]:
    """Returns the worries nobody has seen to yet."""
    return [worry for worry in list_worries(store) if worry.open]


def get_worry(store: Store, id_: str) -> Worry | None:
    """Returns one worry, None where there is none of that id."""
    held = get_held(store, WORRIES, id_)
    return _read(held) if held else None


def close_worry(store: Store, worry: Worry, note: str, who: str) -> bool:
    """Closes a worry with a note of what was done, and drops what was typed; False where somebody did so before."""
    if worry.held is None or not worry.open:
        return False
    closed = {"who": who, "at_ms": int(time() * 1000), "note": note.strip()[:LONGEST_NOTE]}
    return settle(store, WORRIES, worry.held, closed, who, "worry.closed")


def _read(held: Held) -> Worry:
    about, closed = held.about, held.settled
    return Worry(
        held.id, about["batch"], about["card"], about["who"], held.typed, about["at_ms"],
        closed.get("who", ""), closed.get("at_ms", 0), closed.get("note", ""), held,
    )
