"""The desk itself: one card at a time, everything kept until it is saved."""

from secrets import token_urlsafe

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.serials import serial_for
from campaigns.store.areas import table_loaded
from campaigns.store.errors import Unreachable
from campaigns.store.room import cannot_write, retry_after
from campaigns.store.store import Store
from web.account.desks import stores_for
from web.after import ring_after
from web.context import campaign_store
from web.guards import staff
from web.keying.keyed import Entry, keep_card, read_serial

LONGEST_KEY = 64
FULL = "Not saved: nothing new can be kept for a short while. Nothing you typed is lost: leave it here, and save in ten minutes."


def choose() -> ResponseReturnValue:
    """Lists the campaigns someone keys for."""
    return render_template("keying/choose.html", stores=stores_for(staff(), "keyer"))


def desk(slug: str) -> ResponseReturnValue:
    """Shows an empty card, and saves the one that was typed."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, Entry(token_urlsafe(12), wishes=_boxes(store)), {})
    entry = _read(store)
    try:
        kept = keep_card(store, entry, staff().id)
    except Unreachable as failure:
        if not cannot_write(failure):
            raise
        return _page(store, entry, {"form": FULL}), 503, {"Retry-After": str(retry_after(failure))}
    if kept.taken is None:
        return _page(store, entry, kept.problems), 400
    ring_after(store, kept.taken.ring)
    _count(store, entry, new=kept.taken.outcome == "accepted")
    return redirect(url_for("keying.desk", slug=slug), 303)


def _boxes(store: Store) -> tuple[str, ...]:
    return ("",) * store.campaign.wishes_each


def _read(store: Store) -> Entry:
    typed = request.form
    wishes = tuple(typed.get(f"wish{place}", "") for place in range(1, store.campaign.wishes_each + 1))
    key = typed.get("key", "")[:LONGEST_KEY] or token_urlsafe(12)
    return Entry(key, typed.get("serial", ""), wishes, typed.get("postcode", ""), typed.get("ward", ""))


def _count(store: Store, entry: Entry, new: bool) -> None:
    """Notes in the session what its strip says: how many cards, and which was the last."""
    kept = session.get("keyed", {})
    before = kept.get(store.slug, {}).get("cards", 0)
    card = read_serial(store, entry.serial)
    last = serial_for(card, store.slug) if card else ""
    session["keyed"] = {**kept, store.slug: {"cards": before + new, "last": last}}


def _page(store: Store, entry: Entry, problems: dict[str, str]) -> str:
    strip = session.get("keyed", {}).get(store.slug, {"cards": 0, "last": ""})
    return render_template(
        "keying/desk.html", store=store, campaign=store.campaign, entry=entry, problems=problems, strip=strip,
        by_postcode=table_loaded(store),
    )
