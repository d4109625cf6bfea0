"""What a printed card says and in which colours, and one card to be printed."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Card:
    """One card to be printed: its serial, the address its QR symbol opens, its stub's code, and the area's name ("" for none)."""

    serial: str
    address: str
    stub: str
    ward: str = ""


@dataclass(frozen=True)
class CardStyle:
    """All that is the same on every card of a printing: words, return address, colour; the rest is black.

    ``receipt`` is the address a stub's code is typed in at; ``ways`` are the other ways to take part, one line each;
    ``ticks`` the questions with boxes to tick, each with its options; ``return_lines`` the address a card is posted to,
    the first in bold (none: no place for a stamp, and ``posting_words`` say to hand it in). ``leaf`` is #rrggbb.
    """

    title: str
    question: str
    receipt: str
    return_lines: tuple[str, ...]
    last_posting_day: date
    ways: tuple[str, ...] = ()
    ticks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    wishes: int = 3
    language: str = "en-GB"
    leaf: str = "#1e6b3c"
    invitation: str = "One wish is enough. No name is needed."
    wish_words: str = "Wish"
    scan_words: str = "Or scan to answer online"
    postcode_words: str = "Your postcode (optional)"
    card_words: str = "Card"
    number_words: str = (
        "This number tells us which area the card went to and that we counted it. It does not tell us your name or address."
    )
    stub_words: str = "Keep this. It shows you what became of your card:"
    tear_words: str = "Tear along the dots before you post your card, and keep this strip."
    ways_heading: str = "Other ways to take part"
    privacy_heading: str = "What happens to your wishes"
    privacy: str = (
        "Every wish is read and counted. We may publish what you write, without your name: please leave out names "
        "and addresses. Your postcode tells us your ward; then we keep only its first half. We may have to release "
        "information under freedom of information law."
    )
    danger: str = "If you or someone else is in danger, call\u00a0999. We do not read wishes straight away."
    posting_words: str = "Please post by"
    postage_words: str = "No stamp needed"

    def words(self) -> Iterable[str]:
        """Returns everything that will be lettered, to be checked against the font."""
        return _texts(tuple(getattr(self, field.name) for field in fields(self)))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


def say_day(day: date) -> str:
    """Returns a day as British readers write it: 30 July 2010."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
