"""Why a wish was cleared or held back: asked from a list, kept, shown; and whoever comes second is told and shown."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.keeping.expiring import expire
from campaigns.moderating import as_redacted, reason_problem
from campaigns.responses import CLEARED, HELD, QUERIED, UNSEEN, Redaction, Response, SlotCoding
from campaigns.store.changes import code_wish, erase, moderate_wish, redact_wish, revise_wishes
from campaigns.store.connection import Connections
from campaigns.store.log import read_events
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, make_desks
from tests.storehouse import catch_up, open_little, send
from web import create_app

PARKS = SlotCoding(("safer.green",), "more", "s-2")
HOME = f"/officers/{SLUG}/"


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def now(store: Store, number: int = 1) -> Response:
    response = get_response(store, number)
    assert response
    return response


@pytest.mark.parametrize(("moderation", "reason", "note", "problem"), [
    (HELD, "names", "", ""), (HELD, "", "", "Choose a reason."), (HELD, "nobody", "", "Choose a reason."), (UNSEEN, "", "", ""),
    (CLEARED, "nobody", "", ""), (CLEARED, "other", "", "Say in a few words"), (HELD, "other", "an advertisement", ""),
    (HELD, "abuse", "x" * 301, "Keep the note to 300"),
])
def test_a_decision_needs_a_reason_from_its_list(moderation: int, reason: str, note: str, problem: str) -> None:
    told = reason_problem(moderation, reason, note)
    assert told.startswith(problem) and bool(told) == bool(problem)


def decide(client: FlaskClient, number: int, **sent: object) -> TestResponse:
    """Sends one of the forms that moderate a wish, as its page now shows it."""
    address = f"{HOME}wishes/{number}/1"
    form = re.search(r'<form[^>]*data-moderate.*?</form>', client.get(address).text, re.DOTALL)
    assert form
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.group()))
    return client.post(f"{address}/moderation", data={**hidden, **sent})


def test_a_reason_is_kept_and_shown_and_the_note_is_not_in_the_log(desks: Desks) -> None:
    number, client = desks.send("Sack the postman"), desks.signed_in("reviewer")
    assert decide(client, number, moderation=HELD, reason="other", note="An <advert>").status_code == 303
    desks.count()
    event = read_events(desks.store)[-1]
    assert (event.name, event.data) == ("wish.moderated", {"slot": 1, "moderation": HELD, "reason": "other"})
    wish = now(desks.store, number).wishes[0]
    assert wish.decision and (wish.decision.reason, wish.decision.note, wish.decision.who) == ("other", "An <advert>", event.who)
    for page in (f"wishes/{number}/1", "moderation?show=held"):
        read = client.get(HOME + page).text
        assert "another reason, noted (Ada, " in read and "“An &lt;advert&gt;”" in read, page
    assert 'Held back</a> 1' in client.get(f"{HOME}moderation").text
    assert as_redacted(wish).decision and as_redacted(wish).decision.note == ""  # type: ignore[union-attr]


@pytest.mark.parametrize(("sent", "told"), [
    ({"moderation": HELD}, "Choose a reason."), ({"moderation": HELD, "reason": "other", "note": " "}, "Say in a few words"),
    ({"moderation": CLEARED, "reason": "abuse", "note": "kept note"}, "Choose a reason."),
])
def test_without_a_reason_nothing_is_decided_and_nothing_typed_is_lost(
    desks: Desks, sent: dict[str, object], told: str
) -> None:
    number, client = desks.send("Sack the postman"), desks.signed_in("reviewer")
    answer = decide(client, number, **sent)
    assert (answer.status_code, told in answer.text) == (400, True)
    assert 'class="reasons" open' in answer.text and f'value="{str(sent.get("note", "")).strip()}"' in answer.text
    assert now(desks.store, number).wishes[0].moderation == UNSEEN


def test_whoever_decides_second_is_shown_why_the_first_did(desks: Desks) -> None:
    number, client = desks.send("Sack the postman"), desks.signed_in("reviewer")
    page = client.get(f"{HOME}wishes/{number}/1").text
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[0]
    moderate_wish(desks.store, now(desks.store, number), 1, HELD, desks.person().id, "abuse")
    told = decide(client, number, moderation=CLEARED, reason="other", note="Mine", seen=seen)
    assert told.status_code == 409
    assert "held back from quoting: abuse</strong> (Ada, " in told.text and 'value="Mine"' in told.text
    assert now(desks.store, number).wishes[0].moderation == HELD


def test_moderation_deletes_nothing_and_no_count_moves(store: Store) -> None:
    texts = ["Trees", "Buses", "Jobs"]
    for text in texts:
        code_wish(store, now(store, send(store, text).number), 1, PARKS)
    before = catch_up(store)
    for number, (moderation, reason) in enumerate(((HELD, "abuse"), (CLEARED, "nobody"), (HELD, "duplicate")), 1):
        moderate_wish(store, now(store, number), 1, moderation, "s-1", reason, "a note")
    redact_wish(store, now(store, 1), 1, (Redaction(0, 5, "name"),), "s-1")
    after = catch_up(store)
    counted = {name: table for name, table in after.tables.items() if not name.startswith("moderation")}
    assert counted == {name: table for name, table in before.tables.items() if not name.startswith("moderation")}
    assert [now(store, number).wishes[0].text for number in (1, 2, 3)] == texts


@pytest.mark.parametrize("ends", ["taken back", "coded", "revised", "erased", "expired"])
def test_a_reason_goes_with_what_it_was_given_for(store: Store, ends: str) -> None:
    send(store, "Trees")
    moderate_wish(store, now(store), 1, QUERIED if ends == "coded" else HELD, "s-1", "abuse", "A | note")
    assert now(store).wishes[0].decision.note == "A | note"  # type: ignore[union-attr]
    ways = {
        "taken back": lambda: moderate_wish(store, now(store), 1, UNSEEN, "s-1"),
        "coded": lambda: code_wish(store, now(store), 1, PARKS),
        "revised": lambda: revise_wishes(store, now(store), ("Other",)), "erased": lambda: erase(store, 1),
        "expired": lambda: expire(store, [1]),
    }
    ways[ends]()
    assert "k1" not in store.text.hgetall(store.keys.response(1))
