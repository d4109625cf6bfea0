"""Worries: passed on at once from the desk or a wish's page, followed with notes until closed; who is late is told."""

import pytest
from flask.testing import FlaskClient

from campaigns.campaign_file import read_file
from campaigns.cards.serials import serial_for
from campaigns.safeguarding import CLOSED, NEW, NO_NOTE, NO_STATE, NOTHING, PASSED, SEEN, Officer, note_problem, too_long
from campaigns.store.cards import print_cards
from campaigns.store.changes import erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.notices import put_off
from campaigns.store.worries import (
    Worry,
    close_worry,
    list_worries,
    note_worry,
    open_worries,
    raise_about_wish,
    raise_worry,
    told,
)
from tests.desks import SLUG, Desks, make_desks, post
from tests.keying import sit_down
from tests.storehouse import every_byte
from web import create_app
from web.officers.worries import CHANGED, GONE
from workers.queues import EXPORTS, waiting_jobs

WORRIES = f"/officers/{SLUG}/worries"
WISH = f"/officers/{SLUG}/wishes/1/1"
HOUR_MS = 3_600_000


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


@pytest.fixture
def officer(desks: Desks) -> FlaskClient:
    return desks.signed_in("officer", name="Olive")


def write(who: FlaskClient, worry: str, state: str, note: str = "", seen: int = 0) -> int:
    """Sends a note as the page's form does, and returns what is answered."""
    return post(who, f"{WORRIES}/{worry}", {"state": state, "note": note, "seen": seen}, page="/account/password").status_code


@pytest.mark.parametrize(("before", "after", "words", "said"), [
    (NEW, SEEN, "", ""), (NEW, NEW, "", NOTHING), (SEEN, SEEN, "Rang", ""), (SEEN, PASSED, "", NO_NOTE[PASSED]),
    (SEEN, PASSED, "To the school", ""), (PASSED, PASSED, "", NOTHING), (SEEN, CLOSED, "", NO_NOTE[CLOSED]),
    (NEW, CLOSED, "Seen to", ""), (PASSED, NEW, "", ""), (NEW, "lost", "x", NO_STATE), (NEW, "", "", NO_STATE),
])
def test_a_note_says_where_a_worry_stands_and_what_was_done(before: str, after: str, words: str, said: str) -> None:
    assert note_problem(before, after, words) == said


@pytest.mark.parametrize(("hours", "late"), [(23.9, False), (24.1, True)])
def test_a_worry_is_late_after_the_campaigns_hours(hours: float, late: bool) -> None:
    assert too_long(0, int(hours * HOUR_MS), Officer()) == late


@pytest.mark.parametrize(("contact", "email", "address"), [
    ("a@b.example", "", "a@b.example"), ("01332 200000", "", ""), ("01332 200000", "a@b.example", "a@b.example"),
    ("Ring, or write to a@b.example", "", ""), ("", "", ""),
])
def test_e_mail_goes_to_the_address_a_campaign_gives(contact: str, email: str, address: str) -> None:
    assert Officer("A Person", contact, email).address == address


def test_a_worry_is_passed_on_at_once_and_its_card_can_still_be_keyed(desks: Desks, officer: FlaskClient) -> None:
    print_cards(desks.store, 4, "", "s-1")
    keyer = sit_down(desks)
    typed = keyer.item(2, "He hits us")
    worry = typed | {"kind": "worry"}
    answers = keyer.say(worry, worry)
    assert answers[0][0] == "saved" and desks.store.campaign.safeguarding.name in answers[0][1] and "999" in answers[0][1]
    assert len(open_worries(desks.store)) == 1
    assert keyer.say(typed) == [("saved", "")]
    page = officer.get(WORRIES).text
    assert "He hits us" in page and serial_for(2, SLUG) in page and "its wishes" in page
    assert "1 worry" in officer.get(f"/officers/{SLUG}/").text
    assert write(officer, typed["piece"], CLOSED, " ") == 400
    assert write(officer, typed["piece"], CLOSED, "Social services told") == 303
    [closed] = list_worries(desks.store)
    assert (closed.open, dict(closed.typed), closed.note) == (False, {}, "Social services told")
    page = officer.get(WORRIES).text
    assert "He hits us" not in page and "Social services told" in page and "No worry is open" in page
    log = b"".join(fields[b"e"] for _, fields in desks.store.raw.xrange(desks.store.keys.of("log")))
    assert b"worry.raised" in log and b"hits" not in log and b"Social" not in log


