"""The wishes behind a number: newest first, fifty at a time."""

import re

from flask import render_template, request
from flask.typing import ResponseReturnValue

from campaigns.responses import EXPIRED, LIVE
from campaigns.searching.index import CannotLook
from campaigns.store.blocks import Page, Place
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.filters import phrases, read_filters
from web.officers.finding import find_page
from web.officers.panels import carried, choices
from web.officers.showing import Card, Names, show_wish

PAGE = 50


def wishes(slug: str) -> ResponseReturnValue:
    """Lists the wishes that pass the filters, each to be read, put right and cleared for quoting."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    of_wishes, of_responses = (ask_for(store.layout, (), filters.where(), base) for base in ("wishes", "responses"))
    event, typed, before = table.refresh(store), request.args.get("q", "").strip(), read_place(request.args.get("before", ""))
    problem, behind, total, within = "", 0, 0, 0
    if typed:
        try:
            page, total, within, behind = find_page(store, table, of_wishes, typed, PAGE, before)
        except CannotLook as nothing:
            page, problem = Page([], 0, False), str(nothing)
    else:
        page = table.page(store, of_wishes, PAGE, before)
        total, within = table.count(store, of_wishes).total, table.count(store, of_responses).total
    offered = choices(store.campaign, of_wishes=True)
    words = [("q", typed)] if typed else []
    return render_template(
        "officers/wishes.html", store=store, campaign=store.campaign, filters=filters, to=Addresses(slug, filters, q=typed),
        phrases=phrases(filters, store.campaign), choices=offered, kept=[*carried(filters, offered), *words],
        all_filters=carried(filters, []),
        cards=cards_at(store, page.places), total=total, responses=within, problem=problem, behind=behind, typed=typed,
        event=event, first=page.newer, here=request.full_path.rstrip("?"),
        older=place_address(page.places[-1]) if page.more else "",
    )


def read_place(before: str) -> Place | None:
    """Returns the place in the list that an address such as "1204-2" names: that of a response's number and slot."""
    read = re.fullmatch(r"(\d{1,12})-(\d)", before)
    return (int(read[1]), int(read[2])) if read else None


def place_address(place: Place) -> str:
    """Returns what ``read_place`` reads."""
    return "-".join(map(str, place))


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
