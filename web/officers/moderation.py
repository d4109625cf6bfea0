"""Moderation: wishes marked by the screen that no person has looked at yet, and those that one has decided on, with why."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from campaigns.store.blocks import Place, RowTable
from campaigns.store.store import Store
from campaigns.tallies import Where, ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.counts import moment_of
from web.officers.filters import read_filters
from web.officers.finding import place_address, read_place
from web.officers.showing import Card
from web.officers.wishes import cards_at

SHOWN = 25
TOGETHER = 250
MOST = 2500  # wishes looked through for one page
# What the page can show, by what it is called in the address.
SHOWS = {"unseen": "To look at", "held": "Held back", "queried": "Queried by their sender", "cleared": "Cleared"}


def moderation(slug: str) -> ResponseReturnValue:
    """Lists wishes that the screen marks, or those that were decided on, newest first, each to be cleared or held back."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    show = request.args.get("show", "unseen")
    event, show = table.refresh(store), show if show in SHOWS else "unseen"
    where, before = filters.only("moderation", show).where(), read_place(request.args.get("before", ""))
    look = look_through if show == "unseen" else list_all
    found, looked, last = look(store, table, where, before)
    counts = table.count(store, ask_for(store.layout, ("moderation",), filters.where(), "wishes")).column()
    return render_template(
        "officers/moderation.html", store=store, campaign=store.campaign, to=Addresses(slug, filters), cards=found, event=event,
        looked=looked, older=place_address(last) if last else "", here=request.full_path.rstrip("?"),
        counts=counts, show=show, shows=SHOWS, as_of=moment_of(store, event),
    )


def list_all(store: Store, table: RowTable, where: Where, before: Place | None) -> tuple[list[Card], int, Place | None]:
    """Returns the next wishes, how many these are, and the last of them where there are older ones."""
    page = table.page(store, ask_for(store.layout, (), where, "wishes"), SHOWN, before)
    return cards_at(store, page.places), len(page.places), page.places[-1] if page.more else None


def look_through(
    store: Store, table: RowTable, where: Where, before: Place | None
) -> tuple[list[Card], int, Place | None]:
    """Returns the next marked wishes, how many were looked through, and the last of these where there are older ones."""
    query, found, looked, last = ask_for(store.layout, (), where), list[Card](), 0, before
    while looked < MOST:
        page = table.page(store, query, TOGETHER, last)
        for card in cards_at(store, page.places):
            looked, last = looked + 1, (card.number, card.slot)
            found += [card] if any(kind for _, kind in card.pieces) else []
            if len(found) == SHOWN:
                return found, looked, last
        if not page.more:
            return found, looked, None
    return found, looked, last
