"""Rows made straight from the bytes that a response lies in, many times faster, where all of them are as usual.

What a row is, ``make_row`` alone says; this is held to it byte for byte, and leaves to it whatever is out of the ordinary.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from struct import Struct
from typing import TypeVar

from campaigns.coding.frame import ASKS
from campaigns.definition import CHANNELS, NO_AREA
from campaigns.geographies import read_numbers
from campaigns.responses import LIVE, WITHDRAWN, commit
from campaigns.rows import CODES_EACH, FIRST_DAY, MACHINE, NO_WISH, PERSON, STATES, WAITING, Layout, tenth_of

T = TypeVar("T")
Fields = Mapping[bytes, bytes]
LAST_DAY = 65535
MOST_KNOWN = 20_000
HEAD = Struct("<BHBHHB")
CODES = Struct(f"<{CODES_EACH}H")
CODING = re.compile(rb"([^|]*\|[^|]*)\|[^|]*\|(\d+)\|[\d,]*\|\d*").fullmatch  # codes and ask, how sure in hundredths, the rest
NO_CODING = CODES.pack(*(0,) * CODES_EACH), 0
NOTHING = *NO_CODING, NO_WISH, 0, 0


class Quick:
    """Makes rows of one layout; remembers the codings and answers it has met, since most come again."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._width = max(len(layout.campaign.questions), 1)
        self._states = {state.encode(): STATES[state] for state in (LIVE, WITHDRAWN)}
        self._areas = {b"": layout.ids["area"][NO_AREA[0]], **_in_bytes(layout.ids["area"])}
        self._elsewhere = layout.ids["area"][NO_AREA[2]]
        self._sources = _in_bytes(layout.ids["source"])
        self._channels = {channel.encode(): place for place, channel in enumerate(CHANNELS, 1)}
        self._asks = {ask.encode(): place for place, ask in enumerate(ASKS, 1)}
        self._slots = [[f"{name}{slot}".encode() for name in "wmhgj"] for slot in range(1, layout.campaign.wishes_each + 1)]
        self._special = [place for place, question in enumerate(layout.campaign.questions) if question.special]
        self._known_answers: dict[bytes, bytes] = {}
        self._known_codings: dict[bytes, tuple[bytes, int]] = {}
        self._known_days: dict[bytes, int] = {}
        self._known_geographies: dict[bytes, bytes] = {}

    def spoken(self, fields: Fields) -> bytes:
        """Returns the commitments to a response's words as the log's JSON lists them, without the brackets around."""
        salt, made = fields.get(b"z", b""), []
        for slot, names in enumerate(self._slots, 1):
            text = fields.get(names[0])
            made.append(b'"%b"' % commit(salt, slot, text) if text else b'""')
        while made and made[-1] == b'""':
            made.pop()
        return b",".join(made)

    def row(self, fields: Fields, special: bytes = b"") -> bytes | None:
        """Returns the row of a response as it lies in Redis, or None where anything in it is out of the ordinary."""
        try:
            return self._row(fields, special)
        except Exception:  # what is wrong with it, the slow way says
            return None

    def _row(self, fields: Fields, special: bytes) -> bytes | None:
        state = self._states[fields[b"l"]]
        received, _, _ = int(fields[b"t"]), int(fields[b"v"]), int(fields.get(b"q", b"0"))
        if b"e" in fields:
            return None
        head = HEAD.pack(
            state, self._areas.get(fields.get(b"a", b""), self._elsewhere), self._channels[fields[b"c"]],
            self._sources.get(fields.get(b"s", b""), 0), *self._when(fields.get(b"d"), received),
        )
        made = [self._wish(fields, *names) for names in self._slots]
        codes, asks, coders, sure, moderations = zip(*made, strict=True)
        told, answers = self._geography(fields.get(b"u", b"")), self._answers(fields.get(b"b", b"{}"), special)
        return b"".join([head, told, answers, *codes, bytes(asks + coders + sure + moderations)])

    def _wish(
        self, fields: Fields, wish: bytes, machine: bytes, person: bytes, moderation: bytes, gone: bytes
    ) -> tuple[bytes, int, int, int, int]:
        if gone in fields:
            raise ValueError
        if wish not in fields:
            return NOTHING
        by_machine, by_person, seen = fields.get(machine), fields.get(person), int(fields.get(moderation, b"0"))
        coded, sure = self._coding(by_machine) if by_machine else (NO_CODING, 0)
        if by_person:
            return *self._coding(by_person)[0], PERSON, 0, seen
        return *coded, MACHINE if by_machine else WAITING, sure, seen

    def _coding(self, text: bytes) -> tuple[tuple[bytes, int], int]:
        if not (usual := CODING(text)):
            raise ValueError
        return self._known_codings.get(usual[1]) or self._read_coding(usual[1]), tenth_of(int(usual[2]))

    def _read_coding(self, counted: bytes) -> tuple[bytes, int]:
        names, (codes, ask) = self._layout.names("code"), counted.split(b"|")
        numbers = [self._layout.ids["code"][names[int(code)]] for code in codes.split(b",") if code]
        read = CODES.pack(*(*numbers, 0, 0, 0)[:CODES_EACH]), self._asks[ask]
        return _remember(self._known_codings, counted, read)

    def _answers(self, text: bytes, special: bytes) -> bytes:
        known = self._known_answers.get(text)
        if known is None:
            given = json.loads(text)
            known = bytes([given.get(question.id, 0) for question in self._layout.campaign.questions]).ljust(self._width, b"\0")
            _remember(self._known_answers, text, known)
        if not any(special):
            return known
        answers = bytearray(known)
        for place, answer in zip(self._special, special, strict=False):
            answers[place] = answer or answers[place]
        return bytes(answers)

    def _geography(self, text: bytes) -> bytes:
        known = self._known_geographies.get(text)
        if known is None:
            known = bytes(read_numbers(text.decode(), self._layout.campaign.geographies))
            _remember(self._known_geographies, text, known)
        return known

    def _when(self, text: bytes | None, received: int) -> tuple[int, int]:
        """Returns the number of the day, and that of the hour."""
        if text:
            known = self._known_days.get(text)
            return (_remember(self._known_days, text, _number(date.fromisoformat(text.decode()))) if known is None else known), 0
        moment = datetime.fromtimestamp(received / 1000, self._layout.campaign.window.timezone)
        return _number(moment.date()), moment.hour + 1


def _number(day: date) -> int:
    return min(max(day.toordinal() - FIRST_DAY, 0), LAST_DAY)


def _in_bytes(ids: Mapping[str, int]) -> dict[bytes, int]:
    return {name.encode(): number for name, number in ids.items()}


def _remember(known: dict[bytes, T], text: bytes, read: T) -> T:
    if len(known) >= MOST_KNOWN:
        known.clear()
    known[text] = read
    return read
