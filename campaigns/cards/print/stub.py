"""The strip of a card that is torn off and kept: its receipt code and where to type it in, along the card's long edge.

What is left is 148.5 by 90 mm: a postcard that goes back by Freepost must be 140 by 90 mm at least, so the strip may
not come off a short edge.
"""

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.lettering import Face, fit_lines, measure, write
from campaigns.cards.print.style import CardStyle

WIDTH, HEIGHT = 105 * mm, 148.5 * mm
STUB = 15 * mm
BODY = WIDTH - STUB
BLEED = 3 * mm

_MARGIN = 5 * mm
_CODE_SIZE = 12
_CODE = measure("WWWW-WWWW-WWWW-WWWW", Face.BOLD, _CODE_SIZE) * 0.82  # no code is all of the widest letter
_ROOM = HEIGHT - 2 * _MARGIN - _CODE - 4 * mm
_PALE = 0.93


def draw_stub(canvas: Canvas, style: CardStyle) -> None:
    """Draws what is the same on every stub's front, at the right of the card, and the dots to tear along."""
    _draw_strip(canvas, style, BODY, BODY)
    _turn(canvas)
    canvas.setFillGray(0)
    size, words = fit_lines(style.stub_words, Face.PLAIN, (9.5, 9), _ROOM, 1)
    write(canvas, words[0], _MARGIN, 9.3 * mm, Face.PLAIN, size)
    size, address = fit_lines(style.receipt, Face.BOLD, (10, 9.5, 9), _ROOM, 1)
    write(canvas, address[0], _MARGIN, 5 * mm, Face.BOLD, size)
    canvas.restoreState()


def draw_stub_code(canvas: Canvas, code: str) -> None:
    """Draws a stub's own code, to the right of the words on it."""
    _turn(canvas)
    canvas.setFillGray(0)
    write(canvas, code, HEIGHT - _MARGIN - measure(code, Face.BOLD, _CODE_SIZE), 6.4 * mm, Face.BOLD, _CODE_SIZE)
    canvas.restoreState()


def draw_stub_back(canvas: Canvas, style: CardStyle) -> None:
    """Draws the stub's back, at the left of the card's back."""
    _draw_strip(canvas, style, -BLEED, STUB)
    canvas.saveState()
    canvas.rotate(90)
    canvas.setFillGray(0)
    for words, face, up in ((style.tear_words, Face.BOLD, 7.7 * mm), (style.danger, Face.PLAIN, 3.4 * mm)):
        size, lines = fit_lines(words, face, (9.5, 9), HEIGHT - 2 * _MARGIN, 1)
        write(canvas, lines[0], _MARGIN, up - STUB, face, size)
    canvas.restoreState()


def _draw_strip(canvas: Canvas, style: CardStyle, left: float, tear: float) -> None:
    canvas.saveState()
    canvas.setFillColor(_pale(style.leaf))
    canvas.rect(left, -BLEED, STUB + BLEED, HEIGHT + 2 * BLEED, stroke=0, fill=1)
    canvas.setStrokeGray(0.25)
    canvas.setLineWidth(0.9)
    canvas.setLineCap(1)
    canvas.setDash([0, 3])
    canvas.line(tear, 0, tear, HEIGHT)
    canvas.restoreState()


def _pale(colour: str) -> Color:
    red, green, blue = HexColor(colour).rgb()
    return Color(*(part + (1 - part) * _PALE for part in (red, green, blue)))


def _turn(canvas: Canvas) -> None:
    """Turns the canvas so that one writes along the strip, its outer edge below."""
    canvas.saveState()
    canvas.translate(WIDTH, 0)
    canvas.rotate(90)
