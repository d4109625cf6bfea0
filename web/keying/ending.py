"""Ending a batch: closed once every piece is accounted for, or recounted, or closed with a written reason."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.returns import CannotOpenBatch, ReturnBatch, close_batch, get_batch, recount_batch
from campaigns.store.store import Store
from web.context import campaign_store
from web.guards import staff
from web.keying.words import full_words, named, short_words, strip_words

NO_REASON = "Say why in a few words, without names: the reason is kept with the batch."
NO_COUNT = "Count the bundle again, and type the number."


def end(slug: str, number: int) -> ResponseReturnValue:
    """Shows whether a batch adds up, and closes it, recounts it, or takes the reason why it does not."""
    store = campaign_store(slug)
    batch = get_batch(store, number)
    if batch is None:
        abort(404)
    if not batch.open:
        return redirect(url_for("keying.desk", slug=slug, closed=number), 303)
    if request.method == "GET":
        return _page(store, batch, {}, {})
    typed = {name: request.form.get(name, "").strip() for name in ("counted", "why")}
    problems = _recount(store, batch, typed) if request.form.get("do") == "recount" else _close(store, batch, typed)
    if problems:
        return _page(store, batch, typed, problems), 400
    return redirect(url_for("keying.end", slug=slug, number=number), 303)


def _recount(store: Store, batch: ReturnBatch, typed: dict[str, str]) -> dict[str, str]:
    if not (typed["counted"].isascii() and typed["counted"].isdecimal()):
        return {"counted": NO_COUNT}
    try:
        recount_batch(store, batch.number, int(typed["counted"][:9]), typed["why"] or "counted again", staff().id)
    except CannotOpenBatch as why:
        return {"counted": str(why)}
    return {}


def _close(store: Store, batch: ReturnBatch, typed: dict[str, str]) -> dict[str, str]:
    if batch.short and not typed["why"]:
        return {"why": NO_REASON}
    closed = close_batch(store, batch.number, staff().id, typed["why"])
    return {"why": NO_REASON} if closed.outcome == "short" else {}


def _page(store: Store, batch: ReturnBatch, typed: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "keying/end.html", store=store, batch=batch, number=named(batch.number), strip=strip_words(batch),
        short=short_words(batch), full=full_words(batch), typed=typed, problems=problems,
    )
