"""A bundle keyed a second time at the desk: blind, by another person, only the cards that were drawn."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaigns.cards.quality import AGREED, DIFFERS
from campaigns.cards.serials import serial_for
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import print_cards
from campaigns.store.changes import withdraw
from campaigns.store.connection import Connections
from campaigns.store.pieces import pieces_of
from campaigns.store.responses import response_count
from campaigns.store.returns import close_batch
from campaigns.store.second import Rules, get_checked, is_drawn, set_rules
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, make_desks
from tests.keying import DESK, TOKEN, Keyer, fields, sit_down
from web import create_app
from web.keying.again import NO_BUNDLE, NOTHING, ONLY_WHAT_IS_WRITTEN, STILL_OPEN, UNNUMBERED

ABBEY, NORMANTON = "E05001767", "E05001780"
AGAIN = f"{DESK}1/again"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    print_cards(made.store, 6, NORMANTON, "s-1")
    return made


@pytest.fixture
def first(desks: Desks) -> Keyer:
    """Gives somebody who has keyed three cards, whose batch is closed."""
    keyer = sit_down(desks, 4)
    keyer.say(keyer.item(1, "More buses"), keyer.item(2, "A pool", "A park"), keyer.item(3, "Trees"),
              keyer.item(0, "No number", outcome="unnumbered"))
    close_batch(desks.store, 1, keyer.person)
    return keyer


@pytest.fixture
def second(desks: Desks, first: Keyer) -> Keyer:
    """Gives somebody else, who has opened the bundle again."""
    client, person = desks.signed_in("keyer", name="Grace"), desks.person("keyer", name="Grace")
    page = client.get(f"{DESK}again?number=0001")
    assert (page.status_code, page.location) == (303, AGAIN)
    token = TOKEN.search(client.get(AGAIN).text)
    assert token
    return Keyer(desks, client, 1, person.id, token[1])


def key(keyer: Keyer, *items: dict[str, Any]) -> list[tuple[str, str]]:
    """Sends items to the second keying's queue, and returns what is answered to each."""
    sent = {"by": keyer.person, "items": list(items)}
    answer = keyer.client.post(f"{AGAIN}/queue", json=sent, headers={"X-CSRFToken": keyer.token})
    assert answer.status_code == 200, answer.text
    return [(one["outcome"], one["words"]) for one in answer.get_json()["answers"]]


def state(store: Store, number: int = 1) -> str:
    one = get_checked(store, number)
    return one.state if one else ""


def test_the_desk_says_which_cards_to_take_and_nothing_of_the_first_keying(second: Keyer) -> None:
    page = second.client.get(AGAIN).text
    assert "Take the whole bundle 0001" in page
    assert "second keying · 3 left for you" in page
    assert not re.search("More buses|A pool|Trees", page)
    assert 'data-phrases=""' in page


def test_only_drawn_cards_are_listed(desks: Desks, first: Keyer, second: Keyer) -> None:
    drawn = pieces_of(desks.store, 1)[1]
    kept = desks.store.text.hget(desks.store.keys.of("pieces", 1), drawn.id) or ""
    desks.store.text.hset(desks.store.keys.of("pieces", 1), drawn.id, kept.replace('"m":"2"', '"m":""'))
    page = second.client.get(AGAIN).text
    assert "Take from bundle 0001" in page
    assert [serial_for(card, SLUG) in page for card in (1, 2, 3)] == [True, False, True]
    assert key(second, second.item(2, "A pool")) == [("aside", f"{serial_for(2, SLUG)}: {NOTHING['unsampled']}")]
    assert second.client.get(f"{AGAIN}/look?serial={serial_for(2, SLUG)}").get_json()["problem"] == NOTHING["unsampled"]
    assert second.client.get(f"{AGAIN}/look?serial={serial_for(1, SLUG)}").get_json()["problem"] == ""


def test_it_is_answered_alike_whether_the_two_agree_or_not(desks: Desks, second: Keyer) -> None:
    assert key(second, second.item(1, "more  buses."), second.item(2, "A pond", "A park")) == [("saved", "")] * 2
    assert [state(desks.store, number) for number in (1, 2, 3)] == [AGREED, DIFFERS, ""]
    assert response_count(desks.store) == 4
    assert "1 left for you" in second.client.get(AGAIN).text


def test_a_repeat_is_answered_the_same_and_another_try_stands_aside(second: Keyer) -> None:
    item = second.item(1, "Less buses")
    assert key(second, item, item) == [("saved", "")] * 2
    assert key(second, second.item(1, "More buses"))[0] == ("aside", f"{serial_for(1, SLUG)}: {NOTHING['conflict']}")


