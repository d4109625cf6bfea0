"""What was redacted of a wish is read by nobody but those who moderate, wherever a wish is read."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest

from campaigns.consumers.rebuilding import differences
from campaigns.drafts.quoting import cleared_wishes, cut_short
from campaigns.keeping.expiring import expire
from campaigns.moderating import as_redacted, fits, ordered, places_of, public_text, public_wishes, redacted_text, shows_more
from campaigns.responses import (
    CLEARED,
    ERASED,
    EXPIRED,
    HELD,
    LIVE,
    QUERIED,
    UNSEEN,
    WITHDRAWN,
    Redaction,
    Response,
    SlotCoding,
    Wish,
)
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, moderate_wish, redact_wish, revise_wishes
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.responses import get_response, read_redactions, write_redactions
from campaigns.store.staff import add_person
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, make_desks
from tests.storehouse import catch_up, every_byte, open_little, send
from web import create_app

TEXT = "Ask Anna Bell, 07700 900123"
NAME, TELEPHONE = Redaction(4, 13, "name"), Redaction(15, 27, "telephone")
BOTH = "Ask [removed: name], [removed: telephone]"
CLEAR = Wish(1, TEXT, "", moderation=CLEARED, redactions=(NAME, TELEPHONE))
PARKS = SlotCoding(("safer.green",), "more", "s-2")
HOME = f"/officers/{SLUG}/"


@pytest.mark.parametrize(("wish", "shown"), [
    (CLEAR, BOTH), (replace(CLEAR, redactions=()), TEXT),
    (replace(CLEAR, redactions=(TELEPHONE,)), "Ask Anna Bell, [removed: telephone]"),
    (replace(CLEAR, moderation=UNSEEN), None), (replace(CLEAR, moderation=HELD), None),
    (replace(CLEAR, moderation=QUERIED), None),
    (Wish(1, "", "", moderation=CLEARED), None), (replace(CLEAR, redactions=(Redaction(0, 27, "other"),)), "[removed: other]"),
    (Wish(1, "👩‍👧 Zoë éa", "", moderation=CLEARED, redactions=(Redaction(4, 7, "name"),)), "👩‍👧 [removed: name] éa"),
])
def test_the_public_reads_what_is_cleared_without_what_was_redacted(wish: Wish, shown: str | None) -> None:
    assert public_text(wish) == shown


@pytest.mark.parametrize("state", [LIVE, WITHDRAWN, ERASED, EXPIRED])
def test_the_public_reads_nothing_of_a_response_that_is_not_live(state: str) -> None:
    response = Response(1, 0, state, 1, wishes=(CLEAR, replace(CLEAR, slot=2, moderation=HELD)))
    assert list(public_wishes(response)) == ([(CLEAR, BOTH)] if state == LIVE else [])


def test_those_who_do_not_moderate_read_it_redacted_cleared_or_not() -> None:
    held = replace(CLEAR, moderation=HELD)
    assert (redacted_text(held), as_redacted(held).text, as_redacted(held).redactions) == (BOTH, BOTH, ())


@pytest.mark.parametrize(("given", "made"), [
    ([(5, 9, "name"), (0, 3, "other")], [(0, 3, "other"), (5, 9, "name")]),
    ([(0, 5, "name"), (3, 9, "other"), (9, 10, "other")], [(0, 9, "name"), (9, 10, "other")]), ([], []),
    ([(0, 9, "name"), (2, 3, "other")], [(0, 9, "name")]),
])
def test_stretches_that_overlap_become_one(given: list[tuple[int, int, str]], made: list[tuple[int, int, str]]) -> None:
    assert ordered(Redaction(*one) for one in given) == tuple(Redaction(*one) for one in made)


@pytest.mark.parametrize(("words", "text", "places"), [
    ("anna bell", TEXT, [(4, 13)]), ("Ann", TEXT, []), ("Anna  Bell", "Anna\nBell, anna bell", [(0, 9), (11, 20)]),
    ("  ", TEXT, []),
    ("(a)", "x (a) b", [(2, 5)]), (".*", TEXT, []), ("Zoë", "ZOË Zoe", [(0, 3)]),
])
def test_words_are_found_wherever_they_stand_whole(words: str, text: str, places: list[tuple[int, int]]) -> None:
    assert [(one.start, one.end) for one in places_of(words, text, "name")] == places


@pytest.mark.parametrize(("one", "good"), [
    (NAME, True), (Redaction(4, 4, "name"), False), (Redaction(20, 28, "name"), False), (Redaction(0, 2, "<b>"), False),
])
def test_a_stretch_fits_its_text(one: Redaction, good: bool) -> None:
    assert fits(one, TEXT) == good


@pytest.mark.parametrize(("before", "after", "more"), [
    ([NAME], [NAME, TELEPHONE], False), ([NAME, TELEPHONE], [NAME], True),
    ([NAME], [Redaction(0, 20, "other")], False), ([], [], False),
])
def test_whether_more_would_be_read_than_before(before: list[Redaction], after: list[Redaction], more: bool) -> None:
    assert shows_more(before, after) == more


def test_a_quote_is_never_cut_within_what_stands_for_redacted_words() -> None:
    assert cut_short("a" * 290 + " [removed: registration plate] gone") == "a" * 290


def test_redactions_read_back_as_written() -> None:
    assert read_redactions(write_redactions((NAME, TELEPHONE))) == (NAME, TELEPHONE)
    assert read_redactions("") == ()


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def now(store: Store, number: int = 1) -> Response:
    response = get_response(store, number)
    assert response
    return response


def redacted(store: Store) -> Response:
    """Returns a response whose first wish is coded, cleared, and redacted in two places."""
    send(store, TEXT, "More trees")
    code_wish(store, now(store), 1, PARKS)
    moderate_wish(store, now(store), 1, CLEARED, "s-1")
    assert redact_wish(store, now(store), 1, (NAME, TELEPHONE), "s-1").done
    return now(store)


def test_the_log_tells_what_kind_of_thing_was_redacted_and_no_word(store: Store) -> None:
    after = redacted(store)
    assert (after.wishes[0].redactions, after.wishes[0].text, after.wishes[0].moderation) == ((NAME, TELEPHONE), TEXT, CLEARED)
    event = read_events(store)[-1]
    assert (event.name, event.who, event.data["kinds"]) == ("wish.redacted", "s-1", ["name", "telephone"])
    assert event.data["words"] == after.wishes[0].words
    assert set(event.data) == {"slot", "words", "kinds", "spans"} and "15" not in json.dumps(event.data["kinds"])
    assert b"Anna" not in every_byte(store.connections, lambda key: key.endswith(":log"))
    assert verify(store).problem == ""


def test_drafts_quote_it_redacted_and_every_count_stays(store: Store) -> None:
    redacted(store)
    catch_up(store)
    table = RowTable()
    table.refresh(store)
    assert [one.words for one in cleared_wishes(store, table)] == [BOTH]
    assert differences(store, RowTable()) == []


def test_other_words_drop_redactions_and_clearance_of_that_wish_alone(store: Store) -> None:
    redacted(store)
    revise_wishes(store, now(store), (TEXT, "More benches"))
    assert now(store).wishes[0].redactions == (NAME, TELEPHONE)
    revise_wishes(store, now(store), ("Ask anybody", "More benches"))
    assert (now(store).wishes[0].redactions, now(store).wishes[0].moderation) == ((), UNSEEN)
    assert "r1" not in store.text.hgetall(store.keys.response(1))


@pytest.mark.parametrize("ends", ["erased", "expired"])
def test_redactions_go_with_the_words(store: Store, ends: str) -> None:
    redacted(store)
    assert erase(store, 1).done if ends == "erased" else expire(store, [1]) == 1
    assert "r1" not in store.text.hgetall(store.keys.response(1))
    assert not redact_wish(store, now(store), 1, (NAME,), "s-1").done


def test_what_would_be_read_again_must_be_cleared_again(store: Store) -> None:
    redacted(store)
    assert redact_wish(store, now(store), 1, (NAME, TELEPHONE, Redaction(0, 3, "other")), "s-1").done
    assert now(store).wishes[0].moderation == CLEARED
    assert redact_wish(store, now(store), 1, (NAME,), "s-1").done
    assert (now(store).wishes[0].moderation, read_events(store)[-1].data["moderation"]) == (UNSEEN, UNSEEN)
    assert public_text(now(store).wishes[0]) is None


def test_words_that_changed_meanwhile_are_not_redacted(store: Store) -> None:
    before = redacted(store)
    revise_wishes(store, now(store), ("Ask anybody at all about it",))
    assert redact_wish(store, before, 1, (NAME,), "s-1").outcome in ("words", "conflict")
    assert now(store).wishes[0].redactions == ()


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def redact_form(page: str) -> dict[str, object]:
    """Returns what a browser would send of the form that redacts, as it stands."""
    form = re.search(r'<form[^>]*id="redact".*?</form>', page, re.DOTALL)
    assert form
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.group()))
    return {**hidden, "span": re.findall(r'name="span" value="([^"]+)" checked', form.group())}


def test_marked_words_are_redacted_by_a_tick_and_others_typed(desks: Desks) -> None:
    number = desks.send("Ask Anna Bell, 07700 900123 <b>", ward="Abbey")
    client, address = desks.signed_in("reviewer"), f"{HOME}wishes/{number}/1"
    page = client.get(address).text
    assert 'name="span" value="15-27:telephone"><' in page
    form = {**redact_form(page), "span": ["15-27:telephone"], "words": "anna bell", "kind": "name"}
    answer = client.post(f"{address}/redaction", data=form)
    assert (answer.status_code, answer.location) == (303, f"{address}?saved=1")
    page = client.get(address).text
    assert '<s class="redacted">Anna Bell</s> <small>[removed: name]</small>' in page
    assert redact_form(page)["span"] == ["4-13:name", "15-27:telephone"]
    given_back = client.post(f"{address}/redaction", data={**redact_form(page), "span": ["4-13:name"]})
    assert given_back.status_code == 303
    assert now(desks.store, number).wishes[0].redactions == (NAME,)


@pytest.mark.parametrize(("sent", "told"), [
    ({"words": "Anna Bel", "kind": "name"}, "do not stand in the wish"), ({"words": "Anna Bell"}, "Choose what it is."),
    ({"span": "15-99:telephone"}, "tick what should go"), ({"span": "1-2:<b>"}, "tick what should go"),
])
def test_what_cannot_be_redacted_is_told_and_nothing_typed_is_lost(desks: Desks, sent: dict[str, str], told: str) -> None:
    number = desks.send(TEXT)
    client, address = desks.signed_in("reviewer"), f"{HOME}wishes/{number}/1"
    form = {**redact_form(client.get(address).text), **sent}
    answer = client.post(f"{address}/redaction", data=form)
    assert (answer.status_code, told in answer.text) == (400, True)
    assert f'value="{sent.get("words", "")}"' in answer.text
    assert now(desks.store, number).wishes[0].redactions == ()


def test_whoever_redacts_second_is_told_and_shown(desks: Desks) -> None:
    number = desks.send(TEXT)
    client, address = desks.signed_in("reviewer"), f"{HOME}wishes/{number}/1"
    form = redact_form(client.get(address).text)
    assert redact_wish(desks.store, now(desks.store, number), 1, (TELEPHONE,), "s-else").done
    answer = client.post(f"{address}/redaction", data={**form, "words": "Anna Bell", "kind": "name"})
    assert (answer.status_code, "Redacted now: <strong>telephone</strong>" in answer.text) == (409, True)
    assert 'value="Anna Bell"' in answer.text and redact_form(answer.text)["span"] == ["15-27:telephone"]
    clearing = re.search(r"<form[^>]*data-moderate.*?</form>", client.get(address).text, re.DOTALL)
    assert clearing and str(form["seen"]) not in clearing.group(), "clearing what another has redacted is told too"


def test_members_exports_and_the_dashboard_read_it_redacted(desks: Desks) -> None:
    number = desks.send(TEXT, ward="Abbey")
    code_wish(desks.store, now(desks.store, number), 1, PARKS)
    moderate_wish(desks.store, now(desks.store, number), 1, CLEARED, "s-1")
    redact_wish(desks.store, now(desks.store, number), 1, (NAME, TELEPHONE), "s-1")
    desks.count()
    officer = desks.signed_in("officer")
    auditor = desks.signed_in("auditor", name="Cy")
    add_person(desks.connections, "Di", "di@derby.example", "-", ["member"], [SLUG], wards={SLUG: ("Abbey",)})
    member = desks.signed_in(name="Di")
    assert "Anna Bell</s>" in officer.get(f"{HOME}wishes").text and "Anna Bell</s>" in auditor.get(f"{HOME}wishes").text
    for page in ("wishes", f"wishes/{number}/1"):
        read = member.get(HOME + page).text
        assert BOTH in read and "Anna" not in read and "07700" not in read
    for reader in (officer, member):
        board = reader.get(f"{HOME}?open=safer").text
        assert BOTH in board and "Anna" not in board
    rows = list(csv.DictReader(io.StringIO(officer.get(f"{HOME}exports/wishes/{SLUG}.csv").get_data(as_text=True), newline="")))
    assert [row["text"] for row in rows] == [BOTH]
