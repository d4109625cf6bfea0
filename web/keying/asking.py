"""What the desk asks while somebody keys: of a card before it is typed, of who is signed in, of phrases many have written."""

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from campaigns.store.cards import card_state, card_ward, responses_of_card
from campaigns.store.pictures import card_picture
from campaigns.store.store import Store
from web.context import campaign_store
from web.guards import staff
from web.keying.keyed import read_serial, unreadable
from web.keying.phrases import frequent_phrases
from web.keying.words import ELSEWHERE, NEVER_PRINTED


def look(slug: str) -> ResponseReturnValue:
    """Tells of a card by its serial: where it was delivered, and what will stand in the way of keying it."""
    store, serial = campaign_store(slug), request.args.get("serial", "")
    card = read_serial(store, serial)
    if card is None:
        return jsonify(problem=unreadable(store, serial).words, note="")
    state = card_state(store, card)
    problem = NEVER_PRINTED if not state else ELSEWHERE.get(state, "")
    picture = url_for("keying.card", slug=slug, card=card) if card_picture(store, card) else ""
    return jsonify(problem=problem, note=_note(store, card) if state else "", picture=picture)


def _note(store: Store, card: int) -> str:
    area = store.campaign.area_named(card_ward(store, card))
    online = sum(kind == "online" for _, kind in responses_of_card(store, card))
    answered = f"answered online {'once' if online == 1 else f'{online} times'}" if online else ""
    return " · ".join(filter(None, [area.name if area else "", answered]))


def hello(slug: str) -> ResponseReturnValue:
    """Tells a desk who is signed in, with a new guard against forged forms: it may have been open through a sign-out."""
    campaign_store(slug)
    return jsonify(token=generate_csrf(), person=staff().id)


def phrases(slug: str) -> ResponseReturnValue:
    """Gives the phrases that many have written, for completion at the desk."""
    return jsonify(phrases=frequent_phrases(campaign_store(slug)))
