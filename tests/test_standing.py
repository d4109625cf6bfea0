"""The standing tallies: ready-made, all as of one event, equal to a count of the rows, never older than what stands."""

import random

import pytest

from campaigns.demonstration import made_up
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept_many
from campaigns.store.log import last_event
from campaigns.store.responses import get_response, get_responses
from campaigns.store.standing import NOTHING, Standing, keep_standing, read_standing, standing_event
from campaigns.store.store import Store
from campaigns.tallies import BASES, standing_queries
from tests.storehouse import NORMANTON, catch_up, code_by_machine, open_little, send


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def busy(store: Store) -> Store:
    """Returns a campaign of forty responses, some coded, one withdrawn and one erased."""
    accept_many(store, [(one, Way(window="none")) for one in made_up(store.campaign, 40, random.Random(3))])
    codes = [("growth.roads",), ("growth.roads", "growth.jobs"), ("other",), ("safer.green", "growth.jobs")]
    for response in get_responses(store, range(1, 31)):
        for wish in response.wishes:
            coding = SlotCoding(codes[(response.number + wish.slot) % 4], ("more", "less")[wish.slot % 2], "t-1", 0.5)
            code_by_machine(store, response.number, wish.slot, coding)
    first = get_response(store, 1)
    assert first
    code_wish(store, first, first.wishes[0].slot, SlotCoding(("safer.green",), "keep", "s-1"))
    withdraw(store, 2)
    erase(store, 3)
    return store


def test_before_the_first_there_is_nothing(store: Store) -> None:
    assert (read_standing(store), standing_event(store)) == (NOTHING, 0)
    assert (NOTHING.total(), NOTHING.counts("theme"), NOTHING.table("theme-ask")) == (0, {}, {})


def test_an_empty_campaign_stands_at_nought(store: Store) -> None:
    standing = catch_up(store)
    assert (standing.event, standing.total(), standing.counts("channel")) == (1, 0, {})


def test_every_standing_table_is_what_counting_gives(busy: Store) -> None:
    standing = catch_up(busy)
    table = RowTable()
    table.refresh(busy)
    for name, query in standing_queries().items():
        facets, base = name.split(":")
        counted = table.count(busy, query)
        assert standing.total(base) >= counted.total
        if facets != "all":
            assert standing.table(facets, base) == counted.cells, name
    assert standing.event == last_event(busy)


@pytest.mark.parametrize("base", BASES)
def test_totals_are_those_of_the_responses_themselves(busy: Store, base: str) -> None:
    living = [one for one in get_responses(busy, range(1, 41)) if one.state == "live"]
    codes = [code for one in living for wish in one.wishes if wish.coding for code in wish.coding.codes]
    right = {"responses": len(living), "wishes": sum(len(one.wishes) for one in living), "mentions": len(codes)}
    standing = catch_up(busy)
    assert standing.total(base) == right[base]
    assert {code: codes.count(code) for code in codes} == standing.counts("code", "mentions")


def test_what_has_no_source_stands_under_no_name(store: Store) -> None:
    send(store, "a", source="libraries", channel="card", area=NORMANTON)
    send(store, "b")
    standing = catch_up(store)
    assert standing.counts("source") == {"libraries": 1, "": 1}
    assert standing.counts("ward") == {"Normanton": 1, "not given": 1}


def test_older_tallies_do_not_take_the_place_of_newer(store: Store) -> None:
    send(store)
    old = RowTable()
    catch_up(store)
    event = old.refresh(store)
    send(store)
    newest = catch_up(store)
    keep_standing(store, old, event)
    assert read_standing(store) == newest
    assert (newest.event, newest.total()) == (3, 2)


def test_pages_can_tell_by_the_event_whether_anything_moved(store: Store) -> None:
    send(store)
    assert standing_event(store) == 0
    assert catch_up(store).event == standing_event(store) == 2


def test_a_table_of_two_facets_reads_back_by_both_names() -> None:
    standing = Standing(1, 1, {"theme-ask:wishes": {"growth\x1fmore": 3, "safer\x1fless": 1, "\x1f": 4}})
    assert standing.table("theme-ask", "wishes") == {("growth", "more"): 3, ("safer", "less"): 1}
