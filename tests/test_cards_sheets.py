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
from campaigns.cards.print.papers import PAPERS
from campaigns.cards.print.sheets import Card, CardStyle, SheetCount, draw_sheets
from campaigns.cards.print.stub import BODY, HEIGHT
from campaigns.cards.print.style import say_day
from campaigns.cards.serials import serial_for
from campaigns.cards.stubs import stub_code_for
from tests.printed import SECRET, STYLE, make_cards, read_symbols, worn


def print_sheets(cards: Iterable[Card], style: CardStyle = STYLE, paper: str = "sheets") -> tuple[bytes, SheetCount]:
    out = io.BytesIO()
    count = draw_sheets(out, cards, style, PAPERS[paper])
    return out.getvalue(), count


def read_boxes(data: bytes) -> list[tuple[float, ...]]:
    """Returns the page's, bleed's and trim's widths and heights in millimetres, of the first page."""
    page = pypdfium2.PdfDocument(data)[0]
    boxes = ((0, 0, *page.get_size()), page.get_bleedbox(fallback_ok=False), page.get_trimbox(fallback_ok=False))
    return [((box[2] - box[0]) / mm, (box[3] - box[1]) / mm) for box in boxes if box]


def read_pages(data: bytes, dots: int = 150) -> list[Image.Image]:
    return [page.render(scale=dots / 72, grayscale=True).to_pil() for page in pypdfium2.PdfDocument(data)]


def read_words(data: bytes, page: int) -> str:
    """Returns all the words on a page run together, since where lines break is not the point."""
    return "".join(pypdfium2.PdfDocument(data)[page].get_textpage().get_text_bounded().split())


def symbols_by_quarter(picture: Image.Image) -> dict[int, str]:
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
    read = [symbols[place] for symbols in map(symbols_by_quarter, fronts) for place in sorted(symbols)]
    assert read == [card.address for card in make_cards(count)]


@pytest.mark.parametrize("turn", [-3, 3])
def test_symbols_read_back_from_a_poor_scan(turn: float) -> None:
    data, _ = print_sheets(make_cards(12))
    read = [text for place, page in enumerate(read_pages(data)[::2]) for text in read_symbols(worn(page, turn, place))]
    assert sorted(read) == sorted(card.address for card in make_cards(12))


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
    for said in (*STYLE.ticks[0][1], STYLE.ticks[0][0]):
        assert "".join(said.split()) in words


def test_a_stub_says_to_keep_it_where_to_go_and_its_own_code() -> None:
    pages = print_sheets(make_cards(5))[0]
    words = [read_words(pages, page) for page in (0, 2)]
    for said in (STYLE.stub_words, STYLE.receipt, stub_code_for(1, SECRET), stub_code_for(4, SECRET)):
        assert "".join(said.split()) in words[0]
    assert [stub_code_for(card, SECRET) in words[1] for card in (1, 5)] == [False, True]
    assert "".join(STYLE.tear_words.split()) in read_words(pages, 1)


def test_what_is_left_without_its_stub_may_go_by_post() -> None:
    assert (BODY / mm, HEIGHT / mm) == pytest.approx((90, 148.5))


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


def test_marks_to_cut_along_are_over_the_stubs_colour() -> None:
    for page in read_pages(print_sheets(make_cards(4))[0]):
        across, up = page.size
        assert all(page.getpixel((across // 2 + shift, up // 2)) < 200 for shift in (-8, 8))


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


@pytest.mark.parametrize(
    ("paper", "page", "bleed", "trim", "cards"),
    [
        ("sheets", (210, 297), (210, 297), (210, 297), 4),
        ("sheets-bleed", (236, 323), (222, 309), (216, 303), 4),
        ("singles", (125, 168.5), (111, 154.5), (105, 148.5), 1),
        ("large", (210, 297), (210, 297), (210, 297), 1),
    ],
)
def test_each_paper_has_its_boxes_and_every_card_reads_on_it(
    paper: str, page: tuple[float, float], bleed: tuple[float, float], trim: tuple[float, float], cards: int
) -> None:
    data, count = print_sheets(make_cards(5), paper=paper)
    assert count.pages == 2 * -(-5 // cards)
    assert read_boxes(data) == [pytest.approx(box, abs=0.05) for box in (page, bleed, trim)]
    read = {symbol.text for front in read_pages(data)[::2] for symbol in zxingcpp.read_barcodes(front)}
    assert read == {card.address for card in make_cards(5)}


def edge_colours(data: bytes, page: int) -> list[bool]:
    """Returns whether the drawing reaches over the cut at the left and at the right, half way up."""
    picture = pypdfium2.PdfDocument(data)[page].render(scale=4).to_pil()
    middle, inside = picture.height // 2, round((10 - 2) * mm * 4)
    return [picture.getpixel((x, middle)) != (255, 255, 255) for x in (inside, picture.width - inside)]


def test_colour_that_ends_at_the_cut_reaches_over_it_for_print_houses() -> None:
    data, _ = print_sheets(make_cards(1), paper="singles")
    assert [edge_colours(data, page) for page in (0, 1)] == [[False, True], [True, False]]


def x_height(data: bytes) -> int:
    """Returns how many pixels high the small letters of the sentence on the number stand, at 150 dpi."""
    page = pypdfium2.PdfDocument(data)[0]
    words = page.get_textpage()
    place = words.get_text_range().index("This number")
    _, bottom, _, top = words.get_charbox(place + 2)  # the i of This
    return round((top - bottom) * 150 / 72)


def test_large_print_is_twice_the_size() -> None:
    small, large = (x_height(print_sheets(make_cards(1), paper=paper)[0]) for paper in ("sheets", "large"))
    assert large == pytest.approx(2 * small, abs=1)


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
        ({"receipt": "wishes.example.org/" + "a-very-long-name-" * 5}, "is too long for its place"),
        ({"ticks": (("Why?", ("Because " * 20,)),)}, "too long for a tick box"),
        ({"ticks": (("Why?", tuple(f"For the reason numbered {n}" for n in range(20))),)}, "take more room than the card has"),
        ({"ticks": (("Why are you here today? " * 9, ("Yes", "No")),)}, "is too long for its place"),
        ({"privacy": "We keep what you write. " * 40}, "The back of the card holds no more"),
        ({"return_lines": ("The Very Long Name Of The Partnership That Asks",)}, "is too long for its place"),
    ],
)
def test_words_that_cannot_be_printed_are_refused_before_anything_is(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UnprintableError, match=said):
        print_sheets(make_cards(1), replace(STYLE, **changes))


def test_a_ward_that_cannot_be_printed_is_refused_by_name() -> None:
    with pytest.raises(UnprintableError, match="no К"):
        print_sheets([Card("AB3-K7Q", "HTTPS://A.UK/C/2", "ABCD-ABCD-ABCD-ABCD", "К")])


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2010, 7, 30), "30 July 2010"), (date(2026, 1, 1), "1 January 2026"), (date(2026, 12, 9), "9 December 2026")],
)
def test_days_are_said_as_british_readers_write_them(day: date, said: str) -> None:
    assert say_day(day) == said
