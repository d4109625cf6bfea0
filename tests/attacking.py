"""An attack on released tables, for tests: by linear programming, what every count that is withheld could be.

It knows what anybody may: each release, the sums that are told live, that a response has one ward, that no count is below
nought; and, if it is so told, that nobody ever withdraws and that each response has one theme. It shares no code with what
it attacks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Name = tuple[int, str, int]  # release, line, column (0 is the line's total)
Seen = Mapping[str, tuple[int, tuple[int | None, ...]]]  # line: the release it is of, and its counts


@dataclass
class Attack:
    """Releases one after another, with the sums that are told live beside each; then the range of anything unknown."""

    exact: bool = False
    only_come: bool = False
    releases: list[tuple[Seen, tuple[int, ...]]] = field(default_factory=list)
    groups: list[tuple[frozenset[str], int, int]] = field(default_factory=list)  # lines, release, their known sum

    def sees(self, lines: Seen, sums: Sequence[int]) -> None:
        """Adds a release and the sums of its columns."""
        self.releases.append((lines, tuple(sums)))
        self.__dict__.pop("_solved", None)

    @cached_property
    def _names(self) -> dict[Name, int]:
        lines = sorted({line for seen, _ in self.releases for line in seen})
        columns = range(len(self.releases[-1][1]))
        names = [(at, line, column) for at in range(len(self.releases)) for line in lines for column in columns]
        return {name: place for place, name in enumerate(names)}

    @cached_property
    def _solved(self) -> tuple[NDArray[np.float64], ...]:
        equal, least = _Rows(len(self._names)), _Rows(len(self._names))
        for at, (seen, sums) in enumerate(self.releases):
            lines = sorted({line for _, line, _ in self._names})
            for column, total in enumerate(sums):
                equal.add({self._names[at, line, column]: 1.0 for line in lines}, total)
            for line in lines:
                self._of_line(at, line, len(sums), equal, least)
                release, counts = seen.get(line, (0, ()))
                for column, count in enumerate(counts) if release == at + 1 else ():
                    if count is not None:
                        equal.add({self._names[at, line, column]: 1.0}, count)
        for some, at, total in self.groups:
            equal.add({self._names[at, line, 0]: 1.0 for line in some}, total)
        return (*equal.made(), *least.made())

    def _of_line(self, at: int, line: str, columns: int, equal: "_Rows", least: "_Rows") -> None:
        cells = {self._names[at, line, column]: 1.0 for column in range(1, columns)}
        total = self._names[at, line, 0]
        if cells and self.exact:
            equal.add({**cells, total: -1.0}, 0)
        elif cells:
            least.add({total: 1.0, **dict.fromkeys(cells, -1.0)}, 0)  # each response has a theme at least
            for cell in cells:
                least.add({cell: 1.0, total: -1.0}, 0)
        if at and self.only_come:
            for column in range(columns):
                least.add({self._names[at - 1, line, column]: 1.0, self._names[at, line, column]: -1.0}, 0)

    def width(self, wanted: Mapping[Name, float]) -> float:
        """Returns how far apart the least and the most are that a sum of unknowns could be."""
        aim = np.zeros(len(self._names))
        for name, times in wanted.items():
            aim[self._names[name]] = times
        left, right, under, most = self._solved
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * aim, A_eq=left, b_eq=right, A_ub=under if len(most) else None, b_ub=most if len(most) else None,
                bounds=(0, None),
            )
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return float(ends[1] - ends[0])


class _Rows:
    """Equations or bounds as they are gathered."""

    def __init__(self, wide: int) -> None:
        self._wide, self._left, self._right = wide, [], []  # type: ignore[var-annotated]

    def add(self, terms: Mapping[int, float], right: float) -> None:
        """Adds one."""
        row = np.zeros(self._wide)
        row[list(terms)] = list(terms.values())
        self._left.append(row)
        self._right.append(right)

    def made(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Returns both sides."""
        return np.array(self._left).reshape(-1, self._wide), np.array(self._right, float)
