"""The pages residents read: what each says, what it never gives away, and what every answer carries."""

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from campaigns.campaign_file import read_file
from campaigns.references import reference_for
from campaigns.responses import HELD, QUERIED, UNSEEN, SlotCoding
from campaigns.store.changes import code_wish, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.opening import close_campaign, open_campaign
from campaigns.store.responses import get_response
from campaigns.store.secrets import receipt_secret
from campaigns.store.store import Store, load_campaign
from tests.storehouse import ABBEY, LITTLE, NORMANTON, catch_up, loaded_little, send, window_around
from tests.visitors import HOME, open_asking, open_page, reference_in, send_wishes
from web import create_app

STATIC = Path(__file__).parents[1] / "web/static"


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_asking(connections)


@pytest.mark.parametrize(("path", "said"), [
    ("//", "What do you wish for?"), ("/", "What comes first"), ("/wish", "Takes 2 minutes. One wish is enough."),
    ("/tree", "If you or someone else is in danger, call 999."), ("/results", "No wishes have been counted yet."),
    ("/answers", "No answers have been published yet."), ("/receipt", "Your reference"),
    ("/privacy", "Little Town Council"), ("/privacy/for-children", "You can make wishes too."),
    ("/accessibility", "What we know falls short"),
])
def test_every_page_is_there_and_says_its_piece(resident: FlaskClient, path: str, said: str) -> None:
    page = open_page(resident, path)
    assert page.status == 200
    assert said in page.words
    assert page.heading
    assert len(page.ids) == len(set(page.ids))
    assert path == "//" or "Demonstration: nobody will act on what you send here." in page.words.replace(" :", ":")


@pytest.mark.parametrize("path", ["/photos", "/workshops", "/nowhere", "//no-such-campaign/", "//no-such-campaign/wish"])
def test_what_a_campaign_does_not_have_is_not_there(resident: FlaskClient, path: str) -> None:
    page = open_page(resident, path)
    assert (page.status, page.heading) == (404, "There is no such page")



@pytest.mark.parametrize(("path", "said"), [
    ("photos", "The words are what we count."), ("workshops", "“What are your 3 wishes for Derby in 2026?”"),
    ("", "FREEPOST 3 WISHES"), ("wish", "What connects you to Derby most?"),
])
def test_ways_that_a_campaign_has_are_explained(
    settings: dict[str, str], connections: Connections, path: str, said: str
) -> None:
    load_campaign(connections, "derby-2026", read_file("derby-2026"))
    open_campaign(connections, "derby-2026", "s-1", window_around(date.today()))
    page = open_page(create_app(settings).test_client(), f"//derby-2026/{path}")
    assert said in page.words


@pytest.mark.parametrize("path", ["/", "/wish", "/results", "/receipt/AAAA-BBBB-CCCC-D", "/nothing", "/look.css", "/c/X"])
def test_no_answer_sets_a_cookie_or_calls_elsewhere(resident: FlaskClient, path: str) -> None:
    answer = open_page(resident, path).answer
    assert "Set-Cookie" not in answer.headers
    assert "http" not in answer.text.replace("http://www.w3.org", "")
    assert not any(part in answer.text for part in (" style=", "<script>", "onclick=", "placeholder="))


@pytest.mark.parametrize(("path", "kept"), [
    ("/", "private, no-cache"), ("/wish", "private, no-cache"), ("/tree", "no-store"), ("/receipt", "no-store"),
    ("/thank-you/{}", "no-store"), ("/receipt/{}", "no-store"), ("/receipt/{}/change", "no-store"), ("/about/{}", "no-store"),
    ("/look.css", "public, max-age=300"),
])
def test_answers_keep_a_visit_between_two(resident: FlaskClient, path: str, kept: str) -> None:
    reference = reference_in(send_wishes(resident, "Trees"))
    headers = open_page(resident, path.format(reference)).answer.headers
    assert headers["Cache-Control"] == kept
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_what_was_typed_is_never_kept_by_the_browser(resident: FlaskClient) -> None:
    assert send_wishes(resident, "").answer.headers["Cache-Control"] == "no-store"


def test_words_are_shown_as_words(resident: FlaskClient) -> None:
    sent = send_wishes(resident, "<script>alert(1)</script> & \"so on\"", "")
    for path in (f"/receipt/{reference_in(sent)}", f"/receipt/{reference_in(sent)}/change"):
        html = open_page(resident, path).answer.text
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in html


