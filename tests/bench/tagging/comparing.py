"""``bin/bench --coding``: every candidate's figures, and the simplest whose figure is within one standard error of the best."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from campaigns.coding.frame import ALONE
from campaigns.coding.report import calibration_error
from tests.bench.tagging.asking import Asked, try_asks
from tests.bench.tagging.candidates import (
    Candidate,
    anchored,
    both,
    by_angle,
    by_likeness,
    by_words,
    commonest,
    frames_own,
    grid,
    logistic,
    mean_of,
    nearest,
    ridge,
    support,
)
from tests.bench.tagging.material import Material, gather
from tests.bench.tagging.nested import Trial, run
from tests.bench.tagging.ruling import Rule, f1, rule_by_code, rule_by_f1

PEOPLE = (1.0, 3.0)  # how much a coding by people may weigh beside an example of the frame
CANDIDATES: tuple[Candidate, ...] = (
    Candidate("always the commonest code", 0, commonest),
    Candidate("nearest neighbours", 1, nearest, grid(most=(5, 15), people=PEOPLE)),
    Candidate("logistic, vectors", 2, logistic, grid(strength=(10,), people=PEOPLE)),
    Candidate("ridge, vectors", 2, ridge(by_angle), grid(stiff=(0.3, 1), people=PEOPLE)),
    Candidate("support vectors, Platt", 2, support, grid(strength=(0.3,), people=PEOPLE)),
    Candidate("ridge, words", 2, ridge(by_words), grid(stiff=(1,), people=PEOPLE)),
    Candidate("likeness to 256 middles", 3, anchored(256), grid(stiff=(0.1, 0.3), people=PEOPLE)),
    Candidate("likeness to 512 middles", 4, anchored(512), grid(stiff=(0.1, 0.3), people=PEOPLE)),
    Candidate("likeness to 1,024 middles", 5, anchored(1024), grid(stiff=(0.1, 0.3), people=PEOPLE)),
    Candidate("likeness to the frame’s own texts", 6, frames_own, grid(stiff=(0.1,), people=(3.0,))),
    Candidate("likeness to all, as before", 7, ridge(by_likeness), grid(stiff=(0.3,), people=(1.0,))),
    Candidate("likeness to all, people weighed", 7, ridge(by_likeness), grid(stiff=(0.1, 0.3), people=PEOPLE)),
    Candidate("likeness to all and words", 8, ridge(both), grid(stiff=(0.3,), people=PEOPLE)),
    Candidate(
        "mean of middles and logistic", 9, mean_of(anchored(1024), logistic),
        [{"0stiff": 0.1, "1strength": 10, "people": weight} for weight in PEOPLE],
    ),
)
FEW = {"always the commonest code", "ridge, vectors", "likeness to 256 middles"}


@dataclass
class Ruled:
    """How one rule fared over the scores of the candidate that was kept: F1 by code in each fold, and calibration error."""

    name: str
    by_code: list[float] = field(default_factory=list)
    gaps: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def calibration(self) -> float:
        """Returns the calibration error over all folds together."""
        return calibration_error([sure for sure, _ in self.gaps], [hit for _, hit in self.gaps])


RULES: dict[str, Callable[..., Rule]] = {
    "one code a wish": lambda *known: rule_by_f1(*known, most=1),
    "up to two codes, one threshold": lambda *known: rule_by_f1(*known, most=2),
    "up to three codes, one threshold": rule_by_f1,
    "up to three codes, thresholds by code": rule_by_code,
    "the same as the third, isotonic": lambda *known: rule_by_f1(*known, kind="isotonic"),
    "the same as the third, uncalibrated": lambda *known: rule_by_f1(*known, kind="uncalibrated"),
}


def spread(values: Sequence[float]) -> tuple[float, float, float, float]:
    """Returns median, lower and upper quarter, and the standard error of the mean, of a figure over the folds."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(middle), float(low), float(high), statistics.stdev(values) / len(values) ** 0.5


def keep(trials: Sequence[Any], figures: Callable[[Any], Sequence[float]]) -> Any:  # noqa: ANN401 - a trial of either kind
    """Returns the simplest that lies within one standard error of the best, fold by fold; among equals the better."""
    best = max(trials, key=lambda trial: statistics.mean(figures(trial)))
    near = [trial for trial in trials if _is_near(figures(best), figures(trial))]
    return min(near, key=lambda trial: (trial.plain, -statistics.mean(figures(trial))))


