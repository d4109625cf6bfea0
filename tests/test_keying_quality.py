"""The third person's page, the error rates, and possible repeats, as staff meet them."""

import json
import re

import pytest
from flask.testing import FlaskClient

from campaigns.cards.quality import measure
from campaigns.cards.serials import serial_for
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import card_state, print_cards
from campaigns.store.changes import withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept
from campaigns.store.repeats import possible_repeats
from campaigns.store.responses import get_response
from campaigns.store.second import Rules, checked_responses, get_checked, keep_second, rules_of, set_rules
from tests.desks import SLUG, Desks, make_desks, post
from tests.keying import DESK
from tests.paper import a_batch
from tests.twice import keyed, said
from web import commands, create_app
from web.keying.third import CHOOSE, EMPTY, SAID

ABBEY, NORMANTON = "E05001767", "E05001780"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    print_cards(made.store, 6, NORMANTON, "s-9")
    a_batch(made.store, 9)
    return made


def apart(desks: Desks, card: int, first: str, second: str, **what: object) -> None:
    """Has a card keyed by Ada and, otherwise, by Grace."""
    ada, grace = (desks.person("keyer", name=name).id for name in ("Ada", "Grace"))
    assert keep_second(desks.store, keyed(desks.store, first, card=card, who=ada), said(second, card=card, **what), grace).kept


@pytest.fixture
def mary(desks: Desks) -> FlaskClient:
    return desks.signed_in("keyer", name="Mary")


def settle(client: FlaskClient, number: int, **typed: str) -> tuple[int, str]:
    """Sends the third person's form; returns its status, and where it leads or what it shows."""
    page = f"{DESK}third/{number}"
    answer = post(client, page, {name.replace("_", "-"): value for name, value in typed.items()})
    return answer.status_code, answer.location or answer.text


def words(desks: Desks, number: int) -> list[str]:
    response = get_response(desks.store, number)
    assert response
    return [wish.text for wish in response.wishes]


def test_the_third_person_is_led_to_what_waits_and_sees_both_but_not_who_came_first(desks: Desks, mary: FlaskClient) -> None:
    assert "No two keyings wait for you" in mary.get(f"{DESK}third").text
    apart(desks, 1, "Keep the old library open", "Keep the new library open")
    apart(desks, 2, "More buses", "A tram")
    page = mary.get(f"{DESK}third", follow_redirects=True).text
    assert serial_for(1, SLUG) in page and "1 more waits" in page
    assert "<mark>old</mark>" in page and "<mark>new</mark>" in page and "<mark>library" not in page
    assert not re.search("Ada|Grace|first keying|second keying", page)


def test_settling_leads_to_the_next_and_then_says_that_all_is_done(desks: Desks, mary: FlaskClient) -> None:
    apart(desks, 1, "More buses", "Zebra crossings")
    apart(desks, 2, "More buses", "A tram")
    side = "left" if "Zebra" in mary.get(f"{DESK}third/1").text.split('value="right"')[0] else "right"
    assert settle(mary, 1, take_wish1=side) == (303, f"{DESK}third?after=1&done=kept")
    assert words(desks, 1) == ["Zebra crossings"]
    assert settle(mary, 2, typed_wish1="Less of everything") == (303, f"{DESK}third?after=2&done=kept")
    assert words(desks, 2) == ["Less of everything"]
    page = mary.get(f"{DESK}third?after=2&done=kept").text
    assert SAID["kept"] in page and "No two keyings wait for you" in page
    assert mary.get(f"{DESK}third/2").location == f"{DESK}third?done=gone"


def test_who_keyed_it_is_sent_on(desks: Desks) -> None:
    apart(desks, 1, "More buses", "A tram")
    for name in ("Ada", "Grace"):
        client = desks.signed_in("keyer", name=name)
        assert client.get(f"{DESK}third/1").location == f"{DESK}third?done=own"
        page = client.get(f"{DESK}third?done=own").text
        assert SAID["own"] in page and "1 waits for somebody else" in page


