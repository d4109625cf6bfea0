"""What the desk's queue sends, piece by piece; each is answered once it is on disk, and the same again if it comes again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.store.pieces import set_down, undo_piece
from campaigns.store.returns import get_batch
from campaigns.store.store import Store
from campaigns.store.tray import InTray, get_in_tray, keep_in_tray, settle_in_tray
from campaigns.store.worries import Worry, raise_worry
from web.after import ring_after, send_after
from web.context import accepting_store
from web.guards import staff
from web.keying.entry import Entry, NotAnEntry, as_typed, read_entry
from web.keying.keyed import keep_entry, read_serial
from web.keying.words import ASIDE, strip_words

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Answer:
    """What became of one item: saved, aside (kept for a person, in words why), undone, or refused as no item at all."""

    outcome: str
    words: str = ""
    ring: bool = False


Kinds = Mapping[str, Callable[[Store, Entry, str], Answer]]
Strip = Callable[[Store, list[dict[str, object]]], dict[str, object]]


def take(slug: str) -> ResponseReturnValue:
    """Takes what a browser's queue sends of a batch that is keyed."""
    return take_items(slug, KINDS, _strip)


def take_items(slug: str, kinds: Kinds, strip: Strip) -> ResponseReturnValue:
    """Takes what a browser's queue sends, in its order, and answers each; with the batch's strip as it then is."""
    sent, person, store = request.get_json(), staff(), accepting_store(slug)
    items = sent.get("items") if isinstance(sent, dict) else None
    if not isinstance(items, list) or len(items) > MOST_AT_ONCE or not all(isinstance(item, dict) for item in items):
        abort(400)
    if sent.get("by") != person.id:
        abort(409)
    answers = [_take(store, item, person.id, kinds) for item in items]
    ring_after(store, any(answer.ring for answer in answers))
    return jsonify(answers=[{"outcome": one.outcome, "words": one.words} for one in answers], **strip(store, items))


def keep_or_set_aside(store: Store, entry: Entry, who: str) -> Answer:
    """Makes a piece what the keyer said it is; where that cannot be, keeps what was typed for a person and sets it aside."""
    kept = keep_entry(store, entry, who)
    if kept.saved and entry.outcome != "set aside":
        return Answer("saved", f"{called(store, entry, kept.card)}: {kept.note}" if kept.note else "", ring=kept.ring)
    typed = as_typed(entry)
    if kept.saved:
        keep_in_tray(store, InTray(entry.piece, entry.batch, entry.why, kept.card, who, typed))
        return Answer("saved")
    keep_in_tray(store, InTray(entry.piece, entry.batch, kept.why, kept.card, who, typed))
    set_down(store, batch=entry.batch, piece=entry.piece, outcome="set aside", card=kept.card, why=kept.why, who=who)
    return Answer("aside", f"{called(store, entry, kept.card)}: {kept.words} {ASIDE}")


def called(store: Store, entry: Entry, card: int) -> str:
    """Returns what a piece is called in words: by its serial, as the card has it."""
    return serial_for(card, store.slug) if card else entry.serial.upper()[:20] or "The last one"


def _take(store: Store, item: Mapping[str, object], who: str, kinds: Kinds) -> Answer:
    try:
        entry = read_entry(store.campaign, item)
    except NotAnEntry as strange:
        return Answer("refused", str(strange))
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        return Answer("refused", "The desk sent something it does not know. Load this page again.")
    return kinds[kind](store, entry, who)


def undo(store: Store, entry: Entry, who: str) -> Answer:
    """Takes back what became of a piece; what lay in the tray of it goes with it."""
    undone = undo_piece(store, entry.batch, entry.piece, who)
    if undone.outcome == "batch":
        return Answer("aside", "This batch is closed, so nothing in it can be undone here. Tell your supervisor.")
    if undone.outcome == "response":
        return Answer("aside", "That response was changed since. Tell your supervisor.")
    lying = get_in_tray(store, entry.piece)
    if lying:
        settle_in_tray(store, lying, "undone", who)
    return Answer("undone", ring=undone.ring)


def worry(store: Store, entry: Entry, who: str) -> Answer:
    """Passes a card to the safeguarding officer with what is typed of it so far; it can still be keyed."""
    card = read_serial(store, entry.serial) or 0
    raise_worry(store, Worry(entry.piece, entry.batch, card, who, as_typed(entry)))
    send_after(store)
    officer = store.campaign.safeguarding
    return Answer("saved", f"Passed to {officer.name} ({officer.contact}). If somebody is in danger now, call 999. Key on.")


KINDS: Kinds = {"piece": keep_or_set_aside, "undo": undo, "worry": worry}


def _strip(store: Store, items: list[dict[str, object]]) -> dict[str, object]:
    number = items[-1].get("batch") if items else None
    batch = get_batch(store, number) if isinstance(number, int) else None
    return {"strip": strip_words(batch), "full": batch.open and not batch.short} if batch else {}
