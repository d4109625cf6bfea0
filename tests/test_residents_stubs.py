"""A card's stub: it tells what became of the card, never what was written, and is not to be guessed."""

import re

import pytest
from flask.testing import FlaskClient

from campaigns.cards.serials import serial_for
from campaigns.cards.stubs import stub_code_for
from campaigns.coding.frame import ALONE
from campaigns.responses import SlotCoding, Submission
from campaigns.store.cards import move_cards, print_cards
from campaigns.store.changes import code_wish, erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept
from campaigns.store.pieces import set_down
from campaigns.store.responses import get_response
from campaigns.store.returns import open_batch
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store
from tests.visitors import HOME, Page, open_asking, open_page
from web.limits import MOST_WRONG

WORDS = "A bench by the brook"


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_asking(connections)
    print_cards(made, 9, "", "s-1")
    open_batch(made, channel="card", place="", day="2026-07-12", counted=9, who="s-1", key="k")
    return made


def stub_of(store: Store, card: int) -> str:
    return stub_code_for(card, card_secret(store))


def key_card(store: Store, card: int, words: str = WORDS) -> int:
    way = Way(who="s-1", window="none", key=f"d-{card}", desk=True, card_mark="keyed", piece=(1, f"d-{card}"))
    return accept(store, Submission((words,), "card", card=card, day="2026-07-12"), way).number


def said(resident: FlaskClient, store: Store, card: int) -> str:
    page = open_page(resident, f"/receipt/{stub_of(store, card)}")
    assert page.status == 200
    return " ".join(page.words.split())


def test_a_card_that_is_out_has_not_arrived(resident: FlaskClient, store: Store) -> None:
    words = said(resident, store, 1)
    assert "Your card has not reached us yet. Posted cards are counted if they arrive by" in words
    assert serial_for(1, store.slug) in words


def test_a_keyed_card_says_when_it_arrived_and_who_will_answer(resident: FlaskClient, store: Store) -> None:
    number = key_card(store, 2)
    assert "Your card arrived on 12 July 2026 and was counted. What became of it Being read." in said(resident, store, 2)
    response = get_response(store, number)
    assert response
    code = next(one for one in store.campaign.frame.codes if one.id not in ALONE)
    assert code_wish(store, response, 1, SlotCoding((code.id,), "more", "s-1")).done
    words = said(resident, store, 2)
    assert "will answer." in words
    assert WORDS not in words
    assert code.id not in words


@pytest.mark.parametrize(("outcome", "why", "words"), [
    ("unusable", "blank", "Your card arrived on 12 July 2026, but we could make no wish out of it: blank."),
    ("unusable", "other", "but we could make no wish out of it."),
    ("duplicate", "photocopy", "The same wishes had reached us already, so they are counted once."),
    ("set aside", "letter enclosed", "was set aside: letter enclosed. A person will look at it."),
])
def test_what_was_not_counted_says_why(resident: FlaskClient, store: Store, outcome: str, why: str, words: str) -> None:
    assert set_down(store, batch=1, piece="d-3", outcome=outcome, card=3, why=why, who="s-1").kept
    assert words in said(resident, store, 3)


@pytest.mark.parametrize(("to", "words"), [
    ("undelivered", "could not be delivered"), ("destroyed", "was never sent out"), ("waiting", "It is waiting to be read"),
])
def test_a_card_that_was_moved_says_so(resident: FlaskClient, store: Store, to: str, words: str) -> None:
    if to == "destroyed":
        move_cards(store, 4, 4, "held", "kept back", "s-1")
    move_cards(store, 4, 4, to, "as the postman said", "s-1")
    assert words in said(resident, store, 4)


@pytest.mark.parametrize("take_back", [withdraw, erase])
def test_wishes_taken_back_are_in_no_count(resident: FlaskClient, store: Store, take_back) -> None:  # noqa: ANN001
    take_back(store, key_card(store, 5))
    words = said(resident, store, 5)
    assert "The wishes on it have since been taken back, so they are in no count." in words
    assert WORDS not in words


def test_several_people_of_one_household_are_told_of(resident: FlaskClient, store: Store) -> None:
    key_card(store, 6)
    for wish in ("One more", "And another"):
        accept(store, Submission((wish,), "online", card=6), Way(window="none"))
    assert "2 responses also came online through this card’s code, and count as well" in said(resident, store, 6)


@pytest.mark.parametrize("spelt", [str, str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " ")])
def test_the_look_up_takes_a_stub_however_it_is_typed(resident: FlaskClient, store: Store, spelt) -> None:  # noqa: ANN001
    answer = resident.post(f"{HOME}/receipt", data={"reference": spelt(stub_of(store, 7))})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}/receipt/{stub_of(store, 7)}")


@pytest.mark.parametrize("address", ["change", "withdraw", "erase"])
def test_a_stub_changes_nothing(resident: FlaskClient, store: Store, address: str) -> None:
    key_card(store, 8)
    assert resident.get(f"{HOME}/receipt/{stub_of(store, 8)}/{address}").status_code == 404


def test_made_up_stubs_are_bounded_and_slips_are_not(resident: FlaskClient, store: Store) -> None:
    slip = Page(resident.get(f"{HOME}/receipt/{stub_of(store, 1)[:-1]}"))
    assert slip.status == 404
    guesses = [resident.get(f"{HOME}/receipt/{stub_of(store, card)}").status_code for card in range(10, 12 + MOST_WRONG)]
    assert (guesses[0], guesses[-1]) == (404, 429)
    assert re.search("16 on a card", slip.words)
