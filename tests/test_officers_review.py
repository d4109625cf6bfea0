"""Reviewing codes: what comes first, one act for those that say the same, undo, and two reviewers at once."""

import re

import pytest
from flask.testing import FlaskClient

from campaigns.responses import QUERIED, SlotCoding
from campaigns.store.changes import code_wish, erase, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, make_desks, post
from tests.storehouse import code_by_machine
from web import create_app

PAGE = f"/officers/{SLUG}/review"
ROADS = "growth.roads"
BOXES = {"code1": "Jobs", "ask": "more"}
VALUE = re.compile(r'name="(wish|seen)" value="([^"]*)"')


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def sent(desks: Desks, text: str, sure: float, code: str = ROADS) -> int:
    number = desks.send(text)
    code_by_machine(desks.store, number, 1, SlotCoding((code,), "more", "t-1", sure))
    return number


def form_on(client: FlaskClient, kind: str) -> dict[str, str]:
    return {**dict(VALUE.findall(client.get(f"{PAGE}?kind={kind}").text)), "kind": kind}


def coded(store: Store, number: int) -> SlotCoding | None:
    response = get_response(store, number)
    return response.wishes[0].person if response else None


def test_the_least_sure_comes_first_and_accepting_is_a_persons_coding(desks: Desks) -> None:
    numbers = [sent(desks, f"Wish {n}", sure) for n, sure in enumerate((0.9, 0.45, 0.12, 0.49))]
    desks.count()
    reviewer = desks.signed_in("reviewer")
    page = reviewer.get(PAGE).text
    assert "Unsure (3)" in page and "Wish 2" in page and "Any (4)" in page
    form = form_on(reviewer, "unsure")
    assert form["wish"] == f"{numbers[2]}-1"
    answer = post(reviewer, PAGE, {**form, "code1": "Roads", "ask": "more"})
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?kind=unsure&saved=1")
    found = coded(desks.store, numbers[2])
    assert found and (found.codes, found.ask, found.coder) == ((ROADS,), "more", desks.person("reviewer").id)
    desks.count()
    page = reviewer.get(f"{PAGE}?kind=unsure").text
    assert "Unsure (2)" in page and "You reviewed 1 today." in page and "Wish 1" in page
    assert verify(desks.store).problem == ""


def test_what_is_queried_or_found_no_code_has_lines_of_its_own(desks: Desks) -> None:
    reviewer = desks.signed_in("reviewer")
    assert "There is nothing of this kind to review." in reviewer.get(PAGE).text
    other, queried = sent(desks, "Elsewhere", 0.8, "other"), sent(desks, "Not so", 0.8)
    response = get_response(desks.store, queried)
    assert response and moderate_wish(desks.store, response, 1, QUERIED, "public").done
    desks.count()
    assert form_on(reviewer, "other")["wish"] == f"{other}-1"
    assert form_on(reviewer, "queried")["wish"] == f"{queried}-1"
    assert reviewer.get(f"{PAGE}?kind=nothing").status_code == 404


def test_what_is_skipped_comes_last(desks: Desks) -> None:
    first, second = sent(desks, "One", 0.1), sent(desks, "Two", 0.1)
    desks.count()
    reviewer = desks.signed_in("reviewer")
    assert form_on(reviewer, "unsure")["wish"] == f"{second}-1"
    assert f'value="{first}-1"' in reviewer.get(f"{PAGE}?kind=unsure&leave={second}-1").text
    post(reviewer, PAGE, {**form_on(reviewer, "unsure"), **BOXES})
    desks.count()
    assert form_on(reviewer, "unsure")["wish"] == f"{second}-1"


