"""How far people who coded the same wishes agree, and how far the machine agrees with them. Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
Codes = frozenset[str]


def alpha(units: Sequence[Sequence[T]], distance: Callable[[T, T], float]) -> float | None:
    """Returns how far codings agree beyond chance: 1 for always, 0 for no more than by chance; None where nothing varies.

    Krippendorff's alpha (K. Krippendorff, Content Analysis, 3rd ed. 2013, ch. 12) over units of two or more codings each.
    """
    coded = [unit for unit in units if len(unit) > 1]
    values = Counter(value for unit in coded for value in unit)
    total = sum(values.values())
    seen = sum(
        sum(distance(one, other) for one in unit for other in unit) / (len(unit) - 1) for unit in coded
    )
    each = list(values.items())
    chance = sum(many * more * distance(one, other) for one, many in each for other, more in each)
    return 1 - seen * (total - 1) / chance if chance else None


def nominal(one: Hashable, other: Hashable) -> float:
    """Returns 0 for the same and 1 for anything else."""
    return float(one != other)


def masi(one: Codes, other: Codes) -> float:
    """Returns how far two sets of codes lie apart: 0 for the same, 1 for none in common.

    MASI (R. Passonneau, 2006, LREC, 831-836): 1 - Jaccard's share in common, times 2/3 where one holds the other, 1/3 where
    they only overlap.
    """
    shared, either = len(one & other), len(one | other)
    if not either:
        return 0.0
    weight = 1.0 if one == other else 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - weight * shared / either


def kappa_of_two(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Returns kappa of two people who may change places: what chance gives follows from both together (Scott's pi, 1955)."""
    if not pairs:
        return None
    share = sum(one + other for one, other in pairs) / (2 * len(pairs))
    return _beyond(pairs, share**2 + (1 - share)**2)


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Returns kappa of two that differ in kind, such as machine and people (J. Cohen, 1960); None where neither ever varies."""
    if not pairs:
        return None
    one, other = (sum(pair[place] for pair in pairs) / len(pairs) for place in (0, 1))
    return _beyond(pairs, one * other + (1 - one) * (1 - other))


def _beyond(pairs: Sequence[tuple[bool, bool]], chance: float) -> float | None:
    same = sum(one == other for one, other in pairs) / len(pairs)
    return (same - chance) / (1 - chance) if chance < 1 else None


def f1(pairs: Sequence[tuple[Codes, Codes]]) -> float:
    """Returns the harmonic mean of precision and recall over all codes of all pairs together."""
    given = sum(len(one) + len(other) for one, other in pairs)
    return 2 * sum(len(one & other) for one, other in pairs) / given if given else 0.0


@dataclass(frozen=True)
class Agreement:
    """How two people agree on so many wishes: alike in all, alpha of their codes (by MASI) and of their asks (nominal)."""

    wishes: int
    alike: int
    codes: float | None
    themes: float | None
    asks: float | None


@dataclass(frozen=True)
class ThemeAgreement:
    """One theme in the sample: kappa of two people, kappa of machine and people, and how many wishes have it by each."""

    theme: str
    people: float | None
    machine: float | None
    by_people: int
    by_machine: int
    both: int

    @property
    def f1(self) -> float | None:
        """Returns the harmonic mean of the machine's precision and recall, None where neither gave the theme."""
        given = self.by_people + self.by_machine
        return 2 * self.both / given if given else None
