"""The pages of a PDF; used only in the child process.

A scanner puts one picture on a page. Where that is a JPEG it is unpacked as it lies, four times as fast as a page is drawn.
"""

import io
from typing import BinaryIO

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_LoadDocument

from campaigns.cards.scans.leaves import Leaf, Refused, as_grey, check_size
from campaigns.cards.scans.limits import MOST_PAGES, RENDER_DPI

POINTS = 72
SAID = {"password": "locked", "file access": "no pages"}  # what PDFium says of a document it does not open
DEEPEST = 5
QUARTERS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def open_pdf(file: BinaryIO) -> list[Leaf]:
    """Returns the pages of a PDF; raises Refused where it asks for a password, is damaged or has too many."""
    FPDF_LoadDocument(b"\0", None)  # fails to find a file, and so leaves that as the last failure where the next sets none
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as failure:
        raise Refused(next((outcome for said, outcome in SAID.items() if said in str(failure).casefold()), "broken")) from failure
    if len(document) > MOST_PAGES:
        raise Refused("too many")
    return [_page(document, place) for place in range(len(document))]


def _page(document: pypdfium2.PdfDocument, place: int) -> Leaf:
    def read(dpi: int) -> Image.Image:
        try:
            page = document[place]
            return (_only_picture(page) if dpi <= RENDER_DPI else None) or _drawn(page, dpi)
        except pypdfium2.PdfiumError as failure:
            raise Refused("broken") from failure

    return read


def _drawn(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    scale = dpi / POINTS
    check_size(page.get_width() * scale, page.get_height() * scale)
    for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=DEEPEST):
        check_size(*picture.get_px_size())  # one that it has no room for it leaves out, and says nothing
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L")


def _only_picture(page: pypdfium2.PdfPage) -> Image.Image | None:
    """Returns the picture that a scanner put on a page, upright; None where there is more on it, or it is no plain JPEG."""
    things = list(page.get_objects(max_depth=1))
    if len(things) != 1 or things[0].type != FPDF_PAGEOBJ_IMAGE or things[0].get_filters() != ["DCTDecode"]:
        return None
    a, b, c, d, _, _ = things[0].get_matrix().get()
    if b or c or a <= 0 or d <= 0:
        return None
    image = Image.open(io.BytesIO(bytes(things[0].get_data())), formats=("JPEG",))
    check_size(*image.size)
    image.draft("L", None)
    grey = as_grey(image)
    turn = QUARTERS.get(page.get_rotation())
    return grey.transpose(turn) if turn is not None else grey
