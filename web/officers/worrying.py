"""Passing a wish that worries somebody to the safeguarding officer, from its own page."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.responses import LIVE
from campaigns.store.responses import get_response
from campaigns.store.worries import raise_about_wish
from web.after import send_after
from web.context import accepting_store
from web.guards import staff


def raise_worry(slug: str, number: int, slot: int) -> ResponseReturnValue:
    """Passes a wish on, and shows that it was; where it was passed on already, the same."""
    store = accepting_store(slug)
    response = get_response(store, number)
    if response is None or response.state != LIVE or slot not in [wish.slot for wish in response.wishes]:
        abort(404)
    if raise_about_wish(store, number, slot, request.form.get("words", ""), staff().id):
        send_after(store)
    back = request.form.get("back") or None
    return redirect(url_for("officers.wish", slug=slug, number=number, slot=slot, back=back, _anchor="worry"), 303)
