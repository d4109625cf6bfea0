"""Cards to be printed, without a store, and their sheets as a poor scanner gives them, for tests and benchmarks."""

import io
from collections.abc import Iterator
from datetime import date

import numpy as np
import zxingcpp
from PIL import Image

from campaigns.cards.print.style import Card, CardStyle
from campaigns.cards.serials import serial_for
from campaigns.cards.stubs import stub_code_for
from campaigns.cards.tokens import card_address, token_for

SLUG = "derby-2026"
SITE = "https://wishes.derby.gov.uk"
SECRET = bytes(range(32))
WARDS = ["Normanton", "Abbey", "Chaddesden", "Świętokrzyska", "Blagreaves with Sunnyhill and Arboretum", ""]
STYLE = CardStyle(
    title="3 wishes for Derby in 2026",
    question="What are your three wishes for Derby in 2026?",
    receipt="wishes.derby.gov.uk/derby-2026/receipt",
    return_lines=("FREEPOST 3 WISHES", "Derby City Partnership", "The Council House", "Derby DE1 2FS"),
    last_posting_day=date(2010, 7, 30),
    ways=("Online: wishes.example.org", "By phone: 01332 000000", "At any library: hand in this card"),
    ticks=(("What connects you to Derby?", ("I live here", "I work here", "I study here", "I visit")),),
)


def make_cards(count: int, first: int = 1) -> Iterator[Card]:
    """Yields cards numbered on from the first, their wards in turn."""
    for number in range(first, first + count):
        yield Card(serial_for(number, SLUG), address_of(number), stub_code_for(number, SECRET), WARDS[number % len(WARDS)])


def address_of(card: int) -> str:
    """Returns the address in a card's symbol."""
    return card_address(SITE, SLUG, token_for(card, SECRET))


def worn(page: Image.Image, turn: float, seed: int, noise: float = 12) -> Image.Image:
    """Returns a page as a poor scanner gives it: turned by so many degrees, noisy, a JPEG of quality 60."""
    turned = np.asarray(page.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255), np.float32)
    grain = np.random.default_rng(seed).standard_normal(turned.shape, np.float32) * noise
    file = io.BytesIO()
    Image.fromarray(np.clip(turned + grain, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=60)
    return Image.open(file)


def read_symbols(picture: Image.Image) -> list[str]:
    """Returns what each symbol on a picture says."""
    return [symbol.text for symbol in zxingcpp.read_barcodes(picture)]
