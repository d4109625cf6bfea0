"""Sheets of cards as a scanner gives them, and an upload read as its job would, for the tests of scans."""

import io
import json
from collections.abc import Sequence

import pypdfium2
from PIL import Image, ImageChops

from campaigns.cards.print.printing import draw_batch
from campaigns.cards.scans.working import read_scan
from campaigns.store.cards import Batch, print_cards
from campaigns.store.scans import Item, Scan, get_scan, keep_upload, note, write_part
from campaigns.store.store import Store

SITE = "https://wishes.little.example"
DPI = 150


def printed(store: Store, count: int = 4) -> Batch:
    """Returns a batch of new cards."""
    return print_cards(store, count, "", "s-1")


def scanned(store: Store, batch: Batch, turn: float = 3, noise: float = 30) -> list[Image.Image]:
    """Returns the fronts of a batch's sheets as a scanner gives them: turned, noisy, in grey."""
    paper = io.BytesIO()
    draw_batch(store, batch, SITE, paper)
    sheets = pypdfium2.PdfDocument(paper.getvalue())
    fronts = (sheets[place].render(scale=DPI / 72, grayscale=True).to_pil() for place in range(0, len(sheets), 2))
    return [_worn(front, turn, noise) for front in fronts]


def _worn(page: Image.Image, turn: float, noise: float) -> Image.Image:
    turned = page.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return ImageChops.add(turned, Image.effect_noise(turned.size, noise), 1, -128) if noise else turned


def as_file(pages: Sequence[Image.Image], kind: str = "PDF", **how: object) -> bytes:
    """Returns pages as one file of a kind."""
    file = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if kind in ("PDF", "TIFF") else {}
    pages[0].save(file, kind, **{"resolution": DPI} if kind == "PDF" else {}, **more, **how)
    return file.getvalue()


def upload(store: Store, content: bytes, name: str = "cards.pdf", read: bool = True, both: bool = False) -> Scan:
    """Returns an upload, read to its end unless told not to."""
    kept = keep_upload(store, io.BytesIO(content), name, "s-1", both)
    if read:
        read_scan(store, kept.id)
    found = get_scan(store, kept.id)
    assert found
    return found


def waiting(store: Store) -> tuple[str, str]:
    """Returns an upload, and a page of it that waits for a person."""
    scan = upload(store, b"one page", read=False)
    item = Item(scan.id, 0, 0, "no code")
    note(store, scan.id, fields={"p0": json.dumps([["no code", 0]])}, unread={item.id: json.dumps(write_part(item))})
    return scan.id, item.id


def outcomes(scan: Scan) -> list[list[str]]:
    """Returns the outcomes of each page read so far."""
    return [[part.outcome for part in parts] for parts in scan.done.values()]
