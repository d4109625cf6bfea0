"""Keying a second time: by another person, blind, once, and never words kept longer than needed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaigns.cards.quality import AGREED, DIFFERS
from campaigns.consumers.rebuilding import differences
from campaigns.keeping.expiring import expire
from campaigns.store.blocks import RowTable
from campaigns.store.changes import erase, keep_about, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.pieces import get_piece, undo_piece
from campaigns.store.responses import SECOND, get_response
from campaigns.store.returns import close_batch, get_batch
from campaigns.store.second import (
    Rules,
    checked_responses,
    get_checked,
    is_drawn,
    keep_second,
    rules_of,
    set_rules,
    to_take,
)
from campaigns.store.store import Store, load_campaign, open_store
from tests.paper import key_piece
from tests.storehouse import ABBEY, LITTLE, campaign_text, catch_up, every_byte
from tests.twice import FIRST, SECOND_KEYER, keyed, said, with_a_batch


@pytest.fixture
def store(connections: Connections) -> Store:
    return with_a_batch(connections)


def kept_words(store: Store, number: int = 1) -> str | None:
    return store.text.hget(store.keys.response(number), SECOND)


def test_two_keyings_that_agree_leave_no_second_words(store: Store) -> None:
    piece = keyed(store, "More buses, please", "A pool")
    assert keep_second(store, piece, said("more  buses please", "A pool."), SECOND_KEYER).outcome == "kept"
    one = get_checked(store, 1)
    assert one and (one.state, one.first, one.second, one.batch, one.differ) == (AGREED, FIRST, SECOND_KEYER, 1, ())
    assert one.compared == ("serial", "wish1", "wish2")
    assert kept_words(store) is None
    assert b"more  buses" not in every_byte(store.connections)
    response = get_response(store, 1)
    assert response and [wish.text for wish in response.wishes] == ["More buses, please", "A pool"]


def test_two_keyings_that_differ_wait_with_their_words(store: Store) -> None:
    piece = keyed(store, "More buses", "A pool")
    assert keep_second(store, piece, said("Less buses", "A pool", outward="DE1", area=ABBEY), SECOND_KEYER).kept
    one = get_checked(store, 1)
    assert one and (one.state, one.differ) == (DIFFERS, ("wish1", "postcode"))
    assert "Less buses" in (kept_words(store) or "")
    response = get_response(store, 1)
    assert response and response.wishes[0].text == "More buses"


def test_the_log_says_which_fields_differ_and_no_word(store: Store) -> None:
    keep_second(store, keyed(store, "More buses"), said("Wombats"), SECOND_KEYER)
    event = read_events(store, last_event(store) - 1)[0]
    assert (event.name, event.subject, event.who) == ("keying.compared", 1, SECOND_KEYER)
    assert event.data == {"batch": 1, "compared": 2, "differ": ["wish1"]}
    assert (verify(store).problem, catch_up(store).event) == ("", event.number)
    assert differences(store, RowTable()) == []


def test_who_keyed_it_first_cannot_be_the_second(store: Store) -> None:
    piece = keyed(store, "More buses")
    assert keep_second(store, piece, said("More buses"), FIRST).outcome == "own"
    assert checked_responses(store) == []


@pytest.mark.parametrize("other", ["More buses", "Less buses"])
def test_a_repeat_is_one_and_another_try_changes_nothing(store: Store, other: str) -> None:
    piece = keyed(store, "More buses")
    submission = said(other)
    assert keep_second(store, piece, submission, SECOND_KEYER).outcome == "kept"
    events, before = last_event(store), every_byte(store.connections)
    assert keep_second(store, piece, submission, SECOND_KEYER).outcome == "same"
    assert keep_second(store, piece, said("Something else"), SECOND_KEYER).outcome == "conflict"
    assert keep_second(store, piece, submission, "s-3").outcome == "taken"
    assert (last_event(store), every_byte(store.connections)) == (events, before)


def test_of_many_who_key_it_at_once_one_is_the_second(store: Store) -> None:
    piece = keyed(store, "More buses")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: keep_second(store, piece, said("Less buses"), f"s-{n}").outcome, range(10, 18)))
    assert (found.count("kept"), found.count("taken")) == (1, 7)
    with ThreadPoolExecutor(8) as pool:
        piece = keyed(store, "A pool", card=2)
        again = list(pool.map(lambda _: keep_second(store, piece, said("A pool", card=2), "s-2").outcome, range(8)))
    assert (again.count("kept"), again.count("same")) == (1, 7)
    assert len(checked_responses(store)) == 2


@pytest.mark.parametrize("how", ["withdrawn", "erased", "expired", "undone"])
def test_a_response_that_is_gone_takes_no_second_keying_and_keeps_none(store: Store, how: str) -> None:
    before, after = keyed(store, "More buses"), keyed(store, "More buses", card=2)
    assert keep_second(store, before, said("Zebra crossings"), SECOND_KEYER).kept
    go = {
        "withdrawn": lambda piece: withdraw(store, piece.response), "erased": lambda piece: erase(store, piece.response),
        "expired": lambda piece: expire(store, [piece.response]), "undone": lambda piece: undo_piece(store, 1, piece.id, "s-9"),
    }[how]
    for piece in (before, after):
        go(piece)
    assert kept_words(store) is None
    late = keep_second(store, after, said("Zebra crossings", card=2), SECOND_KEYER)
    assert (late.outcome, late.detail) == ("refused", {"undone": "withdrawn"}.get(how, how))
    assert b"Zebra" not in every_byte(store.connections)
    assert verify(store).problem == ""


def test_words_that_are_revised_make_the_second_keying_moot_and_answers_do_not(store: Store) -> None:
    keep_second(store, keyed(store, "More buses"), said("Less buses"), SECOND_KEYER)
    response = get_response(store, 1)
    assert response and keep_about(store, response, "{}", {}).done
    assert kept_words(store)
    response = get_response(store, 1)
    assert response and revise_wishes(store, response, ("Other words",)).done
    assert kept_words(store) is None


def test_special_answers_are_compared_and_never_laid_beside_words(store: Store) -> None:
    piece = keyed(store, "More buses")
    keep_second(store, piece, said("More trams", answers={"connection": 1}, special={"faith": 2}), SECOND_KEYER)
    one = get_checked(store, 1)
    assert one and one.differ == ("wish1", "tick:connection", "tick:faith")
    assert "faith" not in (kept_words(store) or "")


def test_a_piece_that_was_not_drawn_is_not_taken(store: Store) -> None:
    piece = keyed(store, "More buses")
    assert keep_second(store, replace(piece, marks=""), said("More buses"), SECOND_KEYER).outcome == "unsampled"
    assert keep_second(store, replace(piece, response=0), said("More buses"), SECOND_KEYER).outcome == "unsampled"
    assert keep_second(store, replace(piece, response=99), said("More buses"), SECOND_KEYER).outcome == "missing"


def test_which_cards_somebody_is_to_take(store: Store) -> None:
    keyed(store, "One", card=1)
    keyed(store, "Two", card=2)
    keyed(store, "Three", card=3, who=SECOND_KEYER)
    withdraw(store, keyed(store, "Four", card=4).response)
    key_piece(store, 1, "d-9", "No number")
    assert to_take(store, get_batch(store, 1), SECOND_KEYER) == []  # still open: who keys it must not learn what is drawn
    close_batch(store, 1, FIRST, "two are missing")
    assert [piece.card for piece in to_take(store, get_batch(store, 1), SECOND_KEYER)] == [1, 2]
    assert [piece.card for piece in to_take(store, get_batch(store, 1), FIRST)] == [3]
    piece = get_piece(store, 1, "d-1")
    assert piece and keep_second(store, piece, said("Two, or not"), SECOND_KEYER).kept
    assert [piece.card for piece in to_take(store, get_batch(store, 1), "s-3")] == [2, 3]


def test_chance_draws_the_share_that_is_set_and_always_the_same_cards(store: Store) -> None:
    drawn = {card for card in range(1, 3001) if is_drawn(store, card)}
    assert 220 < len(drawn) < 380
    assert drawn == {card for card in range(1, 3001) if is_drawn(store, card)}
    assert not is_drawn(store, 0)
    set_rules(store, Rules(0.5, 0.2), "s-9")
    more = open_store(store.connections, LITTLE)
    assert rules_of(more) == Rules(0.5, 0.2)
    assert drawn < {card for card in range(1, 3001) if is_drawn(more, card)}
    event = read_events(store, last_event(store) - 1)[0]
    assert (event.name, event.data, event.who) == ("keying.ruled", {"share": 0.5, "apart": 0.2}, "s-9")
    set_rules(store, Rules(0, 0), "s-9")
    none = open_store(store.connections, LITTLE)
    assert not any(is_drawn(none, card) for card in range(1, 500))
    set_rules(store, Rules(1, 1), "s-9")
    every = open_store(store.connections, LITTLE)
    assert all(is_drawn(every, card) for card in range(1, 500))


def test_the_rules_are_the_campaign_files_until_a_supervisor_sets_others(connections: Connections) -> None:
    load_campaign(connections, LITTLE, campaign_text() + "\n[keying]\nsecond_percent = 25\napart_percent = 8\n")
    assert rules_of(open_store(connections, LITTLE)) == Rules(0.25, 0.08)
    load_campaign(connections, LITTLE, campaign_text())
    assert rules_of(open_store(connections, LITTLE)) == Rules(0.1, 0.03)


def test_how_far_apart_two_keyings_may_lie_is_the_supervisors(store: Store) -> None:
    set_rules(store, Rules(0.1, 0.5), "s-9")
    loose = open_store(store.connections, LITTLE)
    keep_second(loose, keyed(loose, "More buses here at night"), said("More trams here at night"), SECOND_KEYER)
    one = get_checked(loose, 1)
    assert one and one.state == AGREED
