"""Shares with a range, from all that was counted and a sample that people coded. Pure.

Prediction-powered inference for a mean: what the machine counted over all, put right by how far people were from it on the
sample, each weighed by what it is worth (A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan, T. Zrnic, 2023, Science 382,
669-674; Angelopoulos, J. C. Duchi, Zrnic, 2023, PPI++, arXiv:2311.01453, for the weight lambda; A. Fisch and others, 2024,
arXiv:2406.04291, within strata). The sample is drawn from those counted, so this is the difference estimator of survey
sampling as well (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, chapters 5 to 7), with its correction for what is finite.
The ends are E. B. Wilson's (1927) for as many wishes as would give the same variance.
"""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Places = NDArray[np.int64]

Z95 = NormalDist().inv_cdf(0.975)
FEWEST = 2  # units of a stratum, from which it can be told how much they vary


@dataclass(frozen=True)
class Coded:
    """The units of a sample, such as responses: what people and what the count say of each, in so many columns.

    ``people``, ``counted``: (units, columns), how many of a unit's wishes have what a column is about, or 1 and 0 where the unit
    itself is counted; ``sizes``: how many wishes, or 1; ``strata``: the place of its stratum in ``of``, the units of each.
    """

    people: Table
    counted: Table
    sizes: Table
    strata: Places
    of: Table


@dataclass(frozen=True)
class Shares:
    """For each column the share that all would have had, had people coded all of it, between low and high at 95%; and lambda."""

    share: Table
    low: Table
    high: Table
    weight: Table

    def widened(self, keyed_wrong: float) -> "Shares":
        """Returns the ranges as they are where a share of all was keyed wrong and might have had any code, or none."""
        return Shares(self.share, self.low * (1 - keyed_wrong), self.high + keyed_wrong * (1 - self.high), self.weight)


def estimate(coded: Coded, counted: Table) -> Shares:
    """Returns the shares of all units from a sample of them and from ``counted``, the share of each column as it was counted."""
    coded = _together(coded)
    tallies = np.bincount(coded.strata, minlength=len(coded.of)).astype(float)
    weigh = (coded.of / coded.of.sum() / tallies)[coded.strata]
    size = float(weigh @ coded.sizes)
    people, machine = (_apart(values, weigh, coded.sizes) for values in (coded.people, coded.counted))
    variance = _Variance(coded, tallies)
    weight = np.clip(_share(variance.of(people, machine), variance.of(machine, machine)), 0.0, 1.0)
    share = weight * counted + weigh @ (coded.people - weight * coded.counted) / size
    errors = (people - weight * machine) / size
    low, high = _ends(np.clip(share, 0.0, 1.0), variance.of(errors, errors), coded)
    return Shares(np.clip(share, 0.0, 1.0), low, high, weight)


def _apart(values: Table, weigh: Table, sizes: Table) -> Table:
    """How far each unit lies from what a unit of its size would have on average."""
    return values - np.outer(sizes, weigh @ values / (weigh @ sizes))


def _share(part: Table, whole: Table) -> Table:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


@dataclass(frozen=True)
class _Variance:
    coded: Coded
    tallies: Table

    @cached_property
    def _weigh(self) -> Table:
        """What each unit's squared distance from the mean of its stratum adds to the variance of the mean of all."""
        of, many = self.coded.of, self.tallies
        each = (of / of.sum()) ** 2 * (1 - np.minimum(many / of, 1.0)) / (many * (many - 1))
        weigh: Table = each[self.coded.strata]
        return weigh

    def of(self, one: Table, other: Table) -> Table:
        """Returns the covariance of the means of two tables over all strata, column by column."""
        a, b = (table - self._means(table)[self.coded.strata] for table in (one, other))
        covariance: Table = self._weigh @ (a * b)
        return covariance

    def _means(self, table: Table) -> Table:
        sums = np.zeros((len(self.tallies), table.shape[1]))
        np.add.at(sums, self.coded.strata, table)
        means: Table = sums / self.tallies[:, None]
        return means


def _together(coded: Coded) -> Coded:
    """Returns a sample whose strata with too few units stand together as one, or with the largest."""
    tallies = np.bincount(coded.strata, minlength=len(coded.of))
    few = tallies < FEWEST
    if not few.any():
        return coded
    if tallies[few].sum() < FEWEST and (~few).any():
        few[np.flatnonzero(~few)[coded.of[~few].argmax()]] = True
    place = np.where(few, 0, np.cumsum(~few))
    of = np.bincount(place, weights=coded.of).astype(float)
    return Coded(coded.people, coded.counted, coded.sizes, place[coded.strata], of)


def _ends(share: Table, variance: Table, coded: Coded) -> tuple[Table, Table]:
    """Returns the ends of the range of a share with some variance."""
    z, looked_at = Z95, float(coded.sizes.sum())
    left = max(1 - len(coded.sizes) / float(coded.of.sum()), 1e-9)
    variance = variance + left / looked_at**2  # one mistake more or less, which chance may have kept from a sample of so many
    alike = np.maximum(share * (1 - share), 1 / looked_at) / variance
    middle = (share + z**2 / (2 * alike)) / (1 + z**2 / alike)
    half = z / (1 + z**2 / alike) * np.sqrt(share * (1 - share) / alike + z**2 / (4 * alike**2))
    return np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)
