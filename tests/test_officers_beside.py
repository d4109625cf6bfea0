"""One wish's page: its two codings, what became of it, the rest of its response, and who may open its card's picture."""

import re
from pathlib import Path

import pytest

from campaigns.responses import CLEARED, SlotCoding
from campaigns.searching.index import keep_up
from campaigns.store.changes import code_wish, moderate_wish, place, revise_wishes
from campaigns.store.connection import Connections
from campaigns.store.pictures import put
from campaigns.store.responses import get_response
from campaigns.store.staff import change_person
from tests.desks import SLUG, Desks, make_desks
from tests.storehouse import code_by_machine
from web import create_app

PAGE = f"/officers/{SLUG}/wishes"
MACHINE = SlotCoding(("growth.transport",), "more", "t-1", 0.75)


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def history(page: str) -> list[str]:
    """Returns the lines of the history on a page, without times and tags."""
    part = page.partition('<ol class="history">')[2].partition("</ol>")[0]
    lines = [re.sub(r"<[^>]+>", " ", line.partition("</span>")[2]) for line in part.split("<li>")[1:]]
    return [" ".join(line.split()) for line in lines]


def now(desks: Desks, number: int) -> object:
    return get_response(desks.store, number)


def test_the_history_says_who_did_what_and_holds_no_older_words(desks: Desks, settings: dict[str, str]) -> None:
    grace = desks.person("reviewer", name="Grace")
    number = desks.send("Trams once", "Trees", channel="card")
    revise_wishes(desks.store, now(desks, number), ("Trams twice", "Trees"))  # type: ignore[arg-type]
    revise_wishes(desks.store, now(desks, number), ("Trams twice", "More trees"))  # type: ignore[arg-type]
    code_by_machine(desks.store, number, 1, MACHINE)
    code_wish(desks.store, now(desks, number), 1, SlotCoding(("safer.green",), "keep", grace.id, at_ms=1_278_000_000_000))  # type: ignore[arg-type]
    code_wish(desks.store, now(desks, number), 2, SlotCoding(("other",), "less", grace.id))  # type: ignore[arg-type]
    moderate_wish(desks.store, now(desks, number), 1, CLEARED, "s-gone")  # type: ignore[arg-type]
    place(desks.store, number, "E05001767", grace.id)
    keep_up(Path(settings["DATA_DIR"]), desks.store)
    page = desks.signed_in("officer").get(f"{PAGE}/{number}/1").text
    events = [re.sub(r" event [\d,]+$", "", line) for line in history(page)]
    assert events == [
        "Sent by card, by its sender", "Its words were changed; the older ones are not kept, by its sender",
        "Coded by machine, version t-1", "Coded: Parks, trees and wildlife, keep, by Grace",
        "Cleared for quoting, by someone no longer on the staff", "Placed in Abbey, by Grace",
    ]
    assert "Trams once" not in page and "Trams twice" in page
    side = page.partition("side-by-side")[2].partition("</table>")[0]
    assert [words in side for words in ("The machine", "75% sure, version t-1", "Grace", "counts", "1 July 2010")] == [True] * 5


def test_a_log_not_gone_through_yet_is_said(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.searching.index.LITTLE_SECONDS", -1)
    number = desks.send("Something")
    page = desks.signed_in("officer").get(f"{PAGE}/{number}/1").text
    assert "of the log not gone through yet" in page and history(page) == []


def test_the_rest_of_the_response_stands_beside_it(desks: Desks) -> None:
    number = desks.send("Trams", "Trees <b>everywhere</b>", "Swings")
    page = desks.signed_in("officer").get(f"{PAGE}/{number}/1").text
    assert "Trees &lt;b&gt;everywhere" in page and f'href="{PAGE}/{number}/3"' in page
    alone = desks.send("Only this")
    assert "It holds no other wish." in desks.signed_in("officer").get(f"{PAGE}/{alone}/1").text


def test_only_those_who_may_see_pictures_are_shown_the_card(desks: Desks) -> None:
    number = desks.send("Trams", channel="card")
    store = desks.store
    store.text.hset(store.keys.response(number), "q", "1")
    assert '<figure class="scan">' not in desks.signed_in("supervisor", "officer", name="Sue").get(f"{PAGE}/{number}/1").text
    store.text.hset(store.keys.of("images"), "1", f"{put(store, b'picture')} a:1")
    pages = {role: desks.signed_in(*role.split("+"), name=role).get(f"{PAGE}/{number}/1").text
             for role in ("administrator", "officer", "reviewer", "reviewer+keyer")}
    assert {role: '<figure class="scan">' in page for role, page in pages.items()} == {
        "administrator": True, "officer": False, "reviewer": False, "reviewer+keyer": True,
    }
    assert all("From card" in page for page in pages.values())


def test_wishes_like_it_are_those_whoever_looks_may_see(desks: Desks) -> None:
    numbers = [desks.send(text, ward=ward) for text, ward in (("Buses", "Abbey"), ("Trams", "Abbey"), ("Trains", "Boulton"))]
    for number in numbers:
        code_by_machine(desks.store, number, 1, MACHINE)
    desks.count()
    officer = desks.signed_in("officer").get(f"{PAGE}/1/1").text
    assert officer.index("Trains") < officer.index("Trams") and "nearly the same" in officer and f"{PAGE}?like=1-1" in officer
    member = desks.person("member", name="Mo")
    change_person(desks.connections, member.id, wards={SLUG: ("Abbey",)})
    page = desks.signed_in("member", name="Mo").get(f"{PAGE}/1/1").text
    assert "Trams" in page and "Trains" not in page


def test_a_wish_that_nobody_coded_says_so(desks: Desks) -> None:
    number = desks.send("Something")
    page = desks.signed_in("officer").get(f"{PAGE}/{number}/1").text
    assert "Nobody has coded it yet" in page and "not coded yet, or its words are no longer kept" in page
