"""The wishes behind a number: newest first, or nearest first where they are found by what they mean; fifty at a time."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from campaigns.responses import EXPIRED, LIVE
from campaigns.searching.words import CannotLook
from campaigns.store.blocks import Place
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.store.views import CannotSave
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.filters import Filters, phrases, read_filters
from web.officers.finding import Found, Search, find_page, read_search, wish_at
from web.officers.panels import carried, choices
from web.officers.saved import list_views, save
from web.officers.showing import Card, Names, show_wish

PAGE = 50


def wishes(slug: str) -> ResponseReturnValue:
    """Lists the wishes that pass the filters, each to be read, put right and cleared for quoting; saves a view of them."""
    store, filters, search = campaign_store(slug), read_filters(), read_search(request.args)
    if request.method == "GET":
        return _page(store, filters, search)
    try:
        view = save(store, filters, search)
    except CannotSave as problem:
        return _page(store, filters, search, str(problem)), 400
    shown = Addresses(slug, filters, search={**search.query(), "saved": view.id})
    return redirect(f"{shown.wishes(filters)}#saved", 303)


def _page(store: Store, filters: Filters, search: Search, unsaved: str = "") -> str:
    table, problem, found = row_table(store.slug), "", Found()
    event = table.refresh(store)
    try:
        found = find_page(store, table, filters, search, PAGE)
    except CannotLook as nothing:
        problem = str(nothing)
    offered = choices(store.campaign, of_wishes=True)
    like = cards_at(store, [search.like]) if search.like and wish_at(store, search.like) else []
    return render_template(
        "officers/wishes.html", store=store, campaign=store.campaign, filters=filters, search=search, found=found,
        to=Addresses(store.slug, filters, search=search.query()), anything=Addresses(store.slug, filters),
        phrases=phrases(filters, store.campaign), choices=offered, kept=[*carried(filters, offered), *search.query().items()],
        all_filters=carried(filters, []), cards=cards_at(store, found.places), problem=problem, event=event,
        like=like[0].text if like else "", views=list_views(store), unsaved=unsaved, here=request.full_path.rstrip("?"),
    )


def cards_at(store: Store, places: list[Place]) -> list[Card]:
    """Returns the wishes at some places of the list, ready to be shown."""
    numbers = list(dict.fromkeys(number for number, _ in places))
    counted = (LIVE, EXPIRED)
    responses = {response.number: response for response in get_responses(store, numbers) if response.state in counted}
    known: Names = {}
    return [
        show_wish(store, responses[number], wish, known)
        for number, slot in places if number in responses
        for wish in responses[number].wishes if wish.slot == slot
    ]
