"""The sample's pages: drawn by an officer, coded by two who see nothing but the words, settled by a third, and what it shows."""

import re

import pytest
from flask.testing import FlaskClient

from campaigns.campaign_file import read_campaign
from campaigns.coding.frame import Frame
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from campaigns.store.sample import read_sample, settled
from tests.desks import SLUG, Desks, make_desks, post
from tests.storehouse import LITTLE, campaign_text, code_by_machine
from web import create_app
from web.officers.naming import find_codes, read_typed

PAGE = f"/officers/{SLUG}/sample"
CODE, SETTLE, UNDO = (f"{PAGE}/{name}" for name in ("code", "settle", "undo"))
HIDDEN = re.compile(r'name="(wish|words|take)" value="([^"]*)"')
DRAWN = {"wishes": "4", "seed": "4 1 6 6 2"}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    for n in range(4):
        number = made.send(f"Wish of mine {n}", ward="Abbey")
        code_by_machine(made.store, number, 1, SlotCoding(("culture.arts",), "mend", "tagger-7", 0.9))
    made.count()
    return made


@pytest.fixture
def frame() -> Frame:
    return read_campaign(LITTLE, campaign_text()).frame


def draw(desks: Desks, **more: str) -> FlaskClient:
    """Returns an officer who has drawn a sample."""
    officer = desks.signed_in("officer", name="Ada")
    assert post(officer, PAGE, {**DRAWN, **more}).status_code == 303
    return officer


def say(client: FlaskClient, code: str, ask: str = "more", page: str = CODE, **more: str) -> tuple[int, str]:
    """Codes whatever wish the page gives; returns the status and the page that follows."""
    hidden = dict(HIDDEN.findall(client.get(page).text))
    hidden.pop("take", None)
    answer = post(client, page, {**hidden, "code1": code, "ask": ask, **more})
    return answer.status_code, client.get(answer.headers["Location"]).text if answer.status_code == 303 else answer.text


@pytest.mark.parametrize(("typed", "names"), [
    ("growth.roads", ["Roads"]), ("ROADS", ["Roads"]), ("ro", ["Roads"]), ("wish", ["No wish"]), ("ark", ["Parks"]),
    ("zebra", []), ("o", ["Other"]), ("r", ["Roads"]),
])
def test_codes_are_found_by_what_is_typed_of_them(typed: str, names: list[str], frame: Frame) -> None:
    assert [code.name for code in find_codes(typed, frame)] == names


@pytest.mark.parametrize(("sent", "codes", "wrong"), [
    ({"code1": "roads", "code2": "par", "ask": "more"}, ("growth.roads", "safer.green"), []),
    ({"code1": "roads", "ask": ""}, ("growth.roads",), ["ask"]), ({"ask": "more"}, (), ["code1"]),
    ({"code1": "zebra", "ask": "more"}, ("zebra",), ["code1"]),
    ({"code1": "roads", "code2": "s", "ask": "keep"}, None, ["code2"]),
    ({"code1": "other", "code2": "parks", "ask": "more"}, None, ["code1"]),
    ({"code1": "roads", "code2": "Roads", "ask": "more"}, None, ["code1"]),
])
def test_what_was_typed_is_checked_and_kept(
    sent: dict[str, str], codes: tuple[str, ...] | None, wrong: list[str], frame: Frame
) -> None:
    choice = read_typed(sent, frame)
    assert sorted(choice.problems) == wrong and (codes is None or choice.codes == codes)


def test_before_anything_is_drawn_the_pages_say_so(desks: Desks) -> None:
    officer, reviewer = desks.signed_in("officer"), desks.signed_in("reviewer", name="Ray")
    assert "No sample has been drawn yet" in officer.get(PAGE).text
    assert ">Draw one</a>" in officer.get(CODE).text
    page = reviewer.get(CODE).text
    assert "An officer draws it." in page and "Draw one" not in page
    assert 'id="draw-title"' not in reviewer.get(PAGE).text


