"""How well a tagger codes, measured against codings by people."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from campaigns.coding.frame import theme_of
from campaigns.coding.tagger import Coding

BINS = 10  # of confidence, for the calibration error
MOST_CONFUSED = 10  # pairs of codes that are listed for a person to read

Expected = tuple[set[str], str | None]
"""The right codes of a wish, and its right ask where that is known."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one code or theme fared: wishes people gave it to, wishes the tagger gave it to, and both."""

    id: str
    support: int
    given: int
    agreed: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.agreed / max(1, self.support + self.given)


@dataclass(frozen=True, slots=True)
class Bin:
    """Wishes whose main code the tagger was about equally sure of: how many, how sure on average, and the share right."""

    wishes: int
    sure: float
    right: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often people gave one code, the tagger did not, and gave another that they had not."""

    people: str
    tagger: str
    wishes: int


@dataclass(frozen=True, slots=True)
class Report:
    """A tagger's scores over some wishes. Shares run from 0 to 1; `asks` counts the wishes whose ask is known."""

    wishes: int
    code_micro: float
    code_macro: float
    theme_micro: float
    theme_macro: float
    asks: int
    ask_right: float
    main_right: float
    calibration_error: float
    codes: tuple[Score, ...]
    themes: tuple[Score, ...]
    bins: tuple[Bin, ...] = ()
    confusions: tuple[Confusion, ...] = ()


def measure(expected: Sequence[Expected], codings: Sequence[Coding]) -> Report:
    """Compare a tagger's codings with people's, wish by wish."""
    pairs = [(codes, set(coding.codes)) for (codes, _), coding in zip(expected, codings, strict=True)]
    codes, themes = scores(pairs, str), scores(pairs, theme_of)
    asks = [coding.ask == ask for (_, ask), coding in zip(expected, codings, strict=True) if ask]
    right = [coding.codes[0] in codes for (codes, _), coding in zip(expected, codings, strict=True)]
    return Report(
        wishes=len(pairs),
        code_micro=micro(codes),
        code_macro=macro(codes),
        theme_micro=micro(themes),
        theme_macro=macro(themes),
        asks=len(asks),
        ask_right=share(asks),
        main_right=share(right),
        calibration_error=calibration_error([coding.confidence for coding in codings], right),
        codes=codes,
        themes=themes,
        bins=bins([coding.confidence for coding in codings], right),
        confusions=confusions(pairs),
    )


def scores(pairs: Sequence[tuple[set[str], set[str]]], label: Callable[[str], str]) -> tuple[Score, ...]:
    """Count each label people or the tagger gave, by name; `label` turns a code into what is counted."""
    labelled = [({label(code) for code in right}, {label(code) for code in given}) for right, given in pairs]
    names = sorted(set().union(*(right | given for right, given in labelled)))
    return tuple(
        Score(
            name,
            support=sum(name in right for right, _ in labelled),
            given=sum(name in given for _, given in labelled),
            agreed=sum(name in right & given for right, given in labelled),
        )
        for name in names
    )


def micro(scores: Sequence[Score]) -> float:
    """F1 over all labels together, so that common ones weigh more."""
    total = sum(score.support + score.given for score in scores)
    return 2 * sum(score.agreed for score in scores) / max(1, total)


def macro(scores: Sequence[Score]) -> float:
    """The mean F1 of the labels that people gave at least once."""
    return share([score.f1 for score in scores if score.support])


def share(values: Sequence[float]) -> float:
    """The mean, and 0 where there is nothing to take it of."""
    return float(np.mean(values)) if len(values) else 0.0


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """How far confidence lies from the share that is right, on average over bins of confidence."""
    sure = np.asarray(confidences, float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=sure - np.asarray(right, float), minlength=BINS)
    return float(np.abs(gaps).sum() / max(1, len(sure)))


def bins(confidences: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    """Group wishes by tenths of confidence, leaving out tenths that have none."""
    placed = [min(int(sure * BINS), BINS - 1) for sure in confidences]
    found = []
    for place in sorted(set(placed)):
        here = [at for at, its in enumerate(placed) if its == place]
        found.append(Bin(len(here), share([confidences[at] for at in here]), share([right[at] for at in here])))
    return tuple(found)


def confusions(pairs: Sequence[tuple[set[str], set[str]]]) -> tuple[Confusion, ...]:
    """Count what was taken for what, the most frequent first."""
    counted = Counter(
        (missed, wrong) for right, given in pairs for missed in sorted(right - given) for wrong in sorted(given - right)
    )
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Confusion(people, tagger, wishes) for (people, tagger), wishes in ordered)


def as_dict(report: Report) -> dict[str, Any]:
    """The report for a machine to read."""
    table = asdict(report)
    for key, scored in (("codes", report.codes), ("themes", report.themes)):
        table[key] = [asdict(score) | {"f1": score.f1} for score in scored]
    return table


def from_dict(table: dict[str, Any]) -> Report:
    """The report that ``as_dict`` wrote."""
    kinds: dict[str, type] = {"codes": Score, "themes": Score, "bins": Bin, "confusions": Confusion}
    read = {
        name: tuple(kinds[name](**{key: value for key, value in one.items() if key != "f1"}) for one in rows)
        for name, rows in table.items() if name in kinds
    }
    return Report(**{**table, **read})


def as_text(report: Report) -> str:
    """The report for a person to read, as lines of plain text."""
    return "\n".join(
        [
            f"{report.wishes} wishes coded by people, coded again by the tagger",
            f"F1 by code   {report.code_micro:.3f} over all, {report.code_macro:.3f} as a mean of codes",
            f"F1 by theme  {report.theme_micro:.3f} over all, {report.theme_macro:.3f} as a mean of themes",
            f"Asks right   {report.ask_right:.3f} of {report.asks}",
            f"Main code    {report.main_right:.3f} right, confidence off by {report.calibration_error:.3f} on average",
            "",
            f"{'':<22}{'F1':>6}{'people':>8}{'tagger':>8}{'both':>6}",
            *(
                f"{score.id:<22}{score.f1:>6.2f}{score.support:>8}{score.given:>8}{score.agreed:>6}"
                for score in (*report.themes, *report.codes)
            ),
            *(["", f"{'as sure as':<22}{'right':>6}{'wishes':>8}"] if report.bins else []),
            *(f"{one.sure:<22.2f}{one.right:>6.2f}{one.wishes:>8}" for one in report.bins),
            *(["", f"{'people said':<22}{'the tagger':<22}{'wishes':>8}"] if report.confusions else []),
            *(f"{one.people:<22}{one.tagger:<22}{one.wishes:>8}" for one in report.confusions[:MOST_CONFUSED]),
        ]
    )
