"""The cards of a campaign: printed, held, out, back, keyed; one byte each."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from campaigns.cards.ledger import Ledger, reckon
from campaigns.cards.paper import STATES as STATES
from campaigns.cards.paper import Batch as Batch
from campaigns.cards.paper import Paper, make_paper
from campaigns.events import full_name, write_data
from campaigns.store.returns import read_returns
from campaigns.store.store import NoSuchCampaign, Store

# From which states cards may be moved to another; what came back is moved by its piece of paper alone.
MOVES = {
    "out": ("held", "undelivered", "waiting"),
    "held": ("out", "undelivered", "destroyed"),
    "undelivered": ("out",),
    "destroyed": ("held", "out", "undelivered"),
    "waiting": ("out", "undelivered"),
}
MOST_AT_ONCE = 200_000
LONGEST_REASON = 200


class TooManyCards(ValueError):
    """More cards than one batch may hold, or fewer than one."""


class CannotMove(ValueError):
    """Cards that cannot be moved as asked: none of these numbers, no such move, or no reason given."""


@dataclass(frozen=True)
class Delivery:
    """Where cards go: in which round, to which place (a source's id), to how many households; and what kind they are."""

    round: str = ""
    place: str = ""
    households: int = 0
    kind: str = ""


UNSAID = Delivery()


@dataclass(frozen=True)
class Moved:
    """How many cards were moved, which were in a state that does not allow it, and how many were there already."""

    moved: int
    refused: list[int]
    already: int = 0


def print_cards(
    store: Store, count: int, ward: str, who: str, delivery: Delivery = UNSAID, *, held: bool = False, key: str = "",
) -> Batch:
    """Numbers that many new cards, puts them out unless they are held, and returns their batch; once for each key."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise TooManyCards(f"Print from 1 to {MOST_AT_ONCE:,} cards at a time.")
    answer = store.scripts.run("print", {
        "born": store.born, "count": count, "letter": letter_of("held" if held else "out"), "key": key,
        "batch": {"ward": ward, **asdict(delivery)}, "event": full_name("cards.printed"), "who": who,
    })
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
    store.connections.settle()  # a number that is on paper must not be handed out again
    return _read_batch(answer[1], store.text.hget(store.keys.of("batches"), answer[1]) or "{}")


def move_cards(store: Store, first: int, last: int, to: str, why: str, who: str) -> Moved:
    """Moves the cards of a range to another state, those that may; says which may not. Raises CannotMove."""
    reason = " ".join(why.split())[:LONGEST_REASON]
    if to not in MOVES:
        raise CannotMove(f"Cards cannot be moved to {to} so. Choose one of: {', '.join(MOVES)}.")
    if not reason:
        raise CannotMove("Say why, in a few words and without names: the log keeps it for good.")
    if not 0 < first <= last:
        raise CannotMove(f"Cards {first:,} to {last:,} are no range: the first must come before the last.")
    outcome, *rest = store.scripts.run("move", {
        "born": store.born, "first": first, "last": last, "to": letter_of(to), "from": "".join(map(letter_of, MOVES[to])),
        "event": full_name("card.moved"), "who": who,
        "data": write_data("card.moved", first=first, last=last, to=to, why=reason, **{"from": list(MOVES[to])}),
    })
    if outcome == "gone":
        raise NoSuchCampaign(store.slug)
    if outcome == "beyond":
        raise CannotMove(f"Card {last:,} is beyond the last printed, which is {rest[0]:,}.")
    store.connections.settle()
    return Moved(rest[0], rest[2:], rest[1])


def letter_of(state: str) -> str:
    """Returns the letter a state is kept as."""
    return next(letter for letter, name in STATES.items() if name == state)


def card_state(store: Store, card: int) -> str:
    """Returns the state of one card in words, empty if no such card was printed."""
    byte = store.text.getrange(store.keys.of("cards"), card, card) if card > 0 else ""
    return STATES.get(byte.lower(), "")


def responses_of_card(store: Store, card: int) -> list[tuple[int, str]]:
    """Returns the responses a card brought, in order: each one's number, and "online" or "keyed"."""
    return read_answered(store.text.hget(store.keys.of("answered"), str(card)) or "")


def read_answered(kept: str) -> list[tuple[int, str]]:
    """Returns the responses that one entry of the hash of answers names, each with how it came."""
    return [(int(one[:-1]), {"o": "online", "k": "keyed"}[one[-1]]) for one in kept.split(",") if one]


def batch_of_card(store: Store, card: int) -> int:
    """Returns the number of the batch of returns a card came back in, 0 for none."""
    return int.from_bytes(store.raw.getrange(store.keys.of("returned"), 4 * card, 4 * card + 3), "little")


def card_ward(store: Store, card: int) -> str:
    """Returns the id of the area a card was delivered in, empty if it had none."""
    return next((batch.ward for batch in batches(store) if batch.first <= card <= batch.last), "")


def batches(store: Store) -> list[Batch]:
    """Returns every batch of cards printed, in order."""
    return read_batches(store.text.hgetall(store.keys.of("batches")))


def read_batches(kept: Mapping[str, str]) -> list[Batch]:
    """Returns the batches that the hash of printed batches holds, in order."""
    return sorted((_read_batch(number, text) for number, text in kept.items()), key=lambda batch: batch.number)


def _read_batch(number: str, text: str) -> Batch:
    return Batch(number=int(number), **json.loads(text))


def read_paper(store: Store) -> Paper:
    """Returns where every card is and all batches, as of one event."""
    of = store.keys.of
    pipe = store.raw.pipeline(transaction=True)  # nothing may be printed, keyed or moved between these
    pipe.get(of("cards")).get(of("returned")).hgetall(of("batches")).hgetall(of("returns")).hget(of("head"), "event")
    cards, returned, printed, returns, event = pipe.execute()
    batches_kept, returns_kept = ({k.decode(): v.decode() for k, v in kept.items()} for kept in (printed, returns))
    return make_paper(
        cards or b"", returned or b"", read_batches(batches_kept), read_returns(returns_kept), int(event or 0),
    )


def reconcile(store: Store) -> Ledger:
    """Returns where every printed card is; ``residual`` counts those in no state, and should be 0."""
    return reckon(read_paper(store))
