"""The mail-merge file for a print house that sets the cards itself: a line a card, and nobody's address."""

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from campaigns.cards.print.style import Card

HEADS = ("serial", "qr_address", "receipt_code", "ward", "round")

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def write_merge(out: BinaryIO, cards: Iterable[Card], delivery_round: str = "") -> int:
    """Writes one line a card as CSV that spreadsheets open rightly, and returns how many cards it has."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow(HEADS)
    count = 0
    for count, card in enumerate(cards, 1):  # noqa: B007 - the last is what is returned
        lines.writerow(map(plain, (card.serial, card.address, card.stub, card.ward, delivery_round)))
    text.detach()
    return count


def plain(cell: str) -> str:
    """Returns a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_LIVE) else cell
