"""Posters, and table cards folded like a tent: the question, one source's own symbol, and its address to type in."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.print.lettering import Face, balance, check_printable, fit_lines, measure, shorten, write
from campaigns.cards.print.pdf import StreamedPdf
from campaigns.cards.print.printing import short_address
from campaigns.cards.print.shapes import draw_leaf, draw_leaf_box
from campaigns.cards.print.style import say_day
from campaigns.cards.symbols import draw_symbol, make_symbol
from campaigns.definition import Campaign, Source

SCAN = "Scan this with your phone"
TYPE = "or type in"
BRIEF = "Takes 2 minutes. One wish is enough. You do not need to give your name."

_SMALLER = (1, 0.93, 0.86, 0.8, 0.72, 0.65, 0.58, 0.5)


@dataclass(frozen=True)
class Size:
    """One size: in words, the page in points, whether it is folded into two faces, and how large letters are against A4's."""

    words: str
    page: tuple[float, float]
    folded: bool
    unit: float


SIZES: Mapping[str, Size] = MappingProxyType({
    "a4": Size("A4 poster", (210 * mm, 297 * mm), False, 1),
    "a3": Size("A3 poster", (297 * mm, 420 * mm), False, 1.414),
    "tent-a5": Size("A5 table card, folded from A4", (210 * mm, 297 * mm), True, 0.62),
    "tent-a6": Size("A6 table card, folded from A5", (148 * mm, 210 * mm), True, 0.62 / 1.414),
})


@dataclass(frozen=True)
class _Said:
    """What stands on a poster, and in which colour."""

    title: str
    question: str
    address: str
    last_day: str
    organiser: str
    place: str
    leaf: str


def draw_poster(campaign: Campaign, source: Source, address: str, size: str) -> io.BytesIO:
    """Returns a poster or table card for a source as PDF; UnprintableError, in words, where something does not fit."""
    said = _Said(
        campaign.title, campaign.question, short_address(address), f"Until {say_day(campaign.window.closes)}",
        campaign.organiser, source.name, campaign.look.leaf,
    )
    check_printable((said.title, said.question, said.address, said.organiser, said.place))
    what, out = SIZES[size], io.BytesIO()
    pdf = StreamedPdf(out, what.page, f"{campaign.title}: {source.name}", campaign.languages[0])
    if what.folded:
        _draw_tent(pdf.canvas, said, address, what)
    else:
        _draw_face(pdf.canvas, said, address, what.page, what.unit)
    pdf.add_page(pdf.take_content())
    pdf.close()
    out.seek(0)
    return out


def _draw_tent(canvas: Canvas, said: _Said, address: str, size: Size) -> None:
    across, up = size.page
    for turned in (False, True):
        canvas.saveState()
        if turned:  # so that it stands upright on the other side once the page is folded
            canvas.translate(across, up)
            canvas.rotate(180)
        _draw_face(canvas, said, address, (across, up / 2), size.unit)
        canvas.restoreState()
    canvas.setStrokeGray(0.5)
    canvas.setLineWidth(0.5)
    canvas.setDash([2, 2])
    for x in (0.0, across - 8 * mm):
        canvas.line(x, up / 2, x + 8 * mm, up / 2)


def _draw_face(canvas: Canvas, said: _Said, address: str, size: tuple[float, float], unit: float) -> None:
    """Draws one upright face, its lower left corner at the origin."""
    margin = 14 * mm * max(unit, 0.6)
    inside = size[0] - 2 * margin
    wide = size[0] > size[1]
    top = _draw_heading(canvas, said, margin, size[1] - margin, inside, unit, 2 if wide else 4)
    bottom = _draw_foot(canvas, said, margin, inside, unit)
    side = min(top - bottom, inside * 0.52)
    middle = (top + bottom) / 2
    draw_symbol(canvas, make_symbol(address), margin - side * 0.06, middle - side / 2, side)
    left = margin + side + 4 * mm * unit
    _draw_invitation(canvas, said, left, middle, margin + inside - left, unit * (1.25 if wide else 1))


