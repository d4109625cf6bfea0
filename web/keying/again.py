"""Keying a bundle a second time: opened again by its number, keyed blind on the same desk by another person."""

from dataclasses import replace

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.responses import Submission
from campaigns.store.pieces import Piece, pieces_of
from campaigns.store.returns import ReturnBatch, get_batch
from campaigns.store.second import AGAIN, keep_second, to_take, why_not
from campaigns.store.store import Store
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff
from web.keying.card import Again, card_page, empty_entry
from web.keying.entry import Entry, NotAnEntry, read_entry
from web.keying.keyed import read_paper, read_serial, unreadable
from web.keying.queue import Answer, take_items, worry
from web.keying.scans import picture_of
from web.keying.words import named

STILL_OPEN = "That batch is still open. Finish it first; then its bundle can be keyed a second time."
NO_BUNDLE = "There is no batch of that number. It is written on the bundle."
NOTHING = {
    "own": "You keyed this card yourself the first time, so somebody else must key it again. Put it back.",
    "unsampled": "This card is not among those of this bundle to be keyed a second time. Put it back.",
    "taken": "Somebody else has keyed this card a second time. Put it back.",
    "conflict": "You have keyed this card a second time already, and that stands. Put it back.",
    "refused": "This response was withdrawn or changed since, so it is not keyed again. Put it back.",
    "missing": "This response is gone, so it is not keyed again. Put it back.",
}
UNNUMBERED = "Cards without a number are not keyed a second time. Put it back."
ONLY_WHAT_IS_WRITTEN = "A second keying sets nothing aside and undoes nothing. Key what you can read, and [? for the rest."


def again(slug: str) -> ResponseReturnValue:
    """Opens a bundle again by the number written on it."""
    store, typed = campaign_store(slug), request.args.get("number", "").strip()
    if not typed:
        return render_template("keying/again.html", store=store, typed="", problems={})
    batch = get_batch(store, int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
    if batch and not batch.open:
        return redirect(url_for("keying.bundle", slug=slug, number=batch.number), 303)
    problem = STILL_OPEN if batch else NO_BUNDLE
    return render_template("keying/again.html", store=store, typed=typed, problems={"number": problem}), 400


def bundle(slug: str, number: int) -> ResponseReturnValue:
    """Says which cards of a bundle to take, and shows an empty card of it; saves the one that was typed."""
    store = campaign_store(slug)
    batch = _closed(store, number)
    if request.method == "GET":
        return _page(store, batch, empty_entry(store, number), {})
    try:
        entry = read_entry(store.campaign, {**request.form, "batch": number})
    except NotAnEntry:
        abort(400)
    answer = keep_again(store, entry, staff().id)
    if answer.outcome != "saved":
        return _page(store, batch, entry, {"serial": answer.words}), 400
    ring_after(store, answer.ring)
    return redirect(url_for("keying.bundle", slug=slug, number=number), 303)


def take_again(slug: str, number: int) -> ResponseReturnValue:
    """Takes what a browser's queue sends of a bundle's second keying."""
    return take_items(slug, {"piece": keep_again, "undo": _refuse, "worry": worry}, _strip)


def look_again(slug: str, number: int) -> ResponseReturnValue:
    """Tells of a card by its serial whether this person is to key it a second time; nothing of the first keying."""
    store, serial = campaign_store(slug), request.args.get("serial", "")
    card = read_serial(store, serial)
    if card is None:
        return jsonify(problem=unreadable(store, serial).words, note="")
    piece = _piece(store, number, card)
    why = why_not(store, piece, staff().id) if piece else "unsampled"
    return jsonify(problem=NOTHING.get(why, ""), note="", picture="" if why else picture_of(store, card))


def keep_again(store: Store, entry: Entry, who: str) -> Answer:
    """Keeps what a second person keyed from a card, and never says whether the two agree."""
    if entry.outcome == "set aside":
        return Answer("aside", ONLY_WHAT_IS_WRITTEN)
    batch = get_batch(store, entry.batch)
    card = read_serial(store, entry.serial)
    if batch is None or batch.open or entry.outcome == "unnumbered":
        return Answer("aside", STILL_OPEN if entry.outcome != "unnumbered" else UNNUMBERED)
    if card is None:
        return Answer("aside", f"{unreadable(store, entry.serial).words} Key this card again.")
    piece = _piece(store, batch.number, card)
    submission, problems = _read(store, entry, batch, card)
    if piece is None or submission is None:
        return Answer("aside", " ".join(problems.values()) or f"{serial_for(card, store.slug)}: {NOTHING['unsampled']}")
    kept = keep_second(store, piece, submission, who)
    if kept.kept:
        return Answer("saved", ring=kept.ring)
    return Answer("aside", f"{serial_for(card, store.slug)}: {NOTHING[kept.outcome]}")


def _read(store: Store, entry: Entry, batch: ReturnBatch, card: int) -> tuple[Submission | None, dict[str, str]]:
    """Returns what a card says when keyed again; one that this person finds blank or unusable says nothing."""
    nothing = entry.outcome == "unusable" or entry.blank
    read = replace(entry, wishes=("-",)) if nothing else entry
    submission, problems = read_paper(store, read, batch, card)
    return (replace(submission, wishes=()) if submission and nothing else submission), problems


def _refuse(store: Store, entry: Entry, who: str) -> Answer:
    return Answer("aside", ONLY_WHAT_IS_WRITTEN)


def _closed(store: Store, number: int) -> ReturnBatch:
    batch = get_batch(store, number)
    if batch is None or batch.open:
        abort(404)
    return batch


def _piece(store: Store, number: int, card: int) -> Piece | None:
    return next((piece for piece in pieces_of(store, number) if piece.card == card and piece.outcome == "keyed"), None)


def _strip(store: Store, items: list[dict[str, object]]) -> dict[str, object]:
    number = items[-1].get("batch") if items else None
    batch = get_batch(store, number) if isinstance(number, int) else None
    if batch is None:
        return {}
    left = len(to_take(store, batch, staff().id))
    return {"strip": _strip_words(batch, left), "full": not left}


def _strip_words(batch: ReturnBatch, left: int) -> str:
    return f"Batch {named(batch.number)}, second keying · {left:,} left for you"


def _page(store: Store, batch: ReturnBatch, entry: Entry, problems: dict[str, str]) -> str:
    mine, slug = to_take(store, batch, staff().id), store.slug
    numbered = [piece for piece in pieces_of(store, batch.number) if piece.card and piece.outcome == "keyed"]
    return card_page(store, batch, entry, problems, Again(
        strip=_strip_words(batch, len(mine)), serials=[serial_for(piece.card, slug) for piece in mine],
        whole=len(numbered) > 1 and all(AGAIN in piece.marks for piece in numbered), left=len(mine),
        queue=url_for("keying.take_again", slug=slug, number=batch.number),
        look=url_for("keying.look_again", slug=slug, number=batch.number), end=url_for("keying.again", slug=slug),
    ))
