"""Worries from the keying desk: for the safeguarding officer, open ones first, closed with a note of what was done."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.store.pieces import get_piece
from campaigns.store.store import Store
from campaigns.store.worries import close_worry, get_worry, list_worries
from web.context import campaign_store
from web.guards import staff
from web.keying.scans import picture_of
from web.keying.tray import names_of
from web.keying.words import named

NO_NOTE = "Say what was done, in a few words. Leave out names."
GONE = "Somebody closed it in the meantime, so your note was not kept. You had written:"


def worries(slug: str) -> ResponseReturnValue:
    """Lists what keyers passed on, with what was typed until it is closed."""
    return _page(campaign_store(slug), "", "")


def close(slug: str, worry: str) -> ResponseReturnValue:
    """Closes a worry with a note; what was typed with it goes."""
    store, note = campaign_store(slug), request.form.get("note", "").strip()
    found = get_worry(store, worry)
    if found is None:
        abort(404)
    if not note:
        return _page(store, worry, NO_NOTE), 400
    if not close_worry(store, found, note, staff().id):
        return _page(store, worry, GONE, note), 409
    return redirect(url_for("officers.worries", slug=slug), 303)


def _page(store: Store, wrong: str, words: str, lost: str = "") -> str:
    every = list_worries(store)
    people = {one.who for one in every} | {one.closed_by for one in every if one.closed_by}
    return render_template(
        "officers/worries.html", store=store, open=[one for one in every if one.open], wrong=wrong, words=words, lost=lost,
        named=named, closed=[one for one in every if not one.open], names=names_of(store, people),
        keyed={one.id: piece.response for one in every if (piece := get_piece(store, one.batch, one.id))},
        serials={one.id: serial_for(one.card, store.slug) for one in every if one.card},
        pictures={one.id: picture_of(store, one.card) for one in every if one.card},
    )
