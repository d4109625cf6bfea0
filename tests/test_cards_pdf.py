"""The streamed PDF: whole, readable, the same every time, and no larger in memory for having more pages."""

import io
import re
import tracemalloc
from typing import BinaryIO

import pypdfium2
import pytest

from campaigns.cards.print.lettering import Face, write
from campaigns.cards.print.pdf import StreamedPdf


class Sink(io.BytesIO):
    """Counts what is written and keeps nothing."""

    written = 0

    def write(self, data: bytes) -> int:
        self.written += len(data)
        return len(data)


def draw_pages(out: BinaryIO, count: int) -> None:
    pdf = StreamedPdf(out, (100, 200), "Życzenia & “wishes”", "en-GB")
    for page in range(count):
        write(pdf.canvas, f"Page {page}", 10, 10, Face.PLAIN, 9)
        pdf.add_page(pdf.take_content())
    pdf.close()


def made(count: int) -> bytes:
    out = io.BytesIO()
    draw_pages(out, count)
    return out.getvalue()


@pytest.mark.parametrize("count", [0, 1, 127, 128, 129, 300])
def test_every_page_is_there_in_order(count: int) -> None:
    pdf = pypdfium2.PdfDocument(made(count)) if count else []
    assert len(pdf) == count
    for place in {0, count // 2, count - 1} & set(range(count)):
        assert pdf[place].get_textpage().get_text_bounded() == f"Page {place}"
        assert pdf[place].get_size() == (100, 200)


def test_title_language_and_printing_wishes_are_stated() -> None:
    data = made(1)
    assert pypdfium2.PdfDocument(data).get_metadata_dict()["Title"] == "Życzenia & “wishes”"
    assert b"/Lang <feff0065006e002d00470042>" in data
    assert b"/PrintScaling/None/Duplex/DuplexFlipLongEdge" in data


def test_offsets_point_at_their_objects() -> None:
    data = made(3)
    start = int(re.search(rb"startxref\n(\d+)", data)[1])
    entries = data[start:].split(b"\n")[2:]
    for number, entry in enumerate(entries):
        if entry.endswith(b" n "):
            assert data[int(entry[:10]) :].startswith(b"%d 0 obj\n" % number)


def test_fonts_are_embedded_and_no_others_are_used() -> None:
    data = made(1)
    assert data.count(b"/FontFile2") == 1
    used = next(iter(pypdfium2.PdfDocument(data)[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]))).get_font()
    assert used.is_embedded


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert made(5) == made(5)


def test_content_is_drawn_once_for_any_number_of_pages() -> None:
    out = io.BytesIO()
    pdf = StreamedPdf(out, (100, 200), "Backs", "en-GB")
    write(pdf.canvas, "Back", 10, 10, Face.BOLD, 9)
    back = pdf.take_content()
    for _ in range(3):
        pdf.add_page(back)
    pdf.close()
    document = pypdfium2.PdfDocument(out.getvalue())
    assert [page.get_textpage().get_text_bounded() for page in document] == ["Back"] * 3
    assert pdf.pages == 3


def test_memory_does_not_grow_with_the_pages() -> None:
    draw_pages(Sink(), 10)
    peaks = []
    for count in (200, 4000):
        tracemalloc.start()
        draw_pages(Sink(), count)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # What grows is eight bytes an object for the table at the end.
    assert peaks[1] - peaks[0] < 4000 * 60