@pytest.mark.parametrize(("typed", "told"), [
    ({}, CHOOSE), ({"take_wish1": "typed", "typed_wish1": " "}, EMPTY), ({"typed_wish1": "x" * 5001}, "the most we can keep"),
    ({"take_wish1": "middle"}, CHOOSE),
])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    desks: Desks, mary: FlaskClient, typed: dict[str, str], told: str
) -> None:
    apart(desks, 1, "More buses", "A tram")
    status, page = settle(mary, 1, **typed)
    assert (status, told in page) == (400, True)
    assert typed.get("typed_wish1", "") in page
    assert words(desks, 1) == ["More buses"]


@pytest.mark.parametrize("by_postcode", [True, False])
def test_place_and_ticks_are_settled_by_words(desks: Desks, mary: FlaskClient, by_postcode: bool) -> None:
    if by_postcode:
        load_postcodes(desks.store, ["postcode,ward_code", f"DE1 2FS,{ABBEY}"], "s-9")
    apart(desks, 1, "More buses", "More buses", area=ABBEY, outward="DE1", answers={"connection": 1})
    page = mary.get(f"{DESK}third/1").text
    assert "DE1, Abbey" in page and "What connects you" in page
    typed = "de1 2fs" if by_postcode else "Abbey"
    status, _ = settle(mary, 1, **{"typed_postcode": typed, "take_tick:connection": "typed", "typed_tick:connection": "2"})
    response = get_response(desks.store, 1)
    assert response and (status, response.area, response.answers) == (303, ABBEY, {"connection": 2})


def test_what_was_typed_is_shown_and_never_run(desks: Desks, mary: FlaskClient) -> None:
    apart(desks, 1, "<script>alert(1)</script>", "</textarea><script>alert(2)</script>")
    assert "<script>alert" not in mary.get(f"{DESK}third/1").text


def test_the_supervisor_sees_the_rates_and_a_keyer_their_own(desks: Desks, mary: FlaskClient) -> None:
    supervisor, ada = desks.signed_in("supervisor", name="Sue"), desks.signed_in("keyer", name="Ada")
    assert "Nothing has been compared yet" in supervisor.get(f"{DESK}quality").text
    assert "None of your cards" in ada.get(f"{DESK}mine").text
    apart(desks, 1, "More buses", "A tram")
    apart(desks, 2, "A pool", "A pool")
    assert "waits</a>" not in supervisor.get(f"{DESK}quality").text
    assert "<strong>1</strong> card waits" in supervisor.get(f"{DESK}quality").text
    settle(mary, 1, typed_wish1="A tram")
    page = re.sub("<[^>]+>", "", supervisor.get(f"{DESK}quality").text)
    assert "Of 4 fields keyed twice, 1 was wrong the first time: 25.0%, and in all likelihood between 4.6% and 69.9%" in page
    assert "Ada" in page and "0001" in page
    own = re.sub("<[^>]+>", "", ada.get(f"{DESK}mine").text)
    assert "Of 4 fields keyed twice, 1 was wrong" in own
    assert "None of your cards" in desks.signed_in("keyer", name="Grace").get(f"{DESK}mine").text


def test_the_supervisor_sets_the_rules(desks: Desks) -> None:
    supervisor = desks.signed_in("supervisor", name="Sue")
    page = supervisor.get(f"{DESK}quality").text
    assert 'value="10"' in page and 'value="3"' in page
    assert post(supervisor, f"{DESK}quality", {"share": "25", "apart": "0"}).status_code == 303
    assert rules_of(desks.store) == Rules(0.25, 0)


