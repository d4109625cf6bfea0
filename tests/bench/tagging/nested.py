"""Nested cross-validation: settings, thresholds and sureness are learnt without the comments that are then tried."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from campaigns.coding.frame import ALONE
from campaigns.coding.report import calibration_error
from tests.bench.tagging.candidates import Candidate, Score
from tests.bench.tagging.material import Material, Places, Table, Texts
from tests.bench.tagging.ruling import Rule, f1, rule_by_f1

OUTER, INNER = 5, 3


@dataclass
class Trial:
    """How one candidate fared in each outer fold, and the confidences and hits of all of them together."""

    name: str
    plain: int
    by_code: list[float] = field(default_factory=list)
    by_theme: list[float] = field(default_factory=list)
    main: list[float] = field(default_factory=list)
    within: list[float] = field(default_factory=list)  # the best F1 by code in the inner folds
    confidences: list[float] = field(default_factory=list)
    hits: list[float] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    elsewhere: float = float("nan")  # F1 by theme on the meeting's notes, having learnt from all the comments
    held: list[tuple[Table, Table, Table, Table]] = field(default_factory=list)  # scores and right codes: inner, tried

    @property
    def calibration(self) -> float:
        """Returns how far confidence lies from the share that is right, over all folds together."""
        return calibration_error(self.confidences, [hit > 0 for hit in self.hits])


def folds(kinds: Places, many: int, seed: int) -> Iterator[Places]:
    """Yields folds that each have their share of each kind."""
    order = np.lexsort((np.random.default_rng(seed).random(len(kinds)), kinds))
    for first in range(many):
        yield np.sort(order[first::many])


def outer(material: Material, repeats: int) -> Iterator[tuple[Places, Places]]:
    """Yields the comments to learn from and those to try, turn by turn."""
    for repeat in range(repeats):
        for tried in folds(material.people.main, OUTER, repeat):
            yield np.setdiff1d(np.arange(len(material.people)), tried), tried


def run(candidate: Candidate, material: Material, repeats: int, apart: bool = False) -> Trial:
    """Tries one candidate in every outer fold; ``apart`` takes from the frame what is much alike the comments tried."""
    trial = Trial(candidate.name, candidate.plain)
    alone = np.array([code in ALONE for code in material.codes])
    themes = as_themes(material)
    for learnt, tried in outer(material, repeats):
        people, right = material.people.some(learnt), material.people.some(tried)
        frame = (material.examples_apart_from(right) if apart else material.examples) + material.phrases
        rule, options, inner, within = tune(candidate, frame, people, alone)
        scores = teach(candidate, frame, people, options)(right)
        given = rule.give(scores, alone)
        trial.by_code.append(f1(right.belongs, given))
        trial.by_theme.append(f1(right.belongs @ themes > 0, given @ themes > 0))
        trial.within.append(within)
        hits = right.belongs[np.arange(len(scores)), scores.argmax(1)]
        trial.main.append(float(hits.mean()))
        trial.confidences += rule.confidence(scores).tolist()
        trial.hits += hits.tolist()
        trial.options.append(" ".join(f"{name} {value:g}" for name, value in options.items()))
        trial.held.append((inner, people.belongs, scores, right.belongs))
    trial.elsewhere = _elsewhere(candidate, material, alone, themes)
    return trial


def as_themes(material: Material) -> Table:
    """Returns which code falls under which theme, as a table of (codes, themes)."""
    names = sorted(set(material.themes))
    return np.array([[theme == name for name in names] for theme in material.themes], float)


def tune(
    candidate: Candidate, frame: Texts, people: Texts, alone: Table
) -> tuple[Rule, Mapping[str, float], Table, float]:
    """Chooses a candidate's options by folds within what it may learn from; returns the rule, them, and the scores left out."""
    best: tuple[Rule, Mapping[str, float], Table, float] | None = None
    for options in candidate.options:
        scores = np.zeros(people.belongs.shape)
        for left_out in folds(people.main, INNER, 99):
            rest = people.some(np.setdiff1d(np.arange(len(people)), left_out))
            scores[left_out] = teach(candidate, frame, rest, options)(people.some(left_out))
        rule = rule_by_f1(scores, people.belongs, alone)
        within = f1(people.belongs, rule.give(scores, alone))
        if best is None or within > best[3] + 1e-9:
            best = rule, options, scores, within
    assert best is not None
    return best


def teach(candidate: Candidate, frame: Texts, people: Texts, options: Mapping[str, float]) -> Score:
    """Teaches a candidate the frame and what people coded, at the weight that the options name."""
    rest = {name: value for name, value in options.items() if name != "people"}
    weigh = options.get("people", 1.0) * (1 + 1e-6)  # a little more than 1, so that the frame's own can be told by their weight
    weights = np.concatenate([np.ones(len(frame)), np.full(len(people), weigh)])
    return candidate.learn(frame + people, weights, **rest)


def _elsewhere(candidate: Candidate, material: Material, alone: Table, themes: Table) -> float:
    """Returns F1 by theme on the meeting's notes, each of which has one theme: the table it was said at."""
    frame = material.examples + material.phrases
    rule, options, _, _ = tune(candidate, frame, material.people, alone)
    given = rule.give(teach(candidate, frame, material.people, options)(material.meeting), alone) @ themes > 0
    names = sorted(set(material.themes))
    right = np.array([[theme == name for name in names] for theme in material.meeting_themes], float)
    return f1(right, given)