def test_who_keyed_it_first_is_told_to_leave_it(desks: Desks, first: Keyer) -> None:
    assert "3 left" not in first.client.get(AGAIN).text
    assert key(first, first.item(1, "More buses")) == [("aside", f"{serial_for(1, SLUG)}: {NOTHING['own']}")]
    assert first.client.get(f"{AGAIN}/look?serial={serial_for(1, SLUG)}").get_json()["problem"] == NOTHING["own"]
    assert state(desks.store) == ""


def test_a_third_who_comes_late_and_a_withdrawn_response_are_told(desks: Desks, second: Keyer) -> None:
    key(second, second.item(1, "More buses"))
    late, person = desks.signed_in("keyer", name="Mary"), desks.person("keyer", name="Mary")
    token = TOKEN.search(late.get(AGAIN).text)
    assert token
    mary = Keyer(desks, late, 1, person.id, token[1])
    withdraw(desks.store, 3)
    assert [words.partition(": ")[2] for _, words in key(mary, mary.item(1, "More buses"), mary.item(3, "Trees"))] == [
        NOTHING["taken"], NOTHING["refused"],
    ]


@pytest.mark.parametrize(("typed", "said"), [
    ({"outcome": "set aside", "why": "other"}, ONLY_WHAT_IS_WRITTEN), ({"kind": "undo"}, ONLY_WHAT_IS_WRITTEN),
    ({"outcome": "unnumbered"}, UNNUMBERED), ({"serial": "ABC-DEF"}, "Key this card again"),
    ({"serial": serial_for(5, SLUG)}, NOTHING["unsampled"]), ({"wish1": "x" * 5001}, "5,001 letters"),
    ({"wish1": ""}, "at least one wish"),
])
def test_what_cannot_be_taken_is_said_in_words(desks: Desks, second: Keyer, typed: dict[str, str], said: str) -> None:
    outcome, words = key(second, {**second.item(1, "More buses"), **typed})[0]
    assert (outcome, said in words) == ("aside", True), words
    assert state(desks.store) == ""


@pytest.mark.parametrize("typed", [{"mark-b": "1"}, {"outcome": "unusable", "why": "illegible"}])
def test_a_card_that_the_second_person_finds_empty_differs(desks: Desks, second: Keyer, typed: dict[str, str]) -> None:
    assert key(second, {**second.item(1), **typed}) == [("saved", "")]
    one = get_checked(desks.store, 1)
    assert one and one.differ == ("wish1",)


def test_a_postcode_is_looked_up_and_compared_and_not_kept(desks: Desks, first: Keyer, second: Keyer) -> None:
    load_postcodes(desks.store, ["postcode,ward_code", f"DE1 2FS,{ABBEY}"], "s-1")
    assert key(second, second.item(1, "More buses", postcode="DE1 2FS")) == [("saved", "")]
    one = get_checked(desks.store, 1)
    assert one and one.differ == ("postcode",)
    kept = desks.store.text.hget(desks.store.keys.response(1), "2") or ""
    assert "DE1" in kept and ABBEY in kept and "2FS" not in kept


def by_form(client: FlaskClient, **typed: str) -> Any:  # noqa: ANN401 - a response
    return client.post(AGAIN, data={**fields(client.get(AGAIN).text), **typed})


def test_without_javascript_the_plain_form_does_it(desks: Desks, second: Keyer) -> None:
    answer = by_form(second.client, serial=serial_for(1, SLUG), wish1="Less buses")
    assert (answer.status_code, answer.location, state(desks.store)) == (303, AGAIN, DIFFERS)
    wrong = by_form(second.client, serial="ABC-DEF", wish1="Kept in the box")
    assert (wrong.status_code, "Kept in the box" in wrong.text) == (400, True)


@pytest.mark.parametrize(("number", "said"), [("2", STILL_OPEN), ("99", NO_BUNDLE), ("x", NO_BUNDLE), ("9" * 30, NO_BUNDLE)])
def test_a_bundle_that_cannot_be_opened_again_is_said(desks: Desks, first: Keyer, number: str, said: str) -> None:
    sit_down(desks, name="Grace")
    answer = first.client.get(f"{DESK}again?number={number}")
    assert (answer.status_code, said in answer.text) == (400, True)
    assert first.client.get(f"{DESK}2/again").status_code == 404
    assert "type the number written on it" in first.client.get(f"{DESK}again").text


def test_chance_draws_at_the_desk(desks: Desks, connections: Connections) -> None:
    keyer = sit_down(desks, 9)
    set_rules(desks.store, Rules(0.5, 0.03), "s-1")
    drawn = {card for card in range(1, 7) if is_drawn(desks.store, card)}
    desks.store.text.hset(desks.store.keys.of("keyers"), keyer.person, "100")
    keyer.say(*(keyer.item(card, f"Wish {card}") for card in range(1, 7)))
    assert {piece.card for piece in pieces_of(desks.store, 1) if piece.marks} == drawn
