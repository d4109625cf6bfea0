"""The side of a card that is posted, laid out across: ways to take part and privacy left, the return address right."""

from collections.abc import Sequence

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.lettering import Face, UnprintableError, balance, fit_lines, wrap, write
from campaigns.cards.print.shapes import draw_leaf, draw_leaf_box
from campaigns.cards.print.stub import BODY, HEIGHT, WIDTH, draw_stub_back
from campaigns.cards.print.style import CardStyle, say_day

_MARGIN = 6 * mm
_ACROSS, _UP = HEIGHT, BODY
_DIVIDE = 86 * mm
_COLUMN = _DIVIDE - _MARGIN - 5 * mm
_ADDRESS = _DIVIDE + 5.5 * mm
_STAMP = (20 * mm, 20 * mm)
_LEADING, _AFTER, _HEADING, _APART = 1.3, 0.25, 4.4 * mm, 3 * mm


def draw_back(canvas: Canvas, style: CardStyle) -> None:
    """Draws a card's back, turned a quarter so that it reads across, its lower left corner at the origin, its stub above."""
    draw_stub_back(canvas, style)
    canvas.saveState()
    canvas.rotate(90)
    canvas.translate(0, -WIDTH)
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
    size, lines = fit_lines(style.title, Face.BOLD, (13, 12, 11, 10), _COLUMN - 11 * mm, 2)
    baseline = _UP - _MARGIN - 5.6 * mm + (len(lines) - 1) * size * 0.6
    for line in balance(lines, Face.BOLD, size):
        write(canvas, line, _MARGIN + 11 * mm, baseline, Face.BOLD, size)
        baseline -= size * 1.2


def _draw_parts(canvas: Canvas, style: CardStyle) -> None:
    parts = ((style.ways_heading, style.ways), (style.privacy_heading, (style.privacy,)))
    top = _UP - _MARGIN - 11 * mm
    size = _fit_parts(parts, top - _MARGIN)
    for heading, paragraphs in parts:
        top -= _HEADING
        canvas.setFillColor(HexColor(style.leaf))
        write(canvas, heading, _MARGIN, top, Face.BOLD, 11)
        canvas.setFillGray(0)
        top -= 0.6 * mm
        for paragraph in paragraphs:
            for line in balance(wrap(paragraph, Face.PLAIN, size, _COLUMN), Face.PLAIN, size):
                top -= size * _LEADING
                write(canvas, line, _MARGIN, top, Face.PLAIN, size)
            top -= size * _AFTER
        top -= _APART


def _fit_parts(parts: Sequence[tuple[str, tuple[str, ...]]], room: float) -> float:
    """Returns the largest size of lettering, 9 points at least, in which all of this fits."""
    paragraphs = [paragraph for _, part in parts for paragraph in part]
    fixed = len(parts) * (_HEADING + 0.6 * mm) + (len(parts) - 1) * _APART
    for size in (10.5, 10, 9.5, 9):
        lines = sum(len(wrap(paragraph, Face.PLAIN, size, _COLUMN)) for paragraph in paragraphs)
        if (lines * _LEADING + (len(paragraphs) - 1) * _AFTER) * size + fixed <= room:
            return size
    raise UnprintableError("The back of the card holds no more: shorten the ways to take part, or the privacy words.")


def _draw_last_day(canvas: Canvas, style: CardStyle) -> None:
    room = _ACROSS - _MARGIN - _STAMP[0] - _ADDRESS - 2 * mm
    canvas.setFillGray(0)
    baseline = _UP - _MARGIN - 3.2 * mm
    for text, face, sizes in ((style.posting_words, Face.PLAIN, (10, 9)), (say_day(style.last_posting_day), Face.BOLD, (11, 10))):
        size, lines = _fit_day(text, face, sizes, room)
        for line in lines:
            write(canvas, line, _ADDRESS, baseline, face, size)
            baseline -= 5 * mm


def _fit_day(text: str, face: Face, sizes: tuple[float, ...], room: float) -> tuple[float, list[str]]:
    """Returns words on one line where that can be had, for a day broken in two reads badly."""
    try:
        return fit_lines(text, face, (*sizes, 9.5, 9), room, 1)
    except UnprintableError:
        return fit_lines(text, face, sizes, room, 2)


def _draw_postage(canvas: Canvas, style: CardStyle) -> None:
    width, height = _STAMP
    left, bottom = _ACROSS - _MARGIN - width, _UP - _MARGIN - height
    draw_leaf_box(canvas, left, bottom, width, height, 7 * mm)
    size, lines = fit_lines(style.postage_words, Face.BOLD, (10, 9), width - 4 * mm, 3)
    baseline = bottom + height / 2 + (len(lines) / 2 - 0.8) * 4.6 * mm
    canvas.setFillColor(HexColor(style.leaf))
    for line in lines:
        write(canvas, line, left + 2.4 * mm, baseline, Face.BOLD, size)
        baseline -= 4.6 * mm


def _draw_address(canvas: Canvas, style: CardStyle) -> None:
    canvas.setFillGray(0)
    baseline = _UP / 2 + 6 * mm
    for place, line in enumerate(style.return_lines):
        face = Face.PLAIN if place else Face.BOLD
        size, lines = fit_lines(line, face, (12, 11, 10), _ACROSS - _MARGIN - _ADDRESS, 1)
        write(canvas, lines[0], _ADDRESS, baseline, face, size)
        baseline -= 6 * mm
