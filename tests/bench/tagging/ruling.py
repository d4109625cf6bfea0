"""From scores to codes and confidence: the rules that are compared, each learnt from scores of texts left out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from campaigns.coding.frame import MOST_CODES
from tests.bench.tagging.material import Table

THRESHOLDS = np.arange(0.1, 0.9, 0.01)
FEWEST = 8  # wishes with a code, from which it may have a threshold of its own
Sureness: TypeAlias = Callable[[Table], Table]


@dataclass(frozen=True)
class Rule:
    """The score from which each code is given beside the main one, how many at most, and how sure the main one is."""

    thresholds: Table
    sureness: Sureness
    most: int = MOST_CODES

    def give(self, scores: Table, alone: Table) -> Table:
        """Returns which codes are given to which text: always the highest; `other` and `none` with no other."""
        ranked = np.argsort(-scores, axis=1, kind="stable")[:, :self.most]
        rows, main = np.arange(len(scores)), ranked[:, 0]
        given = np.zeros(scores.shape, bool)
        given[rows, main] = True
        for column in ranked.T[1:]:
            take = (scores[rows, column] >= self.thresholds[column]) & ~alone[column] & ~alone[main]
            given[rows[take], column[take]] = True
        return given

    def confidence(self, scores: Table) -> Table:
        """Returns the chance that each text's highest score is of a right code."""
        return self.sureness(np.sort(scores, axis=1)[:, :-3:-1])


def f1(right: Table, given: Table) -> float:
    """Returns F1 over all codes or themes together."""
    return float(2 * (right * given).sum() / max(1, right.sum() + given.sum()))


def rule_by_f1(scores: Table, right: Table, alone: Table, most: int = MOST_CODES, kind: str = "logistic") -> Rule:
    """One threshold for all codes, at which F1 is best."""
    sureness = SURENESS[kind](scores, right)
    rules = [Rule(np.full(scores.shape[1], threshold), sureness, most) for threshold in THRESHOLDS]
    return max(rules, key=lambda rule: f1(right, rule.give(scores, alone)))


def rule_by_code(scores: Table, right: Table, alone: Table) -> Rule:
    """A threshold for each code that is common enough, at which the F1 of all together is best; one for the rest."""
    rule = rule_by_f1(scores, right, alone)
    for code in np.flatnonzero((right.sum(0) >= FEWEST) & ~alone):
        tries = []
        for threshold in THRESHOLDS[::4]:
            thresholds = rule.thresholds.copy()
            thresholds[code] = threshold
            tries.append(Rule(thresholds, rule.sureness))
        rule = max([rule, *tries], key=lambda one: f1(right, one.give(scores, alone)))
    return rule


def _top(scores: Table, right: Table) -> tuple[Table, Table]:
    return np.sort(scores, axis=1)[:, :-3:-1], right[np.arange(len(scores)), scores.argmax(1)]


def by_two_highest(scores: Table, right: Table) -> Sureness:
    """A logistic model of the highest score and the next."""
    top, hit = _top(scores, right)
    model = LogisticRegression(C=100.0).fit(np.vstack([top, [[1, 0], [0, 0]]]), np.append(hit, [1, 0]))
    return lambda some: model.predict_proba(some)[:, 1]


def by_steps(scores: Table, right: Table) -> Sureness:
    """Steps that only rise with the highest score (isotonic regression)."""
    top, hit = _top(scores, right)
    model = IsotonicRegression(y_min=0.02, y_max=0.98, out_of_bounds="clip").fit(top[:, 0], hit)
    return lambda some: model.predict(some[:, 0])


def as_it_is(_scores: Table, _right: Table) -> Sureness:
    """The highest score itself, held between 0 and 1."""
    return lambda some: np.clip(some[:, 0], 0, 1)


SURENESS: dict[str, Callable[[Table, Table], Sureness]] = {
    "logistic": by_two_highest, "isotonic": by_steps, "uncalibrated": as_it_is,
}
