"""Receipts: what a resident sees of their wishes, and how they change, withdraw, erase and add to them."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.opening import close_campaign
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from tests.storehouse import LITTLE, catch_up, code_by_machine, every_byte, window_around
from tests.visitors import HOME, Page, kept_by, open_asking, open_page, reference_in, send_form, send_wishes
from web import create_app


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_asking(connections)


@pytest.fixture
def sent(resident: FlaskClient) -> Page:
    return send_wishes(resident, "Mend Mill Lane", "", "Trees for the old town")


def receipt_of(sent: Page, then: str = "") -> str:
    return f"/receipt/{reference_in(sent)}{then}"


@pytest.mark.parametrize(("coding", "by_person", "said"), [
    (None, False, "Being read."),
    (SlotCoding(("growth.roads",), "mend", "tagger:1", 0.9), False, "Growth : The growth board will answer. Sorted by computer"),
    (SlotCoding(("growth.roads",), "mend", "s-1"), True, "Growth : The growth board will answer."),
    (SlotCoding(("growth.roads", "growth.jobs"), "mend", "s-1"), True, "Growth : The growth board will answer."),
    (SlotCoding(("safer.green", "growth.jobs"), "more", "s-1"), True, "Safer and greener : The safer board will answer. Growth"),
    (SlotCoding(("other",), "unclear", "s-1"), True, "Being read by a person."),
    (SlotCoding(("none",), "unclear", "tagger:1", 0.5), False, "Being read by a person."),
])
def test_the_receipt_names_who_will_answer_and_never_a_code(
    resident: FlaskClient, store: Store, sent: Page, coding: SlotCoding | None, by_person: bool, said: str
) -> None:
    response = kept_by(store, sent)
    if coding and by_person:
        code_wish(store, response, 1, coding)
    elif coding:
        code_by_machine(store, response.number, 1, coding)
    receipt = open_page(resident, receipt_of(sent))
    assert said in " ".join(receipt.words.split())
    assert "Sorted by computer" not in receipt.words or not by_person
    for code in ("growth.roads", "safer.green", "tagger"):
        assert code not in receipt.answer.text
    assert "Mend Mill Lane" in receipt.words
    assert "Arrived online on" in receipt.words


@pytest.mark.parametrize("spelt", [str.lower, lambda r: r.replace("-", ""), lambda r: r.replace("-", " - ")])
def test_a_reference_on_paper_is_found_however_it_is_typed(resident: FlaskClient, sent: Page, spelt) -> None:  # noqa: ANN001
    typed = spelt(reference_in(sent))
    found = send_form(resident, open_page(resident, "/receipt"), "/receipt", reference=typed)
    assert (found.status, found.answer.location) == (303, HOME + receipt_of(sent))


@pytest.mark.parametrize(("typed", "said"), [
    ("", "Type the reference you noted."), ("nonsense", "We have no wishes under that reference."),
    ("AAAA-BBBB-CCCC-D", "We have no wishes under that reference."),
])
def test_a_reference_that_is_none_comes_back_with_what_to_do(resident: FlaskClient, typed: str, said: str) -> None:
    answer = send_form(resident, open_page(resident, "/receipt"), "/receipt", reference=typed)
    assert (answer.status, answer.fields["reference"]) == (422, typed)
    assert said in answer.words


@pytest.mark.parametrize("path", ["/receipt/{}", "/thank-you/{}", "/about/{}", "/receipt/{}/change", "/receipt/{}/erase"])
def test_a_made_up_reference_opens_nothing(resident: FlaskClient, sent: Page, path: str) -> None:
    answer = open_page(resident, path.format("AAAA-BBBB-CCCC-D"))
    assert answer.status == 404
    assert answer.fields["reference"] == "AAAA-BBBB-CCCC-D"


def test_wishes_are_changed_by_receipt(resident: FlaskClient, store: Store, sent: Page) -> None:
    form = open_page(resident, receipt_of(sent, "/change"))
    assert [form.fields[f"wish{n}"] for n in (1, 2, 3)] == ["Mend Mill Lane", "", "Trees for the old town"]
    changed = send_form(resident, form, receipt_of(sent, "/change"), wish2="Benches", wish3="")
    assert changed.status == 303
    assert [(wish.slot, wish.text) for wish in kept_by(store, sent).wishes] == [(1, "Mend Mill Lane"), (2, "Benches")]
    assert "Your wishes are changed." in resident.get(changed.answer.location).text


def test_an_unchanged_form_changes_nothing(resident: FlaskClient, store: Store, sent: Page) -> None:
    form = open_page(resident, receipt_of(sent, "/change"))
    assert send_form(resident, form, receipt_of(sent, "/change")).answer.location == HOME + receipt_of(sent)
    assert kept_by(store, sent).revision == 1


def test_of_two_changes_at_once_neither_is_lost(resident: FlaskClient, store: Store, sent: Page) -> None:
    mine, theirs = (open_page(resident, receipt_of(sent, "/change")) for _ in range(2))
    send_form(resident, theirs, receipt_of(sent, "/change"), wish1="Theirs")
    beaten = send_form(resident, mine, receipt_of(sent, "/change"), wish1="Mine")
    assert (beaten.status, beaten.fields["wish1"]) == (409, "Mine")
    assert "changed somewhere else meanwhile" in beaten.words
    assert send_form(resident, beaten, receipt_of(sent, "/change")).status == 303
    assert kept_by(store, sent).wishes[0].text == "Mine"


@pytest.mark.parametrize(("typed", "said"), [
    ({"wish1": "", "wish3": ""}, "Write at least one wish."), ({"wish1": "w" * 5001}, "The most we can keep"),
])
def test_a_change_that_cannot_be_taken_comes_back(
    resident: FlaskClient, store: Store, sent: Page, typed: dict[str, str], said: str
) -> None:
    form = open_page(resident, receipt_of(sent, "/change"))
    answer = send_form(resident, form, receipt_of(sent, "/change"), **typed)
    assert (answer.status, answer.fields["wish1"]) == (422, typed["wish1"])
    assert said in answer.words
    assert "Your change is not made yet" in answer.words
    assert kept_by(store, sent).revision == 1


def test_after_the_close_wishes_are_withdrawn_but_no_longer_changed(resident: FlaskClient, store: Store, sent: Page) -> None:
    form = open_page(resident, receipt_of(sent, "/change"))
    close_campaign(store.connections, LITTLE, "s-1")
    refused = send_form(resident, form, receipt_of(sent, "/change"), wish1="Too late")
    assert (refused.status, refused.fields["wish1"]) == (410, "Too late")
    assert f"{HOME}{receipt_of(sent, '/change')}" not in open_page(resident, receipt_of(sent)).answer.text
    assert send_form(resident, form, receipt_of(sent, "/withdraw")).status == 303
    assert kept_by(store, sent).state == "withdrawn"


def test_withdrawn_wishes_leave_every_count(resident: FlaskClient, store: Store, sent: Page) -> None:
    assert catch_up(store).total() == 1
    ask = open_page(resident, receipt_of(sent, "/withdraw"))
    assert kept_by(store, sent).state == "live"
    assert send_form(resident, ask, receipt_of(sent, "/withdraw")).status == 303
    assert catch_up(store).total() == 0
    receipt = open_page(resident, receipt_of(sent))
    assert "You withdrew these wishes." in receipt.words
    assert receipt_of(sent, "/change") not in receipt.answer.text
    refused = send_form(resident, open_page(resident, receipt_of(sent, "/change")), receipt_of(sent, "/change"), wish1="Back")
    assert (refused.status, refused.fields["wish1"]) == (409, "Back")


def test_erased_wishes_are_gone_for_good(resident: FlaskClient, store: Store, sent: Page) -> None:
    number = kept_by(store, sent).number
    ask = open_page(resident, receipt_of(sent, "/erase"))
    assert "This cannot be undone" in ask.words
    assert send_form(resident, ask, receipt_of(sent, "/erase")).status == 303
    for path in (receipt_of(sent), receipt_of(sent, "/change"), f"/about/{reference_in(sent)}"):
        assert (open_page(resident, path).status, open_page(resident, path).heading) == (410, "These wishes were erased")
    response = get_response(store, number)
    assert response and (response.state, response.wishes) == ("erased", ())
    assert b"Mill Lane" not in every_byte(store.connections, lambda key: "response" in key)


def test_answers_about_someone_add_to_those_they_gave(resident: FlaskClient, store: Store) -> None:
    sent = send_wishes(resident, "Trees", **{"about-connection": "1"})
    about = f"/about/{reference_in(sent)}"
    form = open_page(resident, about)
    assert form.fields["about-connection"] == "1"
    assert send_form(resident, form, about, **{"about-disability": "1"}).status == 303
    again = open_page(resident, about)
    assert "about-disability" not in again.fields
    assert send_form(resident, again, about, **{"about-connection": "2", "about-faith": "3"}).status == 303
    kept = kept_by(store, sent)
    assert (kept.answers, kept.special) == ({"connection": 2}, {"disability": 1, "faith": 3})
    assert "limit" not in open_page(resident, receipt_of(sent)).words


def test_an_answer_that_is_none_of_those_listed_is_refused(resident: FlaskClient, store: Store, sent: Page) -> None:
    about = f"/about/{reference_in(sent)}"
    answer = send_form(resident, open_page(resident, about), about, **{"about-disability": "2", "about-faith": "77"})
    assert (answer.status, answer.fields["about-disability"]) == (422, "2")
    assert kept_by(store, sent).special == {}


@pytest.mark.parametrize(("by", "again"), [("/wish", "/wish"), ("/from/libraries", "/from/libraries"), ("/tree", "/tree")])
def test_thanks_lead_to_another_form_of_the_same_kind(resident: FlaskClient, by: str, again: str) -> None:
    thanks = resident.get(send_wishes(resident, "Trees", by=by).answer.location).text
    assert f'<a href="{HOME}{again}"><strong>Make someone else’s wishes' in thanks
    assert ("data-wipe" in thanks) is (by == "/tree")


def test_a_receipt_outlives_the_campaign(settings: dict[str, str], connections: Connections) -> None:
    today = date.today()
    store = open_asking(connections)
    resident = create_app(settings).test_client()
    sent = send_wishes(resident, "Trees")
    ended = window_around(today, -20, -10, -8)
    store.text.hset(store.keys.of("state"), mapping={
        "ends": ended.ends_ms(), "opens": ended.opens.isoformat(), "closes": ended.closes.isoformat(),
    })
    assert open_page(resident, receipt_of(sent)).status == 200
    assert "The last day" in open_page(resident, receipt_of(sent, "/change")).words
