"""The tray: pieces of paper that a person must look at before they count, with what was typed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import time
from typing import Any

from campaigns.store.holding import TRAY, Held, all_held, get_held, hold, settle
from campaigns.store.store import Store


@dataclass(frozen=True)
class InTray:
    """One piece in the tray: its batch, why it is there, the card whose serial it bears (0: none), and what was typed.

    ``settled`` says as what somebody settled it, empty while it waits.
    """

    piece: str
    batch: int
    why: str
    card: int
    who: str
    typed: Mapping[str, str]
    at_ms: int = 0
    settled: str = ""
    settled_by: str = ""
    held: Held | None = field(default=None, repr=False, compare=False)


def keep_in_tray(store: Store, piece: InTray) -> None:
    """Keeps a piece for a person to look at; once, however often it is sent, even after it was settled."""
    about: dict[str, Any] = {
        "batch": piece.batch, "why": piece.why, "card": piece.card, "who": piece.who, "at_ms": int(time() * 1000),
    }
    hold(store, TRAY, Held(piece.piece, about, piece.typed), piece.who)


def in_tray(store: Store) -> list[InTray]:
    """Returns the pieces that wait for a person, the oldest first."""
    return [_read(held) for held in all_held(store, TRAY) if held.open]


def get_in_tray(store: Store, piece: str) -> InTray | None:
    """Returns one piece of the tray, settled or not; None where it never lay there."""
    held = get_held(store, TRAY, piece)
    return _read(held) if held else None


def settle_in_tray(store: Store, piece: InTray, as_what: str, who: str) -> bool:
    """Takes a piece out of the tray once it has been set down as something, dropping its words; False where that was done."""
    if piece.held is None or piece.settled:
        return False
    return settle(store, TRAY, piece.held, {"as": as_what, "who": who, "at_ms": int(time() * 1000)}, who)


def _read(held: Held) -> InTray:
    about: Mapping[str, Any] = held.about
    return InTray(
        held.id, about["batch"], about["why"], about["card"], about["who"], held.typed, about["at_ms"],
        held.settled.get("as", ""), held.settled.get("who", ""), held,
    )
