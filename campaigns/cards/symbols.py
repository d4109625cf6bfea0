"""QR symbols: as a matrix of modules, on a printed page, on a web page, and as a picture.

The ``qrcode`` library makes the symbol. A symbol may be masked in eight ways, and the standard says how to score which
reads best; the library scores in plain Python (3.6 of its 4.4 ms a symbol), so that part is done here with numpy.
"""

import io
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from campaigns.cards.masks import choose_mask

QUIET = 4
LEAST_SIDE = 20 * mm

Modules = NDArray[np.bool_]


def make_symbol(address: str) -> Modules:
    """Returns the symbol for an address as a square of modules, true where dark, without its quiet zone.

    Error correction M and the smallest version that holds it; an address in capitals takes 5.5 bits a letter, not 8.
    """
    qr = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=0)
    qr.add_data(address)
    qr.make()
    candidates = np.array(qr.modules, bool) ^ _mask_changes(qr.version)
    best: Modules = candidates[choose_mask(candidates)]
    return best


@lru_cache(maxsize=40)
def _mask_changes(version: int) -> Modules:
    # What a mask turns over is the same whatever the symbol says, so the library is asked once a version.
    masked = []
    for mask in range(8):
        qr = QRCode(version, ERROR_CORRECT_M, mask_pattern=mask)
        qr.add_data("")
        qr.make()
        masked.append(qr.modules)
    symbols = np.array(masked, bool)
    return np.asarray(symbols ^ symbols[0])


def dark_runs(modules: Modules) -> list[tuple[int, int, int]]:
    """Returns each unbroken run of dark modules in a row as left, row, length."""
    edges = np.diff(np.pad(modules, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    return list(zip(starts.tolist(), rows.tolist(), (ends - starts).tolist(), strict=True))


def draw_symbol(canvas: Canvas, modules: Modules, left: float, bottom: float, side: float) -> None:
    """Draws a symbol in black as one vector path, ``side`` points wide with its quiet zone, 20 mm at least."""
    if side < LEAST_SIDE:
        raise ValueError(f"a printed symbol is at least 20 mm wide, not {side / mm:.1f} mm")
    size = len(modules)
    rectangles = [f"{x} {size - 1 - y} {width} 1 re" for x, y, width in dark_runs(modules)]
    canvas.saveState()
    canvas.translate(left, bottom)
    canvas.scale(side / (size + 2 * QUIET), side / (size + 2 * QUIET))
    canvas.translate(QUIET, QUIET)
    canvas.setFillGray(0)
    canvas.drawPath(PDFPathObject(code=rectangles), stroke=0, fill=1)
    canvas.restoreState()


def symbol_svg(modules: Modules, title: str) -> str:
    """Returns a symbol as SVG for a web page or poster, with a title that screen readers speak."""
    side = len(modules) + 2 * QUIET
    path = "".join(f"M{x + QUIET} {y + QUIET}h{width}v1h-{width}z" for x, y, width in dark_runs(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>"
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def symbol_png(modules: Modules, pixels_a_module: int = 8) -> bytes:
    """Returns a symbol as a PNG picture of one bit a pixel, black on white, with its quiet zone."""
    light = ~np.pad(modules, QUIET).repeat(pixels_a_module, 0).repeat(pixels_a_module, 1)
    picture = io.BytesIO()
    Image.fromarray(light).save(picture, "PNG", optimize=True)
    return picture.getvalue()
