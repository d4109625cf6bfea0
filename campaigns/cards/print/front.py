"""The side of a card that people write on: the question, lines for each wish, boxes to tick, postcode, symbol, serial."""

from functools import lru_cache

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.lettering import Face, UnprintableError, balance, fit_lines, measure, shorten, wrap, write
from campaigns.cards.print.shapes import draw_leaf, draw_leaf_box, draw_letter_boxes
from campaigns.cards.print.stub import BODY, HEIGHT, draw_stub, draw_stub_code
from campaigns.cards.print.style import Card, CardStyle
from campaigns.cards.print.ticks import draw_ticks, lay_ticks
from campaigns.cards.symbols import QUIET, Modules, draw_symbol, make_symbol

MARGIN = 4.8 * mm
INSIDE = BODY - 2 * MARGIN

_PADDING = 3.5 * mm
_DARK = 21 * mm  # the symbol without its quiet zone; with it, 25 mm and more
_QUIET = 2.4 * mm
_COLUMN = MARGIN + _DARK + 3.6 * mm
_COLUMN_WIDTH = BODY - MARGIN - _COLUMN
_LEADING = 3.95 * mm
_LEAST_PITCH = 8 * mm  # feint ruling, as in school books
_GAP = 1.2 * mm
_ABOVE_TICKS = 2 * mm
_RULE = HexColor("#8fa396")


def draw_front(canvas: Canvas, style: CardStyle) -> None:
    """Draws what is the same on every card's front, its lower left corner at the origin, its stub at the right."""
    draw_stub(canvas, style)
    top = _draw_heading(canvas, style) - _GAP
    # The symbol's quiet zone keeps what is above away from it.
    bottom = _foot_top(style) + _QUIET
    if style.ticks:
        bottom += lay_ticks(style.ticks, INSIDE)[0] + _ABOVE_TICKS
        draw_ticks(canvas, style.ticks, MARGIN, bottom - _ABOVE_TICKS, INSIDE)
    room = (top - bottom - (style.wishes - 1) * _GAP) / style.wishes
    for wish in range(style.wishes):
        _draw_wish(canvas, style, wish + 1, top - room - wish * (room + _GAP), room)
    _draw_postcode(canvas, style)
    _draw_foot_words(canvas, style)


def draw_front_details(canvas: Canvas, card: Card, style: CardStyle) -> None:
    """Draws what is this card's own: its symbol, serial, area, and the code on its stub."""
    foot = _foot_top(style)
    _draw_card_symbol(canvas, make_symbol(card.address), foot)
    canvas.setFillGray(0)
    left = _COLUMN + measure(f"{style.card_words} ", Face.PLAIN, 10)
    write(canvas, card.serial, left, _serial_line(foot), Face.BOLD, 12)
    left += measure(f"{card.serial}   ", Face.BOLD, 12)
    ward = shorten(card.ward, Face.PLAIN, 9, BODY - MARGIN - left)
    write(canvas, ward, left, _serial_line(foot), Face.PLAIN, 9)
    draw_stub_code(canvas, card.stub)


@lru_cache(maxsize=16)
def _foot_top(style: CardStyle) -> float:
    return float(_number_top(style) + 2.2 * mm + _DARK)


@lru_cache(maxsize=16)
def _number_top(style: CardStyle) -> float:
    lines = len(wrap(style.number_words, Face.PLAIN, 9, INSIDE))
    return float(MARGIN + 0.6 * mm + lines * _LEADING)


def symbol_place(style: CardStyle) -> tuple[float, float, float]:
    """Returns a symbol's side without its quiet zone, and how far it stands from a card's left and upper edge, in points."""
    return _DARK, MARGIN, HEIGHT - _foot_top(style)


def _serial_line(foot: float) -> float:
    return float(foot - 16.9 * mm)


def _draw_card_symbol(canvas: Canvas, modules: Modules, foot: float) -> None:
    quiet = _DARK * QUIET / len(modules)
    draw_symbol(canvas, modules, MARGIN - quiet, foot - _DARK - quiet, _DARK + 2 * quiet)


