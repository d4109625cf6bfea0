"""Finding the codes on a page; used only in the child process."""

import zxingcpp
from PIL import Image, ImageFilter

from campaigns.cards.scans.limits import FIND_SIDE, MOST_SYMBOLS
from campaigns.cards.scans.placing import Point, Symbol, touching

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def find_symbols(page: Image.Image) -> list[Symbol]:
    """Returns the codes on a page; a damaged one only where no other was read in its place.

    Looked for twice, the second time with the noise smoothed: of codes on noisy pages turned any way the first alone found
    66 of 160, both together all.
    """
    factor = -(-max(page.size) // FIND_SIDE)
    page = page.reduce(factor) if factor > 1 else page
    symbols = [*_look(page, factor), *_look(page.filter(ImageFilter.BoxBlur(1)), factor)]
    if not any(symbol.text for symbol in symbols):
        symbols += _look(page.reduce(2), 2 * factor)
    found: list[Symbol] = []
    for symbol in sorted(symbols, key=lambda symbol: not symbol.text):
        if not any(touching(symbol, other) and symbol.text in ("", other.text) for other in found):
            found.append(symbol)
    return found[:MOST_SYMBOLS]


def _look(page: Image.Image, factor: int) -> list[Symbol]:
    found = zxingcpp.read_barcodes(page, formats=QR, try_invert=False, return_errors=True)
    return [Symbol(one.text if one.valid else "", _corners(one.position, factor)) for one in found]


def _corners(position: zxingcpp.Position, factor: int) -> tuple[Point, Point, Point, Point]:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    one, two, three, four = ((point.x * factor, point.y * factor) for point in points)
    return one, two, three, four
