"""What a figure is, and how its rounds are run: ours and its baseline turn and turn about, the median of five."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.words import comments

ROUNDS = 5
QUICK_TEXTS = 40
FSYNCS = 100


@dataclass(frozen=True)
class Figure:
    """One thing that is measured, and what it is to reach.

    ``by`` tells what is held to the target: "ratio" (ours over the baseline, or for times the baseline over ours) or
    "figure" (ours itself); ``less`` that a smaller one is better.
    """

    name: str
    unit: str
    baseline: str
    target: float
    by: str = "figure"
    less: bool = False


@dataclass
class Result:
    """What the rounds of one figure gave, with the disk's own time beside them and what bounds it in words."""

    figure: Figure
    ours: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    fsyncs: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Returns the median of ours."""
        return statistics.median(self.ours) if self.ours else float("nan")

    @property
    def beside(self) -> float | None:
        """Returns the median of the baseline, or None where there is none to measure."""
        return statistics.median(self.baseline) if self.baseline else None

    @property
    def ratio(self) -> float | None:
        """Returns the median of the rounds' own ratios: how many times better than the baseline, each pair measured together."""
        pairs = list(zip(self.ours, self.baseline, strict=False))
        each = [theirs / ours if self.figure.less else ours / theirs for ours, theirs in pairs if ours and theirs]
        return statistics.median(each) if each else None

    @property
    def held(self) -> float:
        """Returns what is held to the target."""
        return (self.ratio or 0.0) if self.figure.by == "ratio" else self.median

    @property
    def reached(self) -> bool:
        """Tells whether the target is reached."""
        return self.held <= self.figure.target if self._at_most else self.held >= self.figure.target

    @property
    def _at_most(self) -> bool:
        return self.figure.less and self.figure.by == "figure"

    @property
    def said_target(self) -> str:
        """Returns the target in words."""
        sign = "at most" if self._at_most else "at least"
        return f"{sign} {number(self.figure.target)}{'x' if self.figure.by == 'ratio' else ''}"

    def fsync(self, percent: int) -> float | None:
        """Returns the time in milliseconds that so many of a hundred calls of fdatasync stayed within."""
        ordered = sorted(self.fsyncs)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] if ordered else None


@dataclass(frozen=True)
class Bench:
    """Where to measure, how much of it, and whom to tell how far it is."""

    folder: Path
    model: Path
    filled: Path
    quick: bool = False
    most_rounds: int = ROUNDS
    responses: int = 100_000
    tell: Callable[[str], None] = lambda said: None

    @property
    def rounds(self) -> int:
        """Returns how often each figure is measured."""
        return 1 if self.quick else self.most_rounds

    def many(self, whole: int, quick: int) -> int:
        """Returns how much to measure with: the whole, or less where it is to be quick."""
        return quick if self.quick else whole

    @property
    def texts(self) -> tuple[str, ...]:
        """Returns the comments that responses are made from: all there are, or few where it is to be quick."""
        return comments()[:QUICK_TEXTS] if self.quick else comments()

    def turns(self, *results: Result) -> Iterator[int]:
        """Yields the rounds one after another, timing the disk before each, beside the figures measured in them."""
        for turn in range(self.rounds):
            times = time_fsync(self.folder, 10 if self.quick else FSYNCS)
            for result in results:
                result.fsyncs += times
            self.tell(f"  {', '.join(result.figure.name for result in results)}: {turn + 1} of {self.rounds}")
            yield turn


def time_fsync(folder: Path, many: int) -> list[float]:
    """Returns how long each of some calls of fdatasync takes, in milliseconds, after 512 bytes more at a file's end."""
    times, path = [], folder / "fdatasync"
    with path.open("ab", buffering=0) as file:
        for _ in range(many):
            file.write(b"\0" * 512)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return times


def timed(work: Callable[[], object]) -> float:
    """Returns how many seconds a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def number(value: float | None) -> str:
    """Returns a number as a table shows it: three digits that count, thousands apart."""
    if value is None or value != value:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def percentile(values: Sequence[float], percent: float) -> float:
    """Returns the value that so many of a hundred stay within."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else float("nan")
