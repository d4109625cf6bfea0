"""Undoing a piece of paper: its response withdrawn, its card as it was, and nothing brought back that its sender took away."""

from collections.abc import Callable

import pytest

from campaigns.responses import WITHDRAWN
from campaigns.store.cards import card_state, print_cards, responses_of_card
from campaigns.store.changes import Changed, erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.pieces import UNDONE, every_piece, pieces_of, undo_piece
from campaigns.store.responses import get_response
from campaigns.store.returns import close_batch
from campaigns.store.store import Store
from tests.paper import a_batch, batch_of, byte_of, counts, key_piece, put_down, put_state
from tests.storehouse import NORMANTON, open_little, send


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    print_cards(made, 6, NORMANTON, "s-1")
    a_batch(made, 9)
    return made


def test_a_closed_batch_stays_as_it_was_closed(store: Store) -> None:
    key_piece(store, 1, "d-1", card=1)
    close_batch(store, 1, "s-1", "the rest is lost")
    undone = undo_piece(store, 1, "d-1", "s-1")
    assert (undone.outcome, undone.detail, counts(store)) == ("batch", "closed", {"keyed": 1})
    assert key_piece(store, 1, "d-1", card=1).outcome == "same"


@pytest.mark.parametrize("card", [0, 4])
@pytest.mark.parametrize("online", [False, True])
def test_undoing_a_keyed_piece_withdraws_it_and_puts_its_card_back(store: Store, card: int, online: bool) -> None:
    put_state(store, 4, "n")
    if online:
        send(store, "by the code", card=4)
    before = byte_of(store, 4), responses_of_card(store, 4)
    taken = key_piece(store, 1, "d-1", "trees", card=card)
    undone = undo_piece(store, 1, "d-1", "s-2")
    assert (undone.outcome, undo_piece(store, 1, "d-1", "s-2").outcome) == ("undone", "already")
    response = get_response(store, taken.number)
    assert response and (response.state, response.revision) == (WITHDRAWN, 2)
    assert ((byte_of(store, 4), responses_of_card(store, 4)), batch_of(store, 4), counts(store)) == (before, 0, {})
    assert (pieces_of(store, 1), [piece.outcome for piece in every_piece(store, 1)]) == ([], [UNDONE])
    assert [(event.name, event.subject) for event in read_events(store)[-2:]] == [
        ("response.withdrawn", taken.number), ("piece.undone", card),
    ]
    assert key_piece(store, 1, "d-1", "trees", card=card).outcome == "same"  # a late repeat brings nothing back
    assert key_piece(store, 1, "d-2", "trees", card=card).outcome == "accepted"
    assert verify(store).problem == ""


@pytest.mark.parametrize(("change", "state"), [(withdraw, WITHDRAWN), (erase, "erased")])
def test_paper_stays_accounted_for_when_its_sender_takes_the_wishes_back(
    store: Store, change: Callable[[Store, int], Changed], state: str,
) -> None:
    taken = key_piece(store, 1, "d-1", "trees", card=1)
    change(store, taken.number)
    undone = undo_piece(store, 1, "d-1", "s-1")
    assert (undone.outcome, undone.detail) == ("response", state)
    assert (card_state(store, 1), counts(store)) == ("keyed", {"keyed": 1})
    assert responses_of_card(store, 1) == [(taken.number, "keyed")]


def test_what_was_undone_cannot_be_set_down_under_its_old_id(store: Store) -> None:
    put_down(store, 1, "d-1", "unusable", 1, "blank")
    undo_piece(store, 1, "d-1", "s-1")
    again = put_down(store, 1, "d-1", "unusable", 1, "blank"), put_down(store, 1, "d-1", "set aside", 1, "late")
    assert [(one.outcome, one.detail) for one in again] == [("same", UNDONE), ("piece", UNDONE)]
    taken = key_piece(store, 1, "d-1", card=1)
    assert (taken.outcome, taken.detail, card_state(store, 1), counts(store)) == ("piece", UNDONE, "out", {})
