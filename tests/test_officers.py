"""The officers' dashboard: its numbers against a recount, what needs someone, and what a page costs that did not move."""

import re
from datetime import datetime, timedelta

import pytest

from campaigns.responses import CLEARED, SlotCoding
from campaigns.store.cards import print_cards
from campaigns.store.changes import code_wish, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.consumers import park
from campaigns.store.responses import get_response
from campaigns.store.store import record
from tests.desks import SLUG, Desks, make_desks
from web import create_app

HOME = f"/officers/{SLUG}/"
TRAMS, PARKS = ("growth.transport",), ("safer.green", "culture.events")


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def code(desks: Desks, number: int, codes: tuple[str, ...] = TRAMS, ask: str = "more", slot: int = 1) -> None:
    response = get_response(desks.store, number)
    assert response
    assert code_wish(desks.store, response, slot, SlotCoding(codes, ask, "s-else", at_ms=1_790_000_000_000)).done


def number_of(page: str, live: str) -> int:
    """Returns the number that stands at a place of the page."""
    found = re.search(rf'data-live="{re.escape(live)}">([\d,]+)<', page)
    assert found, live
    return int(found.group(1).replace(",", ""))


def test_an_empty_campaign_says_what_to_do(desks: Desks) -> None:
    page = desks.signed_in("officer").get(HOME).text
    assert "No wishes yet. The first shows here a second after it is sent." in page
    assert "<strong>0 responses</strong>" in page


def fill(desks: Desks) -> None:
    """Sends five responses; wishes about trams, parks, something else, and one that waits."""
    for number, (ward, channel, codes, ask) in enumerate([
        ("Normanton", "card", TRAMS, "more"), ("Normanton", "online", TRAMS, "less"), ("Abbey", "card", PARKS, "keep"),
        ("", "tree", ("other",), "mend"),
    ], 1):
        desks.send(f"Wish {number}", f"Second {number}", ward=ward, channel=channel)
        code(desks, number, codes, ask)
        code(desks, number, TRAMS, "more", slot=2)
    desks.send("A wish that waits")
    desks.count()


@pytest.mark.parametrize(("address", "wanted"), [
    ("", {"theme:growth:": 4, "theme:growth:more": 4, "theme:growth:less": 1, "theme:other:": 1, "coded": 4}),
    ("?base=wishes", {"theme:growth:": 6, "theme:culture:": 1, "theme:other:mend": 1, "coded": 8, "ward:Normanton:": 4}),
    ("?base=mentions", {"theme:growth:": 6, "coded": 9}),
    ("?ward=Normanton", {"theme:growth:": 2, "theme:safer:": 0, "coded": 2, "passing": 2, "channel:card:": 1}),
    ("?ward=Normanton&channel=card&base=wishes", {"theme:growth:": 2, "passing": 2, "theme:growth:less": 0}),
    ("?open=growth", {"code:growth.transport:": 4, "code:growth.roads:": 0}),
    ("?source=-", {"passing": 5, "ward:not given:": 2}),
])
def test_the_tables_show_what_a_recount_finds(desks: Desks, address: str, wanted: dict[str, int]) -> None:
    fill(desks)
    page = desks.signed_in("officer").get(HOME + address).text
    assert {live: number_of(page, live) for live in wanted} == wanted
    assert "<strong>5 responses</strong>, <strong>9 wishes</strong>" in page


def test_every_number_opens_as_many_wishes(desks: Desks) -> None:
    fill(desks)
    client = desks.signed_in("officer")
    page = client.get(f"{HOME}?base=wishes&open=growth&open=safer").text
    links = re.findall(r'<a href="([^"]+/wishes[^"]*)" data-live="[^"]+">([\d,]+)</a>', page)
    assert len(links) > 20
    for address, number in links:
        listed = client.get(address.replace("&amp;", "&")).text
        assert len(re.findall(r"data-wish ", listed)) == int(number), address


