"""Worries: for the safeguarding officer, the longest open first, followed with notes until each is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import time

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.responses import LIVE, Response
from campaigns.safeguarding import CLOSED, NEW, SEEN, STATES, note_problem, too_long
from campaigns.store.notices import failing
from campaigns.store.pieces import get_piece
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.store.worries import NOTICE, Worry, get_worry, list_worries, note_worry
from web.context import campaign_store
from web.guards import staff
from web.keying.scans import picture_of
from web.keying.tray import names_of
from web.keying.words import named

GONE = "Somebody closed it in the meantime, so your note was not kept. You had written:"
CHANGED = "Somebody wrote about it in the meantime. Read what is new, then save yours again if it still holds."
CLOSED_SHOWN = 100


@dataclass(frozen=True)
class Sent:
    """A note as it was sent, of which worry, and a line for what must be put right."""

    worry: str = ""
    state: str = ""
    note: str = ""
    problem: str = ""


def worries(slug: str) -> ResponseReturnValue:
    """Lists what was passed on, with the words until it is closed."""
    return _page(campaign_store(slug), Sent())


def note(slug: str, worry: str) -> ResponseReturnValue:
    """Puts a note to a worry and moves it on; once it is closed, what was typed with it goes."""
    store, state, words = campaign_store(slug), request.form.get("state", ""), request.form.get("note", "").strip()
    found = get_worry(store, worry)
    if found is None:
        abort(404)
    if not found.open:
        return _page(store, Sent(worry, state, words, GONE)), 409
    if request.form.get("seen", type=int) != len(found.notes):
        return _page(store, Sent(worry, state, words, CHANGED)), 409
    if problem := note_problem(found.state, state, words):
        return _page(store, Sent(worry, state, words, problem)), 400
    if not note_worry(store, found, state, words, staff().id):
        return _page(store, Sent(worry, state, words, CHANGED)), 409
    return redirect(url_for("officers.worries", slug=slug, _anchor="" if state == CLOSED else worry), 303)


def _page(store: Store, sent: Sent) -> str:
    every, now_ms = list_worries(store), int(time() * 1000)
    shown, closed = ([one for one in every if one.open == wanted] for wanted in (True, False))
    people = {note.who for one in every for note in one.notes} | {one.who for one in every} | {one.closed_by for one in closed}
    about = {one.number: one for one in get_responses(store, list({one.response for one in every if one.response}))}
    return render_template(
        "officers/worries.html", store=store, open=shown, sent=sent,
        closed=closed[:CLOSED_SHOWN], more=len(closed) - CLOSED_SHOWN,
        live={number for number, response in about.items() if response.state == LIVE}, said=_said(shown, about),
        named=named, states=STATES, names=names_of(store, people - {""}),
        keyed={one.id: piece.response for one in every if one.batch and (piece := get_piece(store, one.batch, one.id))},
        serials={one.id: serial_for(one.card, store.slug) for one in every if one.card},
        pictures={one.id: picture_of(store, one.card) for one in every if one.card},
        late={one.id for one in shown if too_long(one.at_ms, now_ms, store.campaign.safeguarding)},
        told={one.id: _told(store, one) for one in shown}, next=_next,
    )


def _said(shown: Sequence[Worry], about: Mapping[int, Response]) -> Mapping[str, str]:
    """Returns the words of the wishes that worries are about, empty where they are no longer kept."""
    words = {(response.number, wish.slot): wish.text for response in about.values() for wish in response.wishes}
    return {one.id: words.get((one.response, one.slot), "") for one in shown if one.response}


def _next(state: str) -> str:
    """Returns where a worry most likely stands once somebody has written about it."""
    return SEEN if state == NEW else state


def _told(store: Store, worry: Worry) -> str:
    """Returns what became of the e-mail about a worry, in words; empty where it has gone, which is told with its time."""
    officers = (store.campaign.safeguarding, store.campaign.deputy)
    if worry.told_ms:
        return ""
    if not current_app.config["MAIL_ON"]:
        return "No e-mail is sent from here: tell them yourself."
    if not any(officer.address for officer in officers):
        return "The campaign's file names no e-mail address for them: tell them yourself."
    failed = failing(store, f"{NOTICE}:{worry.id}")
    return f"Not e-mailed yet: {failed.why} Tell them yourself; it is tried again." if failed else "An e-mail is on its way."
