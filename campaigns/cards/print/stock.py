"""Cards at the places that hand them out: how many each was given, how many it can have left."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.definition import Source
from campaigns.store.cards import Batch
from campaigns.store.store import Store

LOW = 4  # a place runs low when one card in so many is left


@dataclass(frozen=True)
class Stock:
    """One place's cards: those numbered for it, held back, come back or used online, and how many it can have left."""

    place: Source
    given: int = 0
    held: int = 0
    used: int = 0
    left: int = 0
    latest: int = 0  # how many it was given last

    @property
    def low(self) -> bool:
        """Tells whether it is time to give it more."""
        return self.given > self.held and self.left * LOW <= self.given - self.held


def stock_of(store: Store, of: Iterable[Batch]) -> list[Stock]:
    """Returns the stock of each of the campaign's places, from the present state of every card it was given.

    What is left is at most what is said: a card taken home and not yet sent back cannot be told from one on the shelf.
    """
    states = store.text.getrange(store.keys.of("cards"), 0, -1)
    mine: dict[str, list[Batch]] = {}
    for batch in of:
        mine.setdefault(batch.place, []).append(batch)
    return [_count(source, mine.get(source.id, []), states) for source in store.campaign.sources]


def _count(source: Source, batches: list[Batch], states: str) -> Stock:
    cards = "".join(states[batch.first : batch.last + 1] for batch in batches)
    held, left = cards.count("h"), cards.count("o")
    latest = batches[-1].last - batches[-1].first + 1 if batches else 0
    return Stock(source, len(cards), held, len(cards) - held - left, left, latest)
