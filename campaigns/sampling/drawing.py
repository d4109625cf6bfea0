"""Which responses are drawn to be coded a second time: by lot, within strata of channel and area. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.cards.audit import draw_lots

LEAST = 2  # from fewer in a stratum nobody can tell how much they vary
EVERY = ""  # in a stratum's place of channel or area: all that have no stratum of their own
Cell = tuple[str, str]


@dataclass(frozen=True)
class Drawable:
    """A response that can be drawn: its number, and the channel and area by which it falls into a stratum."""

    number: int
    channel: str
    area: str


@dataclass(frozen=True)
class Stratum:
    """A part of the responses: its channel and area (EVERY for what has no stratum of its own), how many, and those drawn."""

    channel: str
    area: str
    of: int
    drawn: tuple[int, ...] = ()

    @property
    def cell(self) -> Cell:
        """Returns what tells it from the other strata."""
        return self.channel, self.area


def draw(population: Sequence[Drawable], size: int, seed: str) -> list[Stratum]:
    """Returns strata with the responses drawn from each, the same for the same responses, size and seed.

    As many from each as its share of all, by the largest remainders, and two at least; within it the lowest lots.
    """
    strata = divide(population, size)
    return draw_within(strata, population, size, seed)


def divide(population: Sequence[Drawable], size: int) -> list[Stratum]:
    """Returns the strata of some responses: channels by area, small ones taken together by channel, and those then together."""
    enough = LEAST * len(population) / max(size, 1)
    cells = Counter((one.channel, one.area) for one in population)
    own = {cell for cell, of in cells.items() if of >= enough}
    left = Counter[str]()
    for cell, of in cells.items():
        left[cell[0]] += 0 if cell in own else of
    own |= {(channel, EVERY) for channel, of in left.items() if of >= enough}
    counts = Counter(stratum_of(cell, own) for cell in cells.elements())
    return [Stratum(*cell, of) for cell, of in sorted(counts.items())]


def stratum_of(cell: Cell, known: Iterable[Cell]) -> Cell:
    """Returns the stratum that a channel and area fall into, the closest of those there are."""
    channel, _ = cell
    return next((one for one in (cell, (channel, EVERY)) if one in known), (EVERY, EVERY))


def draw_within(strata: Sequence[Stratum], population: Sequence[Drawable], size: int, seed: str) -> list[Stratum]:
    """Returns strata with so many more responses drawn from them; those of a stratum that was drawn before are left out."""
    known = {one.cell for one in strata}
    taken = {number for one in strata for number in one.drawn}
    members: dict[Cell, list[int]] = {cell: [] for cell in known}
    for one in population:
        cell = stratum_of((one.channel, one.area), known)
        if cell in known and one.number not in taken:
            members[cell].append(one.number)
    shares = allot({one.cell: (one.of, len(members[one.cell])) for one in strata}, size)
    return [replace(one, drawn=tuple(draw_lots(members[one.cell], shares[one.cell], seed))) for one in strata]


def allot(sizes: Mapping[Cell, tuple[int, int]], size: int) -> dict[Cell, int]:
    """Returns how many to draw from each stratum, given (its size, how many are left to draw): in proportion, two at least."""
    whole = sum(of for of, _ in sizes.values()) or 1
    exact = {cell: size * of / whole for cell, (of, _) in sizes.items()}
    shares = {cell: int(share) for cell, share in exact.items()}
    by_remainder = sorted(exact, key=lambda cell: (shares[cell] - exact[cell], cell))
    for cell in by_remainder[:size - sum(shares.values())]:
        shares[cell] += 1
    return {cell: min(max(share, LEAST), sizes[cell][1]) for cell, share in shares.items()}
