"""A PDF whose pages go out as soon as they are drawn, so that memory does not grow with their number.

reportlab draws, and makes the fonts and repeated parts; but it keeps every page until the end (600 MB for 100,000
cards), so the pages and what ties them together are written here. The same drawing gives the same bytes, so a printed
file can be known by its hash.
"""

import hashlib
import io
import zlib
from array import array
from typing import BinaryIO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

# Readers open a file of 50,000 pages at once if its page tree has two levels.
_PAGES_A_BRANCH = 128

Box = tuple[float, float, float, float]


class StreamedPdf:
    """Pages drawn on ``canvas`` one after another; everything not a page or its content is written by ``close``.

    Forms (parts drawn once and used on many pages) are made by ``canvas.beginForm`` before the first page. ``trim`` is
    where pages will be cut (left, bottom, right, top; the whole page unless told), ``bleed`` how far is drawn beyond it.
    """

    def __init__(
        self, out: BinaryIO, page_size: tuple[float, float], title: str, language: str, trim: Box | None = None, bleed: float = 0
    ) -> None:
        self.canvas = Canvas(io.BytesIO(), pagesize=page_size, pageCompression=1, invariant=1)
        self.pages = 0
        self._out = out
        self._doc = self.canvas._doc
        # reportlab starts every page in Helvetica, which it does not embed; cards never use it.
        self.canvas._preamble = ""
        self._doc.idToObject[pdfdoc.BasicFonts].dict.clear()
        self._size = page_size
        self._boxes = _boxes(trim or (0, 0, *page_size), bleed)
        self._title, self._language = title, language
        self._offsets = array("Q", [0])
        self._position = 0
        self._digest = hashlib.sha256()
        self._branches: list[int] = []
        self._branch_pages: list[int] = []
        self._write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        self._root = self._new_number()
        self._branch = self._new_number()

    def take_content(self) -> int:
        """Writes what was drawn since the last call, and returns its number for ``add_page``, any number of times."""
        canvas = self.canvas
        code = zlib.compress("\n".join(canvas._code).encode("latin-1"))
        canvas._restartAccumulators()
        canvas.init_graphics_state()
        head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(code)
        return self._write_object(self._new_number(), head + code + b"\nendstream")

    def add_page(self, content: int) -> None:
        """Adds a page that shows this content."""
        page = b"<</Type/Page/Parent %d 0 R/Contents %d 0 R%s>>" % (self._branch, content, self._boxes)
        self._branch_pages.append(self._write_object(self._new_number(), page))
        self.pages += 1
        if len(self._branch_pages) == _PAGES_A_BRANCH:
            self._end_branch()
            self._branch = self._new_number()

    def close(self) -> None:
        """Writes fonts, forms and tables; the file is whole after this, and ``out`` is left open."""
        self._end_branch()
        for font in self._doc.delayedFonts:
            font.addObjects(self._doc)
        self._write_root()
        catalog = self._write_object(self._new_number(), self._catalog())
        about = b"<</Title %s/Producer %s>>" % (_text(self._title), _text("Three Wishes"))
        info = self._write_object(self._new_number(), about)
        self._write_drawn_objects()
        self._write_tables(catalog, info)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._position += len(data)

    def _new_number(self) -> int:
        # reportlab counts its own objects with the same counter, so that the two never give one number twice.
        self._doc.objectcounter += 1
        number: int = self._doc.objectcounter
        return number

    def _write_object(self, number: int, body: bytes) -> int:
        self._offsets.extend([0] * (number + 1 - len(self._offsets)))
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        return number

    def _end_branch(self) -> None:
        if self._branch_pages:
            node = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%s]>>"
            self._write_object(self._branch, node % (self._root, len(self._branch_pages), _refer(self._branch_pages)))
            self._branches.append(self._branch)
        self._branch_pages = []

    def _write_root(self) -> None:
        forms = [name for name in self._doc.idToObject if isinstance(self._doc.idToObject[name], pdfdoc.PDFFormXObject)]
        resources = pdfdoc.PDFResourceDictionary()
        resources.basicFonts()
        resources.XObject = {name: pdfdoc.PDFObjectReference(name) for name in forms}
        box = b"%g %g" % self._size
        body = b"<</Type/Pages/Count %d/MediaBox[0 0 %s]/Resources %s/Kids[%s]>>"
        self._write_object(self._root, body % (self.pages, box, resources.format(self._doc), _refer(self._branches)))

    def _catalog(self) -> bytes:
        # A printer that shrank the page would shrink the symbols, and one that turned it over short-edge, the backs.
        wishes = b"/ViewerPreferences<</PrintScaling/None/Duplex/DuplexFlipLongEdge/DisplayDocTitle true>>"
        return b"<</Type/Catalog/Pages %d 0 R/Lang %s%s>>" % (self._root, _text(self._language), wishes)

    def _write_drawn_objects(self) -> None:
        names = self._doc.numberToId
        written: set[int] = set()
        # Writing one object may make others, so until there are no more.
        while waiting := names.keys() - written:
            for number in sorted(waiting):
                self._write_object(number, pdfdoc.format(self._doc.idToObject[names[number]], self._doc, toplevel=1))
            written |= waiting

    def _write_tables(self, catalog: int, info: int) -> None:
        start, count = self._position, len(self._offsets)
        mark = self._digest.hexdigest()[:32].encode()
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for number in range(1, count):
            offset = self._offsets[number]
            self._write(b"%010d 00000 n \n" % offset if offset else b"0000000000 00001 f \n")
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
        self._write(trailer % (count, catalog, info, mark, mark, start))


def _boxes(trim: Box, bleed: float) -> bytes:
    left, bottom, right, top = trim
    reach = (left - bleed, bottom - bleed, right + bleed, top + bleed)
    return b"/TrimBox[%s]/BleedBox[%s]" % tuple(b" ".join(b"%.5g" % edge for edge in box) for box in (trim, reach))


def _refer(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _text(words: str) -> bytes:
    return b"<feff%s>" % words.encode("utf-16-be").hex().encode()
