"""Shares with a range: tables of what people and machine said of a sample, and made-up campaigns in which the truth is known."""

from pathlib import Path

import numpy as np
import pytest

from campaigns.sampling.ranges import Coded, Shares, estimate
from campaigns.sampling.reckoning import Range, rank_words
from tests.bench.tagging.ranging import HELD, as_json, as_lines, read_comments, simulate

ALL = np.array([10_000.0])


def coded(people: str, machine: str, of: np.ndarray = ALL, strata: str = "") -> Coded:
    """Returns units of one wish and one column, a letter each: 1 where it has what the column is about."""
    columns = [np.array([[float(letter)] for letter in said]) for said in (people, machine)]
    places = np.array([int(letter) for letter in strata or "0" * len(people)])
    return Coded(columns[0], columns[1], np.ones(len(people)), places, of)


def one(shares: Shares) -> tuple[float, float, float, float]:
    return tuple(float(table[0]) for table in (shares.share, shares.low, shares.high, shares.weight))  # type: ignore[return-value]


def test_a_machine_that_says_what_people_say_is_believed() -> None:
    share, low, high, weight = one(estimate(coded("10" * 50, "10" * 50), np.array([0.42])))
    assert (share, weight) == (pytest.approx(0.42), 1.0)
    assert low < 0.42 < high and high - low < 0.05


def test_one_that_says_what_chance_says_is_left_out() -> None:
    share, low, high, weight = one(estimate(coded("1100" * 25, "1010" * 25), np.array([0.9])))
    assert (share, weight) == (pytest.approx(0.5), 0.0)
    assert (low, high) == (pytest.approx(0.404, abs=2e-3), pytest.approx(0.596, abs=2e-3)), "Wilson's range of 50 in 100"


def test_one_that_misses_a_third_is_put_right_by_as_much() -> None:
    share, low, high, weight = one(estimate(coded("1" * 30 + "0" * 70, "1" * 20 + "0" * 80), np.array([0.2])))
    assert 0.8 < weight <= 1 and share == pytest.approx(0.3) and low < 0.3 < high
    own = one(estimate(coded("1" * 30 + "0" * 70, "0" * 100), np.array([0.2])))
    assert high - low < own[2] - own[1]


def test_each_stratum_weighs_what_it_stands_for() -> None:
    share = one(estimate(coded("1111" + "0000", "0" * 8, np.array([900.0, 100.0]), "00001111"), np.array([0.0])))[0]
    assert share == pytest.approx(0.9)


@pytest.mark.parametrize(("strata", "of"), [("00001", [80.0, 20.0]), ("00000", [80.0, 20.0]), ("01234", [20.0] * 5)])
def test_strata_with_too_few_stand_together(strata: str, of: list[float]) -> None:
    share, low, high, _ = one(estimate(coded("11000", "10000", np.array(of), strata), np.array([0.3])))
    assert 0 <= low < share < high <= 1


def test_responses_of_many_wishes_weigh_as_many() -> None:
    two = Coded(np.array([[3.0], [0.0]] * 20), np.zeros((40, 1)), np.array([3.0, 1.0] * 20), np.zeros(40, int), ALL)
    assert one(estimate(two, np.array([0.0])))[0] == pytest.approx(0.75)


def test_nothing_seen_is_not_nothing_at_all() -> None:
    share, low, high, _ = one(estimate(coded("0" * 300, "0" * 300), np.array([0.0])))
    assert (share, low) == (0.0, 0.0) and 0.002 < high < 0.02


def test_where_all_were_coded_the_range_closes() -> None:
    share, low, high, _ = one(estimate(coded("1100", "1000", np.array([4.0])), np.array([0.25])))
    assert (low, share, high) == (pytest.approx(0.5, abs=1e-3), pytest.approx(0.5), pytest.approx(0.5, abs=1e-3))


def test_wishes_keyed_wrong_widen_it_both_ways() -> None:
    before = estimate(coded("10" * 50, "10" * 50), np.array([0.5]))
    after = before.widened(0.02)
    assert one(after)[0] == one(before)[0]
    assert after.low[0] == pytest.approx(before.low[0] * 0.98)
    assert after.high[0] == pytest.approx(before.high[0] + 0.02 * (1 - before.high[0]))


@pytest.mark.parametrize(("ends", "places"), [
    ([(0.3, 0.35), (0.2, 0.25), (0.1, 0.15)], ["1", "2", "3"]),
    ([(0.3, 0.35), (0.28, 0.33), (0.25, 0.29)], ["1=", "1=", "2="]),
    ([(0.3, 0.35), (0.1, 0.2), (0.1, 0.2)], ["1", "2=", "2="]), ([(0.1, 0.2)], ["1"]), ([], []),
])
def test_what_ranges_cannot_tell_apart_ties(ends: list[tuple[float, float]], places: list[str]) -> None:
    ranges = {str(n): Range((low + high) / 2, low, high) for n, (low, high) in enumerate(ends)}
    assert list(rank_words(ranges).values()) == places


def test_ranges_hold_the_truth_of_made_up_campaigns(shared_data: Path, model_folder: Path) -> None:
    """In little; ``bin/bench --ranges`` does it a thousand times."""
    found = simulate(read_comments(model_folder), 40)
    assert [one.columns for one in found][:3] == [one.columns for one in found][3:]
    for each in found:
        assert HELD[0] - 0.025 <= each.held <= HELD[1] + 0.02, each
        assert each.narrower > 0.95 and each.width < each.own_width, each
    assert "40 campaigns" in as_lines(found, 40) and '"held"' in as_json(found)
