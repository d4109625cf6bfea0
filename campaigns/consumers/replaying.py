"""Trying again what was set aside, once its cause is gone."""

from campaigns.consumers.coding import Coded, Coder, code_again
from campaigns.consumers.tallying import stand, write_rows
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import CODING, TALLIES, cursor, parked, removed, unpark
from campaigns.store.store import Store


def replay_tallies(store: Store) -> int:
    """Makes the rows of the responses that could not be counted; returns how many could be this time."""
    before = _attempts(store, TALLIES)
    while before and not (write_rows(store, sorted(before), at := cursor(store, TALLIES), at) or removed(store)):
        pass
    stand(store, RowTable())
    return _let_go(store, TALLIES, before)


def replay_coding(store: Store, coder: Coder) -> tuple[int, Coded]:
    """Codes the responses that could not be coded; returns how many could be this time, and what it did."""
    before = _attempts(store, CODING)
    coded = code_again(store, coder, before) if before else Coded(0)
    return _let_go(store, CODING, before), coded


def _attempts(store: Store, consumer: str) -> dict[int, int]:
    return {one.response: one.attempts for one in parked(store) if one.consumer == consumer}


def _let_go(store: Store, consumer: str, before: dict[int, int]) -> int:
    """Takes those off the list that were not parked again; some have nothing left to do, having been erased meanwhile."""
    again = {number for number, attempts in _attempts(store, consumer).items() if attempts > before.get(number, 0)}
    unpark(store, consumer, sorted({*before} - again))
    return len({*before} - again)
