"""Putting one wish right: its codes and ask, and whether it may be quoted; whoever comes second is told."""

from collections.abc import Callable
from dataclasses import dataclass
from time import time

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.moderating import KINDS, reason_problem
from campaigns.responses import CLEARED, HELD, LIVE, UNSEEN, Response, SlotCoding, Wish
from campaigns.store.changes import Changed, code_wish, moderate_wish, redact_wish
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from campaigns.store.worries import worry_about
from web.account.signing import local_path
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff
from web.officers.beside import beside
from web.officers.choosing import Choice, choice_of, read_choice, seen_coding, seen_moderation
from web.officers.redacting import Asked, asked_again, asked_first, read_asked
from web.officers.showing import never_marked, show_wish

# Between reading a response and changing it someone may change another of its wishes; then it is read again.
TRIES = 5
Change = Callable[[Response, Wish], Changed]


@dataclass(frozen=True)
class Deciding:
    """What was chosen for clearing a wish or holding it back, and a line for what must be put right."""

    moderation: int
    reason: str
    note: str
    problem: str


# What was typed in one of the forms on a wish's page; what tells of a conflict in each.
Typed = Choice | Asked | Deciding
CONFLICTS = {Choice: "coding", Asked: "redaction", Deciding: "moderation"}


def wish(slug: str, number: int, slot: int) -> ResponseReturnValue:
    """Shows one wish with the form that puts its coding right, and takes what was chosen."""
    store = campaign_store(slug)
    if request.method == "GET":
        _, found = _find(store, number, slot)
        return _page(store, number, slot, choice_of(found))
    choice = read_choice(request.form, store.campaign.frame)
    if choice.problems:
        return _page(store, number, slot, choice), 400
    coding = SlotCoding(choice.codes, choice.ask, staff().id, at_ms=int(time() * 1000))
    changed = _change(store, number, slot, seen_coding, lambda response, _: code_wish(store, response, slot, coding))
    return _answer(store, number, slot, changed, choice)


def moderate(slug: str, number: int, slot: int) -> ResponseReturnValue:
    """Clears a wish for quoting, holds it back, or takes either back."""
    store = campaign_store(slug)
    moderation = request.form.get("moderation", type=int)
    if moderation not in (UNSEEN, CLEARED, HELD):
        abort(400)
    reason, note = request.form.get("reason", ""), request.form.get("note", "").strip()
    asked, who = Deciding(moderation, reason, note, reason_problem(moderation, reason, note)), staff().id
    _, found = _find(store, number, slot)
    if asked.problem and seen_moderation(found) == request.form.get("seen"):
        return _page(store, number, slot, asked), 400
    reason, note = (reason, note) if moderation else ("", "")
    changed = _change(
        store, number, slot, seen_moderation, lambda r, _: moderate_wish(store, r, slot, moderation, who, reason, note)
    )
    return _answer(store, number, slot, changed, asked)


def redact(slug: str, number: int, slot: int) -> ResponseReturnValue:
    """Takes words out of what anybody but those who moderate reads of a wish, or gives them back."""
    store = campaign_store(slug)
    _, found = _find(store, number, slot)
    asked, who = read_asked(request.form, found, never_marked(store.campaign)), staff().id
    if asked.problems and seen_moderation(found) == request.form.get("seen"):
        return _page(store, number, slot, asked), 400
    changed = _change(store, number, slot, seen_moderation, lambda r, _: redact_wish(store, r, slot, asked.redactions, who))
    return _answer(store, number, slot, changed, asked)


def _find(store: Store, number: int, slot: int) -> tuple[Response, Wish]:
    response = get_response(store, number)
    found = next((one for one in response.wishes if one.slot == slot), None) if response else None
    if response is None or found is None or response.state != LIVE:
        abort(404)
    return response, found


def _change(store: Store, number: int, slot: int, seen: Callable[[Wish], str], change: Change) -> Changed:
    """Makes a change if the wish is still as its form showed it."""
    for _ in range(TRIES):
        response, found = _find(store, number, slot)
        if seen(found) != request.form.get("seen"):
            return Changed("conflict")
        changed = change(response, found)
        if changed.outcome != "conflict":
            return changed
    return Changed("conflict")


def _answer(store: Store, number: int, slot: int, changed: Changed, typed: Typed) -> ResponseReturnValue:
    if changed.done:
        ring_after(store, changed.ring)
        back = request.form.get("back", "")
        own = url_for("officers.wish", slug=store.slug, number=number, slot=slot, saved=1)
        return redirect(f"{local_path(back)}#w-{number}-{slot}" if back else own, 303)
    _, found = _find(store, number, slot)
    if isinstance(typed, Asked):
        typed = asked_again(typed, found, never_marked(store.campaign))
    return _page(store, number, slot, typed, CONFLICTS[type(typed)]), 409


def _page(store: Store, number: int, slot: int, typed: Typed, conflict: str = "") -> str:
    """Shows one wish with its forms, one of them as it was sent."""
    response, found = _find(store, number, slot)
    back, never = request.values.get("back", ""), never_marked(store.campaign)
    return render_template(
        "officers/wish.html", store=store, frame=store.campaign.frame, card=show_wish(store, response, found, {}),
        choice=typed if isinstance(typed, Choice) else choice_of(found), conflict=conflict,
        saved="saved" in request.args, back=local_path(back) if back else "",
        beside=beside(store, response, found), worry=worry_about(store, number, slot),
        kinds=KINDS, asked=typed if isinstance(typed, Asked) else asked_first(found, never),
        deciding=typed if isinstance(typed, Deciding) else None,
    )
