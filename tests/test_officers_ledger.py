"""The ledger's pages: every figure beside a recount, every figure open to its cards, a lost card in red by its serial."""

import hashlib
import re

import pytest

from campaigns.cards.serials import serial_for
from campaigns.responses import Submission
from campaigns.store.cards import Delivery, print_cards
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept
from campaigns.store.pieces import set_down
from campaigns.store.returns import open_batch
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app

LEDGER = f"/officers/{SLUG}/cards/ledger"
LIST = f"{LEDGER}/list"
ABBEY, NORMANTON = "E05001767", "E05001780"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


@pytest.fixture
def printed(desks: Desks) -> Desks:
    """Cards 1 to 6 in Abbey and 7 to 8 in Normanton: 1 keyed, 2 unusable, 3 a duplicate, 4 online, one plain piece."""
    store = desks.store
    print_cards(store, 6, ABBEY, "s-1", Delivery(round="first", households=3))
    print_cards(store, 2, NORMANTON, "s-1", Delivery(round="first", households=100))
    batch = open_batch(store, channel="card", place="libraries", day="2010-07-12", counted=5, who="s-1", key="k").number
    for card, piece in ((1, "d-1"), (0, "d-2")):
        submission = Submission((f"Wish {piece}",), "card", card=card, area=ABBEY)
        accept(store, submission, Way(who="s-1", window="cards", key=piece, desk=True, card_mark="keyed", piece=(batch, piece)))
    set_down(store, batch=batch, piece="d-3", outcome="unusable", card=2, why="blank", who="s-1")
    set_down(store, batch=batch, piece="d-4", outcome="duplicate", card=3, why="photocopy", who="s-1")
    accept(store, Submission(("Online",), "online", card=4), Way(window="none"))
    return desks


