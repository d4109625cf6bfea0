"""The keying desk: cards kept once, everything that stands in the way said under its field, nothing typed lost."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.cards.serials import serial_for
from campaigns.cards.tokens import token_for
from campaigns.responses import Response
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import STATES, card_state, print_cards, reconcile
from campaigns.store.connection import Connections
from campaigns.store.opening import close_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.secrets import card_secret
from campaigns.store.store import record
from tests.desks import SLUG, Desks, make_desks
from web import create_app
from web.keying.keyed import ELSEWHERE, NEVER_PRINTED, NO_SERIAL, NOT_OURS

DESK = f"/keying/{SLUG}/"
NORMANTON, ABBEY = "E05001780", "E05001767"
POSTCODES = ["postcode,ward_code", f"DE1 2FS,{ABBEY}", "NG1 1AA,E05009999"]


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    print_cards(made.store, 4, NORMANTON, "s-1")
    return made


@pytest.fixture
def keyer(desks: Desks) -> FlaskClient:
    return desks.signed_in("keyer")


def fields(page: str) -> dict[str, str]:
    """Returns the hidden fields of the card's form."""
    form = page.split("data-card", 1)[1]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def key_card(keyer: FlaskClient, serial: str, *wishes: str, **typed: str) -> TestResponse:
    boxes = {f"wish{place}": wish for place, wish in enumerate(wishes, 1)}
    return keyer.post(DESK, data={**fields(keyer.get(DESK).text), "serial": serial, **boxes, **typed})


def kept(desks: Desks, number: int = 1) -> Response:
    response = get_response(desks.store, number)
    assert response
    return response


def test_a_card_is_kept_word_for_word_and_the_desk_is_clear_again(desks: Desks, keyer: FlaskClient) -> None:
    serial = serial_for(2, SLUG)
    answer = key_card(keyer, serial.lower(), "more bus’s  at nite", "", "Keep the Libary")
    assert (answer.status_code, answer.location) == (303, DESK)
    response = kept(desks)
    assert [(wish.slot, wish.text) for wish in response.wishes] == [(1, "more bus’s  at nite"), (3, "Keep the Libary")]
    assert (response.channel, response.card, response.area) == ("card", 2, NORMANTON)
    assert card_state(desks.store, 2) == "keyed"
    page = keyer.get(DESK).text
    assert "<strong>1 card</strong> keyed since you signed in · All saved" in page
    assert f"last <strong>{serial}</strong>" in page
    assert "Libary" not in page


def test_a_scanned_code_does_as_well_as_a_serial(desks: Desks, keyer: FlaskClient) -> None:
    token = token_for(3, card_secret(desks.store))
    for address in (f"HTTPS://WISHES.EXAMPLE/{SLUG.upper()}/C/{token}", f"https://wishes.example/{SLUG}/c/{token.lower()}"):
        key_card(keyer, address, "A pool")
    assert (response_count(desks.store), kept(desks).card) == (1, 3)
    assert f"last <strong>{serial_for(3, SLUG)}</strong>" in keyer.get(DESK).text


@pytest.mark.parametrize(("serial", "wishes", "field", "said"), [
    ("", ("A wish",), "serial", NO_SERIAL), ("ABC-DEF", ("A wish",), "serial", NOT_OURS),
    ("O0I-1LL", ("A wish",), "serial", NOT_OURS),
    (serial_for(1, "durham-2011"), ("A wish",), "serial", ""), (serial_for(5, SLUG), ("A wish",), "serial", NEVER_PRINTED),
    (serial_for(1, SLUG), (), "wish1", "Type at least one wish."), (serial_for(1, SLUG), (" ", "\n"), "wish1", "set it aside"),
    (serial_for(1, SLUG), ("A wish", "x" * 5001), "wish2", "5,001 letters long"),
    ("https://x.example/derby-2026/c/ABC", ("A",), "serial", NOT_OURS),
])
def test_what_stands_in_the_way_is_said_under_its_field_and_nothing_is_lost(
    desks: Desks, keyer: FlaskClient, serial: str, wishes: tuple[str, ...], field: str, said: str
) -> None:
    answer = key_card(keyer, serial, *wishes, ward=ABBEY)
    assert answer.status_code == 400
    problem = re.search(rf'id="{field}-problem">([^<]+)<', answer.text)
    assert problem and said in problem.group(1)
    assert f'value="{serial}"' in answer.text
    assert all(wish in answer.text for wish in wishes if wish.strip())
    assert f'value="{ABBEY}" selected' in answer.text
    assert "Not saved yet" in answer.text
    assert (response_count(desks.store), reconcile(desks.store).states["keyed"]) == (0, 0)


