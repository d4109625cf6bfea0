"""The pages of a TIFF, a JPEG or a PNG; used only in the child process."""

from typing import BinaryIO

from PIL import Image, ImageOps

from campaigns.cards.scans.leaves import Leaf, Refused, as_grey, check_size
from campaigns.cards.scans.limits import MOST_PAGES


def open_tiff(file: BinaryIO) -> list[Leaf]:
    """Returns the pages of a TIFF; raises Refused where there are too many, without walking past them."""
    image = Image.open(file, formats=("TIFF",))
    if _reaches(image, MOST_PAGES):
        raise Refused("too many")
    return [_frame(image, place) for place in range(getattr(image, "n_frames", 1))]


def open_picture(file: BinaryIO, kind: str) -> list[Leaf]:
    """Returns the one page of a JPEG or PNG; of one that holds several pictures, the first."""
    def read(_: int) -> Image.Image:
        file.seek(0)
        image = Image.open(file, formats=(kind.upper(),))
        check_size(*image.size)
        if kind == "jpeg":
            image.draft("L", None)
            return as_grey(ImageOps.exif_transpose(image))
        return as_grey(image)

    return [read]


def _reaches(image: Image.Image, frame: int) -> bool:
    try:
        image.seek(frame)
    except EOFError:
        return False
    return True


def _frame(image: Image.Image, place: int) -> Leaf:
    def read(_: int) -> Image.Image:
        image.seek(place)
        return as_grey(image)

    return read
