"""Whatever is printed, moved, keyed, set down, undone and closed, in any order and however often: paper adds up.

Random steps are held against dictionaries of cards and pieces after each. PROPERTY_EXAMPLES sets how many runs are tried.
"""

import os
from random import Random

import pytest

from campaigns.cards.audit import check_paper
from campaigns.cards.ledger import residual_cards, table
from campaigns.store.cards import MOVES, STATES, move_cards, print_cards, read_paper, reconcile, responses_of_card
from campaigns.store.changes import withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import verify
from campaigns.store.pieces import REASONS, every_piece, undo_piece
from campaigns.store.returns import close_batch, get_batch, list_batches, recount_batch
from campaigns.store.store import Store
from tests.paper import a_batch, key_piece, put_down
from tests.paper_model import Model
from tests.storehouse import ABBEY, NORMANTON, open_little, send

RUNS = max(int(os.environ.get("PROPERTY_EXAMPLES", "40")) // 8, 1)
STEPS = 120


class Desk:
    """Everyone who has to do with the paper, each step taken in the store and in the model."""

    def __init__(self, store: Store, chance: Random) -> None:
        self.store, self.model, self.chance = store, Model(), chance
        self.before: list[tuple[str, tuple[object, ...]]] = []

    def card(self) -> int:
        return self.chance.choice([0, *range(1, len(self.model.cards) + 1), len(self.model.cards) + 5])

    def batch(self) -> int:
        last = len(self.model.bundles)
        return self.chance.randint(max(last - 2, 1), last + self.chance.choice([0, 0, 0, 1]))

    def piece(self) -> str:
        return f"d-{self.chance.randint(1, 25)}"

    def prints(self) -> None:
        count, held, ward = self.chance.randint(1, 4), self.chance.random() < 0.3, self.chance.choice([ABBEY, NORMANTON, ""])
        assert print_cards(self.store, count, ward, "s-1", held=held).first == self.model.prints(count, held)

    def opens(self) -> None:
        counted, key = self.chance.randint(1, 6), self.chance.choice(["", "a", "b", "c"])
        assert a_batch(self.store, counted, key).number == self.model.opens(counted, key)

    def answers(self) -> None:
        card = self.card()
        taken = send(self.store, "by the code", card=card)
        assert f"{taken.outcome} {taken.detail}".strip() == self.model.answers(card)

    def keys(self) -> None:
        self.do("_keys", self.batch(), self.piece(), self.chance.choice(["trees", "jobs"]), self.card())

    def _keys(self, batch: int, piece: str, words: str, card: int) -> None:
        taken = key_piece(self.store, batch, piece, words, card=card)
        must = self.model.keys_piece(batch, piece, words, card)
        assert f"{taken.outcome} {taken.detail}".strip() == must
        assert taken.number == (self.model.sent[piece][0] if must in ("accepted", "same", "conflict") else 0)

    def sets_down(self) -> None:
        outcome = self.chance.choice([*REASONS, "set aside"])
        self.do("_sets_down", self.batch(), self.piece(), outcome, self.card(), self.chance.choice(REASONS[outcome][:2]))

    def _sets_down(self, batch: int, piece: str, outcome: str, card: int, why: str) -> None:
        down = put_down(self.store, batch, piece, outcome, card, why)
        assert f"{down.outcome} {down.detail}".strip() == self.model.sets_down(batch, piece, outcome, card, why)

    def settles(self) -> None:
        aside = [
            (batch, id_, slip.card) for batch, bundle in self.model.bundles.items() for id_, slip in bundle.slips.items()
            if slip.outcome == "set aside"
        ]
        if aside:
            batch, piece, card = self.chance.choice(aside)
            if self.chance.random() < 0.5:
                self.do("_keys", batch, piece, "trees", self.chance.choice([card, card, self.card()]))
            else:
                self.do("_sets_down", batch, piece, "duplicate", card, "photocopy")

    def undoes(self) -> None:
        batch = self.batch()
        known = [*self.model.bundles[batch].slips] if batch in self.model.bundles else []
        piece = self.chance.choice([*known, self.piece()])
        undone = undo_piece(self.store, batch, piece, "s-2")
        assert f"{undone.outcome} {undone.detail}".strip() == self.model.undoes(batch, piece)

    def moves(self) -> None:
        last = self.chance.randint(1, len(self.model.cards))
        first, to = self.chance.randint(1, last), self.chance.choice([*MOVES])
        moved = move_cards(self.store, first, last, to, "as told", "s-3")
        assert (moved.moved, moved.refused, moved.already) == self.model.moves(first, last, to)

    def closes(self) -> None:
        batch, why = self.batch(), self.chance.choice(["", "", "two are lost"])
        closed = close_batch(self.store, batch, "s-1", why)
        assert (closed.outcome, closed.short) == self.model.closes(batch, why)

    def recounts(self) -> None:
        batch, counted = self.batch(), self.chance.randint(1, 6)
        again = recount_batch(self.store, batch, counted, "stuck together", "s-1")
        assert (again.outcome, again.short) == self.model.recounts(batch, counted, "stuck together")

    def withdraws(self) -> None:
        number = self.chance.randint(1, self.model.responses + 1)
        if withdraw(self.store, number).done:
            self.model.withdrawn.add(number)

    def do(self, name: str, *what: object) -> None:
        self.before.append((name, what))
        getattr(self, name)(*what)

    def repeats(self) -> None:
        if self.before:
            name, what = self.chance.choice(self.before)
            getattr(self, name)(*what)

    def all_is_right(self) -> None:
        cards = self.model.cards
        paper, ledger = read_paper(self.store), reconcile(self.store)
        assert paper.cards.tobytes().decode() == "\0" + "".join(card.byte for card in cards.values())
        assert paper.returned.tolist() == [0, *(card.returned for card in cards.values())]
        assert ledger.states == {name: sum(card.state == name for card in cards.values()) for name in STATES.values()}
        assert (ledger.printed, ledger.residual, residual_cards(paper)) == (len(cards), 0, [])
        assert ledger.answered_online == sum(card.online for card in cards.values())
        bundles = self.model.bundles
        assert {b.number: (b.counted, b.state, b.why, b.counts) for b in paper.returns} == {
            number: (bundle.counted, bundle.state, bundle.why, bundle.counts) for number, bundle in bundles.items()
        }
        assert ledger.unnumbered == sum(bundle.counts["unnumbered"] for bundle in bundles.values())
        short = [bundle.counted - sum(bundle.counts.values()) for bundle in bundles.values() if bundle.state == "open"]
        assert ledger.unaccounted == sum(max(pieces, 0) for pieces in short)

    def every_piece_is_right(self) -> None:
        for number, bundle in self.model.bundles.items():
            kept = {piece.id: (piece.outcome, piece.card, piece.response, piece.why) for piece in every_piece(self.store, number)}
            assert kept == {id_: (slip.outcome, slip.card, slip.response, slip.why) for id_, slip in bundle.slips.items()}
            assert get_batch(self.store, number) == list_batches(self.store)[number - 1]
        for number, card in self.model.cards.items():
            assert responses_of_card(self.store, number) == card.answers
        back = {int(row.value): row.back for row in table(read_paper(self.store), "returned") if row.value}
        by_hand = [card.returned for card in self.model.cards.values() if card.returned]
        assert back == {number: by_hand.count(number) for number in by_hand}


@pytest.mark.parametrize("run", range(RUNS))
def test_paper_adds_up_after_every_step(connections: Connections, run: int) -> None:
    desk = Desk(open_little(connections), Random(run))
    desk.prints()
    desk.opens()
    ways = [desk.keys] * 6 + [desk.sets_down] * 6 + [desk.undoes, desk.repeats, desk.settles] * 3
    ways += [desk.moves, desk.opens] * 2
    ways += [desk.prints, desk.answers, desk.closes, desk.recounts, desk.withdraws]
    for _ in range(STEPS):
        desk.chance.choice(ways)()
        desk.all_is_right()
    desk.every_piece_is_right()
    assert (verify(desk.store).problem, check_paper(desk.store)) == ("", [])
