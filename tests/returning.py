"""A simulated return of cards by the sackful: most as they should be, some with every fault that paper can have."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any

from campaigns.responses import Submission
from campaigns.store.cards import Delivery, move_cards, print_cards
from campaigns.store.changes import erase, withdraw
from campaigns.store.intake import Accepted, Way, accept_many
from campaigns.store.pieces import set_down_many, undo_piece
from campaigns.store.returns import close_batch, open_batch, recount_batch
from campaigns.store.store import Store
from tests.accounted import Expected

IN_A_BUNDLE = 50
TOGETHER = 10  # bundles that are on the desks at once
PLAIN = {  # faults that a keyer sees and sets down as what they are
    "blank": "unusable", "illegible": "unusable", "torn": "unusable",
    "late": "set aside", "foreign": "set aside", "letter enclosed": "set aside",
}
FAULTS = (
    *PLAIN, "sent twice", "keyed by two", "photocopied", "undone", "unknown serial", "another campaign", "on plain paper",
    "same wishes online", "other wishes online", "never sent out", "destroyed", "undelivered", "kept for a person",
    "withdrawn", "erased", "miscounted", "counted one too many",
)
LOST = "one piece fewer than was counted"


class Return:
    """Prints cards and sends them back: ``share`` of them, evenly, with each of FAULTS."""

    def __init__(self, store: Store, cards: int, seed: int = 2026, share: float = 0.05) -> None:
        self.store, self.chance, self.share = store, Random(seed), share
        self.expected = Expected()
        self.pieces = 0
        self.batch = 0
        self.keyed: list[tuple[Submission, Way]] = []
        self.down: list[dict[str, Any]] = []
        self.after: list[Callable[[], None]] = []
        self._print(cards)

    def _print(self, cards: int) -> None:
        areas = [area.id for area in self.store.campaign.areas]
        each = -(-cards // (2 * len(areas)))
        for delivery in ("first", "second"):
            for area in areas:
                batch = print_cards(self.store, each, area, "s-1", Delivery(delivery, households=each * 2))
                self.expected.states.update(dict.fromkeys(range(batch.first, batch.last + 1), "out"))

    def all_comes_back(self, cards: int) -> Expected:
        """Sends that many cards back, bundle by bundle, and returns what must be true then."""
        coming = iter(self.chance.sample([*self.expected.states], cards))
        day = date(2010, 7, 1)
        while some := list(islice(coming, IN_A_BUNDLE * TOGETHER)):
            bundles = [some[at:at + IN_A_BUNDLE] for at in range(0, len(some), IN_A_BUNDLE)]
            numbers = [self._bundle(bundle, day + timedelta(days=self.pieces % 40)) for bundle in bundles]
            self._key_all()
            for number, why in numbers:
                closed = close_batch(self.store, number, "s-1")
                assert closed.outcome == ("short" if why else "closed"), closed
                assert not why or close_batch(self.store, number, "s-1", why).outcome == "closed"
        return self.expected

    def _bundle(self, cards: list[int], day: date) -> tuple[int, str]:
        """Counts and opens a bundle and takes each card from it; returns its number, and why it will not add up."""
        faults = [self.chance.choice(FAULTS) if self.chance.random() < self.share else "" for _ in cards]
        copies = [card for card, fault in zip(cards, faults, strict=True) if fault == "photocopied"]
        pieces, over = len(cards) + len(copies), faults.count("counted one too many")
        miscounted = "miscounted" in faults
        self.batch = open_batch(
            self.store, channel="card", place="", day=day.isoformat(), counted=pieces + over + miscounted, who="s-1",
            key=f"bundle-{self.pieces}",
        ).number
        if miscounted:
            recount_batch(self.store, self.batch, pieces + over, "two were counted twice", "s-1")
        self.expected.counted += pieces + over
        self.expected.missing += over
        for card, fault in zip(cards, faults, strict=True):
            if fault:
                self.expected.faults[fault].append(card)
            if fault in PLAIN:
                self._set_down(card, PLAIN[fault], fault)
            else:
                getattr(self, "_" + fault.replace(" ", "_"), self._as_it_should_be)(card)
        return self.batch, LOST if over else ""

    def _key_all(self) -> None:
        """Keys and sets down what has been taken from the bundles, and then does what comes after."""
        taken = accept_many(self.store, self.keyed)
        assert {one.outcome for one in taken} <= {"accepted"}, Counter((one.outcome, one.detail) for one in taken)
        self.taken = {way.piece: one for (_, way), one in zip(self.keyed, taken, strict=True)}
        self.expected.live += len(taken)
        self._all_set(self.down)
        for act in self.after:
            act()
        self.keyed, self.down, self.after = [], [], []

    def _all_set(self, down: list[dict[str, Any]]) -> None:
        assert all(one.outcome == "set" for one in set_down_many(self.store, down))

    def _piece(self) -> tuple[int, str]:
        self.pieces += 1
        return self.batch, f"d{self.pieces % 20}-{self.pieces}"

    def _wishes(self, card: int, piece: tuple[int, str], who: str = "s-2") -> tuple[Submission, Way]:
        way = Way(who=who, window="none", card_mark="keyed", piece=piece)
        return Submission((f"A wish from card {card}", "More trees"), "card", card=card), way

    def _as_it_should_be(self, card: int) -> tuple[int, str]:
        piece = self._piece()
        self.keyed.append(self._wishes(card, piece))
        self.expected.states[card] = "keyed"
        self.expected.reasons["keyed", ""] += 1
        return piece

    def _set_down(self, card: int, outcome: str, why: str, moves: bool = True) -> tuple[int, str]:
        batch, piece = self._piece()
        self.down.append({"batch": batch, "piece": piece, "outcome": outcome, "card": card, "why": why, "who": "s-2"})
        self.expected.reasons[outcome, why] += 1
        if moves:
            self.expected.states[card] = outcome
        return batch, piece

    def _again(self, one: tuple[Submission, Way], outcome: str, detail: str = "") -> Accepted:
        [taken] = accept_many(self.store, [one])
        assert (taken.outcome, taken.detail) == (outcome, detail), taken
        return taken

    def _online(self, card: int) -> None:
        self._again((Submission((f"A wish from card {card}",), "online", card=card), Way(window="none")), "accepted")
        self.expected.online.add(card)
        self.expected.live += 1

    def _sent_twice(self, card: int) -> None:
        piece = self._as_it_should_be(card)
        self.after.append(lambda: self._again(self._wishes(card, piece), "same") and None)

    def _keyed_by_two(self, card: int) -> None:
        self._as_it_should_be(card)
        other = self._piece()
        self.after.append(lambda: self._again(self._wishes(card, other, "s-3"), "card", "k") and None)

    def _photocopied(self, card: int) -> None:
        self._as_it_should_be(card)
        self._set_down(card, "duplicate", "photocopy", moves=False)

    def _undone(self, card: int) -> None:
        wrong = self._as_it_should_be(card)
        right = self._piece()

        def undo() -> None:
            assert undo_piece(self.store, *wrong, "s-2").outcome == "undone"
            self._again(self._wishes(card, right), "accepted")

        self.after.append(undo)

    def _on_plain_paper(self, card: int) -> None:
        self.keyed.append(self._wishes(0, self._piece()))
        self.expected.reasons["unnumbered", ""] += 1

    def _unknown_serial(self, card: int) -> None:
        self._set_down(9_999_999, "set aside", "unknown serial", moves=False)

    def _another_campaign(self, card: int) -> None:
        self._set_down(0, "set aside", "another campaign", moves=False)

    def _same_wishes_online(self, card: int) -> None:
        self._online(card)
        self._set_down(card, "duplicate", "same wishes online")
        self.down[-1] = {**self.down[-1], "outcome": "set aside"}
        settled = {**self.down[-1], "outcome": "duplicate", "who": "s-4"}
        self.after.append(lambda: self._all_set([settled]))

    def _other_wishes_online(self, card: int) -> None:
        self._online(card)
        self._as_it_should_be(card)

    def _moved(self, card: int, to: str) -> None:
        assert move_cards(self.store, card, card, to, "as the van's list says", "s-5").moved == 1
        self.expected.states[card] = to

    def _never_sent_out(self, card: int) -> None:
        self._moved(card, "held")
        self._set_down(card, "set aside", "not sent out", moves=False)

    def _destroyed(self, card: int) -> None:
        self._moved(card, "destroyed")
        self._set_down(card, "set aside", "other", moves=False)

    def _undelivered(self, card: int) -> None:
        self._moved(card, "undelivered")
        self._as_it_should_be(card)

    def _kept_for_a_person(self, card: int) -> None:
        piece = self._set_down(card, "set aside", "for a person")
        self.expected.reasons["set aside", "for a person"] -= 1
        self.expected.reasons["keyed", ""] += 1
        self.expected.states[card] = "keyed"
        self.expected.live += 1
        self.after.append(lambda: self._again(self._wishes(card, piece), "accepted") and None)

    def _withdrawn(self, card: int) -> None:
        piece = self._as_it_should_be(card)
        self.expected.live -= 1
        self.after.append(lambda: self._taken_back(withdraw, piece))

    def _erased(self, card: int) -> None:
        piece = self._as_it_should_be(card)
        self.expected.live -= 1
        self.after.append(lambda: self._taken_back(erase, piece))

    def _taken_back(self, act: Callable[[Store, int], Any], piece: tuple[int, str]) -> None:
        assert act(self.store, self.taken[piece].number).outcome == "changed"
