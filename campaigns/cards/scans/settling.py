"""A person's word on what waits: which cards are to be seen in a picture, or that there is none."""

import json
import re

from campaigns.cards.scans.working import TO_BE_KEYED, await_keying
from campaigns.cards.serials import card_of
from campaigns.store.cards import card_state
from campaigns.store.pictures import WHOLE_PAGE, remove
from campaigns.store.scans import Item, Part, item_field, note, parts_of, write_part
from campaigns.store.store import Store

NONE_TYPED = "Type the serial printed on the card; for several cards, each with a space between."
NOT_OURS = "{} is not a serial from this campaign. Check the letters against the card: it never has 0, O, 1, I or L."
NEVER_PRINTED = "No card {} was ever printed. Check it letter by letter, or put the picture by and the card aside."
ELSEWHERE = "Card {} is down as {}, so it is not to be keyed. Check the serial, or put the picture by."


def settle(store: Store, item: Item, typed: str, who: str) -> str:
    """Ties the picture to the cards whose serials were typed; returns in words what is wrong with them."""
    serials = re.findall(r"[^\s,;]+", typed)
    if not serials:
        return NONE_TYPED
    cards = []
    for serial in serials:
        card = card_of(serial, store.slug)
        state = card_state(store, card) if card else ""
        if not card or not state:
            return (NEVER_PRINTED if card else NOT_OURS).format(serial.upper())
        if state not in TO_BE_KEYED:
            return ELSEWHERE.format(serial.upper(), state)
        cards.append(card)
    for card in cards:
        await_keying(store, card, who)
    _note(store, item, cards)
    return ""


def put_by(store: Store, item: Item) -> None:
    """Lets something go that shows no card to be keyed, and its picture with it."""
    _note(store, item, [])


def _note(store: Store, item: Item, cards: list[int]) -> None:
    """Notes a person's word, and removes the pictures that nothing shows any more."""
    images, page = store.keys.of("images"), f"{item.scan}:{item.page}"
    own = store.text.hget(images, item_field(item)) or ""
    shown = f"{own if item.part else WHOLE_PAGE} {page}"
    before = {name for card in cards if (name := (store.text.hget(images, str(card)) or "").partition(" ")[0])}
    goes = bool(item.part) or not cards
    parts = [Part("settled", part.card) if (part.outcome, part.card) == (item.outcome, item.card) else part
             for part in parts_of(store, item.scan, item.page)]
    note(
        store, item.scan, fields={f"p{item.page}": json.dumps([write_part(part) for part in parts])},
        images={str(card): shown for card in cards}, drop_images=[item_field(item)] if goes else [], drop_unread=[item.id],
    )
    remove(store, (before | ({own} if not cards else set())) - {"", WHOLE_PAGE})
