"""Pieces of paper: what became of each that came back, keyed or not, and putting right what was set down wrongly."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.cards.paper import REASONS as REASONS
from campaigns.events import full_name
from campaigns.responses import LIVE, WITHDRAWN
from campaigns.store.cards import STATES, letter_of
from campaigns.store.intake import BELL_MS
from campaigns.store.store import NoSuchCampaign, Store

UNDONE = "undone"
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class UnknownReason(ValueError):
    """A reason that REASONS does not have, or a piece's id that is none."""


@dataclass(frozen=True)
class Piece:
    """One piece of paper of a batch of returns. ``card`` and ``response`` are 0 for none; "2" in ``marks``: key it again.

    ``event`` is where the log says so; ``outcome`` is "undone" for one that was taken back.
    """

    id: str
    batch: int
    outcome: str
    card: int
    response: int
    who: str
    at_ms: int
    why: str
    marks: str
    event: int


@dataclass(frozen=True)
class SetDown:
    """What became of setting a piece down: set, same, card (its state in ``detail``), batch (missing or closed) or piece.

    *piece*: this piece is down as something else already (``detail``), which must be undone first.
    """

    outcome: str
    detail: str = ""
    event: int = 0

    @property
    def kept(self) -> bool:
        """Tells whether the piece is down so, by this asking or by an earlier one."""
        return self.outcome in ("set", "same")


@dataclass(frozen=True)
class Undone:
    """What became of undoing a piece: undone, already, missing, batch (closed) or response (its state in ``detail``)."""

    outcome: str
    detail: str = ""
    event: int = 0
    ring: bool = False


def set_down(store: Store, *, batch: int, piece: str, outcome: str, card: int, why: str, who: str) -> SetDown:
    """Sets a piece down as unusable, duplicate or set aside, once for its id; what was set aside may become another.

    Raises UnknownReason.
    """
    return set_down_many(store, [{"batch": batch, "piece": piece, "outcome": outcome, "card": card, "why": why, "who": who}])[0]


def set_down_many(store: Store, pieces: Sequence[dict[str, Any]]) -> list[SetDown]:
    """Sets many pieces down, each in a step of its own, sent together; each is what ``set_down`` takes."""
    for piece in pieces:
        _check(piece["piece"], piece["outcome"], piece["why"])
    event = full_name("piece.noted")
    answers = store.scripts.run_many("piece", [
        {"born": store.born, "event": event, "letter": letter_of(piece["outcome"]), **piece} for piece in pieces
    ])
    store.connections.settle()
    return [_read_set_down(store, answer) for answer in answers]


def _check(piece: str, outcome: str, why: str) -> None:
    check_piece(piece)
    if why not in REASONS.get(outcome, ()):
        known = ", ".join(REASONS.get(outcome, REASONS))
        raise UnknownReason(f"“{why}” is no reason for {outcome}. Choose one of: {known}.")


def check_piece(piece: str) -> None:
    """Raises UnknownReason for an id that no device gives a piece."""
    if not _ID.fullmatch(piece):
        raise UnknownReason("A piece's id is a device and a sequence, as in k7f2-12.")


def _read_set_down(store: Store, answer: list[Any]) -> SetDown:
    outcome, *rest = answer
    if outcome == "gone":
        raise NoSuchCampaign(store.slug)
    if outcome == "set":
        return SetDown(outcome, event=int(rest[0]))
    return SetDown(outcome, STATES.get(rest[0], str(rest[0])))


def undo_piece(store: Store, batch: int, piece: str, who: str) -> Undone:
    """Takes back what was set down or keyed: its response is withdrawn, its card is as it was before, its events stay."""
    outcome, *rest = store.scripts.run("undo", {
        "born": store.born, "batch": batch, "piece": piece, "states": [LIVE], "withdrawn": WITHDRAWN,
        "withdrawal": full_name("response.withdrawn"), "event": full_name("piece.undone"), "who": who, "bell_ms": BELL_MS,
    })
    if outcome == "gone":
        raise NoSuchCampaign(store.slug)
    store.connections.settle()
    if outcome == UNDONE:
        return Undone(outcome, event=int(rest[0]), ring=bool(rest[1]))
    return Undone(outcome, str(rest[0]) if rest else "")


def pieces_of(store: Store, batch: int) -> list[Piece]:
    """Returns the pieces of a batch, in the order they were last set down; those undone are left out."""
    return [piece for piece in every_piece(store, batch) if piece.outcome != UNDONE]


def every_piece(store: Store, batch: int) -> list[Piece]:
    """Returns the pieces of a batch with those that were undone, in the order they were last set down."""
    kept = store.text.hgetall(store.keys.of("pieces", batch))
    return sorted((_read_piece(batch, *one) for one in kept.items()), key=lambda piece: piece.event)


def get_piece(store: Store, batch: int, piece: str) -> Piece | None:
    """Returns one piece of a batch, even where it was undone; None where there is none of that id."""
    kept = store.text.hget(store.keys.of("pieces", batch), piece)
    return _read_piece(batch, piece, kept) if kept else None


def _read_piece(batch: int, piece: str, text: str) -> Piece:
    one = json.loads(text)
    return Piece(
        piece, batch, one["o"], one.get("c", 0), one.get("r", 0), one["w"], one["t"],
        one.get("y", ""), one.get("m", ""), one["e"],
    )


def pieces_keyed(store: Store, who: str) -> int:
    """Returns how many pieces someone has keyed, undone ones too."""
    return int(store.text.hget(store.keys.of("keyers"), who) or 0)
