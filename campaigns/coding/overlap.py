"""What may be wrong with a frame's codes, by how many wishes have them and which stand on the same wishes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from campaigns.coding.frame import ALONE, Frame
from campaigns.coding.revising import MOST_CODES_GOOD
from campaigns.rows import Rows

FEWEST, FEWEST_OF_THOUSAND = 5, 1
TOGETHER_PERCENT = 70
ENOUGH = 20  # wishes of a code, from which on it says something that they have another too


@dataclass(frozen=True)
class Doubt:
    """A line of doubt about a code, or about the frame where ``code`` is empty."""

    code: str
    said: str


def pairs_in(rows: Iterable[Rows]) -> dict[tuple[int, int], int]:
    """Returns how many wishes have two codes each, by the codes' numbers, the smaller first."""
    found: dict[tuple[int, int], int] = {}
    for some in rows:
        codes = some["codes"][some["live"] == 1].reshape(-1, some["codes"].shape[-1])
        for one in range(codes.shape[1]):
            for other in range(one + 1, codes.shape[1]):
                both = np.sort(codes[(codes[:, one] > 0) & (codes[:, other] > 0)][:, [one, other]], axis=1)
                pairs, counts = np.unique(both, axis=0, return_counts=True)
                for (first, second), count in zip(pairs.tolist(), counts.tolist(), strict=True):
                    found[first, second] = found.get((first, second), 0) + count
    return found


def doubts(frame: Frame, counts: Mapping[str, int], together: Mapping[tuple[str, str], int], wishes: int) -> list[Doubt]:
    """Returns what may be wrong: codes hardly used, two that stand on mostly the same wishes, more codes than people can hold."""
    told = []
    if len(frame.codes) > MOST_CODES_GOOD:
        told.append(Doubt("", f"There are {len(frame.codes)} codes. Nobody keeps more than {MOST_CODES_GOOD} apart: merge some."))
    for code in frame.codes if wishes else ():
        count = counts.get(code.id, 0)
        if code.id not in ALONE and (count < FEWEST or 1000 * count < FEWEST_OF_THOUSAND * wishes):
            told.append(Doubt(code.id, f"“{code.name}” has {count:,} of {wishes:,} wishes. Merge it into another, or retire it."))
    for (one, other), both in together.items():
        least = min((one, other), key=lambda code: counts.get(code, 0))
        if {one, other} <= {code.id for code in frame.codes} and counts.get(least, 0) >= ENOUGH:
            share = 100 * both / counts[least]
            if share > TOGETHER_PERCENT:
                few, many = frame.names[least], frame.names[other if least == one else one]
                told.append(Doubt(least, f"{share:.0f}% of the wishes about “{few}” are about “{many}” too."))
    return told
