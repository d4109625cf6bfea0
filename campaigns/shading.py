"""Five tints for a map: where one ends and the next begins, in figures that people can read off a key. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

TINTS = 5
FEWEST = 5  # below, an area is hatched: what so few say is no rate


@dataclass(frozen=True)
class Tint:
    """One tint of the key: its place from 1, and what it stands for."""

    place: int
    least: float
    most: float


def tints(values: Sequence[float]) -> list[Tint]:
    """Returns up to five steps of one round width that hold all values above nought."""
    there = [value for value in values if value > 0]
    if not there:
        return []
    step = round_up((max(there) - min(there)) / TINTS or max(there) / TINTS)
    while (first := floor(min(there) / step - 1e-9) * step) + TINTS * step < max(there) - 1e-9:
        step = round_up(step * 1.01)
    steps = max(ceil((max(there) - first) / step - 1e-9), 1)
    return [Tint(n + 1, round(first + n * step, 6), round(first + (n + 1) * step, 6)) for n in range(steps)]


def round_up(value: float) -> float:
    """Returns the next of 1, 2, 2.5, 5 times a power of ten, so that a key's figures are round."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= value - 1e-12)


def tint_of(value: float, key: Sequence[Tint]) -> int:
    """Returns the place of the tint a value has, 0 for none."""
    return next((tint.place for tint in key if value <= tint.most), len(key)) if value > 0 and key else 0
