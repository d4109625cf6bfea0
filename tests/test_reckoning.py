"""A campaign's ranges: none before its sample is settled, then from all that was counted and what people said; on every page."""

import pytest
from flask.testing import FlaskClient

from campaigns.cards.quality import SETTLED, Checked
from campaigns.responses import SlotCoding
from campaigns.sampling.reckoning import Ranged, ranges_of
from campaigns.store.connection import Connections
from campaigns.store.sample import read_sample
from campaigns.store.second import write_checked
from campaigns.store.store import Store
from campaigns.store.turns import keep_coding
from tests.desks import Desks, make_desks
from tests.sampled import ONE, OTHER, PARKS, ROADS, drawn, fill, said
from tests.storehouse import ABBEY, NORMANTON, catch_up, code_by_machine, open_little
from web import create_app

SENTENCE = "The range allows for coding and keying error only."


def settle(store: Store, wrong: int = 0) -> None:
    """Has two people agree on every wish of the sample: on what the machine said, but for so many of the wrong."""
    for place, one in enumerate(read_sample(store).wishes):
        codes = PARKS if place < wrong else one.wish.machine.codes if one.wish.machine else ROADS
        for who in (ONE, OTHER):
            assert keep_coding(store, one, said(codes, "mend", who)).outcome in ("kept", "same")
    catch_up(store)


@pytest.fixture
def store(connections: Connections) -> Store:
    store = open_little(connections)
    fill(store, 30, ROADS, area=ABBEY)
    fill(store, 30, PARKS, area=NORMANTON, channel="card")
    return store


def test_there_is_no_range_before_all_of_a_sample_is_settled(store: Store) -> None:
    assert ranges_of(store) == Ranged(event=ranges_of(store).event)
    drawn(store, 40)
    first = read_sample(store).wishes[0]
    machine = first.wish.machine
    assert machine and keep_coding(store, first, said(machine.codes, "mend")).done
    found = ranges_of(store)
    assert (found.whole, found.drawn, found.left) == (False, True, 40)
    settle(store)
    assert ranges_of(store).whole


def test_ranges_put_the_count_right_by_what_people_say(store: Store) -> None:
    drawn(store, 40)
    settle(store)
    right = ranges_of(store).of("wishes", "theme")
    assert right["growth"].share == pytest.approx(0.5) == right["safer"].share
    assert right["growth"].low < 0.5 < right["growth"].high and right["other"].high < 0.1
    assert {base: found.of(base, "ask")["mend"].share for found in [ranges_of(store)] for base in ("responses", "wishes")} == {
        "responses": pytest.approx(1.0), "wishes": pytest.approx(1.0),
    }
    assert ranges_of(store).of("mentions", "theme") == {}


def test_where_people_differ_from_the_machine_the_range_moves(store: Store) -> None:
    drawn(store, 40)
    settle(store, wrong=20)
    found = ranges_of(store).of("responses", "code")
    assert found["growth.roads"].share < 0.4 and found["growth.roads"].high < 0.5 < found["safer.green"].low


def test_what_came_since_is_told_and_a_further_drawing_waits_until_it_is_settled(store: Store) -> None:
    drawn(store, 40)
    settle(store)
    fill(store, 12, ROADS)
    before = ranges_of(store)
    assert (before.later, before.wishes) == (12, 40)
    drawn(store, 6)
    half = ranges_of(store)
    assert half.whole and (half.wishes, half.left) == (40, 6)
    settle(store)
    after = ranges_of(store)
    assert (after.later, after.wishes, after.left) == (0, 46, 0)
    assert after.of("wishes", "theme")["growth"].share == pytest.approx(42 / 72, abs=0.03)


def test_how_often_cards_are_keyed_wrong_widens_the_ranges(store: Store) -> None:
    drawn(store, 40)
    settle(store)
    before = ranges_of(store)
    one = Checked(31, 1, "2010-07-01", "s-1", "s-2", SETTLED, ("wish1",) * 10, ("wish1",), "s-3", ("wish1",), "-")
    store.text.hset(store.keys.of("second"), "31", write_checked(one))
    after = ranges_of(store)
    assert (before.keyed_wrong, after.keyed_wrong) == (None, pytest.approx(0.05))
    narrow, wide = (found.of("wishes", "theme")["growth"] for found in (before, after))
    assert wide.low < narrow.low and wide.high > narrow.high and wide.share == narrow.share


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    for n in range(36):
        number = made.send(f"Wish {n}", ward="Abbey")
        code = "safer.crime" if n % 3 else "culture.arts"
        code_by_machine(made.store, number, 1, SlotCoding((code,), "mend", "t-1", 0.9))
    made.count()
    return made


def pages(desks: Desks) -> tuple[FlaskClient, str, str, str]:
    officer, base = desks.signed_in("officer"), f"/officers/{desks.store.slug}/"
    results = desks.app.test_client().get(f"/{desks.store.slug}/results").text
    return officer, officer.get(base).text, officer.get(f"{base}tables?by=theme").text, results


def test_every_page_says_that_there_is_no_range_where_nobody_coded_a_sample(desks: Desks) -> None:
    _, *shown = pages(desks)
    for page in shown:
        assert "machine’s count as such" in page and ">Range<" not in page and SENTENCE not in page


def test_ranges_stand_beside_shares_with_the_sentence_under_them(desks: Desks) -> None:
    drawn(desks.store, 36)
    _, dashboard, _, _ = pages(desks)
    assert "36 wishes of the sample are not settled" in dashboard and "36 wishes</strong></a> of the sample" in dashboard
    for one in read_sample(desks.store).wishes:
        codes = one.wish.machine.codes if one.wish.machine else ()
        for who in (ONE, OTHER):
            assert keep_coding(desks.store, one, said(codes, "mend", who)).done
    desks.count()
    told = desks.app.test_client().get(f"/api/v1/campaigns/{desks.store.slug}/tallies?by=theme").json
    assert told
    ends = {cell["theme"]: cell["interval"] for cell in told["cells"]}
    assert ends["safer"] == pytest.approx([0.667, 0.667], abs=2e-3)
    officer, *shown = pages(desks)
    for page in shown:
        assert ">Range<" in page and SENTENCE in page and "36 responses drawn by lot" in page
        assert "66–67%" in page or "67–67%" in page
    base = f"/officers/{desks.store.slug}/"
    assert "Ranges are told without filters only" in officer.get(f"{base}?ward=Abbey").text
    assert "not of mentions" in officer.get(f"{base}?base=mentions").text
    assert "Ranges are told without filters only" in officer.get(f"{base}tables?by=theme&ward=Abbey").text
