"""The wishes behind a number: listed, put right, cleared for quoting; and two officers at one wish."""

import re

import pytest

from campaigns.campaign_file import read_campaign, read_file
from campaigns.responses import CLEARED, HELD, SlotCoding
from campaigns.store.changes import code_wish, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from tests.desks import SLUG, Desks, make_desks
from web import create_app

CAMPAIGN = read_campaign(SLUG, read_file(SLUG))
HOME = f"/officers/{SLUG}/"
TRAMS, PARKS = ("growth.transport",), ("safer.green", "culture.events")


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def test_wishes_come_newest_first_fifty_at_a_time(desks: Desks) -> None:
    for number in range(1, 41):
        desks.send(f"Wish {number}", f"Second {number}")
    desks.count()
    client = desks.signed_in("officer")
    first = client.get(f"{HOME}wishes").text
    texts = re.findall(r'<p class="text" dir="auto">([^<]+)</p>', first)
    assert (texts[0], texts[-1], len(texts)) == ("Second 40", "Wish 16", 50)
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older
    rest = re.findall(r'<p class="text" dir="auto">([^<]+)</p>', client.get(older.group(1).replace("&amp;", "&")).text)
    assert (rest[0], rest[-1], len(rest)) == ("Second 15", "Wish 1", 30)


def test_a_wish_shows_how_it_was_coded_and_never_what_was_said_about_oneself(desks: Desks) -> None:
    place = CAMPAIGN.question_called("ethnic-group").options.index("White") + 1  # type: ignore[union-attr]
    number = desks.send("Trams & <b>trains</b>", ward="Abbey", channel="card", special={"ethnic-group": place})  # type: ignore[arg-type]
    machine = "{}|less|t1|72|0,1|".format(desks.store.layout.ids["code"]["growth.transport"])
    desks.store.text.hset(desks.store.keys.response(number), "m1", machine)
    desks.count()
    page = desks.signed_in("officer").get(f"{HOME}wishes").text
    said = "Trams &amp; &lt;b&gt;trains&lt;/b&gt;"
    expected = (said, "Coded by machine, 72% sure", "Buses, trains, cycling and walking", "Abbey")
    assert [words for words in expected if words not in page] == []
    assert CAMPAIGN.frame.examples[0].text in page.replace("&#39;", "'")
    assert "White" not in page


def wish_form(page: str, action: str = "data-coding") -> dict[str, str]:
    """Returns the hidden fields of the form with a mark on a wish's page."""
    form = re.search(rf"<form[^>]*{action}.*?</form>", page, re.DOTALL)
    assert form
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.group()))


@pytest.mark.parametrize(("codes", "ask"), [(PARKS, "keep"), (("other",), "unclear"), (TRAMS, "less")])
def test_a_person_puts_a_coding_right(desks: Desks, codes: tuple[str, ...], ask: str) -> None:
    number = desks.send("Something")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    chosen = {f"code{place}": code for place, code in enumerate(codes, 1)}
    answer = client.post(address, data={**wish_form(client.get(address).text), **chosen, "ask": ask})
    assert (answer.status_code, answer.location) == (303, f"{address}?saved=1")
    coding = get_response(desks.store, number).wishes[0].person  # type: ignore[union-attr]
    assert coding
    assert (coding.codes, coding.ask, coding.coder) == (codes, ask, desks.person().id)
    assert "Coded by Ada" in client.get(answer.location).text


def test_saving_leads_back_to_the_list_at_that_wish_and_nowhere_else(desks: Desks) -> None:
    number = desks.send("Something")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    for back, wanted in ((f"{HOME}wishes?ward=Abbey", f"{HOME}wishes?ward=Abbey"), ("https://elsewhere.example", "/account/")):
        form = {**wish_form(client.get(address).text), "code1": "other", "ask": "more", "back": back}
        assert client.post(address, data=form).location == f"{wanted}#w-{number}-1"


