"""The card on the desk: one piece of paper at a time, in its own order; without JavaScript a plain form."""

import json
from dataclasses import dataclass
from secrets import token_hex

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from campaigns.cards.serials import check_salt
from campaigns.questions import Question
from campaigns.store.areas import table_loaded
from campaigns.store.errors import Unreachable
from campaigns.store.pieces import pieces_of
from campaigns.store.returns import ReturnBatch, get_batch
from campaigns.store.room import cannot_write, retry_after
from campaigns.store.store import Store
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff
from web.keying.entry import MARKS, TICK, Entry, NotAnEntry, read_entry
from web.keying.keyed import WRITTEN, keep_entry
from web.keying.queue import Answer, keep_or_set_aside
from web.keying.words import EMPTY, NO_SERIAL, full_words, named, reasons_offered, strip_words

FULL = "Not saved: nothing new can be kept for a short while. Nothing you typed is lost: leave it here, and save in ten minutes."


@dataclass(frozen=True)
class Again:
    """What the desk of a second keying shows otherwise: its strip, the serials to take, and the addresses it speaks to.

    ``whole``: the bundle is keyed again as a whole; ``left`` cards are for this person.
    """

    strip: str
    serials: list[str]
    whole: bool
    left: int
    queue: str
    look: str
    end: str


def batch(slug: str, number: int) -> ResponseReturnValue:
    """Shows an empty card of a batch, and saves the one that was typed."""
    store = campaign_store(slug)
    found = get_batch(store, number)
    if found is None:
        abort(404)
    if not found.open:
        return redirect(url_for("keying.desk", slug=slug, closed=number), 303)
    if request.method == "GET":
        return card_page(store, found, empty_entry(store, number), {})
    try:
        entry = read_entry(store.campaign, {**request.form, "batch": number})
    except NotAnEntry:
        abort(400)
    return _save(store, found, entry)


def _save(store: Store, batch: ReturnBatch, entry: Entry) -> ResponseReturnValue:
    try:
        answer, problems = _keep(store, entry)
    except Unreachable as failure:
        if not cannot_write(failure):
            raise
        return card_page(store, batch, entry, {"form": FULL}), 503, {"Retry-After": str(retry_after(failure))}
    if answer is None:
        return card_page(store, batch, entry, problems), 400
    ring_after(store, answer.ring)
    return redirect(url_for("keying.batch", slug=store.slug, number=batch.number), 303)


def _keep(store: Store, entry: Entry) -> tuple[Answer | None, dict[str, str]]:
    """Keeps a piece from the plain form, which shows what stands in the way before anything is set aside for it."""
    if entry.outcome == "set aside" or request.form.get("anyway"):
        return keep_or_set_aside(store, entry, staff().id), {}
    kept = keep_entry(store, entry, staff().id)
    return (Answer("saved", ring=kept.ring) if kept.saved else None), kept.problems


def empty_entry(store: Store, number: int) -> Entry:
    """Returns a piece of paper of which nothing has been typed yet."""
    return Entry(f"web{token_hex(4)}-{token_hex(4)}", number, wishes=("",) * store.campaign.wishes_each)


def ticks_of(store: Store) -> list[Question]:
    """Returns the closed questions that are printed on cards."""
    return [question for question in store.campaign.questions if question.with_wishes]


def card_page(
    store: Store, batch: ReturnBatch, entry: Entry, problems: dict[str, str], again: Again | None = None,
) -> str:
    """Returns the page of a card; ``again`` is what differs where its bundle is keyed a second time."""
    person, ticks = staff(), ticks_of(store)
    mine = [piece for piece in pieces_of(store, batch.number) if piece.who == person.id]
    return render_template(
        "keying/card.html", store=store, campaign=store.campaign, batch=batch, entry=entry, problems=problems, person=person,
        number=named(batch.number), strip=strip_words(batch), full=full_words(batch) if not batch.short else "",
        ticks=ticks, tick=TICK, mark_words=MARKS, reasons=reasons_offered(), reasons_json=json.dumps(reasons_offered()),
        by_postcode=table_loaded(store), written=batch.channel in WRITTEN, salt=check_salt(store.slug),
        csrf=generate_csrf(), last=mine[-1].id if mine else "", no_serial=NO_SERIAL, no_wish=EMPTY, again=again,
    )
