"""One response as one row of fixed width, whose layout follows from the campaign's definition.

Making a row is a pure function of the response as it now is, so writing it again changes nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.frame import ASKS
from campaigns.definition import CHANNELS, NO_AREA, Campaign
from campaigns.geographies import by_postcode, read_numbers
from campaigns.responses import EXPIRED, LIVE, WITHDRAWN, Response, Wish

CODES_EACH = 3
FIRST_DAY = date(2000, 1, 1).toordinal()
STATES = {LIVE: 1, WITHDRAWN: 2, EXPIRED: 1}
NO_WISH, WAITING, MACHINE, PERSON = 0, 1, 2, 3
CODERS = ("", "waiting", "machine", "person")
TENTHS = 10  # of how sure the machine is

Rows = NDArray[np.void]
Ids = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Layout:
    """How a campaign's rows are laid out: its definition, and the numbers handed out for areas, sources and codes."""

    campaign: Campaign
    ids: Ids

    @cached_property
    def dtype(self) -> np.dtype[np.void]:
        """Returns the row's layout for numpy, packed and little-endian."""
        slots = self.campaign.wishes_each
        return np.dtype([
            ("live", "u1"), ("area", "<u2"), ("channel", "u1"), ("source", "<u2"), ("day", "<u2"), ("hour", "u1"),
            ("geography", "u1", (len(by_postcode(self.campaign.geographies)),)),
            ("answers", "u1", (max(len(self.campaign.questions), 1),)),
            ("codes", "<u2", (slots, CODES_EACH)),
            ("ask", "u1", (slots,)), ("coder", "u1", (slots,)), ("sure", "u1", (slots,)),
            ("moderation", "u1", (slots,)),
        ])

    @property
    def width(self) -> int:
        """Returns the bytes of one row."""
        return self.dtype.itemsize

    @cached_property
    def mark(self) -> str:
        """Returns what tells rows of this layout from those of another, which an older or newer program may have written."""
        return hashlib.sha256(repr(self.dtype.descr).encode()).hexdigest()[:12]

    @cached_property
    def special(self) -> tuple[str, ...]:
        """Returns the ids of the special-category questions, in the order their answers are kept."""
        return tuple(question.id for question in self.campaign.questions if question.special)

    @cached_property
    def _named(self) -> dict[str, dict[int, str]]:
        return {}

    def names(self, facet: str) -> dict[int, str]:
        """Returns the name behind each number that a facet's column can hold."""
        if facet not in self._named:  # made once: every coding that is read asks for those of the codes
            self._named[facet] = self._names(facet)
        return self._named[facet]

    def _names(self, facet: str) -> dict[int, str]:
        if facet == "channel":
            return dict(enumerate(CHANNELS, 1))
        if facet == "ask":
            return dict(enumerate(ASKS, 1))
        if facet == "coder":
            return dict(enumerate(CODERS))
        question = self.campaign.question_called(facet)
        if question:
            return {0: "not given", **dict(enumerate(question.options, 1))}
        return {number: name for name, number in self.ids[facet].items()}


def first_ids(campaign: Campaign) -> dict[str, list[str]]:
    """Returns the names that need a number before the first row can be made, in the order they get one."""
    return {
        "area": [*NO_AREA, *(area.id for area in campaign.areas)],
        "source": ["", *(source.id for source in campaign.sources)],
        "code": ["", *(code.id for code in campaign.frame.codes)],
    }


def local_day(campaign: Campaign, response: Response) -> date:
    """Returns the day a response counts for: its own where one was given, else that of its receipt."""
    return date.fromisoformat(response.day) if response.day else campaign.window.local_day(response.received_ms)


def local_hour(campaign: Campaign, response: Response) -> int:
    """Returns 1 to 24 for the local hour a response was received in, 0 where it counts for a day of its own."""
    return 0 if response.day else campaign.window.local_hour(response.received_ms) + 1


def make_row(response: Response, layout: Layout) -> bytes:
    """Returns the row of a response; an erased one is all zeros."""
    row = np.zeros((), layout.dtype)
    if response.state not in STATES:
        return row.tobytes()
    campaign, ids = layout.campaign, layout.ids
    row["live"] = STATES[response.state]
    row["area"] = ids["area"].get(response.area, ids["area"][NO_AREA[2]])
    row["channel"] = CHANNELS.index(response.channel) + 1
    row["source"] = ids["source"].get(response.source, 0)
    row["day"] = min(max(local_day(campaign, response).toordinal() - FIRST_DAY, 0), 65535)
    row["hour"] = local_hour(campaign, response)
    row["geography"] = read_numbers(response.geography, campaign.geographies)
    given = {**response.answers, **response.special}
    for place, question in enumerate(campaign.questions):
        row["answers"][place] = given.get(question.id, 0)
    for wish in response.wishes:
        if wish.words and wish.slot <= campaign.wishes_each:
            _fill_slot(row, wish, ids["code"])
    return row.tobytes()


def _fill_slot(row: Rows, wish: Wish, codes: Mapping[str, int]) -> None:
    slot = wish.slot - 1
    row["moderation"][slot] = wish.moderation
    row["coder"][slot] = PERSON if wish.person else MACHINE if wish.machine else WAITING
    if wish.machine and not wish.person:
        row["sure"][slot] = tenth_of(round(wish.machine.confidence * 100))
    if wish.coding:
        row["ask"][slot] = ASKS.index(wish.coding.ask) + 1
        for place, code in enumerate(wish.coding.codes[:CODES_EACH]):
            row["codes"][slot, place] = codes[code]


def tenth_of(hundredths: int) -> int:
    """Returns which tenth of being sure some hundredths lie in, 1 to 10."""
    return min(hundredths * TENTHS // 100, TENTHS - 1) + 1
