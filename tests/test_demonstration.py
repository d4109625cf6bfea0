"""Made-up responses: as many as asked for, dealt as a real campaign's would be, in demonstrations alone, gone in one step."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from campaigns.campaign_file import read_campaign, read_file
from campaigns.demonstration import NotADemonstration, fill, made_up, remove, window_days
from campaigns.references import number_of, reference_for
from campaigns.responses import check_wishes
from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from campaigns.store.keys import REWRITE_DUE
from campaigns.store.opening import CannotOpen, close_campaign, demonstration_window, open_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.secrets import card_secret, receipt_secret
from campaigns.store.store import NoSuchCampaign, Store, loaded_slugs, open_store
from tests.storehouse import LITTLE, catch_up, loaded_little, open_little, send, window_around

DERBY = read_campaign("derby-2026", read_file("derby-2026"))


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.mark.parametrize("count", [1, 199, 200, 201, 555])
def test_as_many_are_made_up_as_were_asked_for(store: Store, count: int) -> None:
    seen: list[int] = []
    assert fill(store, count, progress=seen.append) == count
    assert (response_count(store), seen[-1]) == (count, count)
    assert catch_up(store).total() == count


def test_filling_again_adds_to_what_is_there(store: Store) -> None:
    fill(store, 10)
    fill(store, 5)
    assert response_count(store) == 15


def test_the_same_seed_deals_the_same_responses() -> None:
    def deal(seed: int) -> list[object]:
        return list(made_up(DERBY, 50, random.Random(seed)))

    assert deal(1) == deal(1) != deal(2)


def test_responses_are_dealt_over_channels_wards_days_and_answers() -> None:
    made = list(made_up(DERBY, 3000, random.Random(1)))
    channels = Counter(one.channel for one in made)
    assert set(channels) == set(DERBY.channels)
    assert 0.3 < channels["online"] / 3000 < 0.4 < 0.46 and 0.38 < channels["card"] / 3000 < 0.46
    assert {one.area for one in made} == {"not given", *(area.id for area in DERBY.areas)}
    assert all(one.marks == "made-up" for one in made)
    assert all(DERBY.source(one.source).channel == one.channel for one in made if one.source)
    assert {len(one.wishes) for one in made} == {1, 2, 3}
    assert all(check_wishes(list(one.wishes), 3) == (one.wishes, {}) for one in made)
    connection = DERBY.question_called("connection")
    assert connection and {one.answers.get("connection", 0) for one in made} == set(range(len(connection.options) + 1))


def test_days_rush_at_the_start_and_the_end_of_the_window() -> None:
    days = Counter(one.day for one in made_up(DERBY, 6000, random.Random(1)))
    ordered = [days[day.isoformat()] for day in window_days(DERBY)]
    assert len(ordered) == 33
    assert min(ordered[0], ordered[-1]) > 1.5 * max(ordered[12:20])


def test_no_day_lies_ahead() -> None:
    window = demonstration_window(DERBY.window, date.today())
    assert (window.closes - window.opens, window.cards_until - window.closes) == (timedelta(32), timedelta(7))
    assert window.opens == date.today() - timedelta(14)


@pytest.mark.parametrize("state", ["loaded", "earnest", "closed"])
def test_made_up_responses_enter_nothing_but_an_open_demonstration(connections: Connections, state: str) -> None:
    store = loaded_little(connections)
    if state == "earnest":
        store = open_campaign(connections, LITTLE, "s-1")
    if state == "closed":
        open_campaign(connections, LITTLE, "s-1", window_around(date.today()))
        close_campaign(connections, LITTLE, "s-1")
        store = open_store(connections, LITTLE)
    with pytest.raises(NotADemonstration, match="not open as a demonstration"):
        fill(store, 5)
    assert response_count(store) == 0


def test_a_demonstration_cannot_be_reopened_in_earnest(store: Store, connections: Connections) -> None:
    fill(store, 5)
    close_campaign(connections, LITTLE, "s-1")
    with pytest.raises(CannotOpen, match="made-up responses are in it"):
        open_campaign(connections, LITTLE, "s-1")
    assert open_campaign(connections, LITTLE, "s-1", window_around(date.today())).demonstration


def test_what_was_open_in_earnest_can_neither_become_a_demonstration_nor_be_removed(connections: Connections) -> None:
    store = loaded_little(connections)
    open_campaign(connections, LITTLE, "s-1")
    close_campaign(connections, LITTLE, "s-1")
    with pytest.raises(CannotOpen, match="cannot become a demonstration"):
        open_campaign(connections, LITTLE, "s-1", window_around(date.today()))
    assert not open_campaign(connections, LITTLE, "s-1").demonstration
    with pytest.raises(NotADemonstration, match="nothing of it was removed"):
        remove(open_store(connections, LITTLE))
    assert store.slug in loaded_slugs(connections)


def test_removing_leaves_no_key_of_the_campaign(store: Store, connections: Connections) -> None:
    fill(store, 20)
    print_cards(store, 5, "", "s-1")
    catch_up(store)
    remove(store)
    assert not [key for key in connections.text.scan_iter() if LITTLE in key]
    assert (loaded_slugs(connections), connections.text.exists(REWRITE_DUE)) == ([], 1)
    with pytest.raises(NoSuchCampaign):
        open_store(connections, LITTLE)
    assert send(store).outcome == "closed"
    assert not [key for key in connections.text.scan_iter() if LITTLE in key]


def test_a_demonstrations_receipts_and_cards_open_nothing_of_what_comes_after(store: Store, connections: Connections) -> None:
    send(store, "mine")
    reference = reference_for(1, receipt_secret(store))
    cards = card_secret(store)
    assert number_of(reference, receipt_secret(store)) == 1
    remove(store)
    loaded_little(connections)
    real = open_campaign(connections, LITTLE, "s-1", window_around(date.today()))
    send(real, "someone else's")
    assert get_response(real, 1)
    assert number_of(reference, receipt_secret(real)) is None
    assert card_secret(real) != cards
