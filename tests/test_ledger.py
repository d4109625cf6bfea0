"""The ledger's tables: every card in one column of one row, every figure open to its cards, whatever lies in the store."""

from itertools import pairwise

import numpy as np
import pytest

from campaigns.cards.ledger import FACETS, PAGE, Reach, cards_behind, keyed_cards, reach, reckon, residual_cards, table, waterfall
from campaigns.cards.paper import STATES, Batch, Paper, ReturnBatch, make_paper
from campaigns.events import OUTCOMES

PRINTED = [
    Batch(1, 4, "abbey", 1, "first", "", 120), Batch(5, 6, "normanton", 2, "first", "", 60),
    Batch(7, 8, "abbey", 3, "second", "", 90), Batch(9, 10, "", 12, "", "libraries"),
]
BYTES = b"\0okKuonxhwD"


def returned(*numbers: int) -> bytes:
    return np.array(numbers, "<u4").tobytes()


def came_back(number: int, counted: int = 5, state: str = "open", day: str = "2010-07-12", **reasons: int) -> ReturnBatch:
    """Returns a batch of returns; ``reasons`` are its pieces, as set_aside__late."""
    kept = {tuple(name.replace("set_aside", "set aside").split("__")): pieces for name, pieces in reasons.items()}
    return ReturnBatch(number, "card", "libraries" * (number > 1), day, counted, state, "", "s-1", 0, reasons=kept)


RETURNS = [
    came_back(1, 5, keyed__=2, unusable__blank=1, unnumbered__=1),
    came_back(2, 4, "closed", "2010-07-13", set_aside__late=2, duplicate__photocopy=1, keyed__=0),
    came_back(10, 1, "closed", "2010-07-13", unnumbered__=2),
]
LITTLE = make_paper(BYTES, returned(0, 0, 1, 1, 1, 0, 0, 0, 0, 2, 10), PRINTED, RETURNS, 7)
NOTHING = make_paper(b"", b"", [], [])


def rows(paper: Paper, facet: str) -> dict[str, dict[str, int]]:
    """Returns a table's rows by their value, without noughts."""
    found = {}
    for row in table(paper, facet):
        counts = {**row.states, "online": row.online, "residual": row.residual}
        found[row.value] = {name: count for name, count in counts.items() if count}
    return found


def test_before_the_first_card_everything_is_nought() -> None:
    ledger = reckon(NOTHING)
    assert (ledger.printed, ledger.residual, ledger.answered_online, ledger.unnumbered, ledger.unaccounted) == (0,) * 5
    assert ledger.states == dict.fromkeys(STATES.values(), 0)
    assert ([table(NOTHING, facet) for facet in FACETS], reach(NOTHING)) == ([[]] * len(FACETS), [])
    assert (cards_behind(NOTHING).cards, cards_behind(NOTHING).pages, waterfall([]).received) == ([], 1, 0)


def test_the_figures_of_all_cards() -> None:
    ledger = reckon(LITTLE)
    assert {name: count for name, count in ledger.states.items() if count} == {
        "out": 2, "keyed": 2, "unusable": 1, "undelivered": 1, "destroyed": 1, "held": 1, "waiting": 1, "duplicate": 1,
    }
    assert (ledger.printed, ledger.answered_online, ledger.residual) == (10, 2, 0)
    assert (ledger.unnumbered, ledger.unaccounted) == (3, 1)
    assert keyed_cards(LITTLE) == [2, 3]


@pytest.mark.parametrize(("facet", "found"), [
    ("ward", {
        "": {"waiting": 1, "duplicate": 1, "online": 1},
        "abbey": {"out": 1, "keyed": 2, "unusable": 1, "online": 1, "destroyed": 1, "held": 1},
        "normanton": {"out": 1, "undelivered": 1},
    }),
    ("round", {
        "": {"waiting": 1, "duplicate": 1, "online": 1},
        "first": {"out": 2, "keyed": 2, "unusable": 1, "online": 1, "undelivered": 1}, "second": {"destroyed": 1, "held": 1},
    }),
    ("batch", {
        "1": {"out": 1, "keyed": 2, "unusable": 1, "online": 1}, "2": {"out": 1, "undelivered": 1},
        "3": {"destroyed": 1, "held": 1}, "12": {"waiting": 1, "duplicate": 1, "online": 1},
    }),
    ("returned", {
        "": {"out": 2, "undelivered": 1, "destroyed": 1, "held": 1}, "1": {"keyed": 2, "unusable": 1, "online": 1},
        "2": {"waiting": 1}, "10": {"duplicate": 1, "online": 1},
    }),
    ("day", {
        "": {"out": 2, "undelivered": 1, "destroyed": 1, "held": 1}, "2010-07-12": {"keyed": 2, "unusable": 1, "online": 1},
        "2010-07-13": {"waiting": 1, "duplicate": 1, "online": 1},
    }),
    ("collected", {
        "": {"out": 2, "keyed": 2, "unusable": 1, "online": 1, "undelivered": 1, "destroyed": 1, "held": 1},
        "libraries": {"waiting": 1, "duplicate": 1, "online": 1},
    }),
])
def test_a_table_has_each_card_once(facet: str, found: dict[str, dict[str, int]]) -> None:
    assert rows(LITTLE, facet) == found
    assert list(rows(LITTLE, facet)) == list(found)  # in order: numbers as numbers
    assert sum(row.printed for row in table(LITTLE, facet)) == 10


