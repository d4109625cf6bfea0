"""Where a code stands on a page, and which codes stand on one card. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.cards.scans.layout import CardLayout

Point = tuple[float, float]


@dataclass(frozen=True)
class Symbol:
    """A code on a page: what it says ("" where it is too damaged), and its corners in pixels of the page.

    The corners go round from the one that is the upper left when the code stands upright.
    """

    text: str
    corners: tuple[Point, Point, Point, Point]

    @property
    def middle(self) -> Point:
        """Returns the middle of the code."""
        return sum(x for x, _ in self.corners) / 4, sum(y for _, y in self.corners) / 4


@dataclass(frozen=True)
class Placed:
    """Where a code's upper left corner is, and the way along its upper side, in pixels of the page."""

    x: float
    y: float
    along: Point

    @property
    def side(self) -> float:
        """Returns how long the code's side is, in pixels; one at least, whatever the corners say."""
        return max(math.hypot(*self.along), 1.0)

    def turned(self, point: Point) -> Point:
        """Returns a point of the page as seen from the upright code: how far along and how far down, in the code's sides."""
        u, v = self.along
        x, y = point[0] - self.x, point[1] - self.y
        return (x * u + y * v) / self.side**2, (y * u - x * v) / self.side**2


def place_symbol(symbol: Symbol) -> Placed:
    """Returns where a code stands, turned but not leaning: over a whole card, a corner that is a pixel out would tell."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = symbol.corners
    u = (bx - ax + cx - dx + dy - ay + cy - by) / 4
    v = (by - ay + cy - dy - dx + ax - cx + bx) / 4
    x, y = symbol.middle
    return Placed(x - (u - v) / 2, y - (v + u) / 2, (u, v))


def touching(one: Symbol, other: Symbol) -> bool:
    """Tells whether two codes lie in one place, by the boxes around them."""
    return all(
        min(point[axis] for point in a.corners) <= max(point[axis] for point in b.corners)
        for axis in (0, 1) for a, b in ((one, other), (other, one))
    )


def clashing(symbols: Sequence[Symbol], layout: CardLayout) -> list[int]:
    """Returns the places in a list of those codes that stand on one card with a code that says something else."""
    return [
        at for at, one in enumerate(symbols)
        if any(one.text != other.text and (_on_card(one, other, layout) or _on_card(other, one, layout)) for other in symbols)
    ]


def _on_card(one: Symbol, other: Symbol, layout: CardLayout) -> bool:
    """Tells whether another code stands on the card of one."""
    along, down = place_symbol(one).turned(other.middle)
    x, y = along * layout.symbol + layout.left, down * layout.symbol + layout.top
    return 0 <= x <= layout.width and 0 <= y <= layout.height
