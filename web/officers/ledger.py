"""The paper ledger: where every card is, by any facet, and the cards behind every figure."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards import ledger
from campaigns.cards.ledger import FACETS, RESIDUAL, Reach, Row
from campaigns.cards.paper import STATES, Paper
from campaigns.cards.serials import card_of, serial_for
from campaigns.definition import CHANNEL_WORDS, Campaign
from campaigns.store.cards import read_paper, responses_of_card
from campaigns.store.pieces import Piece, pieces_of
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from web.context import campaign_store
from web.keying.scans import picture_of
from web.words import day

# As the way of a card goes: printed, sent, back, read.
IN_ORDER = ("held", "out", "undelivered", "waiting", "keyed", "unusable", "duplicate", "set aside", "destroyed")
STATE_WORDS = {
    "held": "Held, not sent yet", "out": "Out, not back yet", "undelivered": "Could not be delivered",
    "waiting": "Back, waiting to be keyed", RESIDUAL: "Unaccounted for",
}
FACET_WORDS = {
    "round": "Delivery round", "place": "Place", "kind": "Kind", "batch": "Printed batch", "returned": "Batch of returns",
    "day": "Day it came back", "channel": "How it came back", "collected": "Collected at",
}
NOT_SAID = {"returned": "not back in a batch", "day": "not back in a batch", "channel": "not back in a batch"}


@dataclass(frozen=True)
class Shown:
    """One row of a table of the ledger, with the words for its value."""

    row: Row
    words: str


@dataclass(frozen=True)
class Placed:
    """One card of a list: its serial, its state, where it went and in which batch it came back."""

    serial: str
    state: str
    online: bool
    ward: str
    returned: int


def cards(slug: str) -> ResponseReturnValue:
    """Shows where every card is, by a facet that can be chosen, what came back, and returns against households."""
    store = campaign_store(slug)
    paper = read_paper(store)
    facet = request.args.get("by", FACETS[0])
    if facet not in FACETS:
        abort(404)
    rows = sorted(ledger.table(paper, facet), key=lambda row: not row.value)  # those it does not apply to come last
    return render_template(
        "officers/ledger.html", store=store, campaign=store.campaign, facet=facet, facets=_facets(store.campaign),
        ledger=ledger.reckon(paper), states=IN_ORDER, state_words=STATE_WORDS, event=paper.event,
        rows=[Shown(row, _words(store.campaign, facet, row.value)) for row in rows],
        waterfall=ledger.waterfall(paper.returns), reach=_reach(store, paper),
    )


def listed(slug: str) -> ResponseReturnValue:
    """Lists the cards behind one figure of the ledger, a hundred at a time."""
    store = campaign_store(slug)
    paper = read_paper(store)
    asked = {name: request.args.get(name, "") for name in ("state", "by", "value", "online", "page")}
    if asked["state"] not in ("", RESIDUAL, *STATES.values()) or asked["by"] not in ("", *FACETS):
        abort(404)
    number = int(asked["page"][:9]) if asked["page"].isascii() and asked["page"].isdecimal() else 1
    page = ledger.cards_behind(paper, asked["state"], asked["by"], asked["value"], bool(asked["online"]), number)
    return render_template(
        "officers/ledger_cards.html", store=store, campaign=store.campaign, page=page, asked=asked, state_words=STATE_WORDS,
        facet_words=_facets(store.campaign).get(asked["by"], ""), event=paper.event,
        value_words=_words(store.campaign, asked["by"], asked["value"]) if asked["by"] else "",
        cards=[_placed(store, paper, card) for card in page.cards],
    )


def card(slug: str, serial: str) -> ResponseReturnValue:
    """Shows what became of one card: its state, the paper that came back, and the responses it brought."""
    store = campaign_store(slug)
    number = card_of(serial, slug)
    paper = read_paper(store)
    if number is None or number >= len(paper.cards):
        abort(404)
    brought = dict(responses_of_card(store, number))
    returned = int(paper.returned[number])
    batch = next((one for one in paper.returns if one.number == returned), None)
    return render_template(
        "officers/ledger_card.html", store=store, campaign=store.campaign, card=_placed(store, paper, number), batch=batch,
        pieces=_pieces(store, returned, number), brought=brought, responses=get_responses(store, list(brought)),
        picture=picture_of(store, number),
        state_words=STATE_WORDS, printed=next((one for one in paper.printed if one.first <= number <= one.last), None),
    )


def find(slug: str) -> ResponseReturnValue:
    """Leads from a serial that was typed to its card's page; says so where there is none."""
    store = campaign_store(slug)
    typed = request.args.get("serial", "")
    number = card_of(typed, slug)
    if number is not None and number < len(read_paper(store).cards):
        return card(slug, serial_for(number, slug))
    return render_template("officers/ledger_none.html", store=store, campaign=store.campaign, typed=typed), 404


def _facets(campaign: Campaign) -> dict[str, str]:
    return {"ward": campaign.areas_called.capitalize(), **FACET_WORDS}


def _words(campaign: Campaign, facet: str, value: str) -> str:
    """Returns a facet's value as people say it."""
    if not value:
        return NOT_SAID.get(facet, "not said")
    if facet == "ward":
        return _ward(campaign, value)
    if facet in ("place", "collected"):
        source = campaign.source(value)
        return source.name if source else value
    if facet == "day":
        with suppress(ValueError):  # an address that somebody wrote
            return day(value)
    if facet == "channel":
        return CHANNEL_WORDS.get(value, value)
    return value.zfill(4) if facet in ("batch", "returned") else value


def _ward(campaign: Campaign, ward: str) -> str:
    area = campaign.area_named(ward) if ward else None
    return area.name if area else ward


def _placed(store: Store, paper: Paper, number: int) -> Placed:
    letter = chr(paper.cards[number])
    ward = next((batch.ward for batch in paper.printed if batch.first <= number <= batch.last), "")
    return Placed(
        serial_for(number, store.slug), STATES.get(letter.lower(), RESIDUAL), letter.isupper(),
        _ward(store.campaign, ward), int(paper.returned[number]),
    )


def _pieces(store: Store, batch: int, card: int) -> list[Piece]:
    return [piece for piece in pieces_of(store, batch) if piece.card == card] if batch else []


def _reach(store: Store, paper: Paper) -> Sequence[tuple[str, Reach]]:
    """Returns the wards whose households are known, those heard least first."""
    found = [(_ward(store.campaign, one.ward), one) for one in ledger.reach(paper) if one.ward and one.share is not None]
    return sorted(found, key=lambda named: (named[1].share, named[0]))


def address_of(slug: str, **asked: str) -> str:
    """Returns the address of the cards behind a figure."""
    return f"{url_for('officers.ledger_cards', slug=slug)}?{urlencode({name: text for name, text in asked.items() if text})}"
