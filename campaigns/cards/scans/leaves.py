"""A page that is read only when it is asked for, and what keeps one from being read; used only in the child process."""

import struct
import zlib
from collections.abc import Callable
from typing import TypeAlias
from zipfile import BadZipFile

from PIL import Image

from campaigns.cards.scans.limits import MOST_PIXELS

# Gives a page as a grey picture; dots an inch matter only where the page has none of its own.
Leaf: TypeAlias = Callable[[int], Image.Image]
# What Pillow, zipfile and their like are known to raise over what is damaged.
DAMAGE = (
    BadZipFile, OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error, zlib.error,
    NotImplementedError, OverflowError,
)
Image.MAX_IMAGE_PIXELS = None  # Pillow only warns; here the size is looked at before anything is unpacked


class Refused(Exception):
    """What cannot be read, by the name of its outcome."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def refusing(outcome: str) -> Leaf:
    """Returns a page that cannot be read, and says why when it is asked for."""
    def refuse(_: int) -> Image.Image:
        raise Refused(outcome)

    return refuse


def check_size(width: float, height: float) -> None:
    """Raises Refused where a picture of this size, in pixels, would be too large to unpack."""
    if width * height > MOST_PIXELS:
        raise Refused("large")
    if not (width >= 1 and height >= 1):  # not a number is not either
        raise Refused("broken")


def as_grey(image: Image.Image) -> Image.Image:
    """Returns a picture in grey, on white where it is see-through; raises Refused where it is too large to unpack."""
    check_size(*image.size)
    image.load()
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    if image.mode.startswith("I"):  # sixteen bits a pixel
        image = image.convert("I").point(lambda value: value * (1 / 256))
    return image.convert("L")