@pytest.mark.parametrize(("state", "front", "home"), [
    ("open", "days left", "Make your wishes"), ("closed", "Closed", "Closed"), ("none", "Not open yet.", "has not opened"),
])
def test_the_front_says_until_when(
    settings: dict[str, str], connections: Connections, state: str, front: str, home: str
) -> None:
    loaded_little(connections) if state == "none" else open_asking(connections)
    if state == "closed":
        close_campaign(connections, LITTLE, "s-1")
    visitor = create_app(settings).test_client()
    assert front in open_page(visitor, "//").words
    assert home in open_page(visitor, "/").words


def test_with_no_campaign_the_front_says_so(settings: dict[str, str]) -> None:
    assert "Nothing is being asked at the moment." in open_page(create_app(settings).test_client(), "//").words


def fill(store: Store, wards: dict[str, int]) -> None:
    """Sends one coded wish for each response a ward is to have."""
    for ward, count in wards.items():
        for n in range(count):
            number = send(store, f"Mend lane {n} in {ward}", area=ward).number
            response = get_response(store, number)
            assert response
            code_wish(store, response, 1, SlotCoding(("growth.roads",), "mend", "s-1"))
    catch_up(store)


def test_results_count_and_say_what_they_are(resident: FlaskClient, store: Store) -> None:
    fill(store, {ABBEY: 6, NORMANTON: 7})
    send(store, "Not read yet")
    catch_up(store)
    words = " ".join(open_page(resident, "/results").words.split())
    for said in (
        "14 responses with 14 wishes have been counted.", "Growth 13 93%", "13 put under themes by a person",
        "1 waiting to be read", "not everyone in Little Town", "Up to event 28,", "Online 14 100%",
    ):
        assert said in words, said
    assert "14 wishes" in open_page(resident, "/").words


def test_small_counts_by_ward_are_withheld(resident: FlaskClient, store: Store) -> None:
    fill(store, {ABBEY: 9, NORMANTON: 4})
    words = " ".join(open_page(resident, "/results").words.split())
    assert "Abbey – fewer than 5, or withheld" in words
    assert "Normanton – fewer than 5, or withheld" in words
    assert "Normanton 4" not in words


def test_a_campaign_brings_its_own_colours(resident: FlaskClient) -> None:
    sheet = resident.get(f"{HOME}/look.css")
    assert sheet.mimetype == "text/css"
    assert "--leaf:#1e6b3c;" in sheet.text
    assert sheet.text.startswith(":root{")


def test_the_stylesheet_and_script_stay_light() -> None:
    assert (STATIC / "style.css").stat().st_size < 15_000
    assert (STATIC / "wishes.js").stat().st_size < 8_000


def test_a_sender_who_was_misunderstood_is_heard(resident: FlaskClient, store: Store) -> None:
    number = send(store, "A park", "A pond").number
    catch_up(store)
    response = get_response(store, number)
    assert response
    code_wish(store, response, 1, SlotCoding(("safer.green",), "more", "s-1"))
    receipt = f"/receipt/{reference_for(number, receipt_secret(store))}"
    assert "That’s not what I meant" in open_page(resident, receipt).words
    resident.post(f"{HOME}{receipt}/query", data={"wish": "1"})
    page = open_page(resident, receipt)
    assert "You told us this is not what you meant." in page.words
    queried = get_response(store, number)
    assert queried and [wish.moderation for wish in queried.wishes] == [QUERIED, UNSEEN]
    code_wish(store, queried, 1, SlotCoding(("other",), "more", "s-1"))
    answered = get_response(store, number)
    assert answered and answered.wishes[0].moderation == UNSEEN
    assert resident.post(f"{HOME}{receipt}/query", data={"wish": "9"}).status_code == 400


def test_a_query_does_not_lift_an_officers_hold(resident: FlaskClient, store: Store) -> None:
    number = send(store, "A park").number
    response = get_response(store, number)
    assert response
    moderate_wish(store, response, 1, HELD, "s-1")
    receipt = f"/receipt/{reference_for(number, receipt_secret(store))}"
    assert resident.post(f"{HOME}{receipt}/query", data={"wish": "1"}).status_code == 303
    held = get_response(store, number)
    assert held and held.wishes[0].moderation == HELD
