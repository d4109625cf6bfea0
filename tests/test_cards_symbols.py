"""QR symbols: they read back in every form they are drawn in, and stay small."""

import io
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import lost_point
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from campaigns.cards.masks import choose_mask, mask_penalties
from campaigns.cards.symbols import Modules, dark_runs, draw_symbol, make_symbol, symbol_png, symbol_svg
from campaigns.cards.tokens import card_address, token_for

SECRET = bytes(range(32))
ADDRESSES = [card_address("https://wishes.derby.gov.uk", "derby-2026", token_for(card, SECRET)) for card in range(1, 26)]
OTHERS = ["HTTP://A.UK/", "https://example.org/derby-2026/from/the-library?x=ż", "A" * 600]


def read_symbols(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("address", ADDRESSES + OTHERS)
def test_picture_reads_back(address: str) -> None:
    assert read_symbols(Image.open(io.BytesIO(symbol_png(make_symbol(address))))) == [address]


def test_picture_has_one_bit_a_pixel_and_a_quiet_zone() -> None:
    picture = Image.open(io.BytesIO(symbol_png(make_symbol("HTTP://A.UK/"), 3)))
    assert (picture.mode, picture.size) == ("1", ((21 + 8) * 3, (21 + 8) * 3))
    assert np.asarray(picture)[:12].all()


def test_address_in_capitals_takes_a_smaller_symbol() -> None:
    assert len(make_symbol(ADDRESSES[0])) == 33
    assert len(make_symbol(ADDRESSES[0].lower())) == 37


@pytest.mark.parametrize("address", ADDRESSES[:8])
def test_mask_is_no_worse_than_the_librarys_own_choice(address: str) -> None:
    qr = QRCode(error_correction=ERROR_CORRECT_M)
    qr.add_data(address)
    qr.make()
    assert lost_point(make_symbol(address).tolist()) <= lost_point(qr.modules)


@pytest.mark.parametrize(
    ("rows", "penalty"),
    [
        # 121 light modules: 22 lines of eleven alike at 9, 100 blocks at 3, and no dark at all at 100.
        (np.zeros((11, 11), bool), 22 * 9 + 300 + 100),
        # A chequerboard of 61 dark in 121 costs nothing.
        (np.indices((11, 11)).sum(0) % 2 == 0, 0),
    ],
)
def test_penalties_follow_the_standard(rows: np.ndarray, penalty: int) -> None:
    assert mask_penalties(rows[None]).tolist() == [penalty]


def test_finder_look_alikes_cost_forty() -> None:
    rows = np.indices((11, 11)).sum(0) % 2 == 0
    with_one = rows.copy()
    with_one[4] = [letter == "1" for letter in "10111010000"]
    without = rows.copy()
    without[4] = [letter == "1" for letter in "10111010010"]
    assert mask_penalties(with_one[None])[0] - mask_penalties(without[None])[0] >= 40
    assert choose_mask(np.stack([with_one, without])) == 1


def test_runs_cover_each_dark_module_once() -> None:
    modules = make_symbol(ADDRESSES[0])
    drawn = np.zeros(modules.shape, int)
    for left, row, width in dark_runs(modules):
        drawn[row, left : left + width] += 1
    assert (drawn == modules).all()


def test_svg_is_spoken_and_draws_the_same_modules() -> None:
    modules = make_symbol(ADDRESSES[0])
    svg = ElementTree.fromstring(symbol_svg(modules, "Scan & wish <here>"))
    names = {"svg": "http://www.w3.org/2000/svg"}
    assert svg.get("role") == "img"
    assert svg.get("viewBox") == "0 0 41 41"
    assert svg.findtext("svg:title", namespaces=names) == "Scan & wish <here>"
    path = svg.findall("svg:path", names)[1].get("d")
    assert path.count("M") == len(dark_runs(modules))
    assert path.startswith("M4 4h7v1h-7z")


def draw_page(modules: Modules, side: float) -> bytes:
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(40 * mm, 40 * mm))
    draw_symbol(canvas, modules, 5 * mm, 5 * mm, side)
    canvas.save()
    return page.getvalue()


def test_printed_symbol_reads_back_at_20_mm() -> None:
    page = pypdfium2.PdfDocument(draw_page(make_symbol(ADDRESSES[0]), 20 * mm))[0]
    assert read_symbols(page.render(scale=150 / 72).to_pil()) == [ADDRESSES[0]]


def test_symbol_smaller_than_20_mm_is_not_printed() -> None:
    with pytest.raises(ValueError, match=r"at least 20 mm wide, not 19\.0 mm"):
        draw_page(make_symbol(ADDRESSES[0]), 19 * mm)
