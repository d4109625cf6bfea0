"""Answers, from an officer's first line to a resident's receipt: kept, published, paused, and never written over."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.campaign_file import read_file
from campaigns.references import reference_for
from campaigns.responses import SlotCoding
from campaigns.store.actions import get_action, list_actions
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.responses import get_response
from campaigns.store.secrets import receipt_secret
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app

HOME, PUBLIC = f"/officers/{SLUG}/answers", f"/{SLUG}/answers"
TRAM = {"code": "growth.transport", "state": "planned", "what": "A tram line to the hospital.", "body": "The transport board",
        "due": "2011-03-31", "owner": "J Smith", "do": "publish"}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    made.send("A tram, please", "More trees")
    response = get_response(made.store, 1)
    assert response and code_wish(made.store, response, 1, SlotCoding(("growth.transport",), "more", "s-1")).done
    made.count()
    return made


def words(client: FlaskClient, address: str) -> str:
    """Returns what a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())


def receipt(desks: Desks) -> str:
    return f"/{SLUG}/receipt/{reference_for(1, receipt_secret(desks.store))}"


def test_an_answer_goes_from_the_desk_to_the_public_page_and_the_receipt(desks: Desks) -> None:
    officer, resident = desks.signed_in("officer"), desks.app.test_client()
    assert f"{HOME}/0?code=growth.transport" in officer.get(HOME).text
    assert "No answers have been published yet" in words(resident, PUBLIC)
    assert "1 of 1 responses wished for something about" in words(officer, f"{HOME}/0?code=growth.transport")
    assert post(officer, f"{HOME}/0", TRAM).status_code == 303
    public = words(resident, PUBLIC)
    assert "You said: 1 of 1 responses wished for something about" in public and ": 1 for more." in public
    assert "We will: A tram line to the hospital." in public and "The transport board, by 31 March 2011" in public
    assert "J Smith" not in public
    assert "We will: A tram line to the hospital. Read the whole answer to wish 1" in words(resident, receipt(desks))
    assert "Nothing is written down yet" not in words(officer, HOME) and "as it stands" in words(officer, HOME)
    names = [event.name for event in read_events(desks.store, 0)]
    assert names[-2:] == ["action.written", "action.answered"] and verify(desks.store).problem == ""


def test_what_is_published_stays_as_it_was_until_it_is_published_again(desks: Desks) -> None:
    officer, resident = desks.signed_in("officer"), desks.app.test_client()
    post(officer, f"{HOME}/0", TRAM)
    post(officer, f"{HOME}/1", {**TRAM, "revision": "2", "what": "Two lines.", "do": "keep"})
    assert "Two lines" not in words(resident, PUBLIC) and "an earlier wording" in words(officer, HOME)
    post(officer, f"{HOME}/1", {**TRAM, "revision": "3", "what": "Two lines.", "do": "publish"})
    assert "We will: Two lines." in words(resident, PUBLIC)
    post(officer, f"{HOME}/1", {**TRAM, "revision": "5", "do": "take back"})
    assert "No answers have been published yet" in words(resident, PUBLIC)
    assert "will answer." in words(resident, receipt(desks))


def test_two_officers_do_not_write_over_each_other(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    post(officer, f"{HOME}/0", {**TRAM, "do": "keep"})
    assert post(officer, f"{HOME}/1", {**TRAM, "revision": "1", "what": "Theirs.", "do": "keep"}).status_code == 303
    answer = post(officer, f"{HOME}/1", {**TRAM, "revision": "1", "what": "Mine.", "do": "keep"})
    assert answer.status_code == 409 and "Theirs." in answer.text and "Mine.</textarea>" in answer.text
    assert 'name="revision" value="2"' in answer.text
    action = get_action(desks.store, 1)
    assert action and action.what == "Theirs."


@pytest.mark.parametrize(("sent", "said"), [
    ({"what": ""}, "Say what is done"), ({"code": ""}, "Tick at least one"), ({"state": "cannot"}, "Say why it cannot be done"),
    ({"due": "tomorrow"}, "Choose a day"), ({"code": "other"}, "Tick at least one"),
])
def test_what_lacks_something_is_told_and_nothing_typed_is_lost(desks: Desks, sent: dict[str, str], said: str) -> None:
    answer = post(desks.signed_in("officer"), f"{HOME}/0", {**TRAM, **sent})
    assert answer.status_code == 400 and said in answer.text
    assert "J Smith" in answer.text and list_actions(desks.store) == []


def test_nothing_is_published_in_the_days_before_an_election(settings: dict[str, str], connections: Connections) -> None:
    today = date.today()
    days = f"begins = {today}\nends = {today + timedelta(days=9)}"
    text = f'{read_file(SLUG)}\n[[pauses]]\n{days}\nwhy = "A city election is near."\n'
    desks = make_desks(create_app(settings), connections, text)
    officer = desks.signed_in("officer")
    answer = post(officer, f"{HOME}/0", TRAM)
    assert answer.status_code == 409 and "Kept, and not published: A city election is near." in answer.text
    action = get_action(desks.store, 1)
    assert action and action.published is None
    assert "Nothing is published until" in words(officer, HOME)
    assert "No answers have been published yet" in words(desks.app.test_client(), PUBLIC)


def test_actions_that_are_not_there_are_not_found(desks: Desks) -> None:
    assert desks.signed_in("officer").get(f"{HOME}/7").status_code == 404
