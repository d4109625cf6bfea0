"""Possible repeats: a card whose wishes came online too, in the same words, waits for a person."""

import pytest

from campaigns.consumers.rebuilding import differences
from campaigns.store.blocks import RowTable
from campaigns.store.cards import card_state, reconcile, responses_of_card
from campaigns.store.changes import erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.pieces import get_piece
from campaigns.store.repeats import Decided, decide_repeat, possible_repeats
from campaigns.store.responses import get_response
from campaigns.store.returns import close_batch, get_batch
from campaigns.store.second import keep_second
from campaigns.store.store import Store
from tests.storehouse import catch_up, every_byte, send
from tests.twice import SECOND_KEYER, keyed, said, with_a_batch


@pytest.fixture
def store(connections: Connections) -> Store:
    return with_a_batch(connections)


def online(store: Store, *wishes: str, card: int = 1) -> int:
    return send(store, *wishes, card=card).number


def pairs(store: Store) -> list[tuple[int, int, int]]:
    return [(one.card, one.keyed.number, one.online.number) for one in possible_repeats(store)]


@pytest.mark.parametrize(("by_post", "by_web", "waits"), [
    (("More buses",), ("more buses!",), True), (("More buses", "A pool"), ("A pool", "", "More  buses"), True),
    (("More buses",), ("A pool",), False), (("More buses",), ("More buses", "A pool"), False),
])
def test_the_same_wishes_wait_for_a_person_and_different_ones_both_count(
    store: Store, by_post: tuple[str, ...], by_web: tuple[str, ...], waits: bool
) -> None:
    number = online(store, *by_web)
    piece = keyed(store, *by_post)
    assert pairs(store) == ([(1, piece.response, number)] if waits else [])
    assert catch_up(store).counts("channel", "responses") == {"online": 1, "card": 1}


def test_whichever_came_first_the_pair_is_found_and_each_answer_of_a_household(store: Store) -> None:
    piece = keyed(store, "More buses")
    online(store, "A pool")
    same = [online(store, "More buses") for _ in range(2)]
    online(store, "More buses", card=2)
    assert pairs(store) == [(1, piece.response, number) for number in same]


def test_the_same_person_counts_once(store: Store) -> None:
    number, piece = online(store, "More buses"), keyed(store, "More buses")
    close_batch(store, 1, "s-9", "only one came")
    store.text.delete(store.keys.of("bell", "tallies"))
    before = last_event(store)
    decided = decide_repeat(store, possible_repeats(store)[0], same=True, who="s-9")
    assert (decided.outcome, decided.ring) == ("decided", True)
    response, kept = get_response(store, piece.response), get_response(store, number)
    assert response and kept and (response.state, kept.state) == ("withdrawn", "live")
    assert (card_state(store, 1), responses_of_card(store, 1)) == ("duplicate", [(number, "online")])
    after, batch = get_piece(store, 1, piece.id), get_batch(store, 1)
    assert after and batch and (after.outcome, after.why, after.card, after.response) == ("duplicate", "same wishes online", 1, 0)
    assert (batch.counts["duplicate"], batch.counts["keyed"], batch.accounted) == (1, 0, 1)
    assert reconcile(store).residual == 0
    events = read_events(store, before)
    assert [(event.name, event.subject) for event in events] == [
        ("repeat.settled", piece.response), ("response.withdrawn", piece.response), ("piece.noted", 1),
    ]
    assert events[0].data == {"card": 1, "online": number, "same": True}
    assert catch_up(store).counts("channel", "responses") == {"online": 1}
    assert (pairs(store), verify(store).problem, differences(store, RowTable())) == ([], "", [])


def test_different_people_both_count_and_are_not_asked_about_again(store: Store) -> None:
    online(store, "More buses"), keyed(store, "More buses")
    assert decide_repeat(store, possible_repeats(store)[0], same=False, who="s-9") == Decided("decided")
    assert read_events(store, last_event(store) - 1)[0].data["same"] is False
    assert (pairs(store), card_state(store, 1)) == ([], "keyed")
    assert catch_up(store).counts("channel", "responses") == {"online": 1, "card": 1}


@pytest.mark.parametrize("first", [True, False])
def test_the_first_decision_stands(store: Store, first: bool) -> None:
    online(store, "More buses"), keyed(store, "More buses")
    pair = possible_repeats(store)[0]
    assert decide_repeat(store, pair, first, "s-9").outcome == "decided"
    events = last_event(store)
    assert decide_repeat(store, pair, not first, "s-8") == Decided("already", detail="same" if first else "different")
    assert decide_repeat(store, pair, first, "s-9").outcome == "already"
    assert last_event(store) == events


@pytest.mark.parametrize("gone", ["keyed", "online"])
@pytest.mark.parametrize("how", [withdraw, erase])
def test_nothing_is_decided_of_what_counts_no_more(store: Store, gone: str, how: object) -> None:
    online(store, "More buses"), keyed(store, "More buses")
    pair = possible_repeats(store)[0]
    how(store, getattr(pair, gone).number)
    assert decide_repeat(store, pair, True, "s-9").outcome == "gone"
    assert (pairs(store), card_state(store, 1)) == ([], "keyed")


def test_a_second_keying_goes_with_the_response(store: Store) -> None:
    online(store, "More buses")
    keep_second(store, keyed(store, "More buses"), said("Zebra crossings"), SECOND_KEYER)
    decide_repeat(store, possible_repeats(store)[0], True, "s-9")
    assert b"Zebra" not in every_byte(store.connections)
