"""Drawing by lot within strata, and how far people agree: tables of input and output."""

import pytest

from campaigns.sampling.agreement import alpha, kappa, kappa_of_two, masi, nominal
from campaigns.sampling.drawing import Drawable, Stratum, allot, divide, draw, draw_within

ONLINE = [Drawable(number, "online", "abbey" if number % 2 else "normanton") for number in range(1, 201)]
CARDS = [Drawable(number, "card", ("abbey", "normanton", "boulton")[number % 3]) for number in range(201, 231)]


def codes(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_strata_are_channels_by_area_and_small_ones_stand_together() -> None:
    everybody = [*ONLINE, *CARDS, Drawable(231, "tree", "abbey"), Drawable(232, "letter", "boulton")]
    found = {one.cell: one.of for one in divide(everybody, 40)}
    assert found == {("online", "abbey"): 100, ("online", "normanton"): 100, ("card", ""): 30, ("", ""): 2}


def test_a_draw_takes_its_share_of_each_stratum_and_two_at_least() -> None:
    everybody = [*ONLINE, *CARDS, Drawable(231, "tree", "abbey"), Drawable(232, "letter", "boulton"), Drawable(233, "tree", "x")]
    drawn = draw(everybody, 40, "4 1 6")
    assert {one.cell: len(one.drawn) for one in drawn} == {
        ("online", "abbey"): 17, ("online", "normanton"): 17, ("card", ""): 5, ("", ""): 2,
    }
    assert draw(list(reversed(everybody)), 40, "4 1 6") == drawn != draw(everybody, 40, "4 1 7")
    assert all(set(one.drawn) <= {each.number for each in everybody} for one in drawn)


def test_a_further_draw_adds_to_the_same_strata_and_takes_nobody_twice() -> None:
    before = draw(ONLINE, 20, "1")
    more = draw_within(before, ONLINE, 30, "2")
    assert [len(one.drawn) for one in more] == [15, 15]
    assert {n for one in more for n in one.drawn}.isdisjoint(n for one in before for n in one.drawn)
    assert draw_within([Stratum("online", "abbey", 3, (1, 3, 5))], ONLINE[:6], 2, "2")[0].drawn == ()


@pytest.mark.parametrize(("sizes", "size", "shares"), [
    ({("a", ""): (50, 50), ("b", ""): (50, 50)}, 11, [6, 5]),
    ({("a", ""): (98, 98), ("b", ""): (2, 2)}, 10, [10, 2]),
    ({("a", ""): (9, 1)}, 5, [1]),
    ({}, 5, []),
])
def test_shares_are_in_proportion(sizes: dict[tuple[str, str], tuple[int, int]], size: int, shares: list[int]) -> None:
    assert list(allot(sizes, size).values()) == shares


# Krippendorff's own examples (Computing Krippendorff's Alpha-Reliability, 2011: A two coders, two values; B nominal).
MEG, OWEN = "0100000010", "1110010000"
BEN, GERRY = "aabbdcccedda", "babbbccceddd"


@pytest.mark.parametrize(("one", "other", "expected"), [
    (MEG, OWEN, 0.095), ("aaab", "aaab", 1.0), (BEN, GERRY, 0.692), ("aaaa", "aaaa", None),
])
def test_alpha_is_krippendorffs(one: str, other: str, expected: float | None) -> None:
    found = alpha(list(zip(one, other, strict=True)), nominal)
    assert found == expected if expected is None else found == pytest.approx(expected, abs=5e-4)


def test_alpha_of_sets_counts_what_is_half_the_same_as_half() -> None:
    a, b = codes("x"), codes("x", "y")
    same = alpha([(a, a), (b, b)], masi)
    z = codes("z")
    near, far = (alpha([(a, other), (z, z), (b, b), (a, a)], masi) for other in (b, z))
    assert same == 1.0
    assert near is not None and far is not None and far < near < 1


@pytest.mark.parametrize(("one", "other", "distance"), [
    (codes("x"), codes("x"), 0.0), (codes("x"), codes("y"), 1.0), (codes("x"), codes("x", "y"), 1 - 1 / 3),
    (codes("x", "y"), codes("y", "z"), 1 - 1 / 9), (codes(), codes(), 0.0),
])
def test_masi_tells_how_far_sets_lie_apart(one: frozenset[str], other: frozenset[str], distance: float) -> None:
    assert masi(one, other) == pytest.approx(distance) == masi(other, one)


def test_kappa_takes_off_what_chance_gives() -> None:
    # J. Cohen's table by another name: 20 and 15 alike, 5 and 10 not.
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa_of_two(pairs) == pytest.approx((0.7 - (0.55**2 + 0.45**2)) / (1 - (0.55**2 + 0.45**2)))
    assert (kappa([]), kappa_of_two([]), kappa([(False, False)])) == (None, None, None)
