"""Cards and pieces of paper as plain dictionaries: what must be true of them, worked out by hand."""

from dataclasses import dataclass, field

from campaigns.events import OUTCOMES
from campaigns.store.cards import MOVES, STATES

LETTERS = {name: letter for letter, name in STATES.items()}
ON_ITS_WAY = ("out", "waiting", "undelivered")
BACK = ("keyed", "unusable", "duplicate", "set aside")


@dataclass
class Card:
    """A card: its state, whether it was answered online, the batch it came back in, and the responses it brought."""

    state: str = "out"
    online: bool = False
    returned: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)

    @property
    def byte(self) -> str:
        """Returns the letter it must be kept as."""
        letter = LETTERS[self.state]
        return letter.upper() if self.online else letter


@dataclass
class Slip:
    """A piece of paper; ``was`` is the state and batch of the card it moved, before it did."""

    outcome: str
    card: int = 0
    response: int = 0
    why: str = ""
    first: tuple[str, int, str] | None = None
    was: tuple[str, int] | None = None


@dataclass
class Bundle:
    """A batch of returns."""

    counted: int
    state: str = "open"
    why: str = ""
    slips: dict[str, Slip] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Returns how many pieces have each outcome, counted one by one."""
        return {name: sum(slip.outcome == name for slip in self.slips.values()) for name in OUTCOMES}


@dataclass
class Model:
    """All the paper of a campaign; each method answers as the store must."""

    cards: dict[int, Card] = field(default_factory=dict)
    bundles: dict[int, Bundle] = field(default_factory=dict)
    sent: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    keys: dict[str, int] = field(default_factory=dict)
    responses: int = 0

    def prints(self, count: int, held: bool) -> int:
        """Numbers cards; returns the first."""
        first = len(self.cards) + 1
        for number in range(first, first + count):
            self.cards[number] = Card("held" if held else "out")
        return first

    def opens(self, counted: int, key: str) -> int:
        """Opens a batch of returns; returns its number."""
        if key in self.keys:
            return self.keys[key]
        number = len(self.bundles) + 1
        self.bundles[number] = Bundle(counted)
        if key:
            self.keys[key] = number
        return number

    def answers(self, card: int) -> str:
        """Takes a response that was sent by the card's code."""
        if card and card not in self.cards:
            return "card unknown"
        self.responses += 1
        if card:
            self.cards[card].online = True
            self.cards[card].answers.append((self.responses, "online"))
        return "accepted"

    def keys_piece(self, batch: int, piece: str, words: str, card: int) -> str:
        """Keys a piece of paper."""
        if piece in self.sent:
            _, *sent = self.sent[piece]
            return "same" if sent == [words, card] else "conflict"
        refusal = self._shut(batch, piece) or self._taken(batch, piece)
        if not refusal and card:
            state = self._as_if_not_there(batch, piece, card)
            refusal = "" if state in ON_ITS_WAY else f"card {LETTERS.get(state, 'unknown')}"
        if refusal:
            return refusal
        self.responses += 1
        self.sent[piece] = self.responses, words, card
        self._put(batch, piece, Slip("keyed" if card else "unnumbered", card, self.responses), "keyed" if card else "")
        if card:
            self.cards[card].answers.append((self.responses, "keyed"))
        return "accepted"

    def sets_down(self, batch: int, piece: str, outcome: str, card: int, why: str) -> str:
        """Sets a piece down as unusable, duplicate or set aside."""
        slip = self.bundles[batch].slips.get(piece) if batch in self.bundles else None
        if slip and (outcome, card, why) in (slip.first, (slip.outcome, slip.card, slip.why)):
            return f"same {slip.outcome}"
        refusal = self._shut(batch, piece) or self._taken(batch, piece)
        if refusal:
            return refusal
        state = self._as_if_not_there(batch, piece, card)
        moves = state in ON_ITS_WAY
        if card and not moves and outcome != "set aside" and not (outcome == "duplicate" and state in BACK):
            return f"card {state or 'unknown'}"
        asked = outcome, card, why
        self._put(batch, piece, Slip(outcome, card if state else 0, 0, why, asked), outcome if moves else "")
        return "set"

    def undoes(self, batch: int, piece: str) -> str:
        """Takes back what became of a piece."""
        slip = self.bundles[batch].slips.get(piece) if batch in self.bundles else None
        if slip is None:
            return "missing"
        if slip.outcome == "undone":
            return "already undone"
        if self._shut(batch):
            return self._shut(batch)
        if slip.response in self.withdrawn:
            return "response withdrawn"
        self._put_back(slip)
        if slip.response:
            self.withdrawn.add(slip.response)
            if slip.card:
                self.cards[slip.card].answers.remove((slip.response, "keyed"))
        slip.outcome, slip.was = "undone", None
        return "undone"

    def moves(self, first: int, last: int, to: str) -> tuple[int, list[int], int]:
        """Moves a range of cards; returns how many moved, which may not, and how many were there already."""
        cards = {number: self.cards[number] for number in range(first, last + 1)}
        already = sum(card.state == to for card in cards.values())
        refused = [number for number, card in cards.items() if card.state not in (*MOVES[to], to)]
        for number, card in cards.items():
            if number not in refused:
                card.state = to
        return len(cards) - already - len(refused), refused, already

    def closes(self, batch: int, why: str) -> tuple[str, int]:
        """Closes a batch."""
        return self._ends(batch, why, None)

    def recounts(self, batch: int, counted: int, why: str) -> tuple[str, int]:
        """Gives a batch another count."""
        return self._ends(batch, why, counted)

    def _ends(self, batch: int, why: str, counted: int | None) -> tuple[str, int]:
        bundle = self.bundles.get(batch)
        if bundle is None or bundle.state == "closed":
            return ("already" if bundle else "missing"), 0
        bundle.counted = counted or bundle.counted
        short = bundle.counted - sum(bundle.counts.values())
        if counted:
            return "recounted", short
        if short and not why:
            return "short", short
        bundle.state, bundle.why = "closed", why
        return "closed", short

    def _shut(self, batch: int, piece: str = "") -> str:
        if batch not in self.bundles:
            return "batch missing"
        slip = self.bundles[batch].slips.get(piece)
        settles = slip is not None and slip.outcome == "set aside"
        return "" if settles or self.bundles[batch].state == "open" else "batch closed"

    def _taken(self, batch: int, piece: str) -> str:
        slip = self.bundles[batch].slips.get(piece)
        return f"piece {slip.outcome}" if slip and slip.outcome != "set aside" else ""

    def _as_if_not_there(self, batch: int, piece: str, card: int) -> str:
        slip = self.bundles[batch].slips.get(piece)
        if slip and slip.was and slip.card == card:
            return slip.was[0]
        return self.cards[card].state if card in self.cards else ""

    def _put_back(self, slip: Slip) -> None:
        if slip.was:
            self.cards[slip.card].state, self.cards[slip.card].returned = slip.was

    def _put(self, batch: int, piece: str, slip: Slip, to: str) -> None:
        slips = self.bundles[batch].slips
        if piece in slips:
            self._put_back(slips[piece])
            slip.first = slips[piece].first
        if to:
            card = self.cards[slip.card]
            slip.was = card.state, card.returned
            card.state, card.returned = to, batch
        slips[piece] = slip
