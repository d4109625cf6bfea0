"""The tray: what a person must look at before it counts, and settling each piece in one step."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.store.pieces import get_piece, set_down
from campaigns.store.returns import list_batches
from campaigns.store.staff import get_person
from campaigns.store.store import Store
from campaigns.store.tray import InTray, get_in_tray, in_tray, settle_in_tray
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff
from web.keying.entry import read_entry
from web.keying.keyed import Kept, as_kept, keep_entry
from web.keying.scans import picture_of
from web.keying.words import OFFERED, REASON_WORDS, named

GONE = "Somebody settled it in the meantime."
DOINGS = ("keyed", "unnumbered", "duplicate", "unusable")


def tray(slug: str) -> ResponseReturnValue:
    """Lists the pieces that wait for a person, with what was typed from each."""
    return _page(campaign_store(slug), "", "", {})


def settle(slug: str, piece: str) -> ResponseReturnValue:
    """Settles one piece: keyed under a serial, keyed as unnumbered, a duplicate, or unusable."""
    store, doing = campaign_store(slug), request.form.get("as", "")
    lying = get_in_tray(store, piece)
    if lying is None or doing not in DOINGS:
        abort(404)
    if lying.settled:
        return _page(store, piece, GONE, request.form), 409
    kept = _settle(store, lying, doing, request.form)
    if not kept.saved:
        return _page(store, piece, kept.words, request.form), 400
    settle_in_tray(store, lying, doing, staff().id)
    ring_after(store, kept.ring)
    return redirect(url_for("keying.tray", slug=slug), 303)


def _settle(store: Store, lying: InTray, doing: str, form: Mapping[str, str]) -> Kept:
    batch = int(form["batch"][:9]) if form.get("batch", "").isdecimal() else lying.batch
    if doing in ("keyed", "unnumbered"):
        typed = {**lying.typed, "piece": lying.piece, "batch": batch, "outcome": doing}
        serial = form.get("serial", "") if doing == "keyed" else ""
        return keep_entry(store, read_entry(store.campaign, typed | {"serial": serial}), staff().id)
    why = form.get("why", "") if doing == "unusable" else "already keyed" if lying.card else "photocopy"
    if doing == "unusable" and why not in OFFERED["unusable"]:
        return Kept(problems={"form": "Choose why it is unusable."})
    down = set_down(store, batch=batch, piece=lying.piece, outcome=doing, card=lying.card, why=why, who=staff().id)
    return Kept(problems={"form": GONE}) if down.outcome == "piece" else as_kept(down, lying.card)


def _page(store: Store, wrong: str, words: str, typed: Mapping[str, str]) -> str:
    lying = in_tray(store)
    return render_template(
        "keying/tray.html", store=store, lying=lying, wrong=wrong, words=words, typed=typed, named=named,
        reason_words=REASON_WORDS, unusable=OFFERED["unusable"], names=names_of(store, {one.who for one in lying}),
        serials={one.piece: serial_for(one.card, store.slug) for one in lying if one.card},
        pictures={one.piece: picture_of(store, one.card) for one in lying if one.card},
        homeless={one.piece for one in lying if get_piece(store, one.batch, one.piece) is None},
        open=[batch for batch in list_batches(store) if batch.open],
    )


def names_of(store: Store, ids: set[str]) -> dict[str, str]:
    """Returns the names of some staff by their ids, where they are still known."""
    people = {id_: get_person(store.connections, id_) for id_ in ids}
    return {id_: person.name for id_, person in people.items() if person}
