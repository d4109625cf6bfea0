"""The wishes behind a number: newest first, fifty at a time."""

import re
from bisect import bisect_right

from flask import render_template, request
from flask.typing import ResponseReturnValue

from campaigns.responses import LIVE
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.filters import phrases, read_filters
from web.officers.panels import carried, choices
from web.officers.showing import Card, Names, show_wish

PAGE = 50
Place = tuple[int, int]


def wishes(slug: str) -> ResponseReturnValue:
    """Lists the wishes that pass the filters, each to be read, put right and cleared for quoting."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    query = ask_for(store.layout, (), filters.where())
    event = table.refresh(store)
    found = table.find(store, query)
    first = after(found, request.args.get("before", ""))
    some = found[first:first + PAGE]
    more = first + PAGE < len(found)
    offered = choices(store.campaign, of_wishes=True)
    return render_template(
        "officers/wishes.html", store=store, campaign=store.campaign, filters=filters, to=Addresses(slug, filters), event=event,
        phrases=phrases(filters, store.campaign), choices=offered, kept=carried(filters, offered), cards=_cards(store, some),
        total=len(found), responses=len({number for number, _ in found}), first=first, here=request.full_path.rstrip("?"),
        older="-".join(map(str, some[-1])) if more else "",
    )


def after(found: list[Place], before: str) -> int:
    """Returns where in a list of (response, slot), newest first, the page after a place such as "1204-2" begins."""
    read = re.fullmatch(r"(\d{1,12})-(\d)", before)
    if not read:
        return 0
    return bisect_right(found, (-int(read[1]), -int(read[2])), key=lambda place: (-place[0], -place[1]))


def _cards(store: Store, places: list[Place]) -> list[Card]:
    numbers = list(dict.fromkeys(number for number, _ in places))
    responses = {response.number: response for response in get_responses(store, numbers) if response.state == LIVE}
    known: Names = {}
    return [
        show_wish(store, responses[number], wish, known)
        for number, slot in places if number in responses
        for wish in responses[number].wishes if wish.slot == slot
    ]