def _draw_heading(canvas: Canvas, said: _Said, left: float, top: float, width: float, unit: float, most: int) -> float:
    """Draws the question in its box, on so many lines at most, and returns where the box ends below."""
    pad = 8 * mm * unit
    size, lines = fit_lines(said.question, Face.BOLD, _sizes(54, unit), width - 2 * pad, most)
    title_size, title = fit_lines(said.title, Face.PLAIN, _sizes(22, unit), width - 2 * pad - 14 * mm * unit, 1)
    height = 2 * pad + 11 * mm * unit + len(lines) * size * 1.16
    canvas.setFillColor(HexColor(said.leaf))
    draw_leaf_box(canvas, left, top - height, width, height, 22 * mm * unit, fill=True)
    canvas.setFillGray(1)
    draw_leaf(canvas, left + pad, top - pad - 7.5 * mm * unit, 9 * mm * unit, said.leaf)
    write(canvas, title[0], left + pad + 13 * mm * unit, top - pad - 6 * mm * unit, Face.PLAIN, title_size)
    baseline = top - pad - 11 * mm * unit - size * 0.9
    for line in balance(lines, Face.BOLD, size):
        write(canvas, line, left + pad, baseline, Face.BOLD, size)
        baseline -= size * 1.16
    return float(top - height - 7 * mm * unit)


def _draw_invitation(canvas: Canvas, said: _Said, left: float, middle: float, width: float, unit: float) -> None:
    """Draws what to do, beside the symbol and centred on it."""
    parts = (
        (SCAN, Face.BOLD, fit_lines(SCAN, Face.BOLD, _sizes(30, unit), width, 3), said.leaf),
        (BRIEF, Face.PLAIN, fit_lines(BRIEF, Face.PLAIN, _sizes(21, unit), width, 6), ""),
        (said.last_day, Face.BOLD, fit_lines(said.last_day, Face.BOLD, _sizes(21, unit), width, 2), ""),
    )
    height = sum(len(lines) * size * 1.28 for _, _, (size, lines), _ in parts) + 2 * 5 * mm * unit
    baseline = middle + height / 2
    for _, face, (size, lines), colour in parts:
        if colour:
            canvas.setFillColor(HexColor(colour))
        else:
            canvas.setFillGray(0)
        for line in lines:
            baseline -= size * 1.28
            write(canvas, line, left, baseline + size * 0.3, face, size)
        baseline -= 5 * mm * unit


def _draw_foot(canvas: Canvas, said: _Said, left: float, width: float, unit: float) -> float:
    """Draws the address to type in, who asks and where this hangs; returns where it ends above."""
    base = 14 * mm * max(unit, 0.6)
    canvas.setFillGray(0)
    small = max(12 * unit, 8)
    size, organiser = fit_lines(said.organiser, Face.PLAIN, (small, small * 0.9, small * 0.8), width * 0.6, 1)
    write(canvas, organiser[0], left, base, Face.PLAIN, size)
    place = shorten(said.place, Face.PLAIN, small, width * 0.38)
    write(canvas, place, left + width - measure(place, Face.PLAIN, small), base, Face.PLAIN, small)
    line = base + small * 1.5
    canvas.setStrokeColor(HexColor(said.leaf))
    canvas.setLineWidth(1.2 * unit)
    canvas.line(left, line, left + width, line)
    size, address = fit_lines(said.address, Face.BOLD, _sizes(30, unit), width, 1)
    write(canvas, address[0], left, line + 7 * mm * unit, Face.BOLD, size)
    above = line + 7 * mm * unit + size * 1.25
    write(canvas, TYPE, left, above, Face.PLAIN, 18 * unit)
    return float(above + 18 * unit + 6 * mm * unit)


def _sizes(largest: float, unit: float) -> tuple[float, ...]:
    return tuple(largest * unit * part for part in _SMALLER)
