"""The comparison of ways of coding, in little: every candidate learns and codes, and the simplest near the best is kept."""

from dataclasses import dataclass

import numpy as np
import pytest

from campaigns.coding.frame import ASKS
from tests.bench.tagging.asking import WAYS, try_asks
from tests.bench.tagging.candidates import Candidate
from tests.bench.tagging.comparing import CANDIDATES, RULES, as_lines, keep, summed_up
from tests.bench.tagging.material import Material, Texts
from tests.bench.tagging.nested import folds, run
from tests.bench.tagging.ruling import rule_by_f1

CODES = ("a.one", "a.two", "b.three", "none")
WORDS = ("more roads please", "stop the noise now", "keep the park green", "nothing at all")
ALONE = np.array([False, False, False, True])


def made_up(many: int, seed: int) -> Texts:
    """Texts in four heaps, one a code, that any way of coding can tell apart."""
    random, heaps = np.random.default_rng(seed), np.random.default_rng(1).normal(size=(4, 384))
    main = np.arange(many) % 4
    vectors = heaps[main] + random.normal(size=(many, 384)) * 0.3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    said = tuple(f"{WORDS[code]} {random.integers(5)}" for code in main)
    return Texts(said, vectors.astype(np.float32), np.eye(4)[main], main, main % len(ASKS))


@pytest.fixture(scope="module")
def material() -> Material:
    return Material(CODES, made_up(120, 2), made_up(8, 3), made_up(40, 4), made_up(20, 5), ("a", "a", "b", "none") * 5)


@pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name.replace(" ", "-"))
def test_every_candidate_tells_heaps_apart(candidate: Candidate, material: Material) -> None:
    trial = run(candidate, material, 1)
    assert len(trial.by_code) == 5
    assert np.mean(trial.by_code) > (0.2 if candidate.plain == 0 else 0.9)
    assert trial.calibration < 0.4


def test_everything_is_told(material: Material) -> None:
    trials = [run(candidate, material, 1) for candidate in CANDIDATES[:4]]
    told = summed_up(material, trials, try_asks(material, 1))
    lines = as_lines(told)
    assert told["kept"] != CANDIDATES[0].name
    assert all(f"| {one}" in lines for one in (*RULES, *(way[0] for way in WAYS[:1])))


@dataclass
class Tried:
    name: str
    plain: int
    folds: list[float]


@pytest.mark.parametrize(("trials", "kept"), [
    ([Tried("plain", 1, [0.7, 0.8, 0.75]), Tried("rich", 9, [0.7, 0.8, 0.76])], "plain"),
    ([Tried("plain", 1, [0.5, 0.6, 0.55]), Tried("rich", 9, [0.7, 0.8, 0.76])], "rich"),
    ([Tried("one", 2, [0.7, 0.8, 0.75]), Tried("two", 2, [0.7, 0.8, 0.76])], "two"),
])
def test_the_simplest_near_the_best_is_kept(trials: list[Tried], kept: str) -> None:
    assert keep(trials, lambda trial: trial.folds).name == kept


def test_folds_hold_each_text_once_and_each_kind_alike() -> None:
    kinds = np.arange(60) % 4
    dealt = list(folds(kinds, 5, 7))
    assert np.sort(np.concatenate(dealt)).tolist() == list(range(60))
    assert {tuple(np.bincount(kinds[fold])) for fold in dealt} == {(3, 3, 3, 3)}


def test_no_second_code_beside_none() -> None:
    right = np.array([[1, 1, 0, 0], [0, 0, 0, 1.0]])
    given = rule_by_f1(np.array([[0.9, 0.8, 0, 0], [0.8, 0, 0, 0.9]]), right, ALONE).give(
        np.array([[0.9, 0.8, 0, 0], [0.8, 0, 0, 0.9]]), ALONE
    )
    assert given.tolist() == [[True, True, False, False], [False, False, False, True]]
