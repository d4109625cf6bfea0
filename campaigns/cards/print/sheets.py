"""Sheets of cards to be printed: A4, four a side, fronts and backs in turn, with marks to cut along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.back import draw_back
from campaigns.cards.print.front import HEIGHT, WIDTH, draw_front, draw_front_details
from campaigns.cards.print.lettering import check_printable
from campaigns.cards.print.pdf import StreamedPdf
from campaigns.cards.print.style import Card, CardStyle

__all__ = ["Card", "CardStyle", "SheetCount", "draw_sheets"]

A_SHEET = 4

_SIZE = (2 * WIDTH, 2 * HEIGHT)
# Reading order, so that a pile cut into four stays in order within each quarter.
_PLACES = ((0.0, HEIGHT), (WIDTH, HEIGHT), (0.0, 0.0), (WIDTH, 0.0))


@dataclass(frozen=True)
class SheetCount:
    """How much was printed."""

    cards: int
    sheets: int
    pages: int


def draw_sheets(out: BinaryIO, cards: Iterable[Card], style: CardStyle) -> SheetCount:
    """Writes a PDF of cards, four a sheet, each front page followed by its back for printing on both sides.

    Backs line up when the paper turns over its long edge. Memory does not grow with the number of cards.
    UnprintableError where the card's font lacks a letter of the style or of an area's name.
    """
    check_printable(style.words())
    pdf = StreamedPdf(out, _SIZE, style.title, style.language)
    _draw_forms(pdf.canvas, style)
    backs: dict[int, int] = {}
    count, source = 0, iter(cards)
    while sheet := list(islice(source, A_SHEET)):
        pdf.add_page(_draw_fronts(pdf, sheet, style))
        if len(sheet) not in backs:
            backs[len(sheet)] = _draw_backs(pdf, len(sheet))
        pdf.add_page(backs[len(sheet)])
        count += len(sheet)
    pdf.close()
    return SheetCount(count, pdf.pages // 2, pdf.pages)


def _draw_forms(canvas: Canvas, style: CardStyle) -> None:
    canvas.beginForm("front", 0, 0, WIDTH, HEIGHT)
    draw_front(canvas, style)
    canvas.endForm()
    canvas.beginForm("back", 0, 0, WIDTH, HEIGHT)
    draw_back(canvas, style)
    canvas.endForm()
    canvas.beginForm("marks", 0, 0, *_SIZE)
    _draw_marks(canvas)
    canvas.endForm()


def _draw_fronts(pdf: StreamedPdf, sheet: Sequence[Card], style: CardStyle) -> int:
    check_printable(card.ward for card in sheet)
    pdf.canvas.doForm("marks")
    for card, (left, bottom) in zip(sheet, _PLACES, strict=False):
        pdf.canvas.saveState()
        pdf.canvas.translate(left, bottom)
        pdf.canvas.doForm("front")
        draw_front_details(pdf.canvas, card, style)
        pdf.canvas.restoreState()
    return pdf.take_content()


def _draw_backs(pdf: StreamedPdf, cards: int) -> int:
    pdf.canvas.doForm("marks")
    for left, bottom in _PLACES[:cards]:
        pdf.canvas.saveState()
        pdf.canvas.translate(WIDTH - left, bottom)
        pdf.canvas.doForm("back")
        pdf.canvas.restoreState()
    return pdf.take_content()


def _draw_marks(canvas: Canvas) -> None:
    canvas.setStrokeGray(0.35)
    canvas.setLineWidth(0.4)
    across, up = _SIZE
    length = 4 * mm
    for x, y in ((WIDTH, 0.0), (WIDTH, up - length)):
        canvas.line(x, y, x, y + length)
    for x, y in ((0.0, HEIGHT), (across - length, HEIGHT)):
        canvas.line(x, y, x + length, y)
    canvas.line(WIDTH - 2 * mm, HEIGHT, WIDTH + 2 * mm, HEIGHT)
    canvas.line(WIDTH, HEIGHT - 2 * mm, WIDTH, HEIGHT + 2 * mm)
