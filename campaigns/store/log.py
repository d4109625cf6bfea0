"""The log: reading events, sealing them, and proving that nothing in it was changed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from campaigns.events import Event, full_name, read_event, write_data
from campaigns.responses import ERASED, commitments
from campaigns.store.responses import get_responses, response_count
from campaigns.store.store import Store

PAGE = 5000
WITH_WORDS = {"response.received", "response.revised"}


@dataclass(frozen=True)
class Verdict:
    """What checking the log found: how many events fit, and the first that does not with the reason."""

    events: int
    responses: int
    problem: str = ""


def last_event(store: Store) -> int:
    """Returns the number of the last event."""
    return int(store.text.hget(store.keys.of("head"), "event") or 0)


def read_lines(store: Store, after: int = 0, most: int = PAGE) -> list[tuple[int, str, str]]:
    """Returns (number, canonical line, link) of the events after one, oldest first."""
    entries = store.text.xrange(store.keys.of("log"), f"({after}-0", "+", count=most)
    return [(int(number.split("-")[0]), kept["e"], kept["l"]) for number, kept in entries]


def read_events(store: Store, after: int = 0, most: int = PAGE) -> list[Event]:
    """Returns the events after one, oldest first."""
    return [read_event(line) for _, line, _ in read_lines(store, after, most)]


def event_at(store: Store, number: int) -> Event | None:
    """Returns one event by its number."""
    return next(iter(read_events(store, number - 1, 1)), None)


def all_lines(store: Store) -> Iterator[tuple[int, str, str]]:
    """Yields every event's number, line and link."""
    after = 0
    while page := read_lines(store, after):
        yield from page
        after = page[-1][0]


def seal(store: Store, who: str = "job:schedule") -> str:
    """Seals the log as it now stands; returns the seal (SHA-256 of the lines since the last seal, and of that one)."""
    kept = store.text.hmget(store.keys.of("head"), "sealed", "seal")
    before, previous = int(kept[0] or 0), kept[1] or ""
    if _nothing_since(store, before):
        return previous
    digest, last = _digest(store, before, previous)
    data = write_data("log.sealed", first=before + 1, last=last, sha256=digest, previous=previous)
    answer = store.scripts.run("seal", before, last, digest, full_name("log.sealed"), who, data)
    return digest if answer[0] == "sealed" else seal(store, who)


def _nothing_since(store: Store, sealed: int) -> bool:
    """Tells whether only the seal itself has come since the last seal."""
    since = read_events(store, sealed, 2)
    return not since or [event.name for event in since] == ["log.sealed"]


def _digest(store: Store, after: int, previous: str) -> tuple[str, int]:
    sha, last = hashlib.sha256(previous.encode()), after
    while page := read_lines(store, last):
        for _, line, _ in page:
            sha.update(line.encode() + b"\n")
        last = page[-1][0]
    return sha.hexdigest(), last


def verify(store: Store) -> Verdict:
    """Checks every link and seal of the log, and every living response's words against their latest commitment."""
    chain = _Chain()
    for number, line, link in all_lines(store):
        problem = chain.add(number, line, link)
        if problem:
            return Verdict(number - 1, 0, f"event {number} does not fit: {problem}")
    head = store.text.hmget(store.keys.of("head"), "event", "link")
    if (int(head[0] or 0), head[1] or "") != (chain.number, chain.link):
        return Verdict(chain.number, 0, f"event {chain.number + 1} is missing: the head says there were {head[0]}")
    return _verify_words(store, chain)


class _Chain:
    """Follows the log link by link, remembering what each response's words were last committed to."""

    def __init__(self) -> None:
        self.number = 0
        self.link = ""
        self.words: dict[int, list[str]] = {}
        self._lines: list[bytes] = []
        self._seal = (0, "")

    def add(self, number: int, line: str, link: str) -> str:
        if number != self.number + 1:
            return f"event {self.number + 1} is missing"
        if hashlib.sha1((self.link + line).encode(), usedforsecurity=False).hexdigest() != link:
            return "its link is not that of its words and the event before"
        event = read_event(line)
        if event.name == "log.sealed" and not self._seal_fits(event.data):
            return "its seal is not that of the events it covers"
        self._lines.append(line.encode() + b"\n")
        if event.name in WITH_WORDS and "words" in event.data:
            self.words[event.subject] = event.data["words"]
        self.number, self.link = number, link
        return ""

    def _seal_fits(self, data: dict[str, Any]) -> bool:
        last, previous = self._seal
        if data["first"] != last + 1 or data.get("previous", "") != previous:
            return False
        covered, self._lines = self._lines[:data["last"] - last], self._lines[data["last"] - last:]
        self._seal = (data["last"], data["sha256"])
        return hashlib.sha256(previous.encode() + b"".join(covered)).hexdigest() == str(data["sha256"])


def _verify_words(store: Store, chain: _Chain) -> Verdict:
    total = response_count(store)
    for first in range(1, total + 1, 1000):
        for response in get_responses(store, range(first, min(first + 1000, total + 1))):
            if response.state == ERASED:
                continue
            slots = {wish.slot: wish.text for wish in response.wishes}
            texts = tuple(slots.get(slot, "") for slot in range(1, max(slots, default=0) + 1))
            if commitments(response.salt, texts) != chain.words.get(response.number):
                return Verdict(chain.number, first, f"response {response.number}: its words are not those the log holds")
    return Verdict(chain.number, total)


def wait_for_events(store: Store, after: int, ms: int) -> bool:
    """Waits up to that long for an event after one; True as soon as there is any."""
    return bool(store.text.xread({store.keys.of("log"): f"{after}-0"}, count=1, block=ms))
