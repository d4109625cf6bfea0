"""The residents' form: every way in, what is taken, and everything typed given back whenever it is not."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from campaigns.cards.tokens import token_for
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import print_cards, reconcile
from campaigns.store.connection import Connections, connect
from campaigns.store.opening import close_campaign
from campaigns.store.responses import response_count
from campaigns.store.secrets import card_secret
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store
from tests.storehouse import ABBEY, LITTLE, NORMANTON, loaded_little, window_around
from tests.visitors import HOME, kept_by, open_asking, open_page, reference_in, send_form, send_wishes
from web import create_app

NOT_SENT = "Your wishes are not sent yet"
NOTHING_LOST = "Nothing you typed is lost. Try again."
TYPED = {"wish1": "Więcej drzew 🌳", "wish2": "", "wish3": "پارک چاہیے", "about-connection": "2"}


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_asking(connections)


def card_path(store: Store, number: int = 2) -> str:
    return f"/c/{token_for(number, card_secret(store))}"


def test_wishes_are_kept_as_typed_and_led_to_thanks(resident: FlaskClient, store: Store) -> None:
    sent = send_form(resident, open_page(resident, "/wish"), "/wish", **TYPED)
    assert sent.answer.location.startswith(f"{HOME}/thank-you/")
    kept = kept_by(store, sent)
    assert [(wish.slot, wish.text) for wish in kept.wishes] == [(1, "Więcej drzew 🌳"), (3, "پارک چاہیے")]
    assert (kept.channel, kept.answers, kept.area) == ("online", {"connection": 2}, "not given")
    thanks = resident.get(sent.answer.location).text
    assert "Thank you. Your 2 wishes are in." in thanks and reference_in(sent) in thanks


@pytest.mark.parametrize(("typed", "said"), [
    ({}, "Write at least one wish."),
    ({"wish1": " \n "}, "Write at least one wish."),
    ({"wish2": "w" * 5001, "wish3": "kept"}, "The most we can keep is 5,000"),
    ({"wish1": "Trees", "wish3": "kept", "about-connection": "99"}, "is not one of the answers"),
])
def test_what_cannot_be_taken_comes_back_with_the_reason(
    resident: FlaskClient, store: Store, typed: dict[str, str], said: str
) -> None:
    form = open_page(resident, "/wish")
    answer = send_form(resident, form, "/wish", **typed, area=ABBEY)
    assert answer.status == 422
    assert said in answer.words
    assert answer.title.startswith("Error: ")
    assert answer.words.count(NOT_SENT) == 1
    kept = {"wish1": "", "wish2": "", "wish3": "", **typed, "area": ABBEY, "key": form.fields["key"]}
    kept.pop("about-connection", "")  # no such answer stands on the form to be chosen again
    assert {name: answer.fields[name] for name in kept} == kept
    assert response_count(store) == 0


def test_problems_are_tied_to_their_fields(resident: FlaskClient) -> None:
    html = send_wishes(resident, "", "w" * 5001).answer.text
    for part in ('href="#wish2"', 'id="wish2-problem"', 'aria-describedby="wish2-problem wish2-counter"'):
        assert part in html
    assert html.count('aria-invalid="true"') == 1


@pytest.mark.parametrize(("table", "typed", "area", "outward"), [
    (True, {"postcode": "de1  2fs"}, ABBEY, "DE1"), (True, {"postcode": "DE1"}, "part postcode", "DE1"),
    (True, {"postcode": "ZZ1 1ZZ"}, "not in our table", "ZZ1"), (True, {"postcode": "banana"}, "not in our table", ""),
    (True, {}, "not given", ""), (False, {"area": NORMANTON}, NORMANTON, ""), (False, {"area": ""}, "not given", ""),
    (False, {"area": "Atlantis"}, "not given", ""),
])
def test_where_someone_lives_is_asked_as_it_can_be_placed(
    resident: FlaskClient, store: Store, table: bool, typed: dict[str, str], area: str, outward: str
) -> None:
    if table:
        load_postcodes(store, ["postcode,ward_code", f"DE1 2FS,{ABBEY}"], "s-1")
    form = open_page(resident, "/wish")
    assert ("postcode" in form.fields, "area" in form.fields) == (table, not table)
    kept = kept_by(store, send_wishes(resident, "Trees", **typed))
    assert (kept.area, kept.outward) == (area, outward)


@pytest.mark.parametrize(("path", "channel", "source"), [
    ("/wish", "online", ""), ("/from/libraries", "card", "libraries"), ("/tree", "tree", ""),
])
def test_every_way_in_is_told_apart(resident: FlaskClient, store: Store, path: str, channel: str, source: str) -> None:
    kept = kept_by(store, send_wishes(resident, "Trees", by=path))
    assert (kept.channel, kept.source) == (channel, source)


@pytest.mark.parametrize(("typed", "area"), [
    ({"home": "yes"}, NORMANTON), ({"home": "no"}, "not given"), ({}, "not given"), ({"home": "no", "area": ABBEY}, ABBEY),
])
def test_a_card_gives_each_person_a_form_of_their_own(
    resident: FlaskClient, store: Store, typed: dict[str, str], area: str
) -> None:
    print_cards(store, 3, NORMANTON, "s-1")
    first, second = open_page(resident, card_path(store)), open_page(resident, card_path(store))
    assert "Your card was delivered in Normanton. Is that where you live?" in first.words
    assert first.fields["key"] != second.fields["key"]
    kept = kept_by(store, send_form(resident, first, "/wish", wish1="Trees", **typed))
    assert (kept.card, kept.area, kept.channel) == (2, area, "online")
    kept_by(store, send_form(resident, second, "/wish", wish1="Buses"))
    assert reconcile(store).answered_online == 1


@pytest.mark.parametrize("path", ["/c/NOPE", "/c/" + "2" * 31, "/from/nobody"])
def test_an_unknown_code_is_answered_in_words_with_a_way_on(resident: FlaskClient, path: str) -> None:
    answer = open_page(resident, path)
    assert answer.status == 404
    assert "We do not know this" in answer.heading
    assert f'href="{HOME}/wish"' in answer.answer.text


def test_a_card_that_was_never_printed_is_unknown_and_costs_no_wish(resident: FlaskClient, store: Store) -> None:
    assert open_page(resident, card_path(store)).status == 404
    kept = kept_by(store, send_wishes(resident, "Trees", card=card_path(store)[3:]))
    assert kept.card == 0


@pytest.mark.parametrize(("path", "lower"), [
    ("/LITTLE-TOWN/C/ABC", "/little-town/c/abc"), ("/LITTLE-TOWN/", "/little-town/"), ("/Little-Town", "/little-town"),
    ("/LITTLE-TOWN/WISH", "/little-town/wish"), ("//LITTLE-TOWN/WISH", "/little-town/wish"),
    ("/LITTLE-TOWN/NOWHERE", None), ("/ACCOUNT/SIGN-IN", None), ("//EVIL.EXAMPLE/WISH", "/evil.example/wish"),
    ("/little-town/receipt/ABC", None),
])
def test_addresses_in_capitals_lead_to_their_twins(resident: FlaskClient, path: str, lower: str | None) -> None:
    answer = resident.get("/", environ_overrides={"PATH_INFO": path})
    place = answer.location if answer.status_code in (301, 308) else None
    if lower is None:
        assert answer.status_code == 404
    else:
        assert place in (lower, f"http://localhost{lower}")


@pytest.mark.parametrize(("typed", "marks"), [
    ({"more": "buy pills"}, "ht"), ({"issued": "1000"}, ""), ({"issued": ""}, "t"), ({"issued": "1000", "more": "x"}, "h"),
])
def test_machines_are_marked_and_never_refused(
    resident: FlaskClient, store: Store, typed: dict[str, str], marks: str
) -> None:
    assert kept_by(store, send_wishes(resident, "Trees", **typed)).marks == marks


def test_the_same_form_twice_is_one_response(resident: FlaskClient, store: Store) -> None:
    form = open_page(resident, "/wish")
    first, again = (send_form(resident, form, "/wish", wish1="Trees") for _ in range(2))
    assert first.answer.location == again.answer.location
    moved = send_form(resident, form, "/wish", wish1=" Trees ", area=ABBEY)
    assert moved.answer.location == first.answer.location
    assert response_count(store) == 1


def test_the_same_form_with_other_words_offers_to_change_them(resident: FlaskClient, store: Store) -> None:
    form = open_page(resident, "/wish")
    first = send_form(resident, form, "/wish", wish1="Trees")
    offered = send_form(resident, form, "/wish", wish1="Trees", wish2="Benches")
    assert (offered.status, offered.heading) == (409, "We already have your wishes")
    assert offered.fields["wish2"] == "Benches"
    changed = send_form(resident, offered, f"/receipt/{reference_in(first)}/change")
    assert changed.status == 303
    assert [wish.text for wish in kept_by(store, first).wishes] == ["Trees", "Benches"]
    assert response_count(store) == 1


@pytest.mark.parametrize(("days", "said"), [(40, "has not opened yet"), (-40, "The last day for sending wishes has passed")])
def test_outside_the_window_the_words_are_given_back(
    settings: dict[str, str], connections: Connections, days: int, said: str
) -> None:
    today = date.today()
    open_asking(connections, window_around(today, days - 10, days + 10, days + 12))
    visitor = create_app(settings).test_client()
    form = open_page(visitor, "/wish")
    assert (form.status, said in form.heading, "wish1" in form.fields) == (200, True, False)
    sent = send_wishes(visitor, "Typed for nothing?")
    assert (sent.status, said in sent.heading) == (410, True)
    assert "Typed for nothing?" in sent.answer.text
    assert open_page(visitor, "/").status == 200


@pytest.mark.parametrize("closed", [True, False])
def test_a_campaign_that_is_not_open_gives_the_words_back(
    settings: dict[str, str], connections: Connections, closed: bool
) -> None:
    if closed:
        open_asking(connections)
        close_campaign(connections, LITTLE, "s-1")
    else:
        loaded_little(connections)
    visitor = create_app(settings).test_client()
    assert "wish1" not in open_page(visitor, "/wish").fields
    sent = send_wishes(visitor, "Kept for copying")
    assert sent.status == 410
    assert "Kept for copying" in sent.answer.text


def test_too_many_from_one_address_keep_what_was_typed(settings: dict[str, str], store: Store) -> None:
    visitor = create_app({**settings, "RATE_LIMIT": "on"}).test_client()
    for n in range(60):
        assert send_wishes(visitor, f"Wish {n}").status == 303
    refused = send_wishes(visitor, "One too many", **{"about-connection": "1"})
    assert refused.status == 429
    assert "Wait 10 minutes, then send again." in refused.words
    assert (refused.fields["wish1"], refused.fields["about-connection"]) == ("One too many", "1")
    assert int(refused.answer.headers["Retry-After"]) > 0
    assert response_count(store) == 60


def test_with_the_store_away_the_form_comes_back_whole(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    settings = {"REDIS_URL": server.start(), "DATA_DIR": str(tmp_path), "RATE_LIMIT": "off"}
    connections = connect(settings)
    open_asking(connections)
    visitor = create_app(settings).test_client()
    form = open_page(visitor, "/wish")
    connections.close()
    server.stop()
    sent = send_form(visitor, form, "/wish", **TYPED, area=ABBEY)
    assert sent.status == 503
    assert NOT_SENT in sent.words and NOTHING_LOST in sent.words
    assert {name: sent.fields[name] for name in TYPED} == TYPED
    assert (sent.fields["area"], sent.fields["key"]) == (ABBEY, form.fields["key"])
    assert "Demonstration:" in sent.words
    away = open_page(visitor, "/wish")
    assert (away.status, away.heading) == (503, "We cannot take or show anything just now")
    assert "Never seen here" in visitor.post("/elsewhere/wish", data={"wish1": "Never seen here"}).text
    looked_up = send_form(visitor, away, "/receipt", reference="ABCD-EFGH")
    assert (looked_up.status, looked_up.fields["reference"]) == (503, "ABCD-EFGH")


def test_a_fault_of_ours_gives_the_form_back(resident: FlaskClient, store: Store) -> None:
    form = open_page(resident, "/wish")
    store.text.hset(store.keys.of("state"), "opens", "no day at all")
    sent = send_form(resident, form, "/wish", **TYPED)
    assert sent.status == 500
    assert NOTHING_LOST in sent.words
    assert {name: sent.fields[name] for name in TYPED} == TYPED
