"""Letter campaigns: which wishes are alike, what is counted once, and that no number is lost by it."""

import random

import pytest

from campaigns.alike import AlikeRule, CountedOnce, count_once, group, share, shingles_of
from campaigns.consumers.grouping import regroup
from campaigns.responses import SlotCoding
from campaigns.store.alike import alike_of
from campaigns.store.changes import code_wish, erase
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app

RULE = AlikeRule(words=8, alike_percent=60, fewest=3)
LETTER = "Please keep the Assembly Rooms open and mend its roof before another winter comes to Derby"
PAGE = f"/officers/{SLUG}/letter-campaigns"


@pytest.mark.parametrize(("text", "alike"), [
    (LETTER, True), (LETTER.upper() + "!!", True), ("I ask: " + LETTER, True), (LETTER.replace("another", "the next"), True),
    ("Please keep the Assembly Rooms open", False), ("More trees along every road in the whole of the city, please do", False),
])
def test_alike_is_what_shares_its_runs_of_words(text: str, alike: bool) -> None:
    one, other = shingles_of(LETTER, RULE), shingles_of(text, RULE)
    assert one is not None
    assert (other is not None and share(one, other) * 100 >= RULE.alike_percent) == alike


def test_short_wishes_that_many_have_are_no_campaign() -> None:
    assert group([((n, 1), "More trees") for n in range(50)], RULE) == []


def test_campaigns_are_found_among_many_and_no_wish_is_in_two() -> None:
    chance = random.Random(5)
    words = [f"word{n}" for n in range(400)]
    letters = [" ".join(chance.choices(words, k=30)) for _ in range(4)]
    sent = []
    for number in range(600):
        text = " ".join(chance.choices(words, k=20))
        if number % 10 < 4:
            own = letters[number % 10].split()
            own[chance.randrange(30)] = "changed"  # three of 28 runs: 25 of 31 are shared
            text = " ".join(own)
        sent.append(((number, 1), text))
    found = group(sent, AlikeRule(12, 60, 10))
    assert sorted(len(some) for some in found) == [60] * 4
    assert {number % 10 for some in found for number, _ in some} == {0, 1, 2, 3}
    assert len({place for some in found for place in some}) == 240


def test_each_campaign_counts_once_under_each_of_its_themes() -> None:
    sent = {"growth": 10, "safer": 4, "health": 1}
    groups = [[["growth"], ["growth", "safer"], ["growth"]], [["safer"], ["safer"]]]
    assert count_once(sent, groups) == [CountedOnce("growth", 10, 8), CountedOnce("safer", 4, 3), CountedOnce("health", 1, 1)]


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def test_an_officer_sees_every_theme_both_ways(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    assert "Nobody has looked yet." in officer.get(PAGE).text
    for number in range(1, 13):
        desks.send(f"{LETTER}, says writer {number}", ward="Abbey")
        response = get_response(desks.store, number)
        assert response and code_wish(desks.store, response, 1, SlotCoding(("culture.arts",), "keep", "s-1")).done
    desks.send("More trees")
    desks.count()
    assert post(officer, PAGE, {}).status_code == 303
    assert regroup(desks.store) == 1
    page = " ".join(officer.get(PAGE).text.split())
    assert "<strong>12 wishes</strong> came in <strong>1 letter campaign</strong>" in page
    assert '>12</a></td><td class="count">92%</td><td class="count">1</td><td class="count">50%</td>' in page
    assert "12 wishes</strong> were found in 1 letter campaign" in officer.get(f"/officers/{SLUG}/").text
    erase(desks.store, 3)
    desks.count()
    assert "<strong>11 wishes</strong>" in officer.get(PAGE).text
    kept = alike_of(desks.store)
    assert kept and len(kept.groups[0]) == 12, "numbers alone are kept, and what counts no longer is left out when it is shown"


def test_a_campaign_without_any_says_so(desks: Desks) -> None:
    desks.send("More trees")
    desks.count()
    regroup(desks.store)
    assert "There is none." in desks.signed_in("officer").get(PAGE).text
