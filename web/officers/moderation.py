"""Wishes that may point at somebody and that no person has looked at yet: cleared, or held back, one after the other."""

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from campaigns.store.blocks import Place, RowTable
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.counts import moment_of
from web.officers.filters import read_filters
from web.officers.showing import Card
from web.officers.wishes import cards_at, read_place

SHOWN = 25
TOGETHER = 250
MOST = 2500  # wishes looked through for one page


def moderation(slug: str) -> ResponseReturnValue:
    """Lists wishes that the screen marks, newest first, the marked words shown, each to be cleared or held back."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    event, unseen = table.refresh(store), filters.only("moderation", "unseen")
    looked = Looked()
    found = list(looked.through(store, table, unseen.where(), read_place(request.args.get("before", ""))))
    return render_template(
        "officers/moderation.html", store=store, campaign=store.campaign, to=Addresses(slug, filters), cards=found, event=event,
        looked=looked.wishes, older="-".join(map(str, looked.last)) if looked.last else "", here=request.full_path.rstrip("?"),
        unseen=table.count(store, ask_for(store.layout, (), unseen.where(), "wishes")).total, as_of=moment_of(store, event),
    )


class Looked:
    """How many wishes were looked through, and the last of them where there are older ones."""

    def __init__(self) -> None:
        self.wishes = 0
        self.last: Place | None = None

    def through(self, store: Store, table: RowTable, where: dict[str, tuple[str, ...]], before: Place | None) -> Iterator[Card]:
        """Yields the marked ones, until enough are found or enough were looked through."""
        query, found, self.last = ask_for(store.layout, (), where), 0, before
        while found < SHOWN and self.wishes < MOST:
            page = table.page(store, query, TOGETHER, self.last)
            for card in cards_at(store, page.places):
                self.wishes, self.last = self.wishes + 1, (card.number, card.slot)
                if any(kind for _, kind in card.pieces):
                    found += 1
                    yield card
                if found == SHOWN:
                    return
            if not page.more:
                self.last = None
                return
