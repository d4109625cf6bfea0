"""Where a card's code stands on it, in millimetres; all that cutting a card out needs to know of its print. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

MARGIN = 4.0  # around the card; less than the blank edge of its neighbour


@dataclass(frozen=True)
class CardLayout:
    """A card's width and height, and its code's side and distance from the card's left and upper edge."""

    width: float
    height: float
    symbol: float
    left: float
    top: float

    @property
    def size(self) -> tuple[float, float]:
        """Returns the width and height of the picture to be cut."""
        return self.width + 2 * MARGIN, self.height + 2 * MARGIN

    @property
    def origin(self) -> tuple[float, float]:
        """Returns how far from the picture's left and upper edge the code stands."""
        return self.left + MARGIN, self.top + MARGIN

    @property
    def numbers(self) -> tuple[float, ...]:
        """Returns what ``layout_from`` reads."""
        return self.width, self.height, self.symbol, self.left, self.top


def layout_from(numbers: Sequence[float]) -> CardLayout:
    """Returns the layout of which these are the numbers."""
    return CardLayout(*(float(number) for number in numbers))
