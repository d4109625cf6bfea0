"""Printed sheets: every symbol reads back off the rendered page, backs line up, and nothing is lost or cramped."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from reportlab.lib.units import mm

from campaigns.cards.print.lettering import UnprintableError
from campaigns.cards.print.sheets import Card, CardStyle, SheetCount, draw_sheets
from campaigns.cards.print.style import say_day
from campaigns.cards.serials import serial_for
from campaigns.cards.tokens import card_address, token_for

SECRET = bytes(range(32))
WARDS = ["Normanton", "Abbey", "Chaddesden", "Świętokrzyska", "Blagreaves with Sunnyhill and Arboretum", ""]
STYLE = CardStyle(
    title="3 wishes for Derby in 2026",
    question="What are your three wishes for Derby in 2026?",
    return_lines=("FREEPOST 3 WISHES", "Derby City Partnership", "The Council House", "Derby DE1 2FS"),
    last_posting_day=date(2010, 7, 30),
    ways=("Online: wishes.example.org", "By phone: 01332 000000", "At any library: hand in this card"),
)


def make_cards(count: int) -> Iterator[Card]:
    for number in range(1, count + 1):
        address = card_address("https://wishes.derby.gov.uk", "derby-2026", token_for(number, SECRET))
        yield Card(serial_for(number, "derby-2026"), address, WARDS[number % len(WARDS)])


def print_sheets(cards: Iterable[Card], style: CardStyle = STYLE) -> tuple[bytes, SheetCount]:
    out = io.BytesIO()
    count = draw_sheets(out, cards, style)
    return out.getvalue(), count


def read_pages(data: bytes, dots: int = 150) -> list[Image.Image]:
    return [page.render(scale=dots / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(data)]


def read_words(data: bytes, page: int) -> str:
    """Returns all the words on a page run together, since where lines break is not the point."""
    return "".join(pypdfium2.PdfDocument(data)[page].get_textpage().get_text_bounded().split())


def read_symbols(picture: Image.Image) -> dict[int, str]:
    """Returns what each symbol says by the quarter of the page it is on: 0 and 1 above, 2 and 3 below."""
    found = {}
    for symbol in zxingcpp.read_barcodes(picture):
        corner = symbol.position.top_left
        found[(corner.x > picture.width / 2) + 2 * (corner.y > picture.height / 2)] = symbol.text
    return found


@pytest.mark.parametrize("count", [1, 4, 7, 25])
def test_every_symbol_reads_back_in_its_place(count: int) -> None:
    data, counted = print_sheets(make_cards(count))
    sheets = -(-count // 4)
    assert counted == SheetCount(count, sheets, 2 * sheets)
    fronts = read_pages(data)[::2]
    read = [symbols[place] for symbols in map(read_symbols, fronts) for place in sorted(symbols)]
    assert read == [card.address for card in make_cards(count)]


def test_symbols_read_back_from_a_poor_scan() -> None:
    data, _ = print_sheets(make_cards(24))
    chance = np.random.default_rng(1)
    read = set()
    for place, page in enumerate(read_pages(data)[::2]):
        turned = np.asarray(page.rotate(3 if place % 2 else -3, expand=True, fillcolor=255), float)
        noisy = np.clip(turned + chance.normal(0, 12, turned.shape), 0, 255).astype(np.uint8)
        scan = io.BytesIO()
        Image.fromarray(noisy).save(scan, "JPEG", quality=60)
        read |= {symbol.text for symbol in zxingcpp.read_barcodes(Image.open(scan))}
    assert read == {card.address for card in make_cards(24)}


def test_symbol_is_20_mm_at_least_without_its_quiet_zone() -> None:
    page = read_pages(print_sheets(make_cards(1))[0])[0]
    corners = zxingcpp.read_barcodes(page)[0].position
    assert (corners.top_right.x - corners.top_left.x) / 150 * 25.4 >= 20


def test_front_says_what_a_resident_needs() -> None:
    words = read_words(print_sheets(make_cards(1))[0], 0)
    for said in (STYLE.title, STYLE.question, STYLE.invitation, "Wish 1", "Wish 2", "Wish 3", STYLE.scan_words):
        assert "".join(said.split()) in words
    for said in (STYLE.postcode_words, serial_for(1, "derby-2026"), "Abbey", STYLE.number_words):
        assert "".join(said.split()) in words


def test_back_says_how_to_send_it_and_what_happens() -> None:
    words = read_words(print_sheets(make_cards(1))[0], 1)
    for said in (*STYLE.ways, *STYLE.return_lines, STYLE.privacy, STYLE.danger, "30 July 2010", STYLE.postage_words):
        assert "".join(said.split()) in words


def test_no_lettering_is_smaller_than_nine_points() -> None:
    document = pypdfium2.PdfDocument(print_sheets(make_cards(4))[0])
    sizes = []
    for page in document:
        texts = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=3)
        sizes += [text.get_font_size() for text in texts]
    assert min(sizes) >= 9


def dark_cards(page: Image.Image) -> list[int]:
    """Returns which quarters of a page have a card on them."""
    quarters = np.asarray(page.resize((2, 2), Image.Resampling.BOX)).ravel()
    return [place for place in range(4) if quarters[place] < 250]


@pytest.mark.parametrize(("count", "fronts", "backs"), [(1, [0], [1]), (2, [0, 1], [0, 1]), (3, [0, 1, 2], [0, 1, 3])])
def test_backs_lie_behind_their_fronts_when_turned_over_the_long_edge(count: int, fronts: list[int], backs: list[int]) -> None:
    front, back = read_pages(print_sheets(make_cards(count))[0], 50)
    assert dark_cards(front) == fronts
    assert dark_cards(back) == backs


def test_pages_are_a4_and_small() -> None:
    data, count = print_sheets(make_cards(80))
    width, height = pypdfium2.PdfDocument(data)[0].get_size()
    assert (width / mm, height / mm) == pytest.approx((210, 297), abs=0.05)
    assert len(data) / count.pages < 12_000


def test_the_same_cards_give_the_same_bytes() -> None:
    assert print_sheets(make_cards(5)) == print_sheets(make_cards(5))


def test_cards_are_drawn_as_they_come_and_not_gathered() -> None:
    out, sizes = io.BytesIO(), []

    def watched() -> Iterator[Card]:
        for card in make_cards(40):
            sizes.append(out.tell())
            yield card

    draw_sheets(out, watched(), STYLE)
    assert sizes[12] < sizes[24] < sizes[36]


def test_nothing_to_print_is_an_empty_count() -> None:
    assert print_sheets([])[1] == SheetCount(0, 0, 0)


@pytest.mark.parametrize("wishes", [1, 2, 3])
def test_each_wish_has_its_box(wishes: int) -> None:
    words = read_words(print_sheets(make_cards(1), replace(STYLE, wishes=wishes))[0], 0)
    assert [f"Wish{number}" in words for number in (1, 2, 3)] == [number <= wishes for number in (1, 2, 3)]


def test_a_card_with_no_return_address_has_no_place_for_a_stamp() -> None:
    data, _ = print_sheets(make_cards(1), replace(STYLE, return_lines=()))
    assert "".join(STYLE.postage_words.split()) not in read_words(data, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": "آپ کی تین خواہشات؟"}, "The card's font has no"),
        ({"ways": ("По телефону",)}, "The card's font has no"),
        ({"question": "What are your wishes? " * 12}, "is too long for its place"),
        ({"privacy": "We keep what you write. " * 40}, "The back of the card holds no more"),
        ({"return_lines": ("The Very Long Name Of The Partnership That Asks",)}, "is too long for its place"),
    ],
)
def test_words_that_cannot_be_printed_are_refused_before_anything_is(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UnprintableError, match=said):
        print_sheets(make_cards(1), replace(STYLE, **changes))


def test_a_ward_that_cannot_be_printed_is_refused_by_name() -> None:
    with pytest.raises(UnprintableError, match="no К"):
        print_sheets([Card("AB3-K7Q", "HTTPS://A.UK/C/2", "К")])


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2010, 7, 30), "30 July 2010"), (date(2026, 1, 1), "1 January 2026"), (date(2026, 12, 9), "9 December 2026")],
)
def test_days_are_said_as_british_readers_write_them(day: date, said: str) -> None:
    assert say_day(day) == said
