"""Wishes found by their words, by what they mean, or for being like another, under the same filters as everything else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from flask import current_app, request
from numpy.typing import NDArray

from campaigns.responses import LIVE, Response, Wish
from campaigns.searching.index import Index, opened
from campaigns.searching.meaning import MOST, Near, meaning_of, meaning_of_wish, nearest
from campaigns.searching.signs import Vector
from campaigns.searching.words import SLOTS, CannotLook, as_query, hidden, holding
from campaigns.store.blocks import Place, RowTable
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from campaigns.tallies import Query, ask_for
from web.context import signs_table
from web.guards import may_see, sees_redacted
from web.officers.filters import Filters

WORDS, MEANING = "words", "meaning"
MODEL = "model"  # the folder in the data folder that the model's graph is kept in
GONE = "The wish that others were to be like is not there any more, or not for you to see."


@dataclass(frozen=True)
class Search:
    """What is looked for beside the filters: what was typed, as words or for its meaning, or a wish that others are like."""

    typed: str = ""
    how: str = WORDS
    like: Place | None = None

    @property
    def plain(self) -> bool:
        """Tells whether nothing is looked for."""
        return not self.typed and not self.like

    @property
    def nearest_first(self) -> bool:
        """Tells whether the list goes by nearness, not by time."""
        return bool(self.like or (self.typed and self.how == MEANING))

    def query(self) -> dict[str, str]:
        """Returns what stands in the address behind the question mark."""
        if self.like:
            return {"like": place_address(self.like)}
        return {**({"q": self.typed} if self.typed else {}), **({"how": MEANING} if self.how == MEANING else {})}


@dataclass(frozen=True)
class Found:
    """A page of a list of wishes, and how long the whole list is; of a list by nearness, how near each is in plain words.

    ``newer`` stand before it in the list; ``older`` leads to those after it. Of ``looked_through`` wishes the list has the
    nearest.
    """

    places: list[Place] = field(default_factory=list)
    newer: int = 0
    older: str = ""
    total: int = 0
    responses: int = 0
    near: Mapping[Place, str] = field(default_factory=dict)
    looked_through: int = 0
    behind: int = 0


def read_search(args: Mapping[str, str]) -> Search:
    """Returns what an address looks for."""
    how = MEANING if args.get("how") == MEANING else WORDS
    return Search(args.get("q", "").strip(), how, read_place(args.get("like", "")))


def read_place(before: str) -> Place | None:
    """Returns the place in the list that an address such as "1204-2" names: that of a response's number and slot."""
    read = re.fullmatch(r"(\d{1,12})-(\d)", before)
    return (int(read[1]), int(read[2])) if read else None


def place_address(place: Place) -> str:
    """Returns what ``read_place`` reads."""
    return "-".join(map(str, place))


def read_near(after: str) -> Near | None:
    """Returns the place in a list by nearness that an address such as "8123~1204-2" names."""
    likeness, _, place = after.partition("~")
    found = read_place(place)
    return Near(int(likeness), found) if found and re.fullmatch(r"-?\d{1,5}", likeness) else None


def find_page(store: Store, table: RowTable, filters: Filters, search: Search, most: int) -> Found:
    """Returns the page of the list that the address asks for; raises CannotLook."""
    before, wishes = request.args.get("before", ""), ask_for(store.layout, (), filters.where(), "wishes")
    if search.nearest_first:
        return _by_nearness(store, table, wishes, meaning_behind(store, search), search.like, most, read_near(before))
    if search.typed:
        return _by_words(store, table, wishes, search.typed, most, read_place(before))
    page = table.page(store, wishes, most, read_place(before))
    responses = table.count(store, ask_for(store.layout, (), filters.where(), "responses")).total
    older = place_address(page.places[-1]) if page.more else ""
    return Found(page.places, page.newer, older, table.count(store, wishes).total, responses)


def _by_words(store: Store, table: RowTable, query: Query, typed: str, most: int, before: Place | None) -> Found:
    wanted = as_query(typed)
    with opened(_data(), store) as index:
        held = holding(index.connection, wanted)
        places = _shown(table.places(store, query), index)
    numbers = places[:, 0] * SLOTS + places[:, 1]
    there = np.zeros(max(numbers.max(initial=0), held.max(initial=0)) + 1, bool)
    there[held] = True
    passing, numbers = places[there[numbers]], numbers[there[numbers]]
    newer = int(np.count_nonzero(numbers >= before[0] * SLOTS + before[1])) if before else 0
    some = _pairs(passing[newer:newer + most])
    older = place_address(some[-1]) if newer + most < len(passing) else ""
    return Found(some, newer, older, len(passing), _responses(passing), behind=index.behind)


def _by_nearness(
    store: Store, table: RowTable, query: Query, vector: Vector, itself: Place | None, most: int, after: Near | None
) -> Found:
    every, looked_through, behind = near_wishes(store, table, query, vector, itself)
    newer = sum(1 for near in every if near.order >= after.order) if after else 0
    some = every[newer:newer + most]
    older = f"{some[-1].likeness}~{place_address(some[-1].place)}" if newer + most < len(every) else ""
    return Found(
        [near.place for near in some], newer, older, len(every), near={near.place: near.words for near in some},
        looked_through=looked_through, behind=behind,
    )


def near_wishes(
    store: Store, table: RowTable, query: Query, vector: Vector, itself: Place | None, shortlist: int = 0
) -> tuple[list[Near], int, int]:
    """Returns the wishes nearest to a vector, out of how many that pass a query, and how many events are not looked at yet.

    Raises CannotLook.
    """
    signs = signs_table(store.slug)
    with opened(_data(), store) as index:
        places = _shown(table.places(store, query), index)
        signs.refresh(index.connection, index.life, store.campaign.wishes_each)
    every = nearest(store, places, vector, signs, shortlist)
    others = [near for near in every if near.place != itself]
    return others[:MOST], len(places) - (len(others) < len(every)), index.behind


def _shown(places: NDArray[np.int64], index: Index) -> NDArray[np.int64]:
    """Returns the places that may be found by whoever looks: by a word, or a meaning, none that they may not read in it."""
    held_back = np.zeros(0, np.int64) if sees_redacted() else hidden(index.connection)
    return places[~np.isin(places @ [SLOTS, 1], held_back)] if len(held_back) else places


def meaning_behind(store: Store, search: Search) -> Vector:
    """Returns the vector of what is looked for; raises CannotLook."""
    if not search.like:
        return meaning_of(_data() / MODEL, search.typed)
    if not wish_at(store, search.like):
        raise CannotLook(GONE)
    return meaning_of_wish(store, search.like)


def wish_at(store: Store, place: Place | None) -> tuple[Response, Wish] | None:
    """Returns a wish with its response, None where it is not there or not for whoever looks."""
    response = get_response(store, place[0]) if place else None
    if not place or not response or response.state != LIVE or not may_see(store, response):
        return None
    return next(((response, wish) for wish in response.wishes if wish.slot == place[1]), None)


def _data() -> Path:
    return cast(Path, current_app.config["DATA_DIR"])


def _pairs(places: NDArray[np.int64]) -> list[Place]:
    return [(number, slot) for number, slot in places.tolist()]


def _responses(places: NDArray[np.int64]) -> int:
    """Returns of how many responses wishes are that lie in the order of their numbers."""
    return int(np.count_nonzero(np.diff(places[:, 0]))) + 1 if len(places) else 0