def test_a_theme_opened_quotes_only_what_was_cleared(desks: Desks) -> None:
    fill(desks)
    client = desks.signed_in("officer")
    assert "No wish has been cleared for quoting yet." in client.get(f"{HOME}?open=growth").text
    response = get_response(desks.store, 2)
    assert response and moderate_wish(desks.store, response, 1, CLEARED, "s-1").done
    desks.count()
    page = client.get(f"{HOME}?open=growth").text
    assert re.findall(r"<blockquote[^>]*>([^<]+)<", page) == ["Wish 2"]


def test_what_needs_someone_today_is_told_first(desks: Desks) -> None:
    fill(desks)
    print_cards(desks.store, 4, "", "s-1")
    park(desks.store, "coding", 3, "ValueError: no")
    desks.count()
    desks.send("Not counted yet")
    page = desks.signed_in("officer").get(HOME).text
    waiting = "1 wish</strong></a> waiting for coding"
    for words in ("1 response set aside", "1 event</strong> not counted yet", waiting, "4 cards out"):
        assert words in page


def test_a_page_that_did_not_move_costs_a_304(desks: Desks) -> None:
    fill(desks)
    client = desks.signed_in("officer")
    first = client.get(HOME)
    kept = {"If-None-Match": first.headers["ETag"]}
    again = client.get(HOME, headers=kept)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.get(f"{HOME}?ward=Abbey", headers=kept).status_code == 200
    assert desks.signed_in("officer", name="Grace").get(HOME, headers=kept).status_code == 200
    assert desks.signed_in("officer").get(HOME, headers=kept).status_code == 200
    desks.send("One more")
    desks.count()
    assert client.get(HOME, headers=kept).status_code == 200


@pytest.mark.parametrize(("address", "said"), [
    ("?ward=Atlantis", "There is no ward called"), ("?base=people", "is not a base"), ("?day=soon", "is not a day"),
    ("wishes?code=growth.moon", "There is no code called"),
])
def test_an_address_that_asks_for_nothing_there_is_is_answered_in_words(desks: Desks, address: str, said: str) -> None:
    answer = desks.signed_in("officer").get(HOME + address)
    assert answer.status_code == 400
    assert said in answer.text


def test_the_draft_is_shown_as_it_would_be_written_now(desks: Desks) -> None:
    fill(desks)
    page = desks.signed_in("officer").get(f"{HOME}draft")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "A vision for Derby in 2026" in page.text


def test_a_demonstration_says_so_on_every_page(desks: Desks) -> None:
    client = desks.signed_in("administrator")
    addresses = [HOME, f"{HOME}wishes", f"{HOME}cards/print", f"{HOME}draft", f"/keying/{SLUG}/", f"/partners/{SLUG}/"]
    assert all("<strong>Demonstration.</strong>" in client.get(address).text for address in addresses)
    record(desks.connections, SLUG, None, hashes={"state": {"demonstration": "0"}})
    assert not any("<strong>Demonstration.</strong>" in client.get(address).text for address in addresses)


def test_filters_that_nothing_passes_are_told_and_can_be_left_out(desks: Desks) -> None:
    fill(desks)
    page = desks.signed_in("officer").get(f"{HOME}?ward=Darley&channel=card").text
    assert "Nothing passes all of this. Leave something out above." in page
    assert f'href="{HOME}?channel=card"' in page
    assert "data-table" not in page


def test_what_changed_since_the_day_before_stands_beside_each_theme(desks: Desks) -> None:
    """A first day has no such column; the second has one, empty where nothing moved, and none under filters."""
    fill(desks)
    client = desks.signed_in("officer")
    assert "Since yesterday" not in client.get(HOME).text
    yesterday = datetime.now(desks.store.campaign.window.timezone).date() - timedelta(days=1)
    desks.store.text.hset(desks.store.keys.of("tallies", "standing"), "day", yesterday.isoformat())
    code(desks, desks.send("A tram to Spondon"))
    desks.count()
    page = client.get(f"{HOME}?open=growth").text
    found = dict(re.findall(r'data-live="([\w.]+:[\w.]+):change">([^<]*)<', page))
    assert "Since yesterday" in page
    assert [found[cell] for cell in ("theme:growth", "code:growth.transport", "theme:safer")] == ["+1", "+1", ""]
    assert "Since yesterday" not in client.get(f"{HOME}?ward=Normanton").text
