"""Paper in tests: batches of returns opened, pieces keyed and set down in the fewest words."""

from datetime import date

from campaigns.store.intake import Accepted, Way
from campaigns.store.pieces import SetDown, set_down
from campaigns.store.returns import ReturnBatch, get_batch, open_batch
from campaigns.store.store import Store
from tests.storehouse import send

DAY = date(2010, 7, 12).isoformat()


def a_batch(store: Store, counted: int = 3, key: str = "", **about: str) -> ReturnBatch:
    """Returns a batch of returns that was opened just now."""
    sent = {"channel": "card", "place": "", "day": DAY, "who": "s-1", **about}
    return open_batch(store, counted=counted, key=key, **sent)


def key_piece(
    store: Store, batch: int, piece: str, *wishes: str, card: int = 0, who: str = "s-1", sampled: bool = False,
) -> Accepted:
    """Keys a piece of paper of a batch."""
    way = Way(who=who, window="cards", card_mark="keyed", piece=(batch, piece), sampled=sampled)
    return send(store, *wishes, channel="card", card=card, way=way)


def put_down(
    store: Store, batch: int, piece: str, outcome: str = "unusable", card: int = 0, why: str = "other", who: str = "s-1",
) -> SetDown:
    """Sets a piece of paper of a batch down as something other than keyed."""
    return set_down(store, batch=batch, piece=piece, outcome=outcome, card=card, why=why, who=who)


def counts(store: Store, batch: int = 1) -> dict[str, int]:
    """Returns the outcomes of a batch that occur, with how often."""
    found = get_batch(store, batch)
    assert found
    return {outcome: count for outcome, count in found.counts.items() if count}


def put_state(store: Store, card: int, letter: str) -> None:
    """Puts a card in a state, whatever it was in."""
    store.text.setrange(store.keys.of("cards"), card, letter)


def byte_of(store: Store, card: int) -> str:
    """Returns the letter a card is kept as."""
    return str(store.text.getrange(store.keys.of("cards"), card, card))


def batch_of(store: Store, card: int) -> int:
    """Returns the batch of returns a card came back in."""
    return int.from_bytes(store.raw.getrange(store.keys.of("returned"), card * 4, card * 4 + 3), "little")
