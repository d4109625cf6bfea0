"""How often the first keying was wrong, as second keyings and third persons settled it. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

from campaigns.cards.comparing import KINDS, kind_of

AGREED, DIFFERS, SETTLED = "agreed", "differs", "settled"
Z95 = 1.959964
K = TypeVar("K", int, str)


@dataclass(frozen=True)
class Checked:
    """What came of keying one response twice, without its words: by whom, and which fields were compared, differ, were wrong."""

    response: int
    batch: int
    day: str
    first: str
    second: str
    state: str
    compared: tuple[str, ...]
    differ: tuple[str, ...] = ()
    third: str = ""
    wrong: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True)
class Rate:
    """Fields the first keying got wrong, of how many compared, on how many cards; ``waiting`` have no third person yet."""

    errors: int = 0
    compared: int = 0
    cards: int = 0
    waiting: int = 0

    @property
    def share(self) -> float:
        """Returns the share of fields keyed wrongly; 0 where none was compared."""
        return self.errors / self.compared if self.compared else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Returns the 95% score interval of the share (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22, 209-212); 0 to 1 for none."""
        n = self.compared
        if not n:
            return 0.0, 1.0
        middle = (self.share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * sqrt(self.share * (1 - self.share) / n + Z95**2 / (4 * n * n))
        # Rounded away from 0 and 1 where nothing, or all, was wrong: the ends are then exact.
        return (0.0 if not self.errors else middle - half), (1.0 if self.errors == n else middle + half)


@dataclass(frozen=True)
class Quality:
    """The measured error rate of keying: overall, and by batch, kind of field, day and keyer."""

    overall: Rate
    by_batch: Mapping[int, Rate]
    by_kind: Mapping[str, Rate]
    by_day: Mapping[str, Rate]
    by_keyer: Mapping[str, Rate]


def measure(checked: Iterable[Checked]) -> Quality:
    """Returns the error rates that second keyings show; a response that still waits for a third person counts in none of them."""
    every = list(checked)
    return Quality(
        _rate(every), _each(every, lambda one: one.batch), {kind: _rate(every, kind) for kind in KINDS},
        _each(every, lambda one: one.day), _each(every, lambda one: one.first),
    )


def errors_of(checked: Iterable[Checked]) -> tuple[int, int]:
    """Returns (fields keyed wrongly, fields compared), for whoever reckons keying error into a published range."""
    overall = _rate(list(checked))
    return overall.errors, overall.compared


def _each(every: list[Checked], name: Callable[[Checked], K]) -> dict[K, Rate]:
    groups: dict[K, list[Checked]] = defaultdict(list)
    for one in every:
        groups[name(one)].append(one)
    return {named: _rate(groups[named]) for named in sorted(groups)}


def _rate(every: list[Checked], kind: str = "") -> Rate:
    done = [one for one in every if one.state != DIFFERS]
    errors, compared = (
        sum(len(names) if not kind else sum(kind_of(name) == kind for name in names) for names in each)
        for each in ((one.wrong for one in done), (one.compared for one in done))
    )
    return Rate(errors, compared, len(done), len(every) - len(done))