def test_a_reviewer_passes_a_wish_on_from_its_page(desks: Desks, officer: FlaskClient) -> None:
    desks.send("He hits us <b>", "More trees")
    reviewer = desks.signed_in("reviewer", name="Rita")
    assert "Worried about somebody?" in reviewer.get(WISH).text
    answer = post(reviewer, f"{WISH}/worry", {"words": "A child?"}, page=WISH)
    assert (answer.status_code, answer.location) == (303, f"{WISH}#worry")
    assert post(reviewer, f"{WISH}/worry", {"words": "again"}, page="/account/password").status_code == 303
    page = reviewer.get(WISH).text
    assert "It is <strong>new</strong>" in page and "Pass it on" not in page and "The worry</a>" not in page
    [worry] = open_worries(desks.store)
    assert (worry.response, worry.slot, dict(worry.typed), [one.words for one in worry.notes]) == (1, 1, {}, ["A child?"])
    page = officer.get(WORRIES).text
    assert "He hits us &lt;b&gt;" in page and "A child?" in page and "Rita" in page and "More trees" not in page
    assert "The worry</a>" in officer.get(WISH).text and reviewer.get(WORRIES).status_code == 403
    for address in ("wishes/1/9", "wishes/7/1"):
        assert post(reviewer, f"/officers/{SLUG}/{address}/worry", {}, page="/account/password").status_code == 404
    assert close_worry(desks.store, worry, "Seen to", "s-2") and raise_about_wish(desks.store, 1, 1, "", "s-2")
    assert [one.id for one in list_worries(desks.store)] == ["wish-1-1-2", "wish-1-1-1"]


def test_a_worry_is_followed_with_notes_until_it_is_closed(desks: Desks, officer: FlaskClient) -> None:
    desks.send("He hits us")
    raise_about_wish(desks.store, 1, 1, "", "s-1")
    assert [write(officer, "wish-1-1-1", *one) for one in (
        (SEEN,), (SEEN, "Rang <the> school", 1), (PASSED, "", 2), (PASSED, "To social services", 2), ("gone", "x", 3),
    )] == [303, 303, 400, 303, 400]
    [worry] = open_worries(desks.store)
    assert [(one.state, one.words) for one in worry.notes] == [
        (SEEN, ""), (SEEN, "Rang <the> school"), (PASSED, "To social services")
    ]
    page = officer.get(WORRIES).text
    assert "Rang &lt;the&gt; school" in page and "<option selected>passed on</option>" in page and page.count("Olive") >= 3
    assert write(officer, "wish-1-1-1", CLOSED, "They took it on", 3) == 303
    page = officer.get(WORRIES).text
    assert "They took it on" in page and "To social services" in page and "He hits us" not in page
    assert write(officer, "none", SEEN) == 404


def test_whoever_comes_second_is_told_and_loses_nothing(desks: Desks, officer: FlaskClient) -> None:
    raise_worry(desks.store, Worry("w-1", 1, 0, "s-1", {"wish1": "He hits us"}))
    [worry] = open_worries(desks.store)
    assert note_worry(desks.store, worry, SEEN, "Mine", "s-2") and not note_worry(desks.store, worry, SEEN, "Other", "s-3")
    late = post(officer, f"{WORRIES}/w-1", {"state": PASSED, "note": "Rang the <school>", "seen": 0}, page=WORRIES)
    assert late.status_code == 409 and CHANGED in late.text
    assert ">Rang the &lt;school&gt;</textarea>" in late.text and "<option selected>passed on</option>" in late.text
    assert close_worry(desks.store, open_worries(desks.store)[0], "Seen to", "s-2")
    late = post(officer, f"{WORRIES}/w-1", {"state": SEEN, "note": "Rang the <school>", "seen": 1}, page="/account/password")
    assert late.status_code == 409 and GONE in late.text and "Rang the &lt;school&gt;" in late.text
    [worry] = list_worries(desks.store)
    assert (worry.note, close_worry(desks.store, worry, "x", "s-1"), note_worry(desks.store, worry, SEEN, "x", "s-1")) == (
        "Seen to", False, False
    )