@pytest.mark.parametrize("facet", FACETS)
def test_every_figure_opens_to_its_cards(facet: str) -> None:
    seen = []
    for row in table(LITTLE, facet):
        for state, count in {**row.states, "residual": row.residual}.items():
            page = cards_behind(LITTLE, state, facet, row.value)
            assert (len(page.cards), page.total, page.page, page.pages) == (count, count, 1, 1)
            seen += page.cards
        assert cards_behind(LITTLE, facet=facet, value=row.value, online=True).total == row.online
    assert sorted(seen) == list(range(1, 11))


def test_long_lists_come_in_pages() -> None:
    many = make_paper(b"\0" + b"k" * 250, b"", [Batch(1, 250, "", 1)], [])
    pages = [cards_behind(many, "keyed", page=page) for page in (1, 2, 3)]
    assert [len(page.cards) for page in pages] == [PAGE, PAGE, 50]
    assert [card for page in pages for card in page.cards] == list(range(1, 251))
    assert (cards_behind(many, page=99).page, cards_behind(many, page=-1).page) == (3, 1)
    assert cards_behind(many, "keyed", "ward", "atlantis").total == 0


@pytest.mark.parametrize(("kept", "lost"), [
    (b"\0oo", [3, 4]), (b"\0o?oo", [2]), (b"\0o\0oO", [2]), (b"", [1, 2, 3, 4]), (b"\0ooooo", [5]), (b"\0ooo\xff", [4]),
])
def test_a_card_that_is_nowhere_is_listed(kept: bytes, lost: list[int]) -> None:
    paper = make_paper(kept, b"\1", [Batch(1, 4, "abbey", 1)], [])
    assert (residual_cards(paper), reckon(paper).residual, reckon(paper).printed) == (lost, len(lost), 4)
    assert cards_behind(paper, "residual").cards == lost
    assert sum(row.residual for row in table(paper, "ward")) == len(lost)


def test_cards_of_a_batch_that_nobody_opened_are_still_counted() -> None:
    paper = make_paper(b"\0kk", returned(0, 1, 77), [Batch(1, 2, "", 1)], RETURNS[:1])
    assert rows(paper, "day") == {"": {"keyed": 1}, "2010-07-12": {"keyed": 1}}


def test_returns_stand_beside_the_households_of_each_ward() -> None:
    assert reach(LITTLE) == [
        Reach("", 0, 2, 2, 1, 2), Reach("abbey", 120, 6, 3, 1, 3), Reach("normanton", 60, 2, 0, 0, 0),
    ]
    assert [ward.share for ward in reach(LITTLE)] == [None, 3 / 120, 0.0]


def test_what_came_back_adds_up() -> None:
    fall = waterfall(RETURNS)
    assert fall.counts == {"keyed": 2, "unusable": 1, "unnumbered": 3, "set aside": 2, "duplicate": 1}
    assert fall.reasons["set aside", "late"] == 2
    assert (fall.received, fall.missing, fall.waiting) == (10, 0, 1)
    assert fall.received == sum(fall.counts.values()) + fall.missing + fall.waiting
    assert [(batch.accounted, batch.short, sum(batch.counts.values())) for batch in RETURNS] == [(4, 1, 4), (3, 1, 3), (2, -1, 2)]
    assert set(RETURNS[0].counts) == {*OUTCOMES}


def test_a_large_ledger_is_as_a_small_one() -> None:
    chance = np.random.default_rng(4)
    letters = np.frombuffer("".join(STATES).encode() + "".join(STATES).upper().encode(), np.uint8)
    kept = chance.choice(letters, 20_001)
    kept[0] = 0
    edges = [1, *sorted(chance.choice(np.arange(2, 20_000), 40, replace=False).tolist()), 20_001]
    printed = [Batch(a, b - 1, f"w{n % 7}", n, f"r{n % 3}") for n, (a, b) in enumerate(pairwise(edges), 1)]
    paper = make_paper(kept.tobytes(), b"", printed, [])
    for facet in ("ward", "round"):
        by_hand: dict[tuple[str, str], int] = {}
        for batch in printed:
            for byte in kept[batch.first:batch.last + 1].tolist():
                cell = getattr(batch, facet), STATES[chr(byte).lower()]
                by_hand[cell] = by_hand.get(cell, 0) + 1
        assert {(row.value, state): n for row in table(paper, facet) for state, n in row.states.items() if n} == by_hand
