"""Batches of returns: opened once, counted by hand, closed when every piece is accounted for or for a reason."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.events import OUTCOMES
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.returns import MOST_IN_BATCH, CannotOpenBatch, Closed, close_batch, get_batch, list_batches, recount_batch
from campaigns.store.store import NoSuchCampaign, Store, forget_campaign
from tests.paper import DAY, a_batch, key_piece, put_down
from tests.storehouse import open_little


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def test_before_the_first_there_is_none(store: Store) -> None:
    assert (list_batches(store), get_batch(store, 1)) == ([], None)


def test_a_batch_says_where_it_came_from_and_how_many_were_counted(store: Store) -> None:
    batch = a_batch(store, 50, place="libraries", double="all")
    assert (batch.number, batch.channel, batch.place, batch.day, batch.counted) == (1, "card", "libraries", DAY, 50)
    assert (batch.state, batch.open, batch.why, batch.opened_by, batch.double) == ("open", True, "", "s-1", "all")
    assert (batch.counts, batch.accounted, batch.short) == (dict.fromkeys(OUTCOMES, 0), 0, 50)
    event = read_events(store)[-1]
    assert (event.name, event.at_ms, event.data) == (
        "batch.opened", batch.opened_ms, {"batch": 1, "count": 50, "channel": "card", "place": "libraries", "day": DAY},
    )


def test_the_same_key_opens_one_batch_however_often(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: a_batch(store, key="a").number, range(8)))
    assert opened == [1] * 8
    assert [a_batch(store, key=key).number for key in ("b", "a", "", "")] == [2, 1, 3, 4]
    assert [batch.number for batch in list_batches(store)] == [1, 2, 3, 4]


@pytest.mark.parametrize(("about", "words"), [
    ({"counted": 0}, "from 1 to 10,000"), ({"counted": MOST_IN_BATCH + 1}, "several batches"),
    ({"channel": "pigeon"}, "nothing by pigeon"), ({"place": "moon"}, "no place called moon"),
    ({"day": "12 July"}, "2010-07-12"), ({"day": "2010-02-30"}, "no day 2010-02-30"), ({"day": "20100712"}, "2010-07-12"),
])
def test_what_cannot_be_a_batch_is_said_in_words(store: Store, about: dict[str, object], words: str) -> None:
    with pytest.raises(CannotOpenBatch, match=words):
        a_batch(store, **about)
    assert list_batches(store) == []


def test_a_batch_closes_when_its_pieces_add_up_to_its_count(store: Store) -> None:
    number = a_batch(store, 3).number
    key_piece(store, number, "d-1", "trees")
    put_down(store, number, "d-2", "set aside", why="late")
    assert close_batch(store, number, "s-1") == Closed("short", 1)
    put_down(store, number, "d-3", "unusable", why="blank")
    assert close_batch(store, number, "s-2") == Closed("closed", 0)
    assert close_batch(store, number, "s-2") == Closed("already")
    event = read_events(store)[-1]
    assert (event.name, event.who) == ("batch.closed", "s-2")
    assert event.data == {"batch": number, "count": 3, "unnumbered": 1, "set aside": 1, "unusable": 1}
    batch = get_batch(store, number)
    assert batch and (batch.state, batch.short, batch.open) == ("closed", 0, False)
    assert batch.reasons == {("unnumbered", ""): 1, ("set aside", "late"): 1, ("unusable", "blank"): 1}


@pytest.mark.parametrize(("counted", "short"), [(1, -1), (3, 1), (50, 48)])
def test_a_batch_that_does_not_add_up_closes_only_for_a_reason(store: Store, counted: int, short: int) -> None:
    number = a_batch(store, counted).number
    for piece in ("d-1", "d-2"):
        put_down(store, number, piece)
    assert [close_batch(store, number, "s-1", why) for why in ("", " \n ")] == [Closed("short", short)] * 2
    assert close_batch(store, number, "s-1", " fell behind  the desk ") == Closed("closed", short)
    batch = get_batch(store, number)
    assert batch and (batch.why, batch.short) == ("fell behind the desk", short)


def test_an_open_batch_can_be_counted_again(store: Store) -> None:
    number = a_batch(store, 4).number
    put_down(store, number, "d-1")
    assert recount_batch(store, number, 1, "two were stuck together", "s-2") == Closed("recounted", 0)
    assert read_events(store)[-1].data == {"batch": 1, "count": 1, "why": "two were stuck together", "unusable": 1}
    assert close_batch(store, number, "s-1") == Closed("closed")
    assert recount_batch(store, number, 2, "again", "s-2") == Closed("already")
    with pytest.raises(CannotOpenBatch):
        recount_batch(store, number, 0, "none", "s-2")


def test_a_batch_that_was_never_opened_is_missing(store: Store) -> None:
    assert (close_batch(store, 7, "s-1"), recount_batch(store, 7, 1, "x", "s-1")) == (Closed("missing"), Closed("missing"))
    assert verify(store).problem == ""


def test_nothing_comes_back_to_a_campaign_that_was_removed(store: Store) -> None:
    number = a_batch(store).number
    forget_campaign(store)
    for act in (lambda: a_batch(store), lambda: close_batch(store, number, "s-1"), lambda: put_down(store, number, "d-1")):
        with pytest.raises(NoSuchCampaign):
            act()
    assert store.text.exists(store.keys.of("returns"), store.keys.of("log")) == 0
