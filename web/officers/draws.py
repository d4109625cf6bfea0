"""Audit draws: keyed cards drawn by lot in public, to be read again against the log."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.audit import MOST_DRAWN, CannotDraw, draw_cards, kept_draws
from campaigns.store.store import Store
from web.context import campaign_store
from web.guards import staff


def draws(slug: str) -> ResponseReturnValue:
    """Shows every draw with its cards, and draws some more."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {}, {})
    typed = {name: request.form.get(name, "").strip() for name in ("count", "seed")}
    if not typed["count"].isascii() or not typed["count"].isdecimal() or len(typed["count"]) > 9:
        return _page(store, typed, {"count": f"Type a number from 1 to {MOST_DRAWN:,}."}), 400
    try:
        draw_cards(store, int(typed["count"]), typed["seed"], staff().id)
    except CannotDraw as mistake:
        return _page(store, typed, {"seed" if "seed" in str(mistake) else "count": str(mistake)}), 400
    return redirect(url_for("officers.draws", slug=slug), 303)


def _page(store: Store, typed: dict[str, str], problems: dict[str, str]) -> str:
    return render_template(
        "officers/draws.html", store=store, campaign=store.campaign, draws=kept_draws(store), typed=typed, problems=problems,
    )
