"""Pieces of paper: each keyed or set down once, its card moved with it, and put back when it is undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from campaigns.responses import EXPIRED, LIVE
from campaigns.store.cards import STATES, card_state, print_cards, reconcile, responses_of_card
from campaigns.store.connection import Connections
from campaigns.store.intake import KEYED_AGAIN, Way
from campaigns.store.log import event_at, read_events
from campaigns.store.pieces import UnknownReason, get_piece, pieces_keyed, pieces_of, undo_piece
from campaigns.store.responses import get_response
from campaigns.store.returns import close_batch, get_batch
from campaigns.store.store import Store
from tests.paper import a_batch, batch_of, byte_of, counts, key_piece, put_down, put_state
from tests.storehouse import NORMANTON, open_little, send, window_around


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    print_cards(made, 6, NORMANTON, "s-1")
    a_batch(made, 9)
    return made


def test_a_keyed_piece_is_a_response_its_card_and_its_place_in_the_batch_at_once(store: Store) -> None:
    taken = key_piece(store, 1, "d-1", "trees", card=2)
    assert (card_state(store, 2), batch_of(store, 2), counts(store)) == ("keyed", 1, {"keyed": 1})
    assert responses_of_card(store, 2) == [(taken.number, "keyed")]
    piece = get_piece(store, 1, "d-1")
    assert piece and (piece.outcome, piece.card, piece.response, piece.who) == ("keyed", 2, taken.number, "s-1")
    assert (piece.at_ms, piece.event, pieces_of(store, 1)) == (taken.received_ms, taken.event, [piece])
    event = event_at(store, piece.event)
    assert event and event.subject == taken.number
    assert (event.data["card"], event.data["batch"], event.data["piece"]) == (2, 1, "d-1")


@pytest.mark.parametrize(("until", "came", "outcome"), [
    (-1, -2, "accepted"), (-1, -1, "accepted"), (-1, 0, "late"), (2, 2, "accepted"), (2, 3, "late"),
])
def test_paper_is_in_time_by_the_day_it_came_back(connections: Connections, until: int, came: int, outcome: str) -> None:
    today = date.today()
    store = open_little(connections, window_around(today, -9, min(until, 0) - 1, until))
    day = (today + timedelta(days=came)).isoformat()
    batch = a_batch(store, day=day)
    way = Way(who="s-2", window="cards", card_mark="keyed", piece=(batch.number, "d-1"))
    taken = send(store, channel="card", way=way)
    assert taken.outcome == outcome
    response = get_response(store, taken.number)
    assert (response.day if response else "") == (day if outcome == "accepted" else "")


def test_wishes_on_plain_paper_are_keyed_as_unnumbered(store: Store) -> None:
    taken = key_piece(store, 1, "d-1", "trees")
    assert (counts(store), pieces_of(store, 1)[0].response, pieces_of(store, 1)[0].card) == ({"unnumbered": 1}, taken.number, 0)
    assert reconcile(store).states["keyed"] == 0


def test_a_piece_sent_again_is_counted_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: key_piece(store, 1, "d-1", "trees", card=1).outcome, range(8)))
    assert sorted(outcomes) == ["accepted"] + ["same"] * 7
    assert (counts(store), pieces_keyed(store, "s-1")) == ({"keyed": 1}, 1)
    assert key_piece(store, 1, "d-1", "other words", card=1).outcome == "conflict"


def test_of_ten_who_key_one_card_at_once_one_does(store: Store) -> None:
    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda n: key_piece(store, 1, f"d{n}-1", f"wish {n}", card=1).outcome, range(10)))
    assert sorted(outcomes) == ["accepted"] + ["card"] * 9
    assert (counts(store), len(responses_of_card(store, 1))) == ({"keyed": 1}, 1)


@pytest.mark.parametrize(("letter", "outcome"), [
    *((letter, "accepted") for letter in "own"), *((letter, "card") for letter in "hxkuds"),
])
@pytest.mark.parametrize("online", [False, True])
def test_a_card_is_keyed_from_the_states_it_can_come_back_from(store: Store, letter: str, outcome: str, online: bool) -> None:
    put_state(store, 1, letter.upper() if online else letter)
    taken = key_piece(store, 1, "d-1", card=1)
    assert (taken.outcome, taken.detail) == (outcome, "" if outcome == "accepted" else letter)
    after = "k" if outcome == "accepted" else letter
    assert byte_of(store, 1) == (after.upper() if online else after)
    assert counts(store) == ({"keyed": 1} if outcome == "accepted" else {})


@pytest.mark.parametrize(("batch", "detail"), [(2, "missing"), (1, "closed")])
def test_nothing_goes_into_a_batch_that_is_not_open(store: Store, batch: int, detail: str) -> None:
    close_batch(store, 1, "s-1", "empty")
    for taken in (key_piece(store, batch, "d-1", card=1), put_down(store, batch, "d-2", card=1)):
        assert (taken.outcome, taken.detail) == ("batch", detail)
    assert undo_piece(store, batch, "d-1", "s-1").outcome == "missing"
    assert (card_state(store, 1), reconcile(store).states["out"]) == ("out", 6)


@pytest.mark.parametrize(("outcome", "why"), [("unusable", "blank"), ("duplicate", "photocopy"), ("set aside", "late")])
def test_a_piece_set_down_takes_its_card_with_it(store: Store, outcome: str, why: str) -> None:
    assert put_down(store, 1, "d-1", outcome, 3, why).outcome == "set"
    assert put_down(store, 1, "d-1", outcome, 3, why).outcome == "same"
    assert (card_state(store, 3), batch_of(store, 3), counts(store)) == (outcome, 1, {outcome: 1})
    piece = pieces_of(store, 1)[0]
    assert (piece.outcome, piece.card, piece.response, piece.why) == (outcome, 3, 0, why)
    event = read_events(store)[-1]
    letter = next(letter for letter, name in STATES.items() if name == outcome)
    assert (event.name, event.number, event.subject) == ("piece.noted", piece.event, 3)
    assert event.data == {"batch": 1, "piece": "d-1", "outcome": outcome, "why": why, "to": letter}


@pytest.mark.parametrize("outcome", ["unusable", "duplicate", "set aside"])
def test_a_piece_without_a_number_is_set_down_as_well(store: Store, outcome: str) -> None:
    assert put_down(store, 1, "d-1", outcome).kept
    assert (counts(store), reconcile(store).states["out"]) == ({outcome: 1}, 6)


@pytest.mark.parametrize(("letter", "outcome", "kept"), [
    ("k", "duplicate", True), ("s", "duplicate", True), ("k", "set aside", True), ("x", "set aside", True),
    ("k", "unusable", False), ("h", "unusable", False), ("h", "duplicate", False), ("x", "duplicate", False),
])
def test_a_second_piece_of_a_card_leaves_the_card_where_it_is(store: Store, letter: str, outcome: str, kept: bool) -> None:
    put_state(store, 1, letter)
    down = put_down(store, 1, "d-1", outcome, 1)
    assert (down.kept, down.detail) == (kept, "" if kept else STATES[letter])
    assert (byte_of(store, 1), counts(store)) == (letter, {outcome: 1} if kept else {})


@pytest.mark.parametrize(("outcome", "kept"), [("set aside", True), ("unusable", False), ("duplicate", False)])
def test_a_number_that_was_never_printed_can_only_be_set_aside(store: Store, outcome: str, kept: bool) -> None:
    down = put_down(store, 1, "d-1", outcome, 99)
    assert (down.kept, down.detail) == (kept, "" if kept else "unknown")
    assert [piece.card for piece in pieces_of(store, 1)] == [0] * kept


@pytest.mark.parametrize(("outcome", "why", "piece"), [
    ("unusable", "dull", "d-1"), ("keyed", "other", "d-1"), ("lost", "", "d-1"), ("set aside", "Mrs Smith's", "d-1"),
    ("unusable", "blank", ""), ("unusable", "blank", "d 1"), ("unusable", "blank", "x" * 65),
])
def test_only_reasons_from_the_table_are_taken(store: Store, outcome: str, why: str, piece: str) -> None:
    with pytest.raises(UnknownReason):
        put_down(store, 1, piece, outcome, 1, why)
    assert counts(store) == {}


def test_what_was_set_aside_can_be_settled_as_something_else(store: Store) -> None:
    put_down(store, 1, "d-1", "set aside", 1, "for a person")
    put_down(store, 1, "d-2", "set aside", 2, "same wishes online")
    assert key_piece(store, 1, "d-1", "trees", card=1).outcome == "accepted"
    assert put_down(store, 1, "d-2", "duplicate", 2, "same wishes online").outcome == "set"
    assert ([card_state(store, card) for card in (1, 2)], counts(store)) == (["keyed", "duplicate"], {"keyed": 1, "duplicate": 1})
    late = put_down(store, 1, "d-2", "set aside", 2, "same wishes online"), put_down(store, 1, "d-1", "unusable", 1)
    assert [(one.outcome, one.detail) for one in late] == [("same", "duplicate"), ("piece", "keyed")]
    assert undo_piece(store, 1, "d-1", "s-1").outcome == "undone"
    assert (card_state(store, 1), counts(store)) == ("out", {"duplicate": 1})


def test_what_was_set_aside_is_settled_when_its_batch_has_long_been_closed(store: Store) -> None:
    for place in (1, 2, 3):
        put_down(store, 1, f"d-{place}", "set aside", place, "for a person")
    close_batch(store, 1, "s-1", "six are lost")
    assert key_piece(store, 1, "d-1", "trees", card=1).outcome == "accepted"
    assert put_down(store, 1, "d-2", "unusable", 2, "blank").outcome == "set"
    assert (key_piece(store, 1, "d-4", card=4).detail, put_down(store, 1, "d-2").detail) == ("closed", "closed")
    batch = get_batch(store, 1)
    assert batch and (batch.state, batch.short, counts(store)) == ("closed", 6, {"keyed": 1, "unusable": 1, "set aside": 1})
    assert [card_state(store, card) for card in (1, 2, 3, 4)] == ["keyed", "unusable", "set aside", "out"]


def test_settling_with_another_number_puts_the_first_card_back(store: Store) -> None:
    put_down(store, 1, "d-1", "set aside", 1, "for a person")
    assert key_piece(store, 1, "d-1", "trees", card=2).outcome == "accepted"
    assert [(card_state(store, card), batch_of(store, card)) for card in (1, 2)] == [("out", 0), ("keyed", 1)]


@pytest.mark.parametrize(("double", "sampled", "keyed", "marks"), [
    ("", False, KEYED_AGAIN, ""), ("", True, KEYED_AGAIN, "2"), ("all", False, KEYED_AGAIN, "2"),
    ("", False, KEYED_AGAIN - 1, "2"), ("", False, 0, "2"),
])
def test_some_pieces_are_to_be_keyed_a_second_time(store: Store, double: str, sampled: bool, keyed: int, marks: str) -> None:
    store.text.hset(store.keys.of("keyers"), "s-9", keyed)
    number = a_batch(store, 5, double=double).number
    key_piece(store, number, "d-1", card=1, who="s-9", sampled=sampled)
    assert ([piece.marks for piece in pieces_of(store, number)], pieces_keyed(store, "s-9")) == ([marks], keyed + 1)


def test_a_card_brings_several_responses(store: Store) -> None:
    numbers = [send(store, "a", card=5).number, key_piece(store, 1, "d-1", card=5).number, send(store, "b", card=5).number]
    assert responses_of_card(store, 5) == list(zip(numbers, ("online", "keyed", "online"), strict=True))
    assert responses_of_card(store, 6) == []
    assert {response.state for number in numbers if (response := get_response(store, number))} == {LIVE} != {EXPIRED}