def _draw_heading(canvas: Canvas, style: CardStyle) -> float:
    left, room = MARGIN + _PADDING, INSIDE - 2 * _PADDING
    size, lines = _fit_question(style.question, room)
    _, invitation = fit_lines(style.invitation, Face.PLAIN, (9,), room, 2)
    height = 9 * mm + len(lines) * size * 1.16 + len(invitation) * _LEADING
    top = float(HEIGHT - MARGIN)
    canvas.setFillColor(HexColor(style.leaf))
    draw_leaf_box(canvas, MARGIN, top - height, INSIDE, height, 8 * mm, fill=True)
    canvas.setFillGray(1)
    draw_leaf(canvas, left, top - 6.1 * mm, 3.8 * mm, style.leaf)
    title_size, title = fit_lines(style.title, Face.PLAIN, (10, 9.5, 9), room - 10 * mm, 1)
    write(canvas, title[0], left + 5.6 * mm, top - 5.5 * mm, Face.PLAIN, title_size)
    for place, line in enumerate(balance(lines, Face.BOLD, size), 1):
        write(canvas, line, left, top - 5.6 * mm - place * size * 1.16, Face.BOLD, size)
    for place, line in enumerate(balance(invitation, Face.PLAIN, 9)):
        write(canvas, line, left, top - height + 2.6 * mm + (len(invitation) - 1 - place) * _LEADING, Face.PLAIN, 9)
    return float(top - height)


def _fit_question(question: str, room: float) -> tuple[float, list[str]]:
    try:
        return fit_lines(question, Face.BOLD, (15, 14, 13, 12), room, 2)
    except UnprintableError:
        # A long question takes room from the lines to write on, so only where two lines cannot hold it.
        return fit_lines(question, Face.BOLD, (12,), room, 4)


def _draw_wish(canvas: Canvas, style: CardStyle, number: int, bottom: float, height: float) -> None:
    rows = max(1, int(height // _LEAST_PITCH))
    canvas.setStrokeColor(HexColor(style.leaf))
    canvas.setLineWidth(1)
    draw_leaf_box(canvas, MARGIN, bottom, INSIDE, height, 6 * mm)
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.6)
    for row in range(1, rows):
        line = bottom + row * height / rows
        canvas.line(MARGIN + _PADDING, line, BODY - MARGIN - _PADDING, line)
    canvas.setFillColor(HexColor(style.leaf))
    label = f"{style.wish_words} {number}"
    write(canvas, label, MARGIN + _PADDING, bottom + height * (1 - 1 / rows) + 1.8 * mm, Face.BOLD, 10)


def _draw_postcode(canvas: Canvas, style: CardStyle) -> None:
    foot = _foot_top(style)
    canvas.setFillGray(0)
    _, words = fit_lines(style.postcode_words, Face.BOLD, (10,), _COLUMN_WIDTH, 1)
    write(canvas, words[0], _COLUMN, foot - 2.7 * mm, Face.BOLD, 10)
    canvas.setStrokeGray(0)
    canvas.setLineWidth(0.8)
    draw_letter_boxes(canvas, _COLUMN, foot - 12.4 * mm, _COLUMN_WIDTH, 8.2 * mm, 8)


def _draw_foot_words(canvas: Canvas, style: CardStyle) -> None:
    foot = _foot_top(style)
    canvas.setFillGray(0)
    write(canvas, style.card_words, _COLUMN, _serial_line(foot), Face.PLAIN, 10)
    _, words = fit_lines(style.scan_words, Face.PLAIN, (9,), _COLUMN_WIDTH, 1)
    write(canvas, words[0], _COLUMN, foot - _DARK, Face.PLAIN, 9)
    baseline = _number_top(style)
    for line in wrap(style.number_words, Face.PLAIN, 9, INSIDE):
        baseline -= _LEADING
        write(canvas, line, MARGIN, baseline, Face.PLAIN, 9)
