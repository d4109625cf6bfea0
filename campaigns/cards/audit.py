"""Proving the paper by the log: the whole account read again from it, and keyed cards drawn by lot to be read again by eye."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace

from campaigns.cards.ledger import keyed_cards
from campaigns.cards.paper import Paper
from campaigns.cards.replay import misfits, replay
from campaigns.cards.serials import serial_for
from campaigns.events import Event, write_data
from campaigns.store.cards import read_paper, responses_of_card
from campaigns.store.log import event_at, read_events
from campaigns.store.pieces import Piece, pieces_of
from campaigns.store.responses import get_responses
from campaigns.store.store import Store, record

MOST_DRAWN = 1000
LONGEST_SEED = 64


class CannotDraw(ValueError):
    """A draw that cannot be made so; the message says what to change."""


@dataclass(frozen=True)
class DrawnCard:
    """One card of a draw: where its paper lies, its response, and what the log says of it when it came.

    ``event`` is 0 and ``commitments`` are empty for a card that was keyed without a batch; ``state`` is its response's now.
    """

    card: int
    serial: str
    batch: int
    piece: str
    response: int
    state: str
    event: int
    commitments: list[str]


@dataclass(frozen=True)
class Draw:
    """A draw among the cards that were keyed up to an event; ``event`` notes it, 0 in a draw that is read again later."""

    seed: str
    of: int
    up_to: int
    event: int
    sha256: str
    cards: list[DrawnCard]


def check_paper(store: Store) -> list[str]:
    """Returns in words where the cards and batches that are kept differ from what the log alone tells of them."""
    kept = read_paper(store)
    return misfits(kept, replay(_events(store, kept.event)))


def _events(store: Store, last: int) -> Iterator[Event]:
    after = 0
    while after < last and (page := read_events(store, after)):
        yield from (event for event in page if event.number <= last)
        after = page[-1].number


def lot(seed: str, card: int) -> str:
    """Returns a card's lot: the SHA-256 of the seed, a space and its number. The lowest lots are drawn."""
    return hashlib.sha256(f"{seed} {card}".encode()).hexdigest()


def draw_lots(cards: Iterable[int], count: int, seed: str) -> list[int]:
    """Returns the cards drawn, in the order of their lots; the same for the same seed and cards."""
    return sorted(cards, key=lambda card: lot(seed, card))[:count]


def draw_cards(store: Store, count: int, seed: str, who: str) -> Draw:
    """Draws keyed cards by lot and notes the draw in the log. Raises CannotDraw."""
    if not 1 <= count <= MOST_DRAWN:
        raise CannotDraw(f"Draw from 1 to {MOST_DRAWN:,} cards.")
    if not 1 <= len(seed) <= LONGEST_SEED or not seed.isascii() or not seed.isprintable():
        raise CannotDraw(f"Give a seed of 1 to {LONGEST_SEED} letters and digits, such as the throws of dice: 4 1 6 6 2.")
    paper = read_paper(store)
    keyed = keyed_cards(paper)
    if not keyed:
        raise CannotDraw("No card has been keyed yet, so there is nothing to draw from.")
    drawn = draw_lots(keyed, count, seed)
    digest = hashlib.sha256("\n".join(map(str, drawn)).encode()).hexdigest()
    made = Draw(seed, len(keyed), paper.event, 0, digest, _read(store, paper, drawn))
    data = write_data("cards.drawn", count=len(drawn), seed=seed, of=len(keyed), sha256=digest)
    kept = {"draws": {f"{paper.event} {seed}": json.dumps(asdict(made))}}
    noted = record(store.connections, store.slug, "cards.drawn", who=who, data=data, hashes=kept)
    store.connections.settle()
    return replace(made, event=int(noted[1]))


def kept_draws(store: Store) -> list[Draw]:
    """Returns every draw that was made, the last one first, as it was then."""
    kept = [json.loads(text) for text in store.text.hgetall(store.keys.of("draws")).values()]
    draws = [Draw(**{**one, "cards": [DrawnCard(**card) for card in one["cards"]]}) for one in kept]
    return sorted(draws, key=lambda draw: -draw.up_to)


def _read(store: Store, paper: Paper, cards: list[int]) -> list[DrawnCard]:
    pieces = _pieces(store, {int(paper.returned[card]) for card in cards})
    responses = {card: pieces[card].response if card in pieces else _keyed(store, card) for card in cards}
    states = {response.number: response.state for response in get_responses(store, sorted(set(responses.values())))}
    return [_drawn(store, card, pieces.get(card), responses[card], states.get(responses[card], "")) for card in cards]


def _pieces(store: Store, batches: set[int]) -> dict[int, Piece]:
    """Returns the piece that each card was keyed from, by the card."""
    return {piece.card: piece for batch in batches for piece in pieces_of(store, batch) if piece.outcome == "keyed"}


def _keyed(store: Store, card: int) -> int:
    """Returns the last response that a card brought by being keyed, 0 for none."""
    return next((number for number, kind in reversed(responses_of_card(store, card)) if kind == "keyed"), 0)


def _drawn(store: Store, card: int, piece: Piece | None, response: int, state: str) -> DrawnCard:
    event = event_at(store, piece.event) if piece else None
    words = [word for word in event.data["words"] if word] if event else []
    where = (piece.batch, piece.id) if piece else (0, "")
    return DrawnCard(card, serial_for(card, store.slug), *where, response, state, event.number if event else 0, words)
