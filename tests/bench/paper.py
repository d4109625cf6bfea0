"""Cards that come back by the sackful, some with every fault there is, and the ledger that has to account for them all."""

from collections import Counter
from itertools import islice
from random import Random

from campaigns.cards.ledger import FACETS, cards_behind, reach, reckon, table, waterfall
from campaigns.cards.paper import STATES, Paper
from campaigns.demonstration import made_up
from campaigns.store.cards import read_paper
from campaigns.store.intake import Way, accept_many
from campaigns.store.store import Store
from tests.accounted import unaccounted
from tests.bench.figures import Bench, Figure, Result, timed
from tests.bench.site import site
from tests.returning import IN_A_BUNDLE, Return

KEPT = Figure(
    "cards keyed and accounted for, 5% with faults", "cards/s", "taking in as many responses, no paper behind them", 0.3, "ratio",
)
LOST = Figure("cards and pieces not accounted for after that", "", "", 0, less=True)
TABLES = Figure("every table of the ledger, read and counted", "ms", "one of them, card by card", 300, less=True)
TOGETHER = 500


def measure(bench: Bench) -> list[Result]:
    """Sends 100,000 cards back in 2,000 bundles, once, and counts all tables of them in each round."""
    kept, lost, tables = Result(KEPT), Result(LOST), Result(TABLES)
    cards = bench.many(100_000, 500)
    with site(bench.folder / "paper") as here:
        store = here.store
        kept.baseline.append(cards / timed(lambda: _take_in(store, cards)))
        returning = Return(store, cards + cards // 10)
        kept.ours.append(cards / timed(lambda: returning.all_comes_back(cards)))
        wrong = unaccounted(store, returning.expected)
        lost.ours.append(len(wrong))
        lost.notes += wrong[:5]
        tables.notes.append(f"{len(read_paper(store).returns):,} bundles of about {IN_A_BUNDLE}")
        for _ in bench.turns(tables):
            tables.baseline.append(1000 * timed(lambda: _card_by_card(read_paper(store))))
            tables.ours.append(1000 * timed(lambda: every_table(store)))
    return [kept, lost, tables]


def every_table(store: Store) -> None:
    """Reads the paper and counts all there is to count of it."""
    paper = read_paper(store)
    reckon(paper)
    reach(paper)
    waterfall(paper.returns)
    for facet in FACETS:
        table(paper, facet)
    cards_behind(paper, "keyed", "ward", paper.printed[0].ward)


def _take_in(store: Store, many: int) -> None:
    made = made_up(store.campaign, many, Random(1))
    while some := [(one, Way(window="none")) for one in islice(made, TOGETHER)]:
        accept_many(store, some)


def _card_by_card(paper: Paper) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for batch in paper.printed:
        for card in range(batch.first, batch.last + 1):
            found[batch.ward, STATES[chr(paper.cards[card]).lower()]] += 1
    return found
