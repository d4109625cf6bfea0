"""Printing cards: how many one processor finishes a second, how large pages are, in what memory, and that they read back."""

import io
import subprocess
import sys
import time

import pypdfium2
from PIL import Image

from campaigns.cards.print.sheets import Card, draw_sheets
from campaigns.cards.symbols import make_symbol, symbol_png
from tests.bench.figures import Bench, Figure, Result
from tests.bench.usual_pages import UsualPages
from tests.printed import STYLE, address_of, make_cards, read_symbols, worn

USUAL = "qrcode's symbols on Pillow pages of one bit, 300 dpi"
SPEED = Figure("cards printed by one processor", "/s", USUAL, 300)
PAGE = Figure("a printed page", "kB", USUAL, 12, less=True)
MEMORY = Figure("memory while printing 100,000 cards", "MB", "", 300, less=True)
SHEETS = Figure("cards of 200 sheets not read back", "", "", 0, less=True)
MISREAD = Figure("cards of 10,000 misread", "", "", 0, less=True)

DOTS = 150
PIXELS = round(29 * DOTS / 25.4)  # a symbol of version 4 with its quiet zone, 21 mm without
ALONE = """
import re, sys
from tests.printed import STYLE, make_cards
from campaigns.cards.print.sheets import draw_sheets

with open("/dev/null", "wb") as nowhere:
    draw_sheets(nowhere, make_cards(int(sys.argv[1])), STYLE)
# Not getrusage: its peak begins with that of the process that started this one.
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1.024 / 1000)
"""


def measure(bench: Bench) -> list[Result]:
    """Measures speed and size beside the usual way, then memory and reading back by themselves."""
    speed, page = Result(SPEED), Result(PAGE)
    many, usual = bench.many(1000, 40), UsualPages(STYLE)
    for turn in bench.turns(speed, page):
        for way, work, cards in ((0, _draw, many), (1, usual.draw, many // 10)):
            began = time.process_time()
            drawn = work(list(make_cards(cards, 1 + turn * many)))
            (speed.ours, speed.baseline)[way].append(cards / (time.process_time() - began))
            (page.ours, page.baseline)[way].append(len(drawn) / (cards / 2) / 1000)
    speed.notes.append("by the processor's own time, so that a busy machine does not count")
    return [speed, page, _memory(bench), *_read_back(bench)]


def _draw(cards: list[Card]) -> bytes:
    out = io.BytesIO()
    draw_sheets(out, cards, STYLE)
    return out.getvalue()


def _memory(bench: Bench) -> Result:
    """Returns the most memory a process of its own took for a hundred thousand cards."""
    result = Result(MEMORY)
    many = str(bench.many(100_000, 400))
    bench.tell(f"  {MEMORY.name}")
    said = subprocess.run([sys.executable, "-c", ALONE, many], capture_output=True, text=True, check=True).stdout
    result.ours.append(float(said))
    return result


def _read_back(bench: Bench) -> list[Result]:
    """Returns how many cards of whole sheets were not read, and how many of many symbols gave another card's address."""
    sheets, symbols = Result(SHEETS), Result(MISREAD)
    bench.tell(f"  {SHEETS.name}")
    sheets.ours.append(_unread(bench.many(200, 3)))
    bench.tell(f"  {MISREAD.name}")
    misread, unread = _misread(bench.many(10_000, 40))
    symbols.ours.append(misread)
    symbols.notes.append(f"{unread} not read at all, which a person then keys by the serial")
    for result in (sheets, symbols):
        result.notes.append(f"at {DOTS} dpi, turned 3 degrees, noisy, JPEG quality 60")
    return [sheets, symbols]


def _unread(sheets: int) -> int:
    pages, missing = pypdfium2.PdfDocument(_draw(list(make_cards(4 * sheets)))), 0
    for sheet in range(sheets):
        picture = pages[2 * sheet].render(scale=DOTS / 72, grayscale=True).to_pil()
        wanted = {address_of(card) for card in range(4 * sheet + 1, 4 * sheet + 5)}
        missing += len(wanted ^ set(read_symbols(worn(picture, 3 if sheet % 2 else -3, sheet))))
    return missing


def _misread(cards: int) -> tuple[int, int]:
    """Returns how many symbols gave another address than their own, and how many none."""
    wrong = unread = 0
    for card in range(1, cards + 1):
        symbol = Image.open(io.BytesIO(symbol_png(make_symbol(address_of(card)), 12))).convert("L")
        read = read_symbols(worn(symbol.resize((PIXELS, PIXELS), Image.Resampling.BOX), 3 if card % 2 else -3, card))
        unread += not read
        wrong += bool(read) and read != [address_of(card)]
    return wrong, unread