def words_of(page: str) -> str:
    """Returns what stands on a page, without its tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" .", ".")


def test_before_the_first_card_the_page_says_what_to_do(desks: Desks) -> None:
    page = desks.signed_in("officer").get(LEDGER)
    assert (page.status_code, "No card has been printed yet. Print cards" in words_of(page.text)) == (200, True)


SAID = (
    "8 cards printed, 3 back and 1 keyed. Every card is accounted for.",
    "Out, not back yet 5", "Keyed 1 13%", "Unusable 1", "Duplicate 1", "Printed 8 Unaccounted for 0",
    "1 answered online as well or instead",
    "Counted by hand in batches 5", "Keyed from a numbered card 1", "Keyed from paper without a number 1",
    "Unusable 1 blank 1 Duplicate 1 photocopy 1", "Still to key in open batches 1", "Missing when their batch was closed 0",
    "Normanton 100 0 0% Abbey 3 4 133%",
)


def test_the_page_says_where_every_card_is(printed: Desks) -> None:
    page = words_of(printed.signed_in("officer").get(LEDGER).text)
    assert [said for said in SAID if said not in page] == []


BY_FACET = (
    ("ward", "Abbey 6 0 3 0 0 1 1 1 0 0 1 0"), ("ward", "Normanton 2 0 2"), ("day", "12 July 2010 3 0 0 0 0 1 1 1"),
    ("returned", "0001 3"), ("batch", "0002 2"), ("channel", "by card 3"), ("collected", "Derby libraries 3"),
    ("round", "first 8"), ("day", "not back in a batch 5"), ("place", "not said 8"), ("kind", "not said 8"),
)


def test_cards_are_counted_by_any_facet(printed: Desks) -> None:
    officer = printed.signed_in("officer")
    pages = {facet: words_of(officer.get(f"{LEDGER}?by={facet}").text) for facet, _ in BY_FACET}
    assert [(facet, said) for facet, said in BY_FACET if said not in pages[facet]] == []


def test_every_figure_opens_exactly_its_cards(printed: Desks) -> None:
    officer = printed.signed_in("officer")
    followed = 0
    for facet in ("ward", "returned", "day", "batch"):
        page = officer.get(f"{LEDGER}?by={facet}").text
        for address, figure in re.findall(rf'href="({LIST}[^"]*)">([\d,]+)<', page):
            listed = officer.get(address.replace("&amp;", "&")).text
            assert f"{figure} card" in words_of(listed), address
            assert len(re.findall(r'<th scope="row">', listed)) == int(figure)
            followed += 1
    assert followed > 30


def test_a_card_in_no_state_is_red_and_listed_by_serial(printed: Desks) -> None:
    printed.store.text.setrange(printed.store.keys.of("cards"), 5, "?")
    officer = printed.signed_in("officer")
    page = officer.get(LEDGER).text
    assert '<strong class="grave">1 card unaccounted for.</strong>' in page
    assert serial_for(5, SLUG) in officer.get(f"{LIST}?state=residual").text
    assert "unaccounted for" in words_of(officer.get(f"/officers/{SLUG}/").text)


OF_CARDS = (
    (1, "Keyed Ward Abbey Printed in batch 0001, round first Came back 12 July 2010, in batch 0001"),
    (1, "Response 1, keyed, live · wish 1"), (2, "Unusable: blank"), (4, "Out, not back yet, and answered online"),
    (4, "Response 3, online, live"), (7, "Ward Normanton"),
)


def test_a_card_says_what_became_of_it(printed: Desks) -> None:
    officer = printed.signed_in("officer")
    for card, said in OF_CARDS:
        assert said in words_of(officer.get(f"{LEDGER}/{serial_for(card, SLUG)}").text)
        assert said in words_of(officer.get(f"{LEDGER}/find?serial={serial_for(card, SLUG).lower()}").text)


@pytest.mark.parametrize(("typed", "said"), [
    ("ABC-DEF", "“ABC-DEF” is on no card of this campaign."), ("", "Type the serial printed on the card."),
    ("<script>", "“&lt;script&gt;” is on no card"),
])
def test_a_serial_that_is_on_no_card_is_given_back(printed: Desks, typed: str, said: str) -> None:
    page = printed.signed_in("officer").get(f"{LEDGER}/find?serial={typed}")
    assert (page.status_code, said in page.text) == (404, True)


NOWHERE = (
    ("?state=lost", 404), ("?by=colour&value=red", 404), ("?state=out&page=99", 200), ("?page=x", 200),
    ("?by=ward&value=none", 200), ("/" + "A" * 300, 404), ("/" + serial_for(9, SLUG), 404),
    ("/" + serial_for(28_000_000, SLUG), 404),
)


def test_addresses_that_lead_nowhere_say_so(printed: Desks) -> None:
    officer, keyer = printed.signed_in("officer"), printed.signed_in("keyer", name="Kay")
    for asked, status in NOWHERE:
        base = LIST if asked.startswith("?") else LEDGER
        assert (officer.get(base + asked).status_code, keyer.get(base + asked).status_code) == (status, 403), asked


def test_an_empty_list_says_so(printed: Desks) -> None:
    assert "No card is in this place now." in printed.signed_in("officer").get(f"{LIST}?state=held").text


def test_everyone_can_read_what_became_of_the_paper(printed: Desks) -> None:
    printed.count()
    page = words_of(printed.app.test_client().get(f"/{SLUG}/results").text)
    assert "Received 5 Counted 2 Duplicates photocopy 1 1 Unusable blank 1 1 Waiting to be read 1" in page


def test_results_say_nothing_of_paper_before_any_came_back(desks: Desks) -> None:
    desks.send("Online")
    desks.count()
    assert "What became of the paper" not in desks.app.test_client().get(f"/{SLUG}/results").text


DRAWS = f"/officers/{SLUG}/cards/draws"


@pytest.mark.parametrize(("count", "seed", "said"), [
    ("", "4 1", "Type a number from 1 to 1,000."), ("-1", "4 1", "Type a number from 1 to 1,000."),
    ("²", "4 1", "Type a number from 1 to 1,000."), ("1001", "4 1", "Draw from 1 to 1,000 cards."),
    ("5", "", "Give a seed of 1 to 64 letters"), ("5", "żółć", "Give a seed"), ("5", "4 1", "No card has been keyed yet"),
])
def test_a_draw_that_cannot_be_made_says_why_and_loses_nothing(desks: Desks, count: str, seed: str, said: str) -> None:
    answer = post(desks.signed_in("officer"), DRAWS, {"count": count, "seed": seed})
    assert (answer.status_code, said in answer.text) == (400, True)
    assert f'value="{seed}"' in answer.text
    assert "No draw has been made yet." in desks.app.test_client().get(f"/{SLUG}/results/draws").text


def test_a_draw_is_published_without_serials_and_stays_as_it_was(printed: Desks) -> None:
    officer, anyone = printed.signed_in("officer"), printed.app.test_client()
    for _ in range(2):
        assert post(officer, DRAWS, {"count": "5", "seed": "4 1 6"}).status_code == 303
    mine, theirs = (words_of(page) for page in (officer.get(DRAWS).text, anyone.get(f"/{SLUG}/results/draws").text))
    assert "1 card of 1 keyed, by “4 1 6”" in mine
    assert f"{serial_for(1, SLUG)} 0001 1" in mine
    assert "1 card of 1 keyed card, up to event" in theirs
    assert serial_for(1, SLUG) not in theirs
    assert hashlib.sha256(b"1").hexdigest() in theirs
    printed.count()
    assert "Cards drawn by lot to check the keying" in anyone.get(f"/{SLUG}/results").text