def test_several_problems_are_told_at_once(keyer: FlaskClient) -> None:
    page = key_card(keyer, "", "").text
    assert 'id="serial-problem"' in page and 'id="wish1-problem"' in page


@pytest.mark.parametrize(("letter", "state"), [
    (letter, state) for letter, state in STATES.items() if state not in ("out", "undelivered", "waiting")
])
def test_a_card_that_cannot_have_come_back_is_said_in_words(desks: Desks, keyer: FlaskClient, letter: str, state: str) -> None:
    desks.store.text.setrange(desks.store.keys.of("cards"), 1, letter)
    answer = key_card(keyer, serial_for(1, SLUG), "A wish")
    assert answer.status_code == 400
    assert ELSEWHERE[state] in answer.text
    assert response_count(desks.store) == 0


def test_a_card_answered_online_is_keyed_too(desks: Desks, keyer: FlaskClient) -> None:
    desks.store.text.setrange(desks.store.keys.of("cards"), 1, "O")
    assert key_card(keyer, serial_for(1, SLUG), "A wish").status_code == 303
    ledger = reconcile(desks.store)
    assert (ledger.states["keyed"], ledger.answered_online, ledger.residual) == (1, 1, 0)


def test_a_form_sent_twice_is_one_response_and_counted_once(desks: Desks, keyer: FlaskClient) -> None:
    form = {**fields(keyer.get(DESK).text), "serial": serial_for(1, SLUG), "wish1": "A pool"}
    assert [keyer.post(DESK, data=form).status_code for _ in range(2)] == [303, 303]
    assert response_count(desks.store) == 1
    assert "<strong>1 card</strong> keyed" in keyer.get(DESK).text
    other = keyer.post(DESK, data={**form, "wish1": "Two pools"})
    assert (other.status_code, "saved a moment ago with other words" in other.text) == (400, True)
    assert kept(desks).wishes[0].text == "A pool"


@pytest.mark.parametrize(("loaded", "typed", "area", "outward"), [
    (False, {}, NORMANTON, ""), (False, {"ward": ABBEY}, ABBEY, ""), (False, {"ward": "Atlantis"}, NORMANTON, ""),
    (True, {"postcode": ""}, NORMANTON, ""), (True, {"postcode": "de12fs"}, ABBEY, "DE1"),
    (True, {"postcode": "DE1"}, NORMANTON, "DE1"),
    (True, {"postcode": "NG1 1AA"}, "not in our table", "NG1"), (True, {"postcode": "can't read"}, NORMANTON, ""),
])
def test_a_card_comes_from_where_it_says_or_else_where_it_was_delivered(
    desks: Desks, keyer: FlaskClient, loaded: bool, typed: dict[str, str], area: str, outward: str
) -> None:
    if loaded:
        load_postcodes(desks.store, POSTCODES, "s-1")
    key_card(keyer, serial_for(1, SLUG), "A wish", **typed)
    assert (kept(desks).area, kept(desks).outward) == (area, outward)


def test_the_desk_asks_for_the_ward_only_where_no_table_of_postcodes_is_loaded(desks: Desks, keyer: FlaskClient) -> None:
    assert 'id="ward"' in keyer.get(DESK).text
    load_postcodes(desks.store, POSTCODES, "s-1")
    assert 'id="postcode"' in keyer.get(DESK).text and 'id="ward"' not in keyer.get(DESK).text


def test_cards_are_taken_while_the_post_still_brings_them(desks: Desks, keyer: FlaskClient) -> None:
    record(desks.connections, SLUG, None, hashes={"state": {"ends": "1"}})
    assert key_card(keyer, serial_for(1, SLUG), "A wish").status_code == 303
    record(desks.connections, SLUG, None, hashes={"state": {"cards_end": "1"}})
    late = key_card(keyer, serial_for(2, SLUG), "A wish")
    assert (late.status_code, "The last day for posted cards has passed" in late.text) == (400, True)
    close_campaign(desks.connections, SLUG, "s-1")
    assert "has closed" in key_card(keyer, serial_for(2, SLUG), "A wish").text
    assert reconcile(desks.store).states["keyed"] == 1


def test_what_was_typed_is_shown_and_never_run(keyer: FlaskClient) -> None:
    page = key_card(keyer, "\"><script>alert(1)</script>", "</textarea><script>alert(2)</script>").text
    assert "<script>alert" not in page
