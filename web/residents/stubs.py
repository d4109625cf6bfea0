"""The receipt of a card's stub: whether the card arrived, and what became of it; never its words, nor a way to change them.

A card passes through the hands of printers and deliverers, who could note the code on its stub. So it opens less than
the reference that someone was given after sending.
"""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.cards.stubs import card_of_stub, could_be_stub
from campaigns.coding.frame import Theme
from campaigns.responses import EXPIRED, LIVE, Response
from campaigns.store.cards import batch_of_card, card_state, responses_of_card
from campaigns.store.pieces import pieces_of
from campaigns.store.responses import get_responses
from campaigns.store.returns import get_batch
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store
from web.limits import check_guess
from web.residents.sorting import themes_of


@dataclass(frozen=True)
class Arrived:
    """What became of a card: its state, the day it came back ("" if it has not), why it was not keyed, and its wishes' themes."""

    state: str
    day: str = ""
    why: str = ""
    themes: tuple[list[Theme] | None, ...] = ()
    gone: bool = False
    online: int = 0


def find_card(store: Store, code: str) -> int:
    """Returns the card that a stub's code stands for, 0 for none; a made-up one counts as a guess, a slip does not."""
    card = card_of_stub(code, card_secret(store)) or 0
    known = bool(card and card_state(store, card))
    if known or could_be_stub(code):
        check_guess("receipt", right=known)
    return card if known else 0


def show_card(store: Store, card: int) -> ResponseReturnValue:
    """Shows what became of a card to whoever kept its stub."""
    return render_template(
        "residents/stub.html", campaign=store.campaign, card=_arrived(store, card), serial=serial_for(card, store.slug)
    )


def _arrived(store: Store, card: int) -> Arrived:
    returned = batch_of_card(store, card)
    batch = get_batch(store, returned) if returned else None
    brought = responses_of_card(store, card)
    keyed = get_responses(store, [number for number, way in brought if way == "keyed"])
    counted = [response for response in keyed if response.state in (LIVE, EXPIRED)]
    return Arrived(
        card_state(store, card), batch.day if batch else "", _why(store, returned, card),
        tuple(themes for response in counted for themes in _themes(store, response)),
        gone=bool(keyed) and not counted, online=sum(way == "online" for _, way in brought),
    )


def _themes(store: Store, response: Response) -> list[list[Theme] | None]:
    return [themes_of(store.campaign.frame, wish) for wish in response.wishes]


def _why(store: Store, batch: int, card: int) -> str:
    pieces = pieces_of(store, batch) if batch else []
    return next((piece.why for piece in reversed(pieces) if piece.card == card), "")