@pytest.mark.parametrize(("share", "apart"), [
    ("", "3"), ("101", "3"), ("10", "51"), ("-1", "3"), ("x", "3"), ("1.5", "3"), ("²", "3"),
])
def test_rules_that_cannot_be_are_said_in_words(desks: Desks, share: str, apart: str) -> None:
    answer = post(desks.signed_in("supervisor", name="Sue"), f"{DESK}quality", {"share": share, "apart": apart})
    assert (answer.status_code, "Type a number from 0 to" in answer.text) == (400, True)
    assert rules_of(desks.store) == Rules()


def test_the_command_tells_the_rates_and_no_keyer(desks: Desks, mary: FlaskClient) -> None:
    commands.init_app(desks.app)
    run = desks.app.test_cli_runner().invoke
    assert run(args=["cards", "quality", SLUG]).output == "No card has been keyed twice yet.\n"
    apart(desks, 1, "More buses", "A tram")
    apart(desks, 2, "A pool", "A pond")
    settle(mary, 1, typed_wish1="A tram")
    told = run(args=["cards", "quality", SLUG]).output
    assert "overall           1 of         2 fields wrong   50.00%, from 9.45% to 90.55%" in told
    assert "1 not settled" in told
    figures = json.loads(run(args=["cards", "quality", SLUG, "--json"]).output)
    assert figures["overall"] == {
        "errors": 1, "compared": 2, "cards": 1, "waiting": 1, "share": 0.5, "low": 0.094531, "high": 0.905469,
    }
    assert set(figures) == {"overall", "by_kind", "by_batch", "by_day"}
    assert measure(checked_responses(desks.store)).overall.errors == 1


def online(desks: Desks, *wishes: str, card: int = 1) -> int:
    return accept(desks.store, said(*wishes, card=card, channel="online"), Way(window="none")).number


@pytest.fixture
def supervisor(desks: Desks) -> FlaskClient:
    return desks.signed_in("supervisor", name="Sue")


@pytest.mark.parametrize(("decided", "told", "state", "byte"), [
    ("same", "Counted once", "withdrawn", "duplicate"), ("different", "Both count", "live", "keyed"),
])
def test_a_possible_repeat_is_decided_in_one_step(
    desks: Desks, supervisor: FlaskClient, decided: str, told: str, state: str, byte: str
) -> None:
    assert "Different wishes are different people" in supervisor.get(f"{DESK}repeats").text
    online(desks, "More buses")
    piece = keyed(desks.store, "more buses!")
    page = supervisor.get(f"{DESK}repeats").text
    assert serial_for(1, SLUG) in page and "more buses!" in page
    pair = f"{piece.response}:1"
    answer = post(supervisor, f"{DESK}repeats", {"pair": pair, "do": decided})
    assert told in supervisor.get(answer.location).text
    response = get_response(desks.store, piece.response)
    assert response and (response.state, card_state(desks.store, 1)) == (state, byte)
    assert possible_repeats(desks.store) == []


def test_a_repeat_decided_twice_or_gone_meanwhile_is_said(desks: Desks, supervisor: FlaskClient) -> None:
    for card in (1, 2):
        online(desks, f"Wish {card}", card=card)
        keyed(desks.store, f"Wish {card}", card=card)
    assert post(supervisor, f"{DESK}repeats", {"pair": "2:1", "do": "different"}).status_code == 303
    again = post(supervisor, f"{DESK}repeats", {"pair": "2:1", "do": "same"})
    assert "that stands" in supervisor.get(again.location).text
    withdraw(desks.store, 3)
    gone = post(supervisor, f"{DESK}repeats", {"pair": "4:3", "do": "same"}, page=f"{DESK}quality")
    assert "that stands" in supervisor.get(gone.location).text
    assert get_checked(desks.store, 2) is None


def test_rules_change_what_counts_as_a_repeat(desks: Desks) -> None:
    online(desks, "More buses at night")
    keyed(desks.store, "More trams at night")
    assert possible_repeats(desks.store) == []
    set_rules(desks.store, Rules(0.1, 0.3), "s-9")
    assert len(possible_repeats(desks.store)) == 1
