"""What a printed card says and in which colours, and one card to be printed."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Card:
    """One card to be printed: its serial, the address its QR symbol opens, and the area's name ("" for none)."""

    serial: str
    address: str
    ward: str = ""


@dataclass(frozen=True)
class CardStyle:
    """All that is the same on every card of a printing: words, return address, colours.

    ``ways`` are the other ways to take part, one line each; ``return_lines`` the address a card is posted to, the
    first in bold (none: no place for a stamp, and ``posting_words`` say to hand it in). Colours are #rrggbb.
    """

    title: str
    question: str
    return_lines: tuple[str, ...]
    last_posting_day: date
    ways: tuple[str, ...] = ()
    wishes: int = 3
    language: str = "en-GB"
    leaf: str = "#1e6b3c"
    ink: str = "#1c2321"
    muted: str = "#505a57"
    invitation: str = "One wish is enough. You do not need to give your name."
    wish_words: str = "Wish"
    scan_words: str = "Or scan to answer online"
    postcode_words: str = "Your postcode (optional)"
    card_words: str = "Card"
    number_words: str = (
        "This number tells us which area the card went to and that we counted it. It does not tell us your name or address."
    )
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
        for value in astuple(self):
            yield from value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def say_day(day: date) -> str:
    """Returns a day as British readers write it: 30 July 2010."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
