"""The ledger of cards: numbered once, each in one state, all accounted for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaigns.store.cards import (
    MOST_AT_ONCE,
    MOVES,
    STATES,
    Batch,
    CannotMove,
    Delivery,
    TooManyCards,
    batches,
    card_state,
    card_ward,
    move_cards,
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
    made = [print_cards(store, count, ward, "s-2") for count, ward in ((3, ABBEY), (2, NORMANTON), (1, ""))]
    assert [replace(batch, printed_ms=0) for batch in made] == [
        Batch(1, 3, ABBEY, 1), Batch(4, 5, NORMANTON, 2), Batch(6, 6, "", 3),
    ]
    assert batches(store) == made
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


def test_a_batch_says_where_its_cards_go(store: Store) -> None:
    delivery = Delivery("first", "libraries", 1200, "large print")
    batch = print_cards(store, 2, ABBEY, "s-1", delivery, held=True)
    assert (batch.round, batch.place, batch.households, batch.kind) == ("first", "libraries", 1200, "large print")
    assert (batch.printed_ms, card_state(store, 1)) == (read_events(store)[-1].at_ms, "held")
    assert read_events(store)[-1].data == {
        "batch": "1", "first": 1, "last": 2, "ward": ABBEY, "held": True, **vars(delivery),
    }


def test_the_same_key_numbers_one_batch_however_often(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: print_cards(store, 3, ABBEY, "s-1", key="a"), range(8)))
    assert made == batches(store) * 8
    assert [print_cards(store, 1, "", "s-1", key=key).number for key in ("b", "a", "", "")] == [2, 1, 3, 4]


@pytest.mark.parametrize(("start", "to", "moved", "refused", "after"), [
    ("hhhh", "out", 4, [], "oooo"), ("hHxo", "out", 2, [3], "oOxo"), ("oOwk", "undelivered", 2, [3, 4], "nNwk"),
    ("ohnX", "destroyed", 3, [], "xxxX"), ("kuds", "destroyed", 0, [1, 2, 3, 4], "kuds"),
    ("KoSn", "waiting", 2, [1, 3], "KwSw"), ("xonw", "held", 3, [4], "hhhw"), ("?o\0o", "held", 2, [1, 3], "?h\0h"),
])
def test_cards_move_from_the_states_that_allow_it(
    store: Store, start: str, to: str, moved: int, refused: list[int], after: str,
) -> None:
    print_cards(store, 6, "", "s-1")
    store.text.setrange(store.keys.of("cards"), 1, start)
    done = move_cards(store, 1, 4, to, "as told", "s-2")
    assert (done.moved, done.refused, done.already) == (moved, refused, 4 - moved - len(refused))
    assert store.text.getrange(store.keys.of("cards"), 1, 6) == after + "oo"
    again = move_cards(store, 1, 4, to, "as told", "s-2")
    assert (again.moved, again.refused) == (0, refused)
    events = [event for event in read_events(store) if event.name == "card.moved"]
    data = {"first": 1, "last": 4, "to": to, "from": list(MOVES[to]), "why": "as told"}
    assert [(event.subject, event.who, event.data) for event in events] == [(1, "s-2", data)] * bool(moved)


@pytest.mark.parametrize(("first", "last", "to", "why", "words"), [
    (1, 2, "keyed", "x", "cannot be moved to keyed"), (1, 2, "moon", "x", "cannot be moved"), (1, 2, "held", "  ", "Say why"),
    (2, 1, "held", "x", "no range"), (0, 1, "held", "x", "no range"), (1, 4, "held", "x", "beyond the last printed, which is 3"),
])
def test_a_move_that_cannot_be_is_said_in_words(store: Store, first: int, last: int, to: str, why: str, words: str) -> None:
    print_cards(store, 3, "", "s-1")
    with pytest.raises(CannotMove, match=words):
        move_cards(store, first, last, to, why, "s-1")
    assert reconcile(store).states["out"] == 3