def test_what_is_open_too_long_is_marked(settings: dict[str, str], connections: Connections) -> None:
    desks = make_desks(create_app(settings), connections, read_file(SLUG).replace(
        "[safeguarding]\n", "[safeguarding]\nwithin_hours = 1\n"
    ))
    officer = desks.signed_in("officer", name="Olive")
    raise_worry(desks.store, Worry("w-1", 1, 0, "s-1", {}))
    assert "Open for more than" not in officer.get(WORRIES).text
    key = desks.store.keys.of("worries")
    at_ms = open_worries(desks.store)[0].at_ms
    desks.store.text.hset(key, "w-1", desks.store.text.hget(key, "w-1").replace(str(at_ms), str(at_ms - 2 * HOUR_MS)))
    assert "Open for more than 1 hour" in officer.get(WORRIES).text
    assert "open too long" in officer.get(f"/officers/{SLUG}/").text
    assert "No e-mail is sent from here" in officer.get(WORRIES).text


def test_what_became_of_the_e_mail_is_told(settings: dict[str, str], connections: Connections) -> None:
    desks = make_desks(create_app(settings | {"MAIL_HOST": "mail.example"}), connections)
    officer = desks.signed_in("officer", name="Olive")
    desks.send("He hits us")
    post(officer, f"{WISH}/worry", {}, page=WISH).close()
    assert waiting_jobs(connections, EXPORTS) == 1
    assert "An e-mail is on its way." in officer.get(WORRIES).text
    put_off(desks.store, "worry:wish-1-1-1", "The mail server does not answer.", 0)
    assert "Not e-mailed yet: The mail server does not answer. Tell them yourself" in officer.get(WORRIES).text
    told(desks.store, "wish-1-1-1", "job:notices")
    page = officer.get(WORRIES).text
    assert "E-mailed to" in page and "Not e-mailed" not in page


def test_without_an_address_staff_are_told_to_tell_them(settings: dict[str, str], connections: Connections) -> None:
    text = read_file(SLUG).replace("safeguarding@derby.example", "01332 1").replace("deputy@derby.example", "01332 2")
    desks = make_desks(create_app(settings | {"MAIL_HOST": "mail.example"}), connections, text)
    raise_worry(desks.store, Worry("w-1", 1, 0, "s-1", {}))
    assert "names no e-mail address" in desks.signed_in("officer", name="Olive").get(WORRIES).text


@pytest.mark.parametrize("closed", [False, True])
def test_erasing_a_response_takes_the_notes_about_it_too(desks: Desks, officer: FlaskClient, closed: bool) -> None:
    desks.send("Canary words")
    raise_about_wish(desks.store, 1, 1, "Canary raised", "s-1")
    note_worry(desks.store, open_worries(desks.store)[0], PASSED, "Canary noted", "s-2")
    if closed:
        close_worry(desks.store, open_worries(desks.store)[0], "Canary closed", "s-2")
    erase(desks.store, 1)
    assert b"Canary" not in every_byte(desks.connections)
    [worry] = list_worries(desks.store)
    assert ([one.state for one in worry.notes], worry.open) == ([NEW, PASSED], not closed)
    page = officer.get(WORRIES).text
    assert "Response 1, wish 1" in page and WISH not in page and ("The words are no longer kept" in page) == (not closed)


def test_a_worry_about_words_that_were_taken_back_can_still_be_read(desks: Desks, officer: FlaskClient) -> None:
    desks.send("He hits us")
    raise_about_wish(desks.store, 1, 1, "", "s-1")
    withdraw(desks.store, 1)
    page = officer.get(WORRIES).text
    assert "He hits us" in page and WISH not in page
