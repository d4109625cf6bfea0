"""The cards of a campaign: printed, out, keyed; one byte each."""

import json
from dataclasses import dataclass

from campaigns.events import full_name
from campaigns.store.store import Store

# A card's byte; in upper case it was answered online as well.
STATES = {
    "h": "held", "x": "destroyed", "o": "out", "n": "undelivered", "w": "waiting", "k": "keyed",
    "u": "unusable", "d": "duplicate", "s": "set aside",
}
MOST_AT_ONCE = 200_000


class TooManyCards(ValueError):
    """More cards than one batch may hold, or fewer than one."""


@dataclass(frozen=True)
class Ledger:
    """Where every card is: how many were printed, in each state, answered online, and not accounted for."""

    printed: int
    states: dict[str, int]
    answered_online: int
    residual: int


@dataclass(frozen=True)
class Batch:
    """Cards printed together: the first and last number, and the area they go to."""

    first: int
    last: int
    ward: str


def print_cards(store: Store, count: int, ward: str, who: str) -> Batch:
    """Numbers that many new cards and puts them out, and returns their batch."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise TooManyCards(f"Print from 1 to {MOST_AT_ONCE:,} cards at a time.")
    _, first, last, _ = store.scripts.run("print", count, full_name("cards.printed"), who, ward)
    store.connections.settle()  # a number that is on paper must not be handed out again
    return Batch(int(first), int(last), ward)


def card_state(store: Store, card: int) -> str:
    """Returns the state of one card in words, empty if no such card was printed."""
    byte = store.text.getrange(store.keys.of("cards"), card, card) if card > 0 else ""
    return STATES.get(byte.lower(), "")


def card_ward(store: Store, card: int) -> str:
    """Returns the id of the area a card was delivered in, empty if it had none."""
    return next((batch.ward for batch in batches(store) if batch.first <= card <= batch.last), "")


def batches(store: Store) -> list[Batch]:
    """Returns every batch of cards printed, in order."""
    return _read_batches(store.text.hgetall(store.keys.of("batches")))


def _read_batches(kept: dict[str, str]) -> list[Batch]:
    return [Batch(**json.loads(text)) for _, text in sorted(kept.items(), key=lambda item: int(item[0]))]


def reconcile(store: Store) -> Ledger:
    """Returns where every printed card is; ``residual`` counts those in no state, and should be 0."""
    pipe = store.text.pipeline(transaction=True)  # no batch may be printed between the two
    bytes_kept, kept = pipe.getrange(store.keys.of("cards"), 1, -1).hgetall(store.keys.of("batches")).execute()
    printed = sum(batch.last - batch.first + 1 for batch in _read_batches(kept))
    states = {name: bytes_kept.count(letter) + bytes_kept.count(letter.upper()) for letter, name in STATES.items()}
    online = sum(letter.isupper() for letter in bytes_kept)
    return Ledger(printed, states, online, printed - sum(states.values()))