def test_one_act_codes_those_that_say_the_same_and_is_taken_back_whole(desks: Desks) -> None:
    numbers = [sent(desks, "Mend the road", 0.3) for _ in range(4)]
    desks.count()
    reviewer = desks.signed_in("reviewer")
    response = get_response(desks.store, numbers[0])
    colleague = SlotCoding(("safer.green",), "keep", "s-9")
    assert response and code_wish(desks.store, response, 1, colleague).done
    form, also = form_on(reviewer, "unsure"), [f"{n}-1" for n in numbers]
    assert post(reviewer, PAGE, {**form, **BOXES, "also": also}).location.endswith("saved=3"), "a colleague's stays"
    assert [(one.codes if (one := coded(desks.store, n)) else ()) for n in numbers] == [("safer.green",), *[("growth.jobs",)] * 3]
    desks.count()
    assert "Take back what I did last (3 wishes)" in reviewer.get(PAGE).text
    assert post(reviewer, f"{PAGE}/undo", {}, page=PAGE).location.endswith("done=undone")
    assert [coded(desks.store, n) is None for n in numbers] == [False, True, True, True]
    assert [event.name for event in read_events(desks.store)][-3:] == ["wish.uncoded"] * 3
    desks.count()
    page = reviewer.get(PAGE).text
    assert "Unsure (3)" in page and "You reviewed 0 today." in page and "Take back what" not in page
    assert verify(desks.store).problem == ""


def test_what_others_changed_since_is_not_taken_back(desks: Desks) -> None:
    number = sent(desks, "Mend the road", 0.3)
    desks.count()
    reviewer = desks.signed_in("reviewer")
    post(reviewer, PAGE, {**form_on(reviewer, "unsure"), **BOXES})
    response = get_response(desks.store, number)
    assert response and code_wish(desks.store, response, 1, SlotCoding((ROADS,), "mend", "s-9")).done
    assert post(reviewer, f"{PAGE}/undo", {}, page=PAGE).location.endswith("done=stays")
    assert (coded(desks.store, number) or SlotCoding((), "", "")).coder == "s-9"


def test_two_reviewers_get_different_wishes_and_the_second_is_told(desks: Desks) -> None:
    numbers = [sent(desks, f"Wish {n}", 0.2) for n in range(2)]
    desks.count()
    ada, grace = desks.signed_in("reviewer"), desks.signed_in("reviewer", name="Grace")
    mine, theirs = form_on(ada, "unsure"), form_on(grace, "unsure")
    assert {mine["wish"], theirs["wish"]} == {f"{n}-1" for n in numbers}
    assert "Colleagues have the rest" in desks.signed_in("reviewer", name="Joan").get(f"{PAGE}?kind=unsure").text
    assert post(ada, PAGE, {**mine, **BOXES}).status_code == 303
    late = post(grace, PAGE, {**mine, "code1": "Parks", "ask": "less"})
    assert (late.status_code, "It has changed since" in late.text, "Parks" in late.text) == (409, True, True)
    assert (coded(desks.store, int(mine["wish"].split("-")[0])) or SlotCoding((), "", "")).codes == ("growth.jobs",)


def test_mistakes_keep_what_was_typed_and_the_erased_are_said_to_be_gone(desks: Desks) -> None:
    number = sent(desks, "Wish", 0.2)
    desks.count()
    reviewer = desks.signed_in("reviewer")
    form = form_on(reviewer, "unsure")
    wrong = post(reviewer, PAGE, {**form, "code1": "zzz", "ask": "more"})
    assert (wrong.status_code, "No code is called “zzz”" in wrong.text, 'value="zzz"' in wrong.text) == (400, True, True)
    erase(desks.store, number)
    assert post(reviewer, PAGE, {**form, **BOXES}).location.endswith("done=gone")
    assert "taken back by its sender" in reviewer.get(f"{PAGE}?done=gone").text


def test_an_auditor_reads_and_is_given_nothing(desks: Desks) -> None:
    sent(desks, "Wish", 0.2)
    desks.count()
    page = desks.signed_in("auditor").get(PAGE).text
    assert "You read here, and do not code." in page and "Wish" not in page.split("<main")[1].split("You read")[1]
