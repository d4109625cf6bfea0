"""The pages of a TIFF, a JPEG or a PNG; used only in the child process."""

from typing import BinaryIO

from PIL import Image, ImageOps

from campaigns.cards.scans.leaves import DAMAGE, Leaf, Refused, as_grey, check_size, refusing
from campaigns.cards.scans.limits import MOST_PAGES


def open_tiff(file: BinaryIO) -> list[Leaf]:
    """Returns the pages of a TIFF; raises Refused where there are too many, without walking past them."""
    image = Image.open(file, formats=("TIFF",))
    leaves = [_frame(image, 0)]
    try:
        while _reaches(image, len(leaves)):  # its own count walks past all there are, and is wrong once one asks for more
            leaves.append(_frame(image, len(leaves)))
            if len(leaves) > MOST_PAGES:
                raise Refused("too many")
    except DAMAGE:
        leaves.append(refusing("broken"))  # where the next page should be; those before it are whole
    return leaves


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
