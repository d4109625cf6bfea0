"""The ledger of cards: numbered once, each in one state, all accounted for."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.store.cards import (
    MOST_AT_ONCE,
    STATES,
    Batch,
    TooManyCards,
    batches,
    card_state,
    card_ward,
    print_cards,
    reconcile,
)
from campaigns.store.connection import Connections
from campaigns.store.intake import Way
from campaigns.store.log import read_events
from campaigns.store.store import Store
from tests.storehouse import ABBEY, NORMANTON, open_little, send

KEYED = Way(window="cards", card_mark="keyed")


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def test_before_the_first_there_is_no_card(store: Store) -> None:
    ledger = reconcile(store)
    assert (ledger.printed, ledger.residual, sum(ledger.states.values()), batches(store)) == (0, 0, 0, [])


def test_cards_are_numbered_on_from_the_batch_before(store: Store) -> None:
    assert print_cards(store, 3, ABBEY, "s-1") == Batch(1, 3, ABBEY)
    assert print_cards(store, 2, NORMANTON, "s-2") == Batch(4, 5, NORMANTON)
    assert print_cards(store, 1, "", "s-2") == Batch(6, 6, "")
    assert [(batch.first, batch.last) for batch in batches(store)] == [(1, 3), (4, 5), (6, 6)]
    event = read_events(store)[-2]
    assert (event.name, event.who, event.data) == (
        "cards.printed", "s-2", {"first": 4, "last": 5, "ward": NORMANTON, "batch": "2"}
    )


def test_many_batches_stay_in_order(store: Store) -> None:
    for _ in range(12):
        print_cards(store, 1, "", "s-1")
    assert [batch.first for batch in batches(store)] == list(range(1, 13))


def test_batches_printed_at_once_share_no_number(store: Store) -> None:
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda n: print_cards(store, n + 1, "", "s-1"), range(10)))
    numbers = [number for batch in made for number in range(batch.first, batch.last + 1)]
    assert sorted(numbers) == list(range(1, 56))
    assert (reconcile(store).printed, reconcile(store).residual) == (55, 0)


@pytest.mark.parametrize("count", [0, -1, MOST_AT_ONCE + 1])
def test_so_many_cannot_be_printed_at_once(store: Store, count: int) -> None:
    with pytest.raises(TooManyCards, match="from 1 to 200,000"):
        print_cards(store, count, "", "s-1")
    assert reconcile(store).printed == 0


def test_a_card_knows_its_ward_and_state(store: Store) -> None:
    print_cards(store, 2, ABBEY, "s-1")
    print_cards(store, 2, NORMANTON, "s-1")
    assert [card_ward(store, card) for card in (0, 1, 2, 3, 4, 5)] == ["", ABBEY, ABBEY, NORMANTON, NORMANTON, ""]
    assert [card_state(store, card) for card in (-1, 0, 1, 4, 5)] == ["", "", "out", "out", ""]


def test_every_card_is_accounted_for_whatever_became_of_it(store: Store) -> None:
    print_cards(store, len(STATES) + 2, "", "s-1")
    store.text.setrange(store.keys.of("cards"), 1, "".join(STATES))
    send(store, channel="card", card=len(STATES) + 1, way=KEYED)
    send(store, card=len(STATES) + 2)
    ledger = reconcile(store)
    assert ledger.states == {**dict.fromkeys(STATES.values(), 1), "out": 2, "keyed": 2}
    assert (ledger.printed, ledger.answered_online, ledger.residual) == (len(STATES) + 2, 1, 0)


def test_a_card_in_no_state_is_a_residual(store: Store) -> None:
    print_cards(store, 4, "", "s-1")
    store.text.setrange(store.keys.of("cards"), 2, "?")
    assert reconcile(store).residual == 1


def test_of_ten_who_key_one_card_at_once_one_does(store: Store) -> None:
    print_cards(store, 1, "", "s-1")
    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda n: send(store, f"wish {n}", card=1, channel="card", way=KEYED).outcome, range(10)))
    assert sorted(outcomes) == ["accepted"] + ["card"] * 9
