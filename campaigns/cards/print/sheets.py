"""Cards drawn on the pages of a PDF, fronts and backs in turn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.back import draw_back
from campaigns.cards.print.front import draw_front, draw_front_details
from campaigns.cards.print.lettering import check_printable
from campaigns.cards.print.papers import PAPERS, Paper, draw_marks, draw_tear_marks
from campaigns.cards.print.pdf import StreamedPdf
from campaigns.cards.print.stub import HEIGHT, WIDTH
from campaigns.cards.print.style import Card, CardStyle

__all__ = ["Card", "CardStyle", "SheetCount", "check_style", "draw_sheets"]

A4_SHEETS = PAPERS["sheets"]


@dataclass(frozen=True)
class SheetCount:
    """How much was printed."""

    cards: int
    sheets: int
    pages: int


def draw_sheets(out: BinaryIO, cards: Iterable[Card], style: CardStyle, paper: Paper = A4_SHEETS) -> SheetCount:
    """Writes a PDF of cards, each front page followed by its back for printing on both sides.

    Backs line up when the paper turns over its long edge. Memory does not grow with the number of cards.
    UnprintableError where the card's font lacks a letter of the style or of an area's name.
    """
    check_printable(style.words())
    pdf = StreamedPdf(out, paper.size, style.title, style.language, paper.trim, paper.bleed)
    _draw_forms(pdf.canvas, style, paper)
    backs: dict[int, int] = {}
    count, source = 0, iter(cards)
    while sheet := list(islice(source, len(paper.places))):
        pdf.add_page(_draw_fronts(pdf, sheet, style, paper))
        if len(sheet) not in backs:
            backs[len(sheet)] = _draw_backs(pdf, len(sheet), paper)
        pdf.add_page(backs[len(sheet)])
        count += len(sheet)
    pdf.close()
    return SheetCount(count, pdf.pages // 2, pdf.pages)


def check_style(style: CardStyle) -> None:
    """Raises UnprintableError, saying what to shorten or leave out, where cards of this style cannot be drawn."""
    check_printable(style.words())
    _draw_forms(Canvas(BytesIO()), style, A4_SHEETS)


def _draw_forms(canvas: Canvas, style: CardStyle, paper: Paper) -> None:
    reach = (-paper.bleed, -paper.bleed, WIDTH + paper.bleed, HEIGHT + paper.bleed)
    for name, draw in (("front", draw_front), ("back", draw_back)):
        canvas.beginForm(name, *reach)
        draw(canvas, style)
        canvas.endForm()
    for name, back in (("front-marks", False), ("back-marks", True)):
        canvas.beginForm(name, 0, 0, *paper.size)
        draw_marks(canvas, paper)
        if paper.bleed:
            draw_tear_marks(canvas, paper, back=back)
        canvas.endForm()


def _draw_fronts(pdf: StreamedPdf, sheet: Sequence[Card], style: CardStyle, paper: Paper) -> int:
    check_printable(card.ward for card in sheet)
    for card, place in zip(sheet, paper.places, strict=False):
        _begin_card(pdf.canvas, place, paper)
        pdf.canvas.doForm("front")
        draw_front_details(pdf.canvas, card, style)
        pdf.canvas.restoreState()
    pdf.canvas.doForm("front-marks")  # last, for a stub's colour would cover them
    return pdf.take_content()


def _draw_backs(pdf: StreamedPdf, cards: int, paper: Paper) -> int:
    for place in paper.places[:cards]:
        _begin_card(pdf.canvas, paper.behind(place), paper)
        pdf.canvas.doForm("back")
        pdf.canvas.restoreState()
    pdf.canvas.doForm("back-marks")
    return pdf.take_content()


def _begin_card(canvas: Canvas, place: tuple[float, float], paper: Paper) -> None:
    canvas.saveState()
    canvas.translate(*place)
    if paper.scale != 1:
        canvas.scale(paper.scale, paper.scale)
