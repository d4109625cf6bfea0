"""The few shapes a card is drawn from: the box with one leaf-shaped corner, the leaf, ruled lines, letter boxes."""

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

# How far along a quarter circle its Bézier handles reach.
_ROUND = 0.5523


def draw_leaf_box(
    canvas: Canvas, left: float, bottom: float, width: float, height: float, leaf: float, *, fill: bool = False
) -> None:
    """Draws a box with three slightly rounded corners and one, at the top right, curved with the radius ``leaf``."""
    right, top, small = left + width, bottom + height, min(leaf, 4.0)
    path = canvas.beginPath()
    path.moveTo(left + small, bottom)
    path.lineTo(right - small, bottom)
    _turn(path, right - small, bottom, right, bottom, right, bottom + small)
    path.lineTo(right, top - leaf)
    _turn(path, right, top - leaf, right, top, right - leaf, top)
    path.lineTo(left + small, top)
    _turn(path, left + small, top, left, top, left, top - small)
    path.lineTo(left, bottom + small)
    _turn(path, left, bottom + small, left, bottom, left + small, bottom)
    path.close()
    canvas.drawPath(path, stroke=int(not fill), fill=int(fill))


def _turn(path: PDFPathObject, x: float, y: float, corner_x: float, corner_y: float, to_x: float, to_y: float) -> None:
    reach_x, reach_y = x + (corner_x - x) * _ROUND, y + (corner_y - y) * _ROUND
    back_x, back_y = to_x + (corner_x - to_x) * _ROUND, to_y + (corner_y - to_y) * _ROUND
    path.curveTo(reach_x, reach_y, back_x, back_y, to_x, to_y)


def draw_leaf(canvas: Canvas, left: float, bottom: float, size: float, rib: str) -> None:
    """Draws a leaf, its stalk at the lower left, in the fill colour, with a rib in another (#rrggbb)."""
    canvas.saveState()
    canvas.translate(left, bottom)
    canvas.scale(size, size)
    path = canvas.beginPath()
    path.moveTo(0.1, 0.1)
    path.curveTo(-0.1, 0.6, 0.3, 1.0, 1.0, 1.0)
    path.curveTo(1.0, 0.3, 0.6, -0.1, 0.1, 0.1)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor(rib))
    canvas.setLineCap(1)
    canvas.setLineWidth(0.06)
    path = canvas.beginPath()
    path.moveTo(0.1, 0.1)
    path.curveTo(0.3, 0.42, 0.5, 0.6, 0.76, 0.76)
    canvas.drawPath(path)
    canvas.restoreState()


def draw_letter_boxes(canvas: Canvas, left: float, bottom: float, width: float, height: float, count: int) -> None:
    """Draws ``count`` boxes side by side for one letter each."""
    canvas.rect(left, bottom, width, height)
    for place in range(1, count):
        canvas.line(left + place * width / count, bottom, left + place * width / count, bottom + height)
