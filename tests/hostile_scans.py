"""Files made to break whoever reads them, or that a scanner or a person broke; each made here, none kept."""

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image, PngImagePlugin
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.scanning import as_file


def inked(size: tuple[int, int] = (400, 500)) -> Image.Image:
    """Returns a page with something on it, and no code."""
    page = Image.new("L", size, 255)
    page.paste(0, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    return page


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Returns a ZIP of some files."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def pdf(pages: int = 1, size: tuple[float, float] = (200, 200), password: str = "") -> bytes:
    """Returns a PDF with a line on each page."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, encrypt=StandardEncryption(password) if password else None)
    for _ in range(pages):
        canvas.line(10, 10, 190, 190)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def pdf_of(pages: int) -> bytes:
    """Returns a PDF that shows one page so many times."""
    kids = b" ".join([b"3 0 R"] * pages)
    return _as_pdf([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
    ])


def png_bomb(side: int = 60_000) -> bytes:
    """Returns a PNG of a few kilobytes that says it unpacks to gigabytes."""
    return _png(side, 0, zlib.compress(bytes(1_000_000), 9))


def heavy_png(side: int = 8600) -> bytes:
    """Returns a PNG within the size of a page that needs far more memory than a page may, once it is unpacked."""
    packing = zlib.compressobj(1)
    rows = [packing.compress(bytes((4 * side + 1) * 100)) for _ in range(side // 100)]
    return _png(side, 6, b"".join([*rows, packing.flush()]))


def _png(side: int, colours: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", side, side, 8, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def png_of_words() -> bytes:
    """Returns a PNG with a note that unpacks to far more than its picture."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "a" * 5_000_000, zip=True)
    return as_file([inked()], "PNG", pnginfo=notes)


def bomb_in_pdf(side: int = 40_000) -> bytes:
    """Returns a PDF whose one page shows a picture of gigabytes."""
    stream = zlib.compress(bytes(1_000_000), 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length 30>>stream\n600 0 0 800 0 0 cm /I Do      \nendstream",
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length %d>>"
        b"stream\n%s\nendstream" % (side, side, len(stream), stream),
    ]
    return _as_pdf(parts)


def _as_pdf(parts: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (len(parts) + 1, table, len(parts) + 1, len(body))


def tiff_of(pages: int) -> bytes:
    """Returns a TIFF of so many pages of one grey point each."""
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1))
    length = 2 + 12 * len(tags) + 4
    made = [b"II*\0" + struct.pack("<L", 12) + b"\0\0\0\0"]
    for page in range(pages):
        following = 12 + (page + 1) * length if page + 1 < pages else 0
        entries = b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in tags)
        made.append(struct.pack("<H", len(tags)) + entries + struct.pack("<L", following))
    return b"".join(made)


def locked_zip() -> bytes:
    """Returns a ZIP whose file asks for a password."""
    whole = bytearray(zipped(("a.png", as_file([inked()], "PNG"))))
    whole[6] |= 1
    whole[whole.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(whole)


def zip_that_lies(content: bytes) -> bytes:
    """Returns a ZIP whose file unpacks to more than it says."""
    whole = bytearray(zipped(("a.pdf", content)))
    for at in (22, whole.rindex(b"PK\x01\x02") + 24):
        whole[at:at + 4] = struct.pack("<L", 1000)
    return bytes(whole)


def zip_of_a_million() -> bytes:
    """Returns a ZIP that says it holds a million files, which would take minutes and gigabytes to list."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    listed = entry * 1_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(listed), 30, 0)
    return b"PK\x03\x04" + bytes(26) + listed + end
