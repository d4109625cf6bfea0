"""Small counts withheld, and with them whatever the sums would give away: tried by solving for every gap."""

from random import Random

import pytest
from scipy.optimize import linprog

from campaigns.small_cells import SMALLEST_SHOWN, Crossed, hide_column, hide_crossed

Name = tuple[int, int]
TOTAL = -1


@pytest.mark.parametrize(("counts", "shown"), [
    ([], []), ([5], [5]), ([4], [None]), ([9, 8, 7], [9, 8, 7]), ([9, 4, 7], [9, None, None]), ([9, 4, 2, 7], [9, None, None, 7]),
    ([0, 0, 8], [None, None, 8]), ([6, 6, 1], [None, 6, None]), ([0, 3, 10, 20], [None, None, None, 20]),
])
def test_a_gap_that_the_sum_would_fill_takes_another_with_it(counts: list[int], shown: list[int | None]) -> None:
    assert hide_column(counts) == shown


@pytest.mark.parametrize(("cells", "shown"), [
    ([], []),
    ([[9, 9], [9, 9]], [[9, 9], [9, 9]]),
    ([[3, 9], [9, 9]], [[None, None], [None, None]]),
    ([[3, 9, 20], [9, 9, 20], [20, 20, 20]], [[None, None, 20], [None, None, 20], [20, 20, 20]]),
    ([[3, 9, 7], [9, 30, 9], [7, 9, 8]], [[None, 9, None], [9, 30, 9], [None, 9, None]]),
])
def test_a_way_around_every_gap_is_as_small_as_can_be(cells: list[list[int]], shown: list[list[int | None]]) -> None:
    found = hide_crossed([sum(row) for row in cells], cells)
    assert found.cells == shown
    assert found.totals == [sum(row) for row in cells]


def test_a_small_place_is_not_told_even_in_all() -> None:
    found = hide_crossed([30, 2, 20, 10], [[20, 10], [1, 1], [10, 10], [5, 5]])
    assert found.totals == [30, None, 20, None]
    assert found.cells[1] == [None, None]


def gaps(cells: list[list[int]], found: Crossed) -> list[Name]:
    return [
        (r, c) for r in range(len(cells)) for c in (TOTAL, *range(len(cells[r])))
        if (found.totals[r] if c == TOTAL else found.cells[r][c]) is None
    ]


def equations(cells: list[list[int]], unknown: list[Name]) -> tuple[list[list[int]], list[int]]:
    """Returns what anybody may write down: the sum of every row, of every column, and of the totals."""
    lines = [[((r, c), 1) for c in range(len(row))] + [((r, TOTAL), -1)] for r, row in enumerate(cells)]
    lines += [[((r, c), 1) for r in range(len(cells))] for c in range(len(cells[0]))]
    lines += [[((r, TOTAL), 1) for r in range(len(cells))]]

    def known(name: Name) -> int:
        return sum(cells[name[0]]) if name[1] == TOTAL else cells[name[0]][name[1]]

    left = [[dict(line).get(name, 0) for name in unknown] for line in lines]
    right = [sum(sign * known(name) for name, sign in line if name in set(unknown)) for line in lines]
    return left, right


def reach(of: int, left: list[list[int]], right: list[int]) -> float:
    """Returns by how much a gap's count may still differ, for whoever solves the equations."""
    aim = [float(place == of) for place in range(len(left[0]))]
    least, most = (linprog([sign * n for n in aim], A_eq=left, b_eq=right, bounds=(0, None)).fun for sign in (1, -1))
    return float(-most - least)


@pytest.mark.parametrize("seed", range(40))
def test_no_small_count_can_be_worked_out(seed: int) -> None:
    chance = Random(seed)
    usual = chance.choice([2, 4, 8, 20])
    rows, columns = chance.randint(2, 6), chance.randint(1, 5)
    cells = [[max(0, int(chance.gauss(usual, usual / 1.5))) for _ in range(columns)] for _ in range(rows)]
    cells[0][0], cells[1][0] = chance.randint(1, 4), chance.randint(5, 30)  # something to hide, and somewhere else to be
    unknown = gaps(cells, hide_crossed([sum(row) for row in cells], cells))
    left, right = equations(cells, unknown)
    for place, (r, c) in enumerate(unknown):
        count = sum(cells[r]) if c == TOTAL else cells[r][c]
        if 0 < count < SMALLEST_SHOWN:
            assert reach(place, left, right) > 0.5, (cells, r, c)
