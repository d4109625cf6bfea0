"""The cards of a batch, ready to be drawn: numbered in the ledger, and what they say."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from campaigns.cards.print.lettering import check_printable
from campaigns.cards.print.papers import PAPERS, Paper
from campaigns.cards.print.sheets import Card, CardStyle, SheetCount, check_style, draw_sheets
from campaigns.cards.serials import serial_for
from campaigns.cards.stubs import stub_code_for
from campaigns.cards.tokens import card_address, token_for
from campaigns.definition import Campaign
from campaigns.store.cards import UNSAID, Batch, Delivery, print_cards
from campaigns.store.secrets import card_secret
from campaigns.store.store import Store

WAYS = {
    "online": "Online: scan the code on the front",
    "tree": "At the wishes tree, when it comes near you",
    "workshop": "In a workshop: anyone can run one",
    "assisted": "By telephone, or with someone’s help",
}
TOLD_EVERY = 100  # cards, about a third of a second
LONGEST_ROUND = 40
MOST_HOUSEHOLDS = 10_000_000


class CannotPrint(ValueError):
    """What cannot be printed as asked; ``field`` says which part of the order is wrong, the message what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def number_batch(
    store: Store, count: int, ward: str, who: str, base_url: str, delivery: Delivery = UNSAID,
    *, held: bool = False, key: str = "",
) -> Batch:
    """Numbers new cards and returns their batch, the same one for the same key.

    Raises CannotPrint, TooManyCards or UnprintableError before anything is numbered.
    """
    area = store.campaign.area_named(ward) if ward else None
    if ward and area is None:
        known = ", ".join(area.name for area in store.campaign.areas)
        raise CannotPrint("ward", f"There is no {store.campaign.areas_called} “{ward}”. There are: {known}.")
    _check_delivery(store.campaign, delivery)
    check_style(style_of(store.campaign, base_url))
    check_printable([area.name if area else ""])
    return print_cards(store, count, area.id if area else "", who, delivery, held=held, key=key)


def _check_delivery(campaign: Campaign, delivery: Delivery) -> None:
    if delivery.place and campaign.source(delivery.place) is None:
        known = ", ".join(source.id for source in campaign.sources) or "none in this campaign's file"
        raise CannotPrint("place", f"There is no place “{delivery.place}”. Places are the campaign's sources: {known}.")
    if len(delivery.round) > LONGEST_ROUND or not delivery.round.isprintable():
        raise CannotPrint("round", f"Name the round in {LONGEST_ROUND} letters at most, such as “Round 12”.")
    if not 0 <= delivery.households <= MOST_HOUSEHOLDS:
        raise CannotPrint("households", f"Households must be a number from 0 to {MOST_HOUSEHOLDS:,}.")


def draw_batch(
    store: Store, batch: Batch, base_url: str, out: BinaryIO, paper: Paper = PAPERS["sheets"],
    tell: Callable[[int], None] = lambda done: None,
) -> SheetCount:
    """Writes the cards of a batch as PDF, the same pages every time, telling from time to time how many are done."""
    return draw_sheets(out, told(cards_of(store, batch, base_url), tell), style_of(store.campaign, base_url), paper)


def told(cards: Iterable[Card], tell: Callable[[int], None]) -> Iterator[Card]:
    """Yields cards on, telling before the first and every so often how many have passed."""
    for count, card in enumerate(cards):
        if count % TOLD_EVERY == 0:
            tell(count)
        yield card


def cards_of(store: Store, batch: Batch, base_url: str, first: int = 0, last: int = 0) -> Iterator[Card]:
    """Yields the cards of a batch, or those from one number to another of it, as they are to be drawn."""
    secret = card_secret(store)
    area = store.campaign.area_named(batch.ward) if batch.ward else None
    ward = area.name if area else ""
    for number in range(first or batch.first, (last or batch.last) + 1):
        address = card_address(base_url, store.slug, token_for(number, secret))
        yield Card(serial_for(number, store.slug), address, stub_code_for(number, secret), ward)


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
