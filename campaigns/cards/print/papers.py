"""How cards lie on paper: four to an A4 sheet, one a page or in large print, with or without bleed and crop marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.stub import BLEED, BODY, HEIGHT, WIDTH

_MARK = 5 * mm
_EDGE = 10 * mm  # round the cards, for the bleed and the marks
_GUTTER = 2 * BLEED


@dataclass(frozen=True)
class Paper:
    """One way to lay cards on pages: its name, in words, the page in points, where each card's lower left corner is.

    ``bleed`` is how far the drawing reaches over the cut (0 with none, and no crop marks); ``scale`` how large cards are.
    """

    name: str
    words: str
    size: tuple[float, float]
    places: tuple[tuple[float, float], ...]
    bleed: float = 0.0
    scale: float = 1.0

    @property
    def trim(self) -> tuple[float, float, float, float]:
        """Returns the box that is left when the outermost edges are cut: left, bottom, right, top."""
        edge = _EDGE if self.bleed else 0.0
        return edge, edge, self.size[0] - edge, self.size[1] - edge

    def behind(self, place: tuple[float, float]) -> tuple[float, float]:
        """Returns where the back of a card lies, on a sheet turned over its long edge."""
        return self.size[0] - place[0] - WIDTH * self.scale, place[1]


# Reading order, so that a pile cut into four stays in order within each quarter.
_FOUR = ((0.0, HEIGHT), (WIDTH, HEIGHT), (0.0, 0.0), (WIDTH, 0.0))
_APART = tuple((_EDGE + x + _GUTTER * (x > 0), _EDGE + y + _GUTTER * (y > 0)) for x, y in _FOUR)

_ALL = (
    Paper("sheets", "A4 sheets, four cards each", (2 * WIDTH, 2 * HEIGHT), _FOUR),
    Paper(
        "sheets-bleed", "Sheets of four with bleed and crop marks, for a print house",
        (2 * WIDTH + _GUTTER + 2 * _EDGE, 2 * HEIGHT + _GUTTER + 2 * _EDGE), _APART, BLEED,
    ),
    Paper(
        "singles", "One card a page with bleed and crop marks, for a print house",
        (WIDTH + 2 * _EDGE, HEIGHT + 2 * _EDGE), ((_EDGE, _EDGE),), BLEED,
    ),
    Paper("large", "Large print: one card on A4, twice the size", (2 * WIDTH, 2 * HEIGHT), ((0.0, 0.0),), scale=2.0),
)
PAPERS: Mapping[str, Paper] = MappingProxyType({paper.name: paper for paper in _ALL})


def kind_on(paper: str) -> str:
    """Returns which kind of card a batch for this paper is in the ledger."""
    return "large print" if PAPERS[paper].scale > 1 else ""


def draw_marks(canvas: Canvas, paper: Paper) -> None:
    """Draws where to cut, and where to perforate: short lines outside the cards, or at a sheet's edges."""
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0 if paper.bleed else 0.35)
    if paper.bleed:
        _draw_crop_marks(canvas, paper)
    elif len(paper.places) > 1:
        _draw_cross_marks(canvas, *paper.size)


def _draw_crop_marks(canvas: Canvas, paper: Paper) -> None:
    left, bottom, right, top = paper.trim
    for x in sorted({edge for place, _ in paper.places for edge in (place, place + WIDTH)}):
        canvas.line(x, top + BLEED + 1, x, top + BLEED + 1 + _MARK)
        canvas.line(x, bottom - BLEED - 1, x, bottom - BLEED - 1 - _MARK)
    for y in sorted({edge for _, place in paper.places for edge in (place, place + HEIGHT)}):
        canvas.line(left - BLEED - 1, y, left - BLEED - 1 - _MARK, y)
        canvas.line(right + BLEED + 1, y, right + BLEED + 1 + _MARK, y)


def draw_tear_marks(canvas: Canvas, paper: Paper, *, back: bool) -> None:
    """Draws dashes outside the cut where the stubs' line of perforation runs."""
    canvas.saveState()
    canvas.setDash([1.5, 1.5])
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0)
    _, bottom, _, top = paper.trim
    for place, _ in paper.places:
        x = paper.size[0] - place - BODY if back else place + BODY
        canvas.line(x, top + BLEED + 1, x, top + BLEED + 1 + _MARK)
        canvas.line(x, bottom - BLEED - 1, x, bottom - BLEED - 1 - _MARK)
    canvas.restoreState()


def _draw_cross_marks(canvas: Canvas, across: float, up: float) -> None:
    length = 4 * mm
    for x, y in ((WIDTH, 0.0), (WIDTH, up - length)):
        canvas.line(x, y, x, y + length)
    for x, y in ((0.0, HEIGHT), (across - length, HEIGHT)):
        canvas.line(x, y, x + length, y)
    canvas.line(WIDTH - 2 * mm, HEIGHT, WIDTH + 2 * mm, HEIGHT)
    canvas.line(WIDTH, HEIGHT - 2 * mm, WIDTH, HEIGHT + 2 * mm)
