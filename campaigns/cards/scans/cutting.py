"""Cutting a card out of a page, upright, from where its code stands; used only in the child process."""

import io

from PIL import Image

from campaigns.cards.scans.layout import CardLayout
from campaigns.cards.scans.limits import CUT_DPI, PAGE_SIDE, QUALITY
from campaigns.cards.scans.placing import Symbol, place_symbol

MM = 25.4


def cut_card(page: Image.Image, symbol: Symbol, layout: CardLayout) -> Image.Image:
    """Returns the card that a code stands on, upright and with a margin around it, white where the page ends."""
    placed = place_symbol(symbol)
    width, height = (round(length * CUT_DPI / MM) for length in layout.size)
    step = placed.side / layout.symbol * MM / CUT_DPI  # pixels of the page to one of the picture
    factor = max(1, int(step))
    if factor > 1:
        page = page.reduce(factor)
    u, v = (part / placed.side * step / factor for part in placed.along)
    left, top = (length * CUT_DPI / MM for length in layout.origin)
    x, y = placed.x / factor, placed.y / factor
    matrix = (u, -v, x - left * u + top * v, v, u, y - left * v - top * u)
    return page.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=255)


def as_jpeg(image: Image.Image) -> bytes:
    """Returns a picture packed as a person needs it to read what is written."""
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=QUALITY, optimize=False)
    return packed.getvalue()


def shrink(page: Image.Image) -> Image.Image:
    """Returns a whole page small enough to be looked at."""
    small = page.copy()
    small.thumbnail((PAGE_SIDE, PAGE_SIDE), Image.Resampling.BILINEAR, reducing_gap=1.5)
    return small
