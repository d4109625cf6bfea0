"""Closed questions on a card's front: each with its options in columns, a box to tick before each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.lettering import Face, UnprintableError, fit_lines, measure, write

MOST_HEIGHT = 24 * mm  # with more, a wish would have one line

_SIDE = 3.4 * mm
_GAP = 1.6 * mm
_BETWEEN = 4 * mm
_PITCH = 4.7 * mm
_LABEL = 4.8 * mm
_SIZE = 9

Questions = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Tick:
    """One box to tick: which question's which option, and its lower left corner from the block's left and top."""

    question: int
    option: int
    words: str
    left: float
    down: float


@lru_cache(maxsize=16)
def lay_ticks(questions: Questions, width: float) -> tuple[float, tuple[Tick, ...]]:
    """Returns how high the block of tick boxes is, and each box in it; UnprintableError where they do not fit."""
    ticks: list[Tick] = []
    down = 0.0
    for place, (text, options) in enumerate(questions):
        fit_lines(text, Face.BOLD, (10, 9.5, 9), width, 1)
        columns = _columns(text, options, width)
        rows = -(-len(options) // len(columns))
        ticks += _grid(place, options, columns, rows, down + _LABEL)
        down += _LABEL + rows * _PITCH
    if down > MOST_HEIGHT:
        raise UnprintableError(f"Tick boxes for {_named(questions)} take more room than the card has: put fewer on_card.")
    return down, tuple(ticks)


def draw_ticks(canvas: Canvas, questions: Questions, left: float, top: float, width: float) -> None:
    """Draws the block of tick boxes, its upper left corner at ``left`` and ``top``."""
    _, ticks = lay_ticks(questions, width)
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.8)
    for tick in ticks:
        if tick.option == 0:
            size, words = fit_lines(questions[tick.question][0], Face.BOLD, (10, 9.5, 9), width, 1)
            write(canvas, words[0], left, top - tick.down + _SIDE + 2.3 * mm, Face.BOLD, size)
        canvas.rect(left + tick.left, top - tick.down, _SIDE, _SIDE)
        write(canvas, tick.words, left + tick.left + _SIDE + _GAP, top - tick.down + 0.5 * mm, Face.PLAIN, _SIZE)


def _columns(text: str, options: Sequence[str], width: float) -> list[float]:
    """Returns the widths of the most columns that the options fit in, filled from above."""
    for many in range(min(len(options), 6), 0, -1):
        rows = -(-len(options) // many)
        columns = [max(_width(option) for option in options[at : at + rows]) for at in range(0, len(options), rows)]
        if sum(columns) + (len(columns) - 1) * _BETWEEN <= width:
            return columns
    raise UnprintableError(f"An option of “{text}” is too long for a tick box on the card. Shorten it, or take out on_card.")


def _width(option: str) -> float:
    return float(_SIDE + _GAP + measure(option, Face.PLAIN, _SIZE))


def _grid(question: int, options: Sequence[str], columns: Sequence[float], rows: int, down: float) -> Iterator[Tick]:
    for option, words in enumerate(options):
        column, row = divmod(option, rows)
        yield Tick(question, option, words, sum(columns[:column]) + column * _BETWEEN, down + row * _PITCH + _SIDE)


def _named(questions: Questions) -> str:
    return " and ".join(f"“{text}”" for text, _ in questions)
