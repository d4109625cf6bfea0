"""Printing cards: numbered once, their files made in the background, followed on the page and taken from it."""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from flask import abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.print.lettering import UnprintableError
from campaigns.cards.print.orders import NoSuchOrder, Order, ask, discard, find_order, look, orders_of, stop
from campaigns.cards.print.papers import PAPERS, kind_on
from campaigns.cards.print.posters import SIZES, draw_poster
from campaigns.cards.print.printing import CannotPrint, number_batch
from campaigns.cards.print.stock import stock_of
from campaigns.store.cards import MOST_AT_ONCE, Batch, Delivery, batches
from campaigns.store.store import Store
from web.context import campaign_store, connections, public_url
from web.errors import say
from web.guards import staff
from workers.queues import enqueue_slow

FIELDS = ("count", "ward", "round", "households", "place", "paper", "held", "key")
MIMES = {".pdf": "application/pdf", ".csv": "text/csv", ".json": "application/json"}
TRIES = 3


def printing(slug: str) -> ResponseReturnValue:
    """Shows what was printed and for which places, and numbers new cards."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {name: request.args.get(name, "") for name in FIELDS[:-1]}, {})
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    problems = _problems(typed)
    if not problems:
        try:
            return _number(store, typed)
        except (CannotPrint, UnprintableError) as cannot:
            problems = {getattr(cannot, "field", "count"): str(cannot)}
    return _page(store, typed, problems), 400


def batch(slug: str, number: int) -> ResponseReturnValue:
    """Shows the files of one batch and how far they are; orders, stops or takes them away."""
    store = campaign_store(slug)
    found = _batch(store, number)
    if request.method == "GET":
        orders = orders_of(store, _data(), [found]).get(number, [])
        return render_template(
            "officers/batch.html", store=store, batch=found, papers=PAPERS.values(),
            orders={order.paper.name: look(order) for order in orders}, large=found.kind == kind_on("large"),
        )
    paper, do = request.form.get("paper", ""), request.form.get("do", "")
    if paper not in PAPERS:
        abort(400)
    if do == "make":
        _order(store, found, paper)
    elif do in ("stop", "discard"):
        (stop if do == "stop" else discard)(_ordered(store, number, paper))
    return redirect(url_for("officers.batch", slug=slug, number=number), 303)


def printed_file(slug: str, number: int, paper: str, name: str) -> ResponseReturnValue:
    """Returns one file of an order, once all of it is made."""
    files = look(_ordered(campaign_store(slug), number, paper)).files
    path = next((path for path in files if path.name == name), None)
    if path is None:
        abort(404)
    return send_file(path, MIMES[path.suffix], as_attachment=True, download_name=path.name)


def poster(slug: str, source: str, size: str) -> ResponseReturnValue:
    """Draws a poster or table card that brings people in by a source's own address."""
    store = campaign_store(slug)
    found = store.campaign.source(source)
    if found is None or size not in SIZES:
        abort(404)
    address = public_url() + url_for("residents.source", slug=slug, source=source)
    try:
        drawn = draw_poster(store.campaign, found, address, size)
    except UnprintableError as cannot:
        return say(400, "This poster cannot be printed", str(cannot))
    return send_file(drawn, "application/pdf", as_attachment=True, download_name=f"{slug}-{source}-{size}.pdf")


def _number(store: Store, typed: Mapping[str, str]) -> ResponseReturnValue:
    delivery = Delivery(typed["round"], typed["place"], int(typed["households"] or 0), kind_on(typed["paper"]))
    made = number_batch(
        store, int(typed["count"]), typed["ward"], staff().id, public_url(), delivery,
        held=bool(typed["held"]), key=typed["key"][:64],
    )
    _order(store, made, typed["paper"])
    return redirect(url_for("officers.batch", slug=store.slug, number=made.number), 303)


def _order(store: Store, of: Batch, paper: str) -> None:
    order = ask(store, _data(), of, PAPERS[paper], public_url())
    if look(order).state != "done":
        enqueue_slow(connections(), "print_files", (store.slug, of.number, paper), TRIES)


def _ordered(store: Store, number: int, paper: str) -> Order:
    try:
        return find_order(store, _data(), number, paper)
    except NoSuchOrder:
        abort(404)


def _batch(store: Store, number: int) -> Batch:
    found = next((one for one in batches(store) if one.number == number), None)
    return found or abort(404)


def _data() -> Path:
    return Path(current_app.config["DATA_DIR"])


def _problems(typed: Mapping[str, str]) -> dict[str, str]:
    problems = {}
    if not _is_number(typed["count"], 1, MOST_AT_ONCE):
        problems["count"] = f"Type a number from 1 to {MOST_AT_ONCE:,}."
    if typed["households"] and not _is_number(typed["households"], 0, 10**7):
        problems["households"] = "Type how many households as a number, or leave it empty."
    if typed["paper"] not in PAPERS:
        problems["paper"] = "Choose how the cards are to lie on paper."
    return problems


def _is_number(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most


def _page(store: Store, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    printed = batches(store)
    return render_template(
        "officers/printing.html", store=store, typed={"paper": "sheets", **{k: v for k, v in typed.items() if v}},
        problems=problems, papers=PAPERS.values(), batches=printed[::-1], stock=stock_of(store, printed),
        key=typed.get("key") or token_hex(16), sizes=SIZES, data=_progress(store, printed),
    )


def _progress(store: Store, printed: list[Batch]) -> dict[int, list[str]]:
    """Returns how far the files of each batch are, in words' keys."""
    return {number: [look(order).state for order in orders] for number, orders in orders_of(store, _data(), printed).items()}
