"""The log's chain: followed link by link over the bytes as they lie in the stream, without a store."""

import hashlib
import json
from typing import Any

from campaigns.responses import ERASED, EXPIRED, LIVE, WITHDRAWN

STATE_AFTER = {b"response.received": LIVE, b"response.withdrawn": WITHDRAWN, b"response.erased": ERASED}
WITH_WORDS = (b"response.received", b"response.revised")
READ_WHOLE = (b"log.sealed", b"words.expired", b"campaign.restored")
WORDS = b'"words":['


class Chain:
    """Follows the log link by link, remembering what it says last of each response: its state and commitments.

    Commitments stay the JSON they are in, without its brackets. Few kinds of event are read whole, since that takes long.
    """

    def __init__(self) -> None:
        self.number = 0
        self.link = b""
        self.states: dict[int, str] = {}
        self.expired: set[int] = set()
        self.skipped: set[int] = set()
        self._words: dict[int, bytes] = {}
        self._lines: list[bytes] = []
        self._seal = (0, "")

    @property
    def head(self) -> tuple[int, str, int, str]:
        """Returns what the head must be after the events followed: last event, its link, last event sealed, its seal."""
        return (self.number, self.link.decode(), *self._seal)

    def words(self, number: int) -> bytes:
        """Returns the commitments that the log last gave for a response, as the inside of a JSON list."""
        return self._words.get(number, b"")

    def add(self, place: bytes, line: bytes, link: bytes) -> str:
        """Follows the event that lies at a place of the stream; returns what does not fit, nothing where all does."""
        number = self.number + 1
        if place != b"%d-0" % number:
            return f"event {number} is missing"
        linked = hashlib.sha1(self.link + line, usedforsecurity=False).hexdigest()
        if linked != link.hex():
            return f"event {number} does not fit: its link is not that of its words and the event before"
        _, named, _, _, subject, data = line.split(b" ", 5)
        name = named.partition(b"/")[0]
        if name in READ_WHOLE and not self._read_whole(name, json.loads(data)):
            return f"event {number} does not fit: its seal is not that of the events it covers"
        self._lines.append(line)
        self._remember(name, int(subject), data)
        self.number, self.link = number, linked.encode()
        return ""

    def _remember(self, name: bytes, subject: int, data: bytes) -> None:
        if name in STATE_AFTER:
            self.states[subject] = STATE_AFTER[name]
        if name in WITH_WORDS and (begins := data.rfind(WORDS)) >= 0:  # a quote within a text has a stroke before it
            self._words[subject] = data[begins + len(WORDS):data.index(b"]", begins)]

    def _read_whole(self, name: bytes, data: dict[str, Any]) -> bool:
        """Takes in an event of a rarer kind; False for a seal that does not fit."""
        if name == b"log.sealed":
            return self._seal_fits(data)
        for first, last in data.get("ranges", ()) if name == b"words.expired" else ():
            self.expired.update(range(first, last + 1))
            self.states.update({n: EXPIRED for n in range(first, last + 1) if self.states.get(n) == LIVE})
        if name == b"campaign.restored" and "skipped" in data:
            self.skipped.update(range(data["skipped"][0], data["skipped"][1] + 1))
        return True

    def _seal_fits(self, data: dict[str, Any]) -> bool:
        last, previous = self._seal
        if data["first"] != last + 1 or data.get("previous", "") != previous:
            return False
        covered, self._lines = self._lines[:data["last"] - last], self._lines[data["last"] - last:]
        self._seal = (data["last"], data["sha256"])
        sha = hashlib.sha256(previous.encode())
        for line in covered:
            sha.update(line + b"\n")
        return sha.hexdigest() == str(data["sha256"])
