"""Paper in tests: batches of returns opened, pieces keyed and set down in the fewest words."""

from datetime import date

from campaigns.store.intake import Accepted, Way
from campaigns.store.pieces import SetDown, set_down
from campaigns.store.returns import ReturnBatch, open_batch
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
