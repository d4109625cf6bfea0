"""Indicators on the officers' desk: loaded by page, told by theme beside wishes, referred and taken back."""

from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from campaigns.referrals import Referral, check_referral
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.indicators import kept_indicators
from campaigns.store.log import read_events, verify
from campaigns.store.referrals import list_referrals
from campaigns.store.responses import get_response
from tests.desks import SLUG, TOKEN, Desks, make_desks, post
from web import create_app

PAGE = f"/officers/{SLUG}/indicators"
HEAD = "id,name,theme,target,actual,forecast,good_direction,source\n"
ROWS = HEAD + "NI 47,Killed or seriously injured,growth,104,121,115,down,\nNI 1/b,=Getting on,safer,75,75.5,76,up,\n"
FULL = {"to": "Transport board", "owner": "Ms Hill", "due": "2020-03-31", "why": "Why so many?"}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def load(desks: Desks, text: str | bytes) -> TestResponse:
    officer = desks.signed_in("officer")
    token = TOKEN.search(officer.get(PAGE).text)
    assert token
    raw = text if isinstance(text, bytes) else text.encode()
    return officer.post(PAGE, data={"csrf_token": token[1], "file": (BytesIO(raw), "in.csv")}, content_type="multipart/form-data")


def words(answer: TestResponse) -> str:
    return " ".join(answer.text.split())


def test_indicators_stand_beside_what_is_asked_for(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    assert "No figures are loaded yet." in words(officer.get(PAGE))
    assert "NI 47" in officer.get(f"{PAGE}.csv").text, "the list to fill in"
    for _ in range(3):
        number = desks.send("Safer roads")
        response = get_response(desks.store, number)
        assert response and code_wish(desks.store, response, 1, SlotCoding(("growth.roads",), "more", "s-1")).done
    desks.count()
    assert load(desks, ROWS).status_code == 303
    page = words(officer.get(PAGE))
    assert "<strong>1 of 2 indicators (50%)</strong>" in page and "Now 1 green, 0 amber, 1 red." in page
    assert ">3 responses</a>, most of all" in page and "Off target: NI 47." in page
    assert "NI 1/b,'=Getting on,safer" in officer.get(f"{PAGE}.csv").text, "no spreadsheet runs it"


@pytest.mark.parametrize(("text", "said"), [
    (b"", "The file is empty."), (b"\xff\xfe\x00", "not written in UTF-8"), (b"PK\x03\x04" * 30, "is no column of indicators"),
    (HEAD + "a,b,nowhere,1,1,1,up,", "is no theme of this campaign"), (HEAD + "a,b,growth,much,1,1,up,", "must be a number"),
])
def test_what_cannot_be_loaded_is_told_by_line_and_loses_nothing(desks: Desks, text: str | bytes, said: str) -> None:
    load(desks, ROWS)
    answer = load(desks, text)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert len(kept_indicators(desks.store)) == 2


def test_an_indicator_is_referred_and_comes_back(desks: Desks) -> None:
    officer, address = desks.signed_in("officer"), f"{PAGE}/NI 1/b"
    load(desks, ROWS)
    wanting = post(officer, address, {"owner": "Ms Hill"})
    assert (wanting.status_code, "Name the group" in wanting.text, "Ms Hill" in wanting.text) == (400, True, True)
    assert post(officer, address, FULL).status_code == 303
    page = words(officer.get(PAGE))
    assert "Transport board" in page and "31 March 2020, late" in page
    seen = {"number": "1", "revision": "1"}
    assert "Say in a sentence or two" in post(officer, address, {**FULL, **seen, "do": "return"}).text
    assert post(officer, address, {**FULL, **seen, "found": "Counted anew.", "do": "return"}).status_code == 303
    assert "back from Transport board on" in words(officer.get(PAGE)) and "Refer it" in officer.get(PAGE).text
    names = [event.name for event in read_events(desks.store, 0, 1000) if event.name.startswith("indicator")]
    assert names == ["indicators.loaded", "indicator.referred", "indicator.returned"]
    assert verify(desks.store).problem is None or verify(desks.store).problem == ""


def test_two_officers_do_not_refer_one_over_the_other(desks: Desks) -> None:
    officer, address = desks.signed_in("officer"), f"{PAGE}/NI 47"
    load(desks, ROWS)
    assert post(officer, address, FULL).status_code == 303
    late = post(officer, address, {**FULL, "to": "Safety board", "number": "0", "revision": "0"})
    assert (late.status_code, "Someone was here before you" in late.text, "Safety board" in late.text) == (409, True, True)
    assert [one.to for one in list_referrals(desks.store)] == ["Transport board"]
    again = post(officer, address, {**FULL, "to": "Safety board", "number": "1", "revision": "1"})
    assert (again.status_code, [one.to for one in list_referrals(desks.store)]) == (303, ["Safety board"])


def test_an_indicator_that_is_loaded_no_more_keeps_its_referral(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    load(desks, ROWS)
    post(officer, f"{PAGE}/NI 47", FULL)
    load(desks, HEAD + "NI 2,Belonging,safer,75,75.5,76,up,\n")
    assert "no longer among the indicators loaded" in words(officer.get(PAGE))
    assert "no longer among those loaded" in words(officer.get(f"{PAGE}/NI 47"))
    assert officer.get(f"{PAGE}/NI 99").status_code == 404


@pytest.mark.parametrize(("referral", "returning", "wrong"), [
    (Referral(to="A", due="2020-01-01"), False, set()), (Referral(), False, {"to", "due"}),
    (Referral(to="A", due="soon"), False, {"due"}), (Referral(to="A", due="2020-01-01"), True, {"found"}),
    (Referral(to="A" * 201, due="2020-01-01", why="w" * 2001), False, {"to", "why"}),
])
def test_what_a_referral_needs(referral: Referral, returning: bool, wrong: set[str]) -> None:
    assert set(check_referral(referral, returning)) == wrong
