"""The paper side: where every printed card is, and sheets of new ones."""

from io import BytesIO
from secrets import token_urlsafe

from flask import abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from campaigns.cards.print.printing import draw_batch
from campaigns.store.cards import Batch, batches, print_cards, reconcile
from campaigns.store.store import Store
from web.context import campaign_store, public_url
from web.guards import staff

# More than this would keep the page waiting; flask cards print has no such bound.
MOST_ON_A_PAGE = 2000
LONGEST_KEY = 64


def cards(slug: str) -> ResponseReturnValue:
    """Shows the ledger of cards, and numbers new ones."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {}, {})
    typed = {name: request.form.get(name, "").strip() for name in ("count", "ward", "key")}
    problems = _problems(store, typed)
    if problems:
        return _page(store, typed, problems), 400
    area = store.campaign.area_named(typed["ward"]) if typed["ward"] else None
    batch = print_cards(store, int(typed["count"]), area.id if area else "", staff().id, key=typed["key"][:LONGEST_KEY])
    return redirect(url_for("officers.cards", slug=slug, printed=batch.first), 303)


def sheets(slug: str, first: int) -> ResponseReturnValue:
    """Draws the sheets of one batch as PDF; the same sheets every time."""
    store = campaign_store(slug)
    batch = next((one for one in batches(store) if one.first == first), None)
    if batch is None:
        abort(404)
    paper = BytesIO()
    draw_batch(store, batch, public_url(), paper)
    paper.seek(0)
    name = f"{slug}-cards-{batch.first}-{batch.last}.pdf"
    return send_file(paper, "application/pdf", as_attachment=True, download_name=name)


def _problems(store: Store, typed: dict[str, str]) -> dict[str, str]:
    problems = {}
    if not typed["count"].isascii() or not typed["count"].isdecimal() or not 1 <= int(typed["count"]) <= MOST_ON_A_PAGE:
        problems["count"] = f"Type a number from 1 to {MOST_ON_A_PAGE:,}. For more, use the command: flask cards print."
    if typed["ward"] and store.campaign.area_named(typed["ward"]) is None:
        problems["ward"] = f"Choose a {store.campaign.areas_called} from the list."
    return problems


def _page(store: Store, typed: dict[str, str], problems: dict[str, str]) -> str:
    printed = batches(store)
    return render_template(
        "officers/cards.html", store=store, ledger=reconcile(store), batches=printed[::-1], typed=typed, problems=problems,
        new=_batch_from(printed, request.args.get("printed", "")), key=typed.get("key") or token_urlsafe(12),
    )


def _batch_from(printed: list[Batch], first: str) -> Batch | None:
    return next((batch for batch in printed if str(batch.first) == first), None)
