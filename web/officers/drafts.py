"""Drafts of every kind, written in the background and taken from this page; none is kept for longer than two days."""

import time
from collections.abc import Mapping
from pathlib import Path

from flask import abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from campaigns.drafts.kinds import KINDS
from campaigns.drafts.making import ENDINGS, HOME, ONLY
from campaigns.drafts.writing import NARROWED, CannotWrite, narrowed
from campaigns.exports.orders import DRAFTS, Asked, NoSuchOrder, Order, again, ask, discard, find_order, look, orders_of, stop
from campaigns.store.indicators import kept_indicators
from campaigns.store.store import Store
from web.context import campaign_store, connections, public_url, row_table
from web.guards import staff
from web.officers.counts import moment_of
from workers.queues import EXPORTS, enqueue_slow

TRIES = 3
MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
    "html": "text/html", "md": "text/markdown",
}
ENDING_WORDS = {"docx": "Word", "pdf": "PDF", "html": "Web page", "md": "Markdown"}
# Each kind as its button calls it, and what stands in it.
CALLED = {
    "vision": ("Vision", "What was asked, who took part, what they asked for, and a first wording for the board to rewrite"),
    "strategy": ("Strategy", "A chapter for each partnership, with room for priorities and actions"),
    "plan": ("Plan on a page", "One table: ambition, priority outcomes, who answers for each"),
    "board": ("Report to the board", "Progress, reach, emerging themes, indicators, with room for decisions"),
    "report": ("Full report", "Method, reach, every theme, where wishes point both ways, quotes, limits"),
    "committee": ("Report to committee", "The figures of a committee report; every implication left to a named officer"),
    "area": ("Area pages", "One page for each area, or for one"),
    "theme": ("Theme packs", "One pack for each partnership, or for one"),
}


def drafts(slug: str) -> ResponseReturnValue:
    """Shows what can be drafted, and what was; asks for a draft to be written."""
    store = campaign_store(slug)
    if request.method == "POST":
        return _ask(store)
    event = row_table(slug).refresh(store)
    known = {"theme": store.campaign.frame.themes, "area": store.campaign.areas}
    return render_template(
        "officers/drafts.html", store=store, campaign=store.campaign, called=CALLED, endings=ENDING_WORDS, event=event,
        as_of=moment_of(store, event), narrowed=NARROWED, known=known, measured=len(kept_indicators(store)),
        made=[_shown(store, order) for order in orders_of(store, _data(), DRAFTS)],
    )


def _ask(store: Store) -> ResponseReturnValue:
    kind, ending, only = (request.form.get(name, "") for name in ("kind", "ending", "only"))
    if kind not in KINDS or ending not in ENDINGS:
        abort(400)
    try:
        kept_to = narrowed(store.campaign, kind, only if kind in NARROWED else "")
    except CannotWrite:
        abort(400)
    where = {ONLY: (kept_to,), HOME: (public_url(),)}
    order = ask(store, _data(), Asked(kind, ending, where, staff().id, int(time.time() * 1000)), DRAFTS)
    _enqueue(order)
    return redirect(url_for("officers.drafts", slug=store.slug, _anchor="files"), 303)


def _enqueue(order: Order) -> None:
    enqueue_slow(connections(), "draft_file", (order.store.slug, order.id), TRIES, EXPORTS)


def _shown(store: Store, order: Order) -> Mapping[str, object]:
    only = "".join(order.asked.where.get(ONLY, ()))
    names = {**store.campaign.area_names, **{theme.id: theme.name for theme in store.campaign.frame.themes}}
    return {"order": order, "progress": look(order), "only": names.get(only, only)}


def made(slug: str, order: str) -> ResponseReturnValue:
    """Stops a draft, begins it again, or takes it away; whichever was asked for and can still be done."""
    found, do = _found(slug, order), request.form.get("do", "")
    if do == "again" and not look(found).under_way and not look(found).made:
        again(found)
        _enqueue(found)
    elif do in ("stop", "discard"):
        (stop if do == "stop" else discard)(found)
    return redirect(url_for("officers.drafts", slug=slug, _anchor="files"), 303)


def made_file(slug: str, order: str, name: str) -> ResponseReturnValue:
    """Returns the file of a draft, for as long as it is kept."""
    found = _found(slug, order)
    whole = look(found).made
    if whole is None or whole.name != name:
        abort(404)
    return send_file(found.folder / name, MIMES[found.asked.ending], as_attachment=True, download_name=name)


def _found(slug: str, order: str) -> Order:
    try:
        return find_order(campaign_store(slug), _data(), order, DRAFTS)
    except NoSuchOrder:
        abort(404)


def _data() -> Path:
    return Path(current_app.config["DATA_DIR"])
