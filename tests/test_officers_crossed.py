"""Tables that officers put together: every cell against a recount, shares, withheld counts, and words for what will not do."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from campaigns.crossing import Cell, in_order, lay_out
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from tests.desks import SLUG, Desks, make_desks
from web import create_app

PAGE = f"/officers/{SLUG}/tables"
TRAMS, PARKS = ("growth.transport",), ("safer.green", "culture.events")


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def filled(desks: Desks) -> Desks:
    """Sends four responses of two wishes each and codes all but the last."""
    for number, (ward, channel, first, second) in enumerate([
        ("Normanton", "card", TRAMS, PARKS), ("Normanton", "online", TRAMS, TRAMS), ("Abbey", "card", PARKS, TRAMS),
    ], 1):
        desks.send("First", "Second", ward=ward, channel=channel)
        for slot, codes in ((1, first), (2, second)):
            response = get_response(desks.store, number)
            assert response
            assert code_wish(desks.store, response, slot, SlotCoding(codes, "more" if slot == 1 else "less", "s-1")).done
    desks.send("Waits", ward="Abbey")
    desks.count()
    return desks


def cells(page: str) -> dict[str, list[str]]:
    """Returns the lines of the page's table: what stands in each cell, by the line's name."""
    lines = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.S)
    return {name: [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", rest, re.S)] for name, rest in lines}


@pytest.mark.parametrize(("address", "line", "wanted"), [
    ("?by=ward", "Normanton", ["2", "50%"]),
    ("?by=ward&base=wishes", "Normanton", ["4", "57%"]),
    ("?by=ward&base=mentions", "Abbey", ["3", "38%"]),
    ("?by=channel&by=ask", "by card", ["2", "2", "0", "0", "2", "0", "0"]),
    ("?by=channel&by=ask&shares=rows", "by card", ["2", "100%", "0%", "0%", "100%", "0%", "0%"]),
    ("?by=ward&ask=less", "Abbey", ["1", "33%"]),
    ("?by=constituency", "Derby South", ["2", "50%"]),
    ("?by=constituency&by=channel&base=wishes", "Derby North", ["3", "1", "2", "0", "0", "0", "0", "0", "0"]),
    ("?by=ward&constituency=Derby+North", "Abbey", ["2", "100%"]),
    ("?by=fifth", "Not known", ["4", "100%"]),
    ("?by=fifth", "most deprived", ["0", "0%"]),
    ("?by=theme&by=channel&channel=card", "City for Stronger, Safer and Cleaner Communities", ["2", "2"]),
])
def test_cells_are_what_a_recount_gives(desks: Desks, address: str, line: str, wanted: list[str]) -> None:
    page = filled(desks).signed_in("officer").get(PAGE + address)
    assert page.status_code == 200
    assert cells(page.text)[line] == wanted


def test_filters_hold_within_a_wish_or_anywhere_in_the_response(desks: Desks) -> None:
    officer = filled(desks).signed_in("officer")
    within = cells(officer.get(f"{PAGE}?by=ward&theme=safer&ask=less").text)
    across = cells(officer.get(f"{PAGE}?by=ward&theme=safer&ask=less&across=1").text)
    assert (within["Normanton"][0], within["Abbey"][0]) == ("1", "0")
    assert (across["Normanton"][0], across["Abbey"][0]) == ("1", "1")


def test_hours_are_those_of_receipt_and_lead_to_their_wishes(desks: Desks) -> None:
    officer = filled(desks).signed_in("officer")
    received = get_response(desks.store, 1)
    assert received
    hour = f"{desks.store.campaign.window.local_hour(received.received_ms):02}:00"
    assert cells(officer.get(f"{PAGE}?by=hour").text)[hour][0] in ("1", "2", "3", "4")  # the test may run over the hour
    found = officer.get(f"/officers/{SLUG}/wishes?hour={hour}").text
    assert f"in the hour from {hour}" in re.sub(r"<.*?>", "", found) and "First" in found
    assert officer.get(f"/officers/{SLUG}/wishes?hour=25:00").status_code == 400
    found = officer.get(f"/officers/{SLUG}/wishes?constituency=Derby+South").text
    assert "in constituency Derby South" in re.sub(r"<.*?>", "", found)


def test_every_cell_leads_to_as_many_wishes(desks: Desks) -> None:
    officer = filled(desks).signed_in("officer")
    page = officer.get(f"{PAGE}?by=theme&by=ward&base=wishes&channel=card").text
    links = set(re.findall(r'<td class="count[^"]*">\s*<a href="([^"]+)">(\d+)</a>', page))
    assert len(links) >= 4
    for address, count in links:
        behind = officer.get(address.replace("&amp;", "&")).text
        assert f"{count} wish" in behind
        assert parse_qs(urlsplit(address.replace("&amp;", "&")).query)["channel"] == ["card"]


def test_answers_lead_to_nobodys_words(desks: Desks) -> None:
    page = filled(desks).signed_in("officer").get(f"{PAGE}?by=connection&by=theme")
    assert page.status_code == 200
    assert not re.search(r'<td class="count[^"]*">\s*<a', page.text)


@pytest.mark.parametrize(("address", "said"), [
    ("?by=disability&by=ethnic-group", "are not crossed"), ("?by=disability&ward=Abbey", "without filters"),
    ("?by=theme&by=disability", "in the lines"), ("?by=disability&by=ward", "with themes"),
])
def test_special_categories_are_not_taken_apart(desks: Desks, address: str, said: str) -> None:
    page = filled(desks).signed_in("officer").get(PAGE + address).text
    assert said in page
    assert "<table" not in page


def test_few_of_a_special_category_are_not_told(desks: Desks) -> None:
    page = filled(desks).signed_in("officer").get(f"{PAGE}?by=disability&by=channel").text
    assert "fewer than 10" in page
    assert not re.search(r"<td[^>]*>\s*(<[^>]+>)?[1-3](<[^>]+>)?\s*</td>", page.split("<tfoot>")[0])


@pytest.mark.parametrize(("address", "status", "said"), [
    ("?by=colour", 400, "is not something wishes are counted by"), ("?by=theme&by=theme", 200, "<table"),
    ("?by=theme&by=", 200, "<table"), ("?by=theme&shares=magic", 200, "<table"), ("?base=people", 400, "is not a base"),
    ("?by=" + "x" * 5000, 400, "is not something"), ("?by=theme&by=ward&by=code", 200, "<table"),
])
def test_strange_addresses_are_answered_in_words(desks: Desks, address: str, status: int, said: str) -> None:
    answer = filled(desks).signed_in("officer").get(PAGE + address)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_an_empty_campaign_says_so(desks: Desks) -> None:
    assert "No wishes yet." in desks.signed_in("officer").get(PAGE).text


@pytest.mark.parametrize(("shares", "wanted"), [("counts", ""), ("rows", "40%"), ("columns", "67%")])
def test_shares_are_of_a_line_or_of_a_column(shares: str, wanted: str) -> None:
    grid = lay_out(["a"], ["x"], {("a", "x"): 2}, ({"a": 5}, {"x": 3}), 9, shares)
    assert grid.cells == ((Cell("a", "x", 2, wanted),),)


@pytest.mark.parametrize(("keep", "wanted"), [(True, ["b", "a", "c"]), (False, ["a", "c"])])
def test_names_come_in_the_order_they_are_known(keep: bool, wanted: list[str]) -> None:
    assert in_order(["b", "a"], {"a": 1, "c": 2}, keep) == wanted
