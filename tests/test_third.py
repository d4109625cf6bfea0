"""Settling two keyings that differ: by a third person, who never learns which came first."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.cards.quality import SETTLED, errors_of
from campaigns.consumers.rebuilding import differences
from campaigns.keeping.expiring import expire
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import erase, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.pieces import undo_piece
from campaigns.store.responses import SECOND, get_response
from campaigns.store.second import checked_responses, get_checked, keep_second
from campaigns.store.store import Store
from campaigns.store.third import LEFT, RIGHT, Pair, Said, Settled, get_pair, settle, waiting_for_third
from tests.storehouse import ABBEY, NORMANTON, catch_up, code_by_machine, every_byte
from tests.twice import FIRST, SECOND_KEYER, THIRD, keyed, said, side_of, two_apart, with_a_batch


@pytest.fixture
def store(connections: Connections) -> Store:
    return with_a_batch(connections, 60)


def words(store: Store, number: int = 1) -> list[str]:
    response = get_response(store, number)
    assert response
    return [wish.text for wish in response.wishes]


@pytest.mark.parametrize(("taken", "wrong"), [("More buses", ()), ("Zebra crossings", ("wish1",))])
def test_one_of_the_two_is_taken_and_the_words_of_the_other_go(store: Store, taken: str, wrong: tuple[str, ...]) -> None:
    pair = two_apart(store)
    assert settle(store, 1, {"wish1": side_of(pair, taken)}, THIRD).outcome == "kept"
    one = get_checked(store, 1)
    assert one and (one.state, one.third, one.wrong, one.differ) == (SETTLED, THIRD, wrong, ("wish1",))
    assert words(store) == [taken]
    assert (b"More buses" if wrong else b"Zebra") not in every_byte(store.connections)
    assert (verify(store).problem, errors_of(checked_responses(store))) == ("", (len(wrong), 2))


@pytest.mark.parametrize(("typed", "wrong", "events"), [
    ("A tram to the station", ["wish1"], ["keying.settled", "response.revised"]),
    ("more buses!", [], ["keying.settled", "response.revised"]), ("More buses", [], ["keying.settled"]),
])
def test_what_stands_may_be_typed(store: Store, typed: str, wrong: list[str], events: list[str]) -> None:
    two_apart(store)
    before = last_event(store)
    assert settle(store, 1, {"wish1": Said(typed)}, THIRD).outcome == "kept"
    assert words(store) == [typed]
    logged = read_events(store, before)
    assert [event.name for event in logged] == events
    assert (logged[0].subject, logged[0].who, logged[0].data) == (1, THIRD, {"batch": 1, "differ": ["wish1"], "wrong": wrong})
    assert verify(store).problem == ""


def test_words_that_change_lose_their_coding_and_the_rows_follow(store: Store) -> None:
    pair = two_apart(store)
    code_by_machine(store, 1, 1, SlotCoding(("growth.roads",), "mend", "t-1", 0.75, (2, 5)))
    settle(store, 1, {"wish1": side_of(pair, "Zebra crossings")}, THIRD)
    response = get_response(store, 1)
    assert response and response.wishes[0].machine is None
    catch_up(store)
    assert differences(store, RowTable()) == []


def test_place_and_ticks_are_settled_too(store: Store) -> None:
    pair = two_apart(store, outward="DE1", area=ABBEY, answers={"connection": 2}, special={"faith": 1})
    names = [field.name for field in pair.fields]
    assert names == ["wish1", "postcode", "tick:connection", "tick:faith"]
    assert {pair.fields[1].left, pair.fields[1].right} == {Said(area=ABBEY, outward="DE1"), Said(area="not given")}
    assert {pair.fields[2].left, pair.fields[2].right} == {Said(tick=2), Said()}
    assert (pair.fields[3].left, pair.fields[3].right) == (None, None)
    second = side_of(pair, "Zebra crossings")
    first = LEFT if second == RIGHT else RIGHT
    chosen = {"wish1": first, "postcode": second, "tick:connection": Said(tick=3), "tick:faith": Said(tick=2)}
    assert settle(store, 1, chosen, THIRD).outcome == "kept"
    response = get_response(store, 1)
    assert response and (response.area, response.outward, response.answers) == (ABBEY, "DE1", {"connection": 3})
    assert (response.special, words(store)) == ({"faith": 2}, ["More buses"])
    one = get_checked(store, 1)
    assert one and one.wrong == ("postcode", "tick:connection", "tick:faith")
    catch_up(store)
    assert (verify(store).problem, differences(store, RowTable())) == ("", [])


def test_what_was_given_first_may_be_taken_away(store: Store) -> None:
    keep_second(store, keyed(store, "One", "Two"), said("One", area=ABBEY, outward="DE1"), SECOND_KEYER)
    chosen = {"wish2": Said(""), "postcode": Said(area="not given")}
    assert settle(store, 1, chosen, THIRD).outcome == "kept"
    response = get_response(store, 1)
    assert response and (response.area, response.outward, words(store)) == ("not given", "", ["One"])
    assert verify(store).problem == ""


def test_a_response_must_keep_a_wish(store: Store) -> None:
    two_apart(store)
    assert settle(store, 1, {"wish1": Said("")}, THIRD) == Settled("empty")
    assert words(store) == ["More buses"]


@pytest.mark.parametrize("who", [FIRST, SECOND_KEYER])
def test_neither_of_the_two_can_be_the_third(store: Store, who: str) -> None:
    pair = two_apart(store)
    assert get_pair(store, 1, who) == settle(store, 1, {"wish1": side_of(pair, "Zebra crossings")}, who) == Settled("own")
    assert waiting_for_third(store, who) == []
    assert [one.response for one in waiting_for_third(store, THIRD)] == [one.response for one in waiting_for_third(store)] == [1]


def test_the_side_does_not_tell_which_came_first(store: Store) -> None:
    sides = [side_of(two_apart(store, card=card), "More buses") for card in range(1, 41)]
    assert 8 <= sides.count(LEFT) <= 32
    again = [get_pair(store, number, THIRD) for number in range(1, 41)]
    assert sides == [side_of(pair, "More buses") for pair in again if isinstance(pair, Pair)]


def test_settling_twice_is_once_and_the_first_to_settle_stands(store: Store) -> None:
    two_apart(store)
    assert settle(store, 1, {"wish1": Said("A tram")}, THIRD).outcome == "kept"
    events = last_event(store)
    assert settle(store, 1, {"wish1": Said("A tram")}, THIRD).outcome == "same"
    assert settle(store, 1, {"wish1": Said("A boat")}, "s-4").outcome == "gone"
    assert (words(store), last_event(store), get_pair(store, 1, "s-4")) == (["A tram"], events, Settled("gone"))
    assert settle(store, 99, {}, THIRD) == get_pair(store, 99, THIRD) == Settled("gone")


def test_of_many_who_settle_at_once_one_does(store: Store) -> None:
    two_apart(store)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: settle(store, 1, {"wish1": Said(f"Wish {n}")}, f"s-{n}").outcome, range(10, 18)))
    assert (found.count("kept"), found.count("gone")) == (1, 7)
    assert (verify(store).problem, store.text.hget(store.keys.response(1), SECOND)) == ("", None)


@pytest.mark.parametrize("how", ["withdrawn", "erased", "expired", "undone", "revised"])
def test_what_went_meanwhile_is_not_settled_and_counts_nowhere(store: Store, how: str) -> None:
    pair = two_apart(store)
    if how == "revised":
        assert revise_wishes(store, pair.response, ("Other words",)).done
    else:
        {"withdrawn": lambda: withdraw(store, 1), "erased": lambda: erase(store, 1), "expired": lambda: expire(store, [1]),
         "undone": lambda: undo_piece(store, 1, "d-1", "s-9")}[how]()
    assert settle(store, 1, {"wish1": Said("A tram")}, THIRD) == Settled("gone")
    assert waiting_for_third(store) == []
    assert errors_of(checked_responses(store)) == (0, 0)
    held = every_byte(store.connections)
    assert [said for said in (b"Zebra", b"A tram") if said in held] == []


def test_an_area_that_was_delivered_to_says_nothing_of_its_own(store: Store) -> None:
    keep_second(store, keyed(store, "One"), said("One", area=NORMANTON), SECOND_KEYER)
    one = get_checked(store, 1)
    assert one and one.compared == ("serial", "wish1")
