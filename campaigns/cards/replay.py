"""The paper as the log alone tells it: every print, move, piece and batch read again, to be held against the store."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from campaigns.cards.paper import STATES, Batch, Paper, ReturnBatch
from campaigns.events import Event

LETTERS = {name: letter for letter, name in STATES.items()}
MOST_SAID = 20


@dataclass
class _Slip:
    """A piece of paper as the log last told of it; ``was`` is the letter and batch that its card had before, if it moved it."""

    outcome: str
    why: str = ""
    card: int = 0
    was: tuple[str, int] | None = None


@dataclass
class Replay:
    """What has been read so far: letters and batches of cards by number, and both kinds of batches."""

    letters: bytearray = field(default_factory=lambda: bytearray(1))
    online: set[int] = field(default_factory=set)
    returned: dict[int, int] = field(default_factory=dict)
    printed: list[Batch] = field(default_factory=list)
    returns: dict[int, ReturnBatch] = field(default_factory=dict)
    reasons: defaultdict[int, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    slips: dict[tuple[int, str], _Slip] = field(default_factory=dict)

    def read(self, event: Event) -> None:
        """Takes in the next event; those that tell nothing of paper change nothing."""
        reader = READERS.get(event.name)
        if reader:
            reader(self, event)

    def paper(self, event: int) -> Paper:
        """Returns all that was read."""
        cards = np.frombuffer(bytes(self.letters), np.uint8).copy()
        marked = np.array(sorted(self.online), np.int64)
        cards[marked] -= ord("a") - ord("A")
        returned = np.zeros(len(cards), np.uint32)
        returned[np.array([*self.returned], np.int64)] = [*self.returned.values()]
        returns = [replace(batch, reasons=+self.reasons[number]) for number, batch in sorted(self.returns.items())]
        return Paper(cards, returned, self.printed, returns, event)

    def prints(self, event: Event) -> None:
        """Reads that cards were numbered."""
        data = event.data
        about = {name: data[name] for name in ("round", "place", "households", "kind") if name in data}
        self.printed.append(Batch(data["first"], data["last"], data["ward"], int(data["batch"]), printed_ms=event.at_ms, **about))
        self.letters.extend(bytes(data["last"] + 1 - len(self.letters)))
        letter = b"h" if data.get("held") else b"o"
        self.letters[data["first"]:data["last"] + 1] = letter * (data["last"] - data["first"] + 1)

    def moves(self, event: Event) -> None:
        """Reads that the cards of a range were moved, those that were in a state that allows it."""
        span, data = slice(event.data["first"], event.data["last"] + 1), event.data
        table = bytearray(range(256))
        for state in data["from"]:
            table[ord(LETTERS[state])] = ord(LETTERS[data["to"]])
        self.letters[span] = self.letters[span].translate(bytes(table))

    def receives(self, event: Event) -> None:
        """Reads that a response came, from a card or a piece of paper perhaps."""
        data = event.data
        card = data.get("card", 0)
        if "piece" in data:
            self._put(data["batch"], data["piece"], _Slip("keyed" if card else "unnumbered", card=card), "k" if card else "")
        elif card and event.who == "public":
            self.online.add(card)
        elif card:
            self._set_card(card, "k", 0)

    def notes(self, event: Event) -> None:
        """Reads that a piece was set down."""
        data = event.data
        self._put(data["batch"], data["piece"], _Slip(data["outcome"], data["why"], event.subject), data.get("to", ""))

    def undoes(self, event: Event) -> None:
        """Reads that a piece was taken back."""
        batch, piece = event.data["batch"], event.data["piece"]
        self._put_back(batch, self.slips.pop((batch, piece)))

    def opens(self, event: Event) -> None:
        """Reads that a batch of returns was opened."""
        data = event.data
        self.returns[data["batch"]] = ReturnBatch(
            data["batch"], data["channel"], data.get("place", ""), data["day"], data["count"], "open", "", event.who, event.at_ms,
        )

    def counts(self, event: Event) -> None:
        """Reads that a batch was counted again, or closed."""
        data, batch = event.data, self.returns[event.data["batch"]]
        if event.name == "batch.closed":
            batch = replace(batch, state="closed", why=data.get("why", ""))
        self.returns[batch.number] = replace(batch, counted=data["count"])

    def _put(self, batch: int, piece: str, slip: _Slip, to: str) -> None:
        if before := self.slips.get((batch, piece)):
            self._put_back(batch, before)
        if to:
            slip.was = chr(self.letters[slip.card]), self.returned.get(slip.card, 0)
            self._set_card(slip.card, to, batch)
        self.slips[batch, piece] = slip
        self.reasons[batch][slip.outcome, slip.why] += 1

    def _put_back(self, batch: int, slip: _Slip) -> None:
        self.reasons[batch][slip.outcome, slip.why] -= 1
        if slip.was:
            self._set_card(slip.card, *slip.was)

    def _set_card(self, card: int, letter: str, batch: int) -> None:
        self.letters[card] = ord(letter)
        self.returned[card] = batch


READERS = {
    "cards.printed": Replay.prints, "card.moved": Replay.moves, "response.received": Replay.receives,
    "piece.noted": Replay.notes, "piece.undone": Replay.undoes,
    "batch.opened": Replay.opens, "batch.recounted": Replay.counts, "batch.closed": Replay.counts,
}


def replay(events: Iterable[Event]) -> Paper:
    """Returns the paper as events tell it, from the log's first on."""
    found, last = Replay(), 0
    for event in events:
        found.read(event)
        last = event.number
    return found.paper(last)


def misfits(kept: Paper, told: Paper) -> list[str]:
    """Returns in words what differs between the paper as it is kept and as the log tells it; the first few of each kind."""
    length = max(len(kept.cards), len(told.cards))
    cards = np.nonzero(
        (_stretched(kept.cards, length) != _stretched(told.cards, length))
        | (_stretched(kept.returned, length) != _stretched(told.returned, length))
    )[0].tolist()
    lines = [f"card {card} is not as the log tells" for card in cards[:MOST_SAID]]
    lines += [f"{len(cards) - MOST_SAID:,} more cards are not as the log tells"] * (len(cards) > MOST_SAID)
    return [*lines, *_differing("print batch", kept.printed, told.printed), *_differing("batch", kept.returns, told.returns)]


def _stretched(found: np.ndarray, length: int) -> np.ndarray:
    return np.concatenate([found, np.zeros(length - len(found), found.dtype)])


def _differing(what: str, kept: Iterable[Batch | ReturnBatch], told: Iterable[Batch | ReturnBatch]) -> Iterator[str]:
    of_kept, of_told = ({batch.number: batch for batch in some} for some in (kept, told))
    for number in sorted(of_kept.keys() | of_told.keys()):
        one, other = of_kept.get(number), of_told.get(number)
        if isinstance(one, ReturnBatch):
            one = replace(one, double="")  # how it is to be keyed is no part of the account
        if one != other:
            yield f"{what} {number} is not as the log tells"
