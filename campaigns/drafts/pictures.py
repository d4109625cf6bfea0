"""Charts as pictures for Word, drawn at 300 dots an inch and more; a table with the same counts always stands beside."""

import io

from PIL import Image, ImageColor, ImageDraw

from campaigns.definition import Look
from campaigns.drafts.document import Days, Share, Ways

BAR_SIZE, DAYS_SIZE = (600, 48), (2000, 320)
TRACK, KEEP, MEND, UNTOLD = "#e8e5d9", "#8ab79a", "#c58a1b", "#b9bfbc"


def share_picture(share: Share, colour: str) -> bytes:
    """Returns a bar on a track as long as the whole, or as the largest of its table."""
    against = share.most or share.whole
    return _bar([(share.part / against if against else 0.0, colour)], TRACK)


def ways_picture(ways: Ways, look: Look) -> bytes:
    """Returns a bar split by which way wishes ask, its length in proportion to the longest of its table."""
    colours = {"more": look.leaf, "keep": KEEP, "mend": MEND, "less": look.red, "unclear": UNTOLD}
    return _bar([(number / ways.most if ways.most else 0.0, colours[ask]) for ask, number in ways.asks], "#ffffff")


def days_picture(days: Days, colour: str, ink: str) -> bytes:
    """Returns a column for each day, the highest as high as the picture."""
    width, height = DAYS_SIZE
    image = Image.new("RGB", DAYS_SIZE, "#ffffff")
    draw = ImageDraw.Draw(image)
    most, step = max(days.counts, default=0) or 1, width / max(len(days.counts), 1)
    for place, number in enumerate(days.counts):
        if number:
            top = height - 6 - (height - 10) * number / most
            draw.rectangle((place * step + step * 0.1, top, place * step + step * 0.9, height - 6), fill=colour)
    draw.rectangle((0, height - 6, width, height), fill=ink)
    return _png(image)


def _bar(parts: list[tuple[float, str]], ground: str) -> bytes:
    """A palette of its own from the first: to find one afterwards takes longer than all the rest."""
    width, height = BAR_SIZE
    image = Image.new("P", BAR_SIZE, 0)
    image.putpalette([part for colour in (ground, *(colour for _, colour in parts)) for part in ImageColor.getrgb(colour)])
    draw, start = ImageDraw.Draw(image), 0.0
    for place, (share, _) in enumerate(parts, 1):
        end = start + width * share
        if end - start >= 1:
            draw.rectangle((start, 0, end - 1, height), fill=place)
        start = end
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(600, 600))
    return out.getvalue()
