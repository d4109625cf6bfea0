"""The picture of a card, beside the boxes that it is keyed into."""

from flask import url_for
from flask.typing import ResponseReturnValue

from campaigns.store.pictures import card_picture
from campaigns.store.store import Store
from web.context import campaign_store
from web.keying.keyed import read_serial
from web.staff_pictures import picture


def card(slug: str, card: str) -> ResponseReturnValue:
    """Gives the picture of a card, by its number or serial; 404 where it has none."""
    store = campaign_store(slug)
    number = int(card[:9]) if card.isascii() and card.isdecimal() else read_serial(store, card)
    return picture(store, card_picture(store, number) if number else "")


def picture_of(store: Store, card: int) -> str:
    """Returns the address of a card's picture, empty where it has none."""
    return url_for("keying.card", slug=store.slug, card=card) if card_picture(store, card) else ""
