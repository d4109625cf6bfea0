"""Which way wishes ask, said by a written rule.

Asks for more, to keep and to mend are one side, asks for less the other; a wish that tells no direction is on
neither. Where the smaller side has a tenth or more of those that tell one, both are said in the same sentence, and
where it has four tenths or more, or the one way most asked, neither is put forward. The ways named for a side are
those which, most asked first, together make up more than half of it (of all that tell a direction, where only one
side is said); what ties with the last of them is named too. Where half or more tell no direction, that is said
first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from campaigns.coding.frame import ASKS
from campaigns.drafts.prose import count, in_sentence, listed

AGAINST, UNTOLD = "less", "unclear"
TOLD = tuple(ask for ask in ASKS if ask != UNTOLD)
ASKED = {"more": "for more", "keep": "to keep", "mend": "to mend", "less": "for less"}
# The first wording of each way; any can stand before a code's name, and be joined with another.
WISHED = {
    "more": "does more about", "keep": "keeps what is good about", "mend": "puts right what was wrong with",
    "less": "has less of what was not wanted in",
}
FEWEST_TO_WORD = 5


@dataclass(frozen=True)
class Direction:
    """The wishes of one code by which way they ask."""

    asks: Mapping[str, int]

    @cached_property
    def ordered(self) -> list[str]:
        """Returns the ways that are asked at all, most asked first."""
        return sorted((ask for ask in TOLD if self.asks.get(ask)), key=lambda ask: -self.asks[ask])

    @cached_property
    def told(self) -> int:
        """Returns how many wishes tell a direction."""
        return sum(self.asks[ask] for ask in self.ordered)

    @property
    def untold(self) -> int:
        """Returns how many tell none."""
        return self.asks.get(UNTOLD, 0)

    @cached_property
    def smaller(self) -> int:
        """Returns how many wishes are on the smaller side."""
        against = self.asks.get(AGAINST, 0)
        return min(against, self.told - against)

    @property
    def divided(self) -> bool:
        """Tells whether a tenth or more ask the other way, so that both must be said."""
        return self.told > 0 and self.smaller * 10 >= self.told

    @property
    def even(self) -> bool:
        """Tells whether neither side may be put forward: the smaller has four tenths, or a way as often asked as any."""
        if not self.divided:
            return False
        most = max(self.asks[ask] for ask in self.ordered)
        return self.smaller * 10 >= self.told * 4 or self.smaller_most == most

    @property
    def smaller_most(self) -> int:
        """Returns how many wishes ask in the way most asked on the smaller side."""
        return max((self.asks[ask] for ask in self.ordered if ask not in self.larger_side), default=0)

    @cached_property
    def larger_side(self) -> list[str]:
        """Returns the ways of the larger side, most asked first."""
        against = self.asks.get(AGAINST, 0) * 2 > self.told
        return [ask for ask in self.ordered if (ask == AGAINST) == against]

    @cached_property
    def named(self) -> list[str]:
        """Returns the ways that are named for the larger side."""
        whole = self.told - self.smaller if self.divided else self.told
        named: list[str] = []
        covered = 0
        for ask in self.larger_side:
            if covered * 2 > whole and self.asks[ask] < self.asks[named[-1]]:
                break
            named.append(ask)
            covered += self.asks[ask]
        return named

    @property
    def named_wishes(self) -> int:
        """Returns how many wishes ask in the ways named."""
        return sum(self.asks[ask] for ask in self.named)


def counted_ways(asks: Mapping[str, int], with_untold: bool = False) -> str:
    """Returns each way with its count, most first: 212 for more, 40 to mend and 8 for less."""
    direction = Direction(asks)
    said = [f"{count(asks[ask])} {ASKED[ask]}" for ask in direction.ordered]
    if with_untold and direction.untold:
        said.append(f"{count(direction.untold)} with no direction told")
    return listed(said)


def both_sides(asks: Mapping[str, int]) -> str:
    """Returns the ways of the larger side with their counts, then the other: 212 for more and 9 to keep, but 40 for less."""
    larger = Direction(asks).larger_side
    sides = ({ask: asks[ask] for ask in TOLD if (ask in larger) == on_it and asks.get(ask)} for on_it in (True, False))
    return ", but ".join(counted_ways(side) for side in sides if side)


def say_direction(asks: Mapping[str, int]) -> str:
    """Returns a sentence on which way a code's wishes ask, with every count in it."""
    direction = Direction(asks)
    if not direction.told:
        return "No direction is told."
    if direction.untold >= direction.told:
        return f"Half or more tell no direction ({count(direction.untold)}); the others ask {counted_ways(asks)}."
    untold = f"; {count(direction.untold)} tell no direction" if direction.untold else ""
    if direction.divided:
        return f"They ask both ways: {both_sides(asks)}{untold}."
    if not untold and len(direction.ordered) == 1:
        return f"{'It asks' if direction.told == 1 else 'All ask'} {ASKED[direction.ordered[0]]}."
    if direction.named_wishes == direction.told:
        return f"They ask: {counted_ways(asks)}{untold}."
    named = " or ".join(ASKED[ask] for ask in direction.named)
    return f"They mostly ask {named}: {counted_ways(asks)}{untold}."


def first_wording(name: str, asks: Mapping[str, int]) -> tuple[str, str] | None:
    """Returns how a vision might put a code, after “a city that”, and the count behind it.

    None where fewer than five wishes ask for it or half or more tell no direction: nothing is put in their mouth.
    """
    direction = Direction(asks)
    total = direction.told + direction.untold
    if total < FEWEST_TO_WORD or direction.untold >= direction.told:
        return None
    behind = f"{both_sides(asks)}, of {count(total)} wishes"
    if direction.even:
        return f"weighs up {in_sentence(name)}, on which wishes ask both ways", behind
    wished = f"{listed(WISHED[ask] for ask in direction.named)} {in_sentence(name)}"
    if not direction.divided:
        return wished, f"{count(direction.named_wishes)} of {count(total)} wishes"
    others = " or ".join(ASKED[ask] for ask in direction.ordered if ask not in direction.larger_side)
    return f"{wished}, and weighs the wishes {others}", behind
