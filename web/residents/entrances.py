"""The ways in to the form: online, from a card, from a partner's link, at the wishes tree."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from campaigns.cards.tokens import could_be_token
from campaigns.definition import Campaign
from campaigns.store.cards import card_state
from web.limits import check_guess
from web.residents.filled import card_number, fresh
from web.residents.forms import form_page, shut_page
from web.residents.visiting import now_ms, shut, visit


def wish(slug: str) -> ResponseReturnValue:
    """Shows the form."""
    return _open(slug)


def source(slug: str, source: str) -> ResponseReturnValue:
    """Shows the form that a partner's link or poster leads to."""
    if visit(slug).campaign.source(source) is None:
        return render_template("residents/unknown_link.html"), 404
    return _open(slug, source=source)


def card(slug: str, code: str) -> ResponseReturnValue:
    """Shows a fresh form tied to the card whose QR symbol was scanned."""
    store = visit(slug)
    known = bool(card_state(store, card_number(store, code)))
    if known or could_be_token(code):
        check_guess("card", right=known)
    if not known:
        return render_template("residents/unknown_card.html"), 404
    return _open(slug, card=code)


def tree(slug: str) -> ResponseReturnValue:
    """Shows the form of the shared screen at the wishes tree, which wipes itself."""
    campaign = visit(slug).campaign
    if "tree" not in campaign.channels:
        abort(404)
    return _open(slug, source=_tree_source(campaign), way="tree")


def _tree_source(campaign: Campaign) -> str:
    return next((source.id for source in campaign.sources if source.channel == "tree"), "")


def _open(slug: str, **came_by: str) -> ResponseReturnValue:
    store = visit(slug)
    filled = fresh(store.campaign, now_ms(), **came_by)
    why = shut(store, now_ms())
    return shut_page(store, filled, why) if why else form_page(store, filled)
