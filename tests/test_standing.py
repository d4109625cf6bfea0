"""The standing tallies: ready-made, all as of one event, equal to a count of the rows, never older than what stands."""

import random
from datetime import date

import pytest

from campaigns.consumers import tallying
from campaigns.demonstration import made_up
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept_many
from campaigns.store.log import last_event
from campaigns.store.responses import get_response, get_responses
from campaigns.store.standing import NOTHING, Standing, keep_standing, read_standing, read_yesterday, standing_event
from campaigns.store.store import Store
from campaigns.tallies import BASES, standing_queries
from tests.storehouse import NORMANTON, catch_up, code_by_machine, open_little, send
from web.officers.counts import read_counts, signed, since_words
from web.officers.filters import Filters


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


def test_the_last_of_an_earlier_day_is_put_by_and_what_changed_is_told(store: Store) -> None:
    """Monday's last tallies stand beside Wednesday's, however often Wednesday is counted; none on the first day."""
    monday, wednesday = date(2026, 6, 1), date(2026, 6, 3)
    table = RowTable()
    send(store, "a")
    tallying.catch_up(store)
    for today in (monday, monday):
        keep_standing(store, table, table.refresh(store), today)
    assert (read_yesterday(store), read_standing(store).day) == (NOTHING, monday)
    assert read_counts(store, table, Filters({}, "wishes"), monday).before.since == ""
    first = read_standing(store)
    for number in (2, 3):
        send(store, "b")
        code_by_machine(store, number, 1, SlotCoding(("safer.green",), "more", "t-1", 0.5))
        tallying.catch_up(store)
        keep_standing(store, table, table.refresh(store), wednesday)
    assert read_yesterday(store) == first
    counts = read_counts(store, table, Filters({}, "wishes"), wednesday)
    told = [counts.change(*cell) for cell in (("theme", "safer"), ("code", "safer.green"), ("theme", "growth"))]
    assert (counts.before.since, told) == ("Since 1 June", ["+2", "+2", ""])
    assert read_counts(store, table, Filters({}, "wishes"), date(2026, 6, 4)).before.since == ""


def test_changes_are_told_with_their_sign_and_their_day() -> None:
    assert [signed(change) for change in (1200, -3, 0)] == ["+1,200", "−3", ""]
    assert since_words(date(2026, 5, 31), date(2026, 6, 1)) == "Since yesterday"