def test_an_officer_draws_and_mistakes_keep_what_was_typed(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    for typed, told in (({"wishes": "many", "seed": "4 1"}, "Type a number"), ({"wishes": "3", "seed": ""}, "Give a seed")):
        answer = post(officer, PAGE, typed)
        assert answer.status_code == 400 and told in answer.text
        assert all(f'value="{text}"' in answer.text for text in typed.values())
    draw(desks)
    page = officer.get(PAGE).text
    assert "4 wishes</strong> of 4 responses drawn" in page and "by “4 1 6 6 2”" in page and "<td>Abbey</td>" in page
    assert "have been drawn" in post(officer, PAGE, DRAWN).text


def test_two_people_code_apart_and_it_counts_in_no_tally(desks: Desks) -> None:
    ada, ray = draw(desks), desks.signed_in("reviewer", name="Ray")
    for client in (ada, ray):
        for left in (4, 3, 2, 1):
            assert f"{left} wish" in client.get(CODE).text
            status, page = say(client, "arts, mu")
            assert status == 303 and "Saved." in page
        assert "nothing left for you to code" in client.get(CODE).text
    assert len(settled(desks.store)) == 4
    page = ada.get(PAGE).text
    assert "all settled</strong>" in page and "to 4 (100%)" in page and "Only 4 wishes have been coded" in page
    response = get_response(desks.store, 1)
    assert response and response.wishes[0].person is None


def test_whoever_codes_meets_neither_machine_nor_colleague(desks: Desks) -> None:
    """The page is the same, letter by letter, whatever the machine and the first person said."""
    draw(desks)
    ray = desks.signed_in("reviewer", name="Ray")
    seen = strip(ray.get(CODE).text)
    for number in (1, 2, 3, 4):
        code_by_machine(desks.store, number, 1, SlotCoding(("safer.crime", "growth.jobs"), "less", "tagger-8", 0.2))
        response = get_response(desks.store, number)
        assert response and code_wish(desks.store, response, 1, SlotCoding(("health.care",), "keep", "s-desk")).done
    assert say(desks.signed_in("officer", name="Ada"), "culture.arts")[0] == 303
    again = strip(ray.get(CODE).text)
    assert again == seen and "Wish of mine" in seen
    assert "checked" not in seen and "selected" not in seen and "tagger" not in seen


def strip(page: str) -> str:
    """Returns a page without what is new each time."""
    return re.sub(r'nonce="[^"]+"|csrf_token" value="[^"]+"', "", page)


def test_a_third_settles_by_letting_one_stand_or_by_their_own(desks: Desks) -> None:
    ada, ray, grace = draw(desks), desks.signed_in("reviewer", name="Ray"), desks.signed_in("officer", name="Grace")
    for _ in range(2):
        say(ada, "culture.arts", "more")
        say(ray, "other", "less")
    assert "No difference waits for you" in ray.get(SETTLE).text and "wait for a third person" in ray.get(PAGE).text
    page = grace.get(SETTLE).text
    assert page.count("Let this stand") == 2 and "Ada" not in page and "Ray" not in page
    hidden = dict(HIDDEN.findall(page))
    assert post(grace, SETTLE, {**hidden, "take": "safer.crime|less"}).status_code == 400
    assert post(grace, SETTLE, {**hidden, "take": "other|less"}).status_code == 303
    assert say(grace, "other", "unclear", SETTLE)[0] == 303
    assert sorted(one.ask for one in settled(desks.store).values()) == ["less", "unclear"]
    assert "No difference waits for you" in grace.get(SETTLE).text


def test_mistakes_are_told_beside_what_was_typed(desks: Desks) -> None:
    ada = draw(desks)
    status, page = say(ada, "zzz", "", code2="culture.arts")
    assert status == 400 and "No code is called “zzz”" in page and "Choose which way it asks" in page
    assert 'value="zzz"' in page and "Wish of mine" in page


def test_skipping_brings_another_and_taking_back_the_same(desks: Desks) -> None:
    ada = draw(desks)
    first = dict(HIDDEN.findall(ada.get(CODE).text))["wish"]
    second = dict(HIDDEN.findall(ada.get(f"{CODE}?leave={first}").text))["wish"]
    assert first != second
    assert say(ada, "culture.arts")[0] == 303 and len([one for one in read_sample(desks.store).wishes if one.said]) == 1
    assert post(ada, UNDO, {"of": "coding"}, CODE).headers["Location"].endswith("done=undone")
    assert not any(one.said for one in read_sample(desks.store).wishes)
    assert "Take back what I said last" not in ada.get(CODE).text
    assert post(ada, UNDO, {"of": "third"}, PAGE).headers["Location"].endswith("settle?done=gone")


def test_what_went_meanwhile_is_said_and_the_next_comes(desks: Desks) -> None:
    ada = draw(desks)
    hidden = dict(HIDDEN.findall(ada.get(CODE).text))
    withdraw(desks.store, int(hidden["wish"].partition("-")[0]))
    answer = post(ada, CODE, {**hidden, "code1": "culture.arts", "ask": "more"})
    assert "taken back by its sender" in ada.get(answer.headers["Location"]).text
    assert post(ada, CODE, {"wish": "99-1", "code1": "culture.arts", "ask": "more"}).headers["Location"].endswith("done=gone")


def test_an_auditor_reads_and_takes_no_turn(desks: Desks) -> None:
    draw(desks)
    auditor = desks.signed_in("auditor", name="Una")
    page = auditor.get(CODE).text
    assert "You read here, and do not code" in page and "Wish of mine" not in page
    assert desks.store.text.hgetall(desks.store.keys.of("turns")) == {}


def test_what_is_with_others_is_waited_for(desks: Desks) -> None:
    draw(desks)
    for n in range(8):
        desks.signed_in("reviewer", name=f"Ray{n}").get(CODE)
    assert "Others have the last of these" in desks.signed_in("reviewer", name="Late").get(CODE).text
