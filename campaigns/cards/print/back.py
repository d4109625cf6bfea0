"""The side of a card that is posted, laid out across: ways to take part and privacy left, the return address right."""

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.front import HEIGHT, WIDTH
from campaigns.cards.print.lettering import Face, UnprintableError, balance, fit_lines, wrap, write
from campaigns.cards.print.shapes import draw_leaf, draw_leaf_box
from campaigns.cards.print.style import CardStyle, say_day

_MARGIN = 6 * mm
_ACROSS, _UP = HEIGHT, WIDTH
_DIVIDE = 80 * mm
_COLUMN = _DIVIDE - _MARGIN - 5 * mm
_ADDRESS = _DIVIDE + 7 * mm
_STAMP = (25 * mm, 22 * mm)


def draw_back(canvas: Canvas, style: CardStyle) -> None:
    """Draws a card's back, turned a quarter so that it reads across, its lower left corner at the origin."""
    canvas.saveState()
    canvas.rotate(90)
    canvas.translate(0, -_UP)
    canvas.setStrokeColor(HexColor(style.leaf))
    canvas.setLineWidth(0.8)
    canvas.line(_DIVIDE, _MARGIN, _DIVIDE, _UP - _MARGIN)
    _draw_title(canvas, style)
    _draw_parts(canvas, style)
    _draw_last_day(canvas, style)
    if style.return_lines:
        _draw_postage(canvas, style)
        _draw_address(canvas, style)
    canvas.restoreState()


def _draw_title(canvas: Canvas, style: CardStyle) -> None:
    canvas.setFillColor(HexColor(style.leaf))
    draw_leaf(canvas, _MARGIN, _UP - _MARGIN - 8 * mm, 8 * mm, "#ffffff")
    size, lines = fit_lines(style.title, Face.BOLD, (14, 13, 12, 11, 10), _COLUMN - 11 * mm, 2)
    baseline = _UP - _MARGIN - 5.8 * mm + (len(lines) - 1) * size * 0.6
    for line in balance(lines, Face.BOLD, size):
        write(canvas, line, _MARGIN + 11 * mm, baseline, Face.BOLD, size)
        baseline -= size * 1.2


def _draw_parts(canvas: Canvas, style: CardStyle) -> None:
    parts = ((style.ways_heading, style.ways), (style.privacy_heading, (style.privacy, style.danger)))
    top = _UP - _MARGIN - 17.2 * mm
    size = _fit_parts(parts, top - _MARGIN)
    for heading, paragraphs in parts:
        canvas.setFillColor(HexColor(style.leaf))
        write(canvas, heading, _MARGIN, top, Face.BOLD, 11)
        canvas.setFillColor(HexColor(style.ink))
        top -= 1 * mm
        for paragraph in paragraphs:
            for line in balance(wrap(paragraph, Face.PLAIN, size, _COLUMN), Face.PLAIN, size):
                top -= size * 1.32
                write(canvas, line, _MARGIN, top, Face.PLAIN, size)
            top -= size * 0.4
        top -= 7 * mm


def _fit_parts(parts: Sequence[tuple[str, tuple[str, ...]]], room: float) -> float:
    """Returns the largest size of lettering, 9 points at least, in which all of this fits."""
    paragraphs = [paragraph for _, part in parts for paragraph in part]
    for size in (10.5, 10, 9.5, 9):
        lines = sum(len(wrap(paragraph, Face.PLAIN, size, _COLUMN)) for paragraph in paragraphs)
        if lines * size * 1.32 + len(paragraphs) * size * 0.4 + (len(parts) - 1) * 8 * mm <= room:
            return size
    raise UnprintableError("The back of the card holds no more: shorten the ways to take part, or the privacy words.")


def _draw_last_day(canvas: Canvas, style: CardStyle) -> None:
    room = _ACROSS - _MARGIN - _STAMP[0] - _ADDRESS - 3 * mm
    canvas.setFillColor(HexColor(style.ink))
    baseline = _UP - _MARGIN - 3.2 * mm
    words, day = style.posting_words, say_day(style.last_posting_day)
    for text, face, sizes in ((words, Face.PLAIN, (10, 9)), (day, Face.BOLD, (12, 11, 10))):
        size, lines = fit_lines(text, face, sizes, room, 2)
        for line in lines:
            write(canvas, line, _ADDRESS, baseline, face, size)
            baseline -= 5.2 * mm


def _draw_postage(canvas: Canvas, style: CardStyle) -> None:
    width, height = _STAMP
    left, bottom = _ACROSS - _MARGIN - width, _UP - _MARGIN - height
    draw_leaf_box(canvas, left, bottom, width, height, 7 * mm)
    size, lines = fit_lines(style.postage_words, Face.BOLD, (10, 9), width - 5 * mm, 3)
    baseline = bottom + height / 2 + (len(lines) / 2 - 0.8) * 4.6 * mm
    canvas.setFillColor(HexColor(style.leaf))
    for line in lines:
        write(canvas, line, left + 3 * mm, baseline, Face.BOLD, size)
        baseline -= 4.6 * mm


def _draw_address(canvas: Canvas, style: CardStyle) -> None:
    canvas.setFillColor(HexColor(style.ink))
    baseline = _UP / 2 + 2 * mm
    for place, line in enumerate(style.return_lines):
        face = Face.PLAIN if place else Face.BOLD
        size, lines = fit_lines(line, face, (12, 11, 10), _ACROSS - _MARGIN - _ADDRESS, 1)
        write(canvas, lines[0], _ADDRESS, baseline, face, size)
        baseline -= 6 * mm
