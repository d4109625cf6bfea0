"""Scanned cards: uploading them, what became of each page, and what waits for a person."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from structlog import get_logger

from campaigns.cards.scans.limits import LARGEST_FILE, MOST_PAGES
from campaigns.cards.scans.outcomes import WORDS
from campaigns.cards.scans.settling import put_by, settle
from campaigns.cards.serials import serial_for
from campaigns.store.scans import Item, Uploaded, get_item, get_scan, item_field, keep_upload, list_items, list_scans
from campaigns.store.store import Store
from web.context import campaign_store
from web.guards import staff
from web.staff_pictures import picture
from workers.queues import ring_scans

NO_FILE = "Choose the file with the scanned cards."
NOT_KEPT = "The file could not be kept: the place for pictures cannot be reached. Nothing was lost; try again in a minute."
SHOWN = 50
log = get_logger()


def scans(slug: str) -> ResponseReturnValue:
    """Shows what was uploaded and what waits for a person, and takes an upload."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {})
    file = request.files.get("scan")
    if file is None or not file.filename:
        return _page(store, {"scan": NO_FILE}), 400
    try:
        kept = keep_upload(store, file.stream, file.filename, staff().id, bool(request.form.get("both")))  # type: ignore[arg-type]
    except OSError as failure:
        log.error("an upload cannot be kept", slug=slug, failure=type(failure).__name__)
        return _page(store, {"scan": NOT_KEPT}), 503
    ring_scans(store)
    return redirect(_address(store, kept), 303)


def _address(store: Store, kept: Uploaded) -> str:
    return url_for("officers.scan", slug=store.slug, scan=kept.id, again=1 if kept.same else None)


def scan(slug: str, scan: str) -> ResponseReturnValue:
    """Shows how far an upload is, and what became of each of its pages."""
    store = campaign_store(slug)
    found = get_scan(store, scan) or abort(404)
    items = {(item.page, item.card): item for item in list_items(store) if item.scan == found.id}
    return render_template(
        "officers/scan.html", store=store, scan=found, items=items, words=WORDS, serial=_serial(store),
        again=request.args.get("again"),
    )


def waiting(slug: str, item: str) -> ResponseReturnValue:
    """Shows something that waits for a person, and takes what they say of it."""
    store = campaign_store(slug)
    found = get_item(store, item)
    if found is None:
        return redirect(url_for("officers.scans", slug=slug, gone=1), 303)
    if request.method == "GET":
        return _item_page(store, found, "", {})
    typed = request.form.get("serials", "")
    if request.form.get("do") == "put by":
        put_by(store, found)
    elif problem := settle(store, found, typed, staff().id):
        return _item_page(store, found, typed, {"serials": problem}), 400
    following = next((one for one in list_items(store) if one.scan == found.scan), None)
    if following:
        return redirect(url_for("officers.waiting", slug=slug, item=following.id), 303)
    return redirect(url_for("officers.scan", slug=slug, scan=found.scan), 303)


def waiting_picture(slug: str, item: str) -> ResponseReturnValue:
    """Gives the picture of something that waits for a person."""
    store = campaign_store(slug)
    found = get_item(store, item) or abort(404)
    return picture(store, store.text.hget(store.keys.of("images"), item_field(found)) or "")


def _serial(store: Store) -> object:
    return lambda card: serial_for(card, store.slug)


def _item_page(store: Store, item: Item, typed: str, problems: dict[str, str]) -> str:
    left = [one for one in list_items(store) if one.scan == item.scan]
    shown = bool(store.text.hexists(store.keys.of("images"), item_field(item)))
    return render_template(
        "officers/scan_item.html", store=store, item=item, scan=get_scan(store, item.scan), left=len(left), shown=shown,
        typed=typed, problems=problems, words=WORDS, serial=_serial(store),
    )


def _page(store: Store, problems: dict[str, str]) -> str:
    return render_template(
        "officers/scans.html", store=store, scans=list_scans(store, SHOWN), items=list_items(store), problems=problems,
        largest=LARGEST_FILE // 1_000_000, most=MOST_PAGES, gone=request.args.get("gone"),
    )
