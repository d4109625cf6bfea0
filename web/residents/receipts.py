"""Thank you, and the receipt: what we have of a resident's wishes, and who will answer them."""

from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.stubs import could_be_stub, stub_code_for
from campaigns.cards.tokens import token_for
from campaigns.references import could_be, number_of, reference_for
from campaigns.responses import ERASED, LIVE, Response
from campaigns.store.responses import get_response
from campaigns.store.secrets import card_secret, receipt_secret
from campaigns.store.store import Store
from web.limits import check_guess
from web.residents.answers import answers_for
from web.residents.rescue import rescue
from web.residents.sorting import themes_of
from web.residents.stubs import find_card, show_card
from web.residents.visiting import now_ms, shut, visit

GONE = 410
NOT_NOW = ("We cannot look it up just now", "Your wishes are safe. Try again in a minute.")


@dataclass(frozen=True)
class Receipt:
    """A response as its sender may see it, with the reference that opens it."""

    store: Store
    response: Response
    reference: str


def open_receipt(slug: str, reference: str) -> Receipt:
    """Returns the receipt of a reference, or answers in words where there is none or it was erased."""
    store = visit(slug)
    response = _find(store, reference)
    if response is None:
        abort(make_response(_look_up_page(reference, _no_such(reference)), 404))
    if response.state == ERASED:
        abort(make_response(render_template("residents/erased.html"), GONE))
    return Receipt(store, response, reference_for(response.number, receipt_secret(store)))


def _find(store: Store, reference: str) -> Response | None:
    """Returns the response of a reference; a made-up one whose check letter fits counts as a guess, a slip does not."""
    number = number_of(reference, receipt_secret(store))
    response = get_response(store, number) if number else None
    if response or could_be(reference):
        check_guess("receipt", right=response is not None)
    return response


def written(response: Response) -> tuple[str, ...]:
    """Returns the wishes as they would stand in the form: each in its slot, none after the last."""
    texts = {wish.slot: wish.text for wish in response.wishes}
    return tuple(texts.get(slot, "") for slot in range(1, max(texts, default=0) + 1))


def receipts(slug: str) -> ResponseReturnValue:
    """Asks for a reference noted on paper, and leads to its receipt."""
    if request.method == "GET":
        visit(slug)
        return _look_up_page("", {})
    typed = request.form.get("reference", "")
    return rescue(slug, lambda: _look_up(slug, typed), lambda _, status: (_look_up_page(typed, {}, NOT_NOW), status))


def _look_up(slug: str, typed: str) -> ResponseReturnValue:
    store = visit(slug)
    if could_be_stub(typed):
        card = find_card(store, typed)
        reference = stub_code_for(card, card_secret(store)) if card else ""
    else:
        response = _find(store, typed)
        reference = reference_for(response.number, receipt_secret(store)) if response else ""
    if reference:
        return redirect(url_for("residents.receipt", slug=slug, reference=reference), 303)
    return _look_up_page(typed, _no_such(typed)), 422


def receipt(slug: str, reference: str) -> ResponseReturnValue:
    """Shows what we have, when and how it arrived, and which partnership will answer each wish; what became of a stub's card."""
    if could_be_stub(reference):
        store = visit(slug)
        card = find_card(store, reference)
        return show_card(store, card) if card else (_look_up_page(reference, _no_such(reference)), 404)
    found = open_receipt(slug, reference)
    frame = found.store.campaign.frame
    return render_template(
        "residents/receipt.html", campaign=found.store.campaign, response=found.response, reference=found.reference,
        wishes=[(wish, themes_of(frame, wish)) for wish in found.response.wishes],
        answers=answers_for(found.store, found.response.wishes) if found.response.state == LIVE else {},
        changed=request.args.get("done", ""), shut=shut(found.store, now_ms()),
    )


def thank_you(slug: str, reference: str) -> ResponseReturnValue:
    """Shows that the wishes are in, with the reference to note."""
    found = open_receipt(slug, reference)
    way = "tree" if request.args.get("way") == "tree" else ""
    return render_template(
        "residents/thank_you.html", campaign=found.store.campaign, response=found.response, reference=found.reference,
        again=_another_form(found, way), way=way,
    )


def _another_form(found: Receipt, way: str) -> str:
    """Returns the address of a fresh form, reached the way this one was."""
    slug, card = found.store.slug, found.response.card
    if way:
        return url_for("residents.tree", slug=slug)
    if card:
        return url_for("residents.card", slug=slug, code=token_for(card, card_secret(found.store)))
    if found.response.source:
        return url_for("residents.source", slug=slug, source=found.response.source)
    return url_for("residents.wish", slug=slug)


def _no_such(typed: str) -> dict[str, str]:
    known = "We have no wishes under that reference. Check each letter: 13, or 16 on a card’s stub, never O, I, L, 0 or 1."
    return {"reference": known if typed.strip() else "Type the reference you noted."}


def _look_up_page(typed: str, problems: dict[str, str], alert: tuple[str, str] | None = None) -> str:
    anchors = {"reference": "reference"}
    return render_template("residents/receipts.html", typed=typed, problems=problems, anchors=anchors, alert=alert)
