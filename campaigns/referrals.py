"""Indicators referred to a group that looks into them, with who sees to it and by when it is to come back. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

LONGEST_LINE, LONGEST = 200, 2000
NEEDED = {
    "to": "Name the group that looks into it.",
    "due": "Choose the day by which it is to come back.",
    "found": "Say in a sentence or two what came back.",
}


@dataclass(frozen=True)
class Referral:
    """One indicator referred to a group; dates as 2011-03-31, ``found`` what came back, on the day ``returned``."""

    number: int = 0
    indicator: str = ""
    to: str = ""
    owner: str = ""
    due: str = ""
    why: str = ""
    returned: str = ""
    found: str = ""
    revision: int = 0

    def late(self, today: date) -> bool:
        """Tells whether it should have come back before a day and has not."""
        return not self.returned and date.fromisoformat(self.due) < today


def read_referral(about: Mapping[str, Any]) -> Referral:
    """Returns the referral that ``write_referral`` wrote."""
    return Referral(**about)


def write_referral(referral: Referral) -> dict[str, Any]:
    """Returns a referral as JSON keeps it."""
    return asdict(referral)


def check_referral(referral: Referral, returning: bool) -> dict[str, str]:
    """Returns a plain line for each field that keeps a referral from being kept, or from being taken back, as it is."""
    needed = ("to", "due", "found") if returning else ("to", "due")
    problems = {name: NEEDED[name] for name in needed if not getattr(referral, name)}
    if referral.due and not _is_day(referral.due):
        problems["due"] = NEEDED["due"]
    for name, most in (("to", LONGEST_LINE), ("owner", LONGEST_LINE), ("why", LONGEST), ("found", LONGEST)):
        if len(getattr(referral, name)) > most:
            problems[name] = f"This is {len(getattr(referral, name)):,} letters long. Shorten it to {most:,}."
    return problems


def open_by_indicator(referrals: Iterable[Referral]) -> dict[str, Referral]:
    """Returns the referral that is not back yet of each indicator that has one."""
    return {one.indicator: one for one in referrals if not one.returned}


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True
