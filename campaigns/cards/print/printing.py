"""Printing a batch of cards: numbered in the ledger, drawn on sheets."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from campaigns.cards.print.lettering import check_printable
from campaigns.cards.print.sheets import Card, CardStyle, draw_sheets
from campaigns.cards.serials import serial_for
from campaigns.cards.stubs import stub_code_for
from campaigns.cards.tokens import card_address, token_for
from campaigns.definition import Campaign
from campaigns.store.cards import Batch, print_cards
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store

WAYS = {
    "online": "Online: scan the code on the front",
    "tree": "At the wishes tree, when it comes near you",
    "workshop": "In a workshop: anyone can run one",
    "assisted": "By telephone, or with someone’s help",
}


class NoSuchWard(ValueError):
    """A ward the campaign does not have; the message lists those it has."""


def print_batch(store: Store, count: int, ward: str, who: str, base_url: str, out: BinaryIO) -> Batch:
    """Numbers new cards, writes their sheets as PDF to ``out``, and returns the batch.

    Raises NoSuchWard, TooManyCards or UnprintableError before anything is numbered.
    """
    area = store.campaign.area_named(ward) if ward else None
    if ward and area is None:
        known = ", ".join(area.name for area in store.campaign.areas)
        raise NoSuchWard(f"There is no {store.campaign.areas_called} “{ward}”. There are: {known}.")
    check_printable([*style_of(store.campaign, base_url).words(), area.name if area else ""])
    batch = print_cards(store, count, area.id if area else "", who)
    draw_batch(store, batch, base_url, out)
    return batch


def draw_batch(store: Store, batch: Batch, base_url: str, out: BinaryIO) -> None:
    """Writes the sheets of a batch as PDF; the same sheets every time."""
    draw_sheets(out, _cards(store, batch, base_url), style_of(store.campaign, base_url))


def _cards(store: Store, batch: Batch, base_url: str) -> Iterator[Card]:
    secret = card_secret(store)
    area = store.campaign.area_named(batch.ward) if batch.ward else None
    for number in range(batch.first, batch.last + 1):
        address = card_address(base_url, store.slug, token_for(number, secret))
        yield Card(serial_for(number, store.slug), address, stub_code_for(number, secret), area.name if area else "")


def style_of(campaign: Campaign, base_url: str) -> CardStyle:
    """Returns what a campaign's cards say and how they look; ``base_url`` is where residents reach the service."""
    ways = tuple(WAYS[channel] for channel in campaign.channels if channel in WAYS)
    return CardStyle(
        campaign.title, campaign.question, f"{short_address(base_url)}/{campaign.slug}/receipt", campaign.return_address,
        campaign.window.cards_until,
        ways=(*ways, *([f"Ask us: {campaign.help_contact}"] if campaign.help_contact else [])),
        ticks=tuple((question.text, question.options) for question in campaign.questions if question.on_card),
        wishes=campaign.wishes_each, language=campaign.languages[0], leaf=campaign.look.leaf,
    )


def short_address(address: str) -> str:
    """Returns an address as one types it: without https and www."""
    return re.sub(r"^https?://(www\.)?", "", address)
