"""The sample in its store: drawn once, each wish coded by two people apart, a third settles; nothing of it counts in a tally."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.events import EVENTS
from campaigns.keeping.expiring import expire
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.responses import get_response
from campaigns.store.sample import CannotDraw, draw_sample, read_draws, read_sample, settled
from campaigns.store.store import Store
from campaigns.store.turns import CODING, THIRD, keep_coding, last_of, left_for, take_turn, undo_coding
from tests.sampled import ONE, OTHER, PARKS, ROADS, SEED, THREE, code_next, drawn, fill, said, settle_all
from tests.storehouse import NORMANTON, catch_up, open_little, send


@pytest.fixture
def store(connections: Connections) -> Store:
    store = open_little(connections)
    fill(store)
    return store


def test_the_same_seed_draws_the_same_and_the_log_says_so(store: Store) -> None:
    made = drawn(store)
    assert len(made.numbers) == 4 and set(made.numbers) <= set(range(1, 7))
    [event] = [event for event in read_events(store) if event.name == "sample.drawn"]
    assert (event.who, event.data["count"], event.data["of"], event.data["seed"]) == ("s-officer", 4, 6, SEED)
    assert read_draws(store) == [made]


def test_a_further_draw_comes_from_what_came_since_or_adds_to_the_same(store: Store) -> None:
    first, more = drawn(store, 3), drawn(store, 2, "9")
    assert (more.after, more.up_to) == (first.after, first.up_to) == (0, 6)
    assert set(first.numbers).isdisjoint(more.numbers)
    fill(store, 4, area=NORMANTON)
    later = drawn(store, 2, "9")
    assert (later.after, later.up_to) == (6, 10) and set(later.numbers) <= {7, 8, 9, 10}
    assert len(read_sample(store).wishes) == 7


@pytest.mark.parametrize(("wishes", "seed", "told"), [
    (0, "1", "from 1 to"), (2001, "1", "from 1 to"), (5, "", "Give a seed"), (5, "é", "Give a seed"),
])
def test_what_cannot_be_drawn_is_said(store: Store, wishes: int, seed: str, told: str) -> None:
    with pytest.raises(CannotDraw, match=told):
        draw_sample(store, RowTable(), wishes, seed, "s-1")


def test_nothing_can_be_drawn_twice_over(store: Store) -> None:
    drawn(store, 6)
    with pytest.raises(CannotDraw, match="have been drawn"):
        drawn(store, 6)


def test_two_agree_and_it_stands_without_counting(store: Store) -> None:
    drawn(store)
    before = catch_up(store).tables
    one, kept = code_next(store, said(PARKS))
    assert kept.done and settled(store) == {}
    again, kept = code_next(store, said(PARKS, who=OTHER))
    assert (again.place, kept.outcome) == (one.place, "kept")
    assert {place: coding.codes for place, coding in settled(store).items()} == {one.place: PARKS}
    assert catch_up(store).tables == before
    response = get_response(store, one.number)
    assert response and response.wishes[0].person is None


def test_a_third_settles_where_two_differ(store: Store) -> None:
    drawn(store)
    one, _ = code_next(store, said(ROADS))
    code_next(store, said(PARKS, who=OTHER))
    assert settled(store) == {}
    sample = read_sample(store)
    assert [len(left_for(sample, who, THIRD)) for who in (ONE, OTHER, THREE)] == [0, 0, 1]
    same, kept = code_next(store, said(PARKS, "less", THREE), THIRD)
    assert (same.place, kept.outcome) == (one.place, "kept")
    assert settled(store)[one.place].codes == PARKS and settled(store)[one.place].ask == "less"


def test_nobody_is_given_a_wish_twice_nor_two_the_same_turn(store: Store) -> None:
    drawn(store, 2)
    sample = read_sample(store)
    given = {who: take_turn(store, left_for(sample, who), who) for who in ("s-1", "s-2", "s-3", "s-4", "s-5")}
    first, second = (one.place for one in sample.wishes)
    assert given == {"s-1": first, "s-2": first, "s-3": second, "s-4": second, "s-5": None}
    assert take_turn(store, left_for(sample, "s-1"), "s-1") == first, "who looks again has the same before them"
    assert take_turn(store, left_for(sample, "s-1"), "s-1", leave=first) == first, "the other is with two people already"
    assert take_turn(store, left_for(sample, "s-5"), "s-5") is None
    for one in sample.wishes:
        keep_coding(store, one, said(ROADS, who="s-1"))
    assert left_for(read_sample(store), "s-1") == []


def test_many_who_ask_in_the_same_moment_share_out_every_turn(store: Store) -> None:
    drawn(store, 6)
    wishes = read_sample(store).wishes
    with ThreadPoolExecutor(8) as people:
        given = Counter(people.map(lambda who: take_turn(store, wishes, f"s-{who}"), range(15)))
    assert given == {**{one.place: 2 for one in wishes}, None: 3}


def test_a_wish_that_is_left_comes_last(store: Store) -> None:
    drawn(store, 3)
    wishes = left_for(read_sample(store), ONE)
    first, second, third = (one.place for one in wishes)
    assert [take_turn(store, wishes, ONE, CODING, leave) for leave in (None, first, second, third)] == [
        first, second, third, first,
    ]


@pytest.mark.parametrize(("again", "outcome"), [
    (said(ROADS), "same"), (said(PARKS), "own"), (said(ROADS, who=THREE), "taken"),
])
def test_what_comes_too_late_is_said(store: Store, again: SlotCoding, outcome: str) -> None:
    drawn(store)
    one, _ = code_next(store, said(ROADS))
    code_next(store, said(ROADS, who=OTHER))
    assert keep_coding(store, one, again).outcome == outcome
    assert settled(store)[one.place].codes == ROADS


def test_what_was_said_can_be_taken_back(store: Store) -> None:
    drawn(store)
    one, _ = code_next(store, said(ROADS))
    code_next(store, said(ROADS, who=OTHER))
    assert undo_coding(store, one, OTHER).done and settled(store) == {}
    code_next(store, said(PARKS, who=OTHER, at_ms=2))
    code_next(store, said(PARKS, who=THREE, at_ms=3), THIRD)
    sample = read_sample(store)
    assert (last_of(sample, OTHER), last_of(sample, "s-9")) == (None, None), "a third has built on it"
    assert undo_coding(store, one, OTHER).outcome == "taken"
    found = last_of(sample, THREE)
    assert found and found.place == one.place and undo_coding(store, one, THREE).done
    assert settled(store) == {} and left_for(read_sample(store), THREE, THIRD)


def test_a_wish_whose_words_change_is_coded_anew(store: Store) -> None:
    drawn(store, 6)
    settle_all(store)
    one = read_sample(store).wishes[0]
    response = get_response(store, one.number)
    assert response and revise_wishes(store, response, ("Something else",)).done
    assert one.place not in settled(store) and len(settled(store)) == 5
    assert keep_coding(store, one, said(ROADS, who="s-9")).outcome == "words"


def test_what_is_withdrawn_erased_or_past_its_time_leaves_or_stays_as_it_should(store: Store) -> None:
    drawn(store, 6)
    settle_all(store)
    withdraw(store, 1)
    erase(store, 2)
    expire(store, [3])
    assert set(settled(store)) == {(3, 1), (4, 1), (5, 1), (6, 1)}
    assert store.text.hget(store.keys.response(2), "i1") is None
    left = next(one for one in read_sample(store).wishes if one.number == 3)
    assert keep_coding(store, left, said(ROADS, who="s-9")).outcome == "gone"


def test_the_log_tells_that_it_was_coded_and_never_how(store: Store) -> None:
    drawn(store)
    code_next(store, said(PARKS))
    code_next(store, said(PARKS, who=OTHER))
    told = [event for event in read_events(store) if event.name.startswith("sample.") and event.subject]
    assert [(event.name, event.who) for event in told] == [
        ("sample.coded", ONE), ("sample.coded", OTHER), ("sample.settled", OTHER),
    ]
    assert not any("safer" in str(event.data) for event in told)
    assert {name for name in EVENTS if name.startswith("sample.")} == {
        "sample.drawn", "sample.coded", "sample.settled", "sample.undone",
    }
    assert not verify(store).problem


def test_a_correction_by_whoever_coded_it_here_is_no_measure_of_the_count(store: Store) -> None:
    drawn(store)
    one, _ = code_next(store, said(PARKS))
    for who, codes in ((ONE, ROADS), ("s-desk", PARKS)):
        response = get_response(store, one.number)
        assert response and code_wish(store, response, 1, said(PARKS, who=who)).done
        found = next(each for each in read_sample(store).wishes if each.place == one.place)
        assert found.counted and found.counted.codes == codes


def test_a_response_that_was_not_drawn_is_not_in_it(store: Store) -> None:
    drawn(store, 2)
    send(store, "Another", "And one more")
    catch_up(store)
    assert len(read_sample(store).wishes) == 2
