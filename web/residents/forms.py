"""Showing the form, fresh or with everything that was typed into it, and saying in words why it was not sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import make_response, render_template, request
from flask.wrappers import Response

from campaigns.store.areas import table_loaded
from campaigns.store.cards import card_ward
from campaigns.store.intake import ANSWERS
from campaigns.store.store import Store
from web.residents.filled import ABOUT, Filled, card_number

SHUT_STATUS = 410


@dataclass(frozen=True)
class Trouble:
    """Why a form was not taken: a line for each field, or a title and words for the whole; with the page's status."""

    status: int = 422
    problems: Mapping[str, str] = field(default_factory=dict)
    alert: tuple[str, str] | None = None


def form_page(store: Store, filled: Filled, trouble: Trouble | None = None) -> Response:
    """Returns the page with the form; after a fault of ours it asks about places as the form that was sent did."""
    asked = trouble or Trouble(200)
    place = _place_as_sent() if asked.status >= 500 else _place(store, filled)
    with_wishes = [question for question in store.campaign.questions if question.with_wishes]
    page = render_template(
        "residents/wish.html", campaign=store.campaign, filled=filled, problems=asked.problems, alert=asked.alert,
        questions=with_wishes, anchors=_anchors(store, filled), about=ABOUT, place=place,
    )
    return make_response(page, asked.status)


def shut_page(store: Store, filled: Filled, why: str) -> Response:
    """Returns the page that says why no wishes are taken now, with what was typed for copying."""
    kept = [wish for wish in filled.wishes if wish.strip()]
    page = render_template(
        "residents/shut.html", campaign=store.campaign, title=ANSWERS.get(why, ANSWERS["closed"]), why=why, kept=kept
    )
    return make_response(page, SHUT_STATUS if request.method == "POST" else 200)


def _anchors(store: Store, filled: Filled) -> dict[str, str]:
    slots = {f"wish{slot}": f"wish{slot}" for slot in range(1, len(filled.wishes) + 1)}
    first = next((question.id for question in store.campaign.questions if question.with_wishes), "")
    return {**slots, "wishes": "wish1", "about": f"{ABOUT}{first}-1" if first else ""}


def _place(store: Store, filled: Filled) -> dict[str, str]:
    """Returns how to ask where someone lives: by postcode or by name, and the name of the card's own area."""
    ward = card_ward(store, card_number(store, filled.card)) if filled.card else ""
    area = store.campaign.area_named(ward) if ward else None
    return {"asks": "postcode" if table_loaded(store) else "area", "card": area.name if area else ""}


def _place_as_sent() -> dict[str, str]:
    return {"asks": "area" if "area" in request.form else "postcode", "card": request.form.get("card-area", "")}
