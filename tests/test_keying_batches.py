"""Bundles at the desk: counted and opened, ended when they add up, recounted, or closed with a written reason."""

from datetime import date, timedelta

import pytest

from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from campaigns.store.returns import list_batches
from tests.desks import SLUG, Desks, make_desks, post
from tests.keying import DESK, Keyer, sit_down
from web import create_app
from web.keying.desk import today
from web.keying.ending import NO_COUNT, NO_REASON


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    print_cards(made.store, 8, "", "s-1")
    return made


@pytest.mark.parametrize(("wrong", "said"), [
    ({"counted": ""}, "Count what is in your bundle"), ({"counted": "0"}, "Count what is in your bundle"),
    ({"counted": "-3"}, "Count what is in your bundle"), ({"counted": "²"}, "Count what is in your bundle"),
    ({"counted": "999999999999"}, "Count from 1 to"), ({"channel": "tree"}, "Choose what is in the bundle"),
    ({"place": "nowhere"}, "Choose a place from the list"), ({"day": "12 July"}, "Give the day it came back"),
    ({"day": "2010-02-30"}, "Give the day it came back"), ({"day": str(date.today() + timedelta(days=3))}, "today or before"),
])
def test_a_bundle_that_cannot_be_opened_is_said_in_words_and_loses_nothing(
    desks: Desks, wrong: dict[str, str], said: str
) -> None:
    day = str(today(desks.store))
    form: dict[str, object] = {"counted": "50", "channel": "card", "place": "libraries", "day": day, "key": "k"}
    answer = post(desks.signed_in("keyer"), DESK, form | wrong)
    assert (answer.status_code, said in answer.text, list_batches(desks.store)) == (400, True, [])
    assert f'value="{form["counted"] if "counted" not in wrong else wrong["counted"]}"' in answer.text


def test_a_form_sent_twice_opens_one_bundle_and_the_next_is_filled_in_like_the_last(desks: Desks) -> None:
    client = desks.signed_in("keyer")
    assert "No batch open. Count the cards in your bundle, type the number, press Enter." in client.get(DESK).text
    form: dict[str, object] = {"counted": "50", "channel": "letter", "place": "libraries", "day": "2010-07-12", "key": "k"}
    assert [post(client, DESK, form).location for _ in range(2)] == [f"{DESK}1"] * 2
    page = client.get(DESK).text
    assert "Batch 0001 · 0 of 50" in page and '<option value="letter" selected>' in page and 'value="libraries" selected' in page
    assert "letters and e-mails, Derby libraries, back on 12 July 2010" in page


def end(keyer: Keyer, do: str, **form: str) -> tuple[int, str]:
    """Sends the form at a bundle's end, and returns what is shown after it."""
    answer = post(keyer.client, f"{keyer.address}/end", {"do": do, **form})
    page = answer if answer.status_code != 303 else keyer.client.get(answer.location, follow_redirects=True)
    return answer.status_code, page.text


def test_a_bundle_that_adds_up_is_closed_and_takes_no_more(desks: Desks) -> None:
    keyer = sit_down(desks, counted=2)
    assert keyer.send(keyer.item(1, "A"), keyer.item(2, "B")).get_json()["full"]
    assert "2 of 2 accounted for. Write 0001 on the bundle." in keyer.client.get(f"{keyer.address}/end").text
    assert "2 of 2 accounted for. Write 0001 on the bundle." in end(keyer, "close")[1]
    assert keyer.client.get(keyer.address).location == f"/keying/{SLUG}/?closed=1"
    assert keyer.client.get(f"{keyer.address}9").status_code == 404


@pytest.mark.parametrize(("counted", "keyed", "said"), [
    (3, 2, "You counted 3, we have 2. Check for two stuck together, then recount, or say why."),
    (1, 2, "You counted 1, we have 2: 1 too many. Recount, or say why."),
])
def test_a_bundle_that_does_not_add_up_is_recounted_or_closed_with_a_reason(
    desks: Desks, counted: int, keyed: int, said: str
) -> None:
    keyer = sit_down(desks, counted=counted)
    keyer.say(*(keyer.item(card, "A wish") for card in range(1, keyed + 1)))
    assert said in keyer.client.get(f"{keyer.address}/end").text
    refused = end(keyer, "close"), end(keyer, "recount", counted="many"), end(keyer, "recount", counted="0")
    assert [(status, said in page) for status, page in refused] == [(400, True)] * 3
    assert NO_REASON in refused[0][1] and NO_COUNT in refused[1][1] and keyer.batch.open
    if counted > keyed:
        assert f"Closed, {keyed} of {counted}: write 0001" in end(keyer, "close", why="one was blown away")[1]
        assert keyer.batch.why == "one was blown away"
    else:
        assert "2 of 2 accounted for" in end(keyer, "recount", counted="2")[1]
        assert (keyer.batch.counted, keyer.batch.short) == (2, 0)