def _is_near(best: Sequence[float], other: Sequence[float]) -> bool:
    apart = [one - two for one, two in zip(best, other, strict=True)]
    return statistics.mean(apart) <= statistics.stdev(apart) / len(apart) ** 0.5


def compare(folder: Path, model: Path, tell: Callable[[str], None], quick: bool = False, apart: bool = False) -> dict[str, Any]:
    """Tries every candidate and returns all figures, ready to be printed or kept."""
    with threadpool_limits(1):
        material, repeats = gather(folder, model, few=quick), 1 if quick else 2
        trials = []
        for candidate in CANDIDATES:
            if quick and candidate.name not in FEW:
                continue
            tell(f"  {candidate.name}")
            trials.append(run(candidate, material, 1 if quick else repeats, apart))
        tell("  rules, and asks")
        return summed_up(material, trials, [] if quick else try_asks(material, repeats))


def _rules(material: Material, kept: Trial) -> list[Ruled]:
    alone = np.array([code in ALONE for code in material.codes])
    ruled = []
    for name, learn in RULES.items():
        one = Ruled(name)
        for inner, known, scores, right in kept.held:
            rule = learn(inner, known, alone)
            one.by_code.append(f1(right, rule.give(scores, alone)))
            hits = right[np.arange(len(scores)), scores.argmax(1)] > 0
            one.gaps += list(zip(rule.confidence(scores).tolist(), hits.tolist(), strict=True))
        ruled.append(one)
    return ruled


def summed_up(material: Material, trials: list[Trial], asked: list[Asked]) -> dict[str, Any]:
    """Returns all figures, which candidates are kept, and how the rules fare over the scores of the one for codes."""
    kept = keep(trials, lambda trial: trial.by_code)
    ruled = _rules(material, kept)
    chosen = [max(trials, key=lambda trial: trial.within[fold]) for fold in range(len(kept.by_code))]
    return {
        "learnt_from": {"examples": len(material.examples), "phrases": len(material.phrases), "people": len(material.people)},
        "kept": kept.name,
        "choosing_within": spread([trial.by_code[fold] for fold, trial in enumerate(chosen)]),
        "codes": [
            {
                "name": trial.name, "plain": trial.plain, "by_code": spread(trial.by_code), "by_theme": spread(trial.by_theme),
                "mean": statistics.mean(trial.by_code), "main": statistics.mean(trial.main), "calibration": trial.calibration,
                "elsewhere": trial.elsewhere, "folds": trial.by_code, "options": trial.options,
            }
            for trial in trials
        ],
        "rules": [{"name": one.name, "by_code": spread(one.by_code), "calibration": one.calibration} for one in ruled],
        "asks": [{"name": one.name, "right": spread(one.right), "folds": one.right} for one in asked],
        "kept_ask": keep(asked, lambda one: one.right).name if asked else None,
    }


def as_lines(told: dict[str, Any]) -> str:
    """Returns the figures as tables of Markdown: median, the middle half, and the standard error."""
    lines = [
        "| codes | F1 by code | by theme | main code right | calibration error | another kind of text, by theme |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {_mark(one['name'], told['kept'])} | {_said(one['by_code'])} | {_said(one['by_theme'])} | {one['main']:.3f} "
        f"| {one['calibration']:.3f} | {one['elsewhere']:.3f} |" for one in told["codes"]
    ]
    lines += [f"| chosen within each fold | {_said(told['choosing_within'])} | | | | |", ""]
    lines += ["| rule | F1 by code | calibration error |", "|---|---|---|"]
    lines += [f"| {one['name']} | {_said(one['by_code'])} | {one['calibration']:.3f} |" for one in told["rules"]]
    lines += ["", "| ask | right |", "|---|---|"]
    lines += [f"| {_mark(one['name'], told['kept_ask'])} | {_said(one['right'])} |" for one in told["asks"]]
    return "\n".join(lines)


def _mark(name: str, kept: str) -> str:
    return f"**{name}**" if name == kept else name


def _said(figure: tuple[float, float, float, float]) -> str:
    middle, low, high, error = figure
    return f"{middle:.3f} ({low:.3f} to {high:.3f}; error {error:.3f})"


def write(told: dict[str, Any], file: Path) -> None:
    """Keeps all figures, those of every fold too."""
    file.write_text(json.dumps(told, indent=1))