def test_a_choice_that_will_not_do_is_kept_in_the_form(desks: Desks) -> None:
    number = desks.send("Something")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    answer = client.post(address, data={**wish_form(client.get(address).text), "code1": "other", "code2": "safer.green"})
    assert answer.status_code == 400
    assert "stands alone" in answer.text and "Choose which way it asks" in answer.text
    assert re.findall(r'<option value="([^"]+)" selected', answer.text) == ["other", "safer.green"]
    assert get_response(desks.store, number).wishes[0].person is None  # type: ignore[union-attr]


def test_the_second_officer_is_told_what_the_first_did_and_keeps_their_own_choice(desks: Desks) -> None:
    number = desks.send("Something")
    address = f"{HOME}wishes/{number}/1"
    ada, grace = desks.signed_in("officer"), desks.signed_in("officer", name="Grace")
    forms = {client: wish_form(client.get(address).text) for client in (ada, grace)}
    assert ada.post(address, data={**forms[ada], "code1": "growth.roads", "ask": "mend"}).status_code == 303
    told = grace.post(address, data={**forms[grace], "code1": "safer.green", "ask": "keep"})
    assert told.status_code == 409
    assert "Roads, traffic and parking, mend</strong> (coded by Ada" in told.text
    assert re.findall(r'<option value="([^"]+)" selected', told.text) == ["safer.green"]
    assert re.findall(r'name="ask" value="(\w+)" checked', told.text) == ["keep"]
    assert get_response(desks.store, number).wishes[0].coding.codes == ("growth.roads",)  # type: ignore[union-attr]
    again = grace.post(address, data={**wish_form(told.text), "code1": "safer.green", "ask": "keep"})
    assert again.status_code == 303
    assert get_response(desks.store, number).wishes[0].coding.codes == ("safer.green",)  # type: ignore[union-attr]


def test_a_change_to_another_wish_of_the_response_is_no_conflict(desks: Desks) -> None:
    number = desks.send("Something", "Something more")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    form = wish_form(client.get(address).text)
    response = get_response(desks.store, number)
    assert response and code_wish(desks.store, response, 2, SlotCoding(TRAMS, "more", "s-else")).done
    assert client.post(address, data={**form, "code1": "other", "ask": "more"}).status_code == 303


def test_a_wish_is_cleared_held_and_given_back(desks: Desks) -> None:
    number = desks.send("Something")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    for moderation, reason in ((CLEARED, "nobody"), (HELD, "names"), (0, "")):
        form = wish_form(client.get(address).text, "data-moderate")
        chosen = {**form, "moderation": moderation, "reason": reason}
        assert client.post(f"{address}/moderation", data=chosen).status_code == 303
        assert get_response(desks.store, number).wishes[0].moderation == moderation  # type: ignore[union-attr]
    assert client.post(f"{address}/moderation", data={**form, "moderation": "7"}).status_code == 400


def test_clearing_what_another_has_held_back_is_told(desks: Desks) -> None:
    number = desks.send("Something")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    form = wish_form(client.get(address).text, "data-moderate")
    response = get_response(desks.store, number)
    assert response and moderate_wish(desks.store, response, 1, HELD, "s-else").done
    told = client.post(f"{address}/moderation", data={**form, "moderation": CLEARED, "reason": "nobody"})
    assert (told.status_code, "It is now <strong>held back from quoting" in told.text) == (409, True)
    assert get_response(desks.store, number).wishes[0].moderation == HELD  # type: ignore[union-attr]


def test_a_wish_that_is_gone_cannot_be_coded(desks: Desks) -> None:
    number = desks.send("Something")
    client, address = desks.signed_in("officer"), f"{HOME}wishes/{number}/1"
    form = wish_form(client.get(address).text)
    withdraw(desks.store, number)
    assert client.post(address, data={**form, "code1": "other", "ask": "more"}).status_code == 404
    assert [client.get(f"{HOME}wishes/{place}").status_code for place in ("1/1", "1/2", "99/1")] == [404, 404, 404]
