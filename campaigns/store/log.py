"""The log: reading events, sealing them, and proving that nothing in it was changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.events import Event, full_name, read_event, write_data
from campaigns.responses import ERASED, Response
from campaigns.store.chain import Chain
from campaigns.store.halves import look_over
from campaigns.store.many import as_mapping, ask_many
from campaigns.store.quick import Fields, Quick
from campaigns.store.responses import read_ahead, read_each, response_count
from campaigns.store.store import NoSuchCampaign, Store

PAGE = 5000
TOGETHER = 1000
LOOKS = 5


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
    [entries] = ask_many(store.raw, [_range(store, after, most)])
    return [(int(place.partition(b"-")[0]), line.decode(), link.hex()) for place, line, link in map(_as_bytes, entries)]


def _range(store: Store, after: int, most: int) -> tuple[str | int, ...]:
    # From the next one's place, not from behind this one's: an event that lies beside its place would come again and again.
    return "XRANGE", store.keys.of("log"), f"{after + 1}-0", "+", "COUNT", most


def read_events(store: Store, after: int = 0, most: int = PAGE) -> list[Event]:
    """Returns the events after one, oldest first."""
    return [read_event(line) for _, line, _ in read_lines(store, after, most)]


def last_seal(store: Store) -> tuple[int, str]:
    """Returns the event that the log's latest seal reaches, and the seal; 0 and "" where none has been set."""
    sealed, digest = store.text.hmget(store.keys.of("head"), "sealed", "seal")
    return int(sealed or 0), digest or ""


def event_at(store: Store, number: int) -> Event | None:
    """Returns one event by its number."""
    return next(iter(read_events(store, number - 1, 1)), None)


def events_at(store: Store, numbers: Sequence[int]) -> list[Event]:
    """Returns some events by their numbers, in that order; numbers that no event has are left out."""
    found = ask_many(store.raw, [_range(store, number - 1, 1) for number in numbers])
    read = [(number, _as_bytes(entries[0])) for number, entries in zip(numbers, found, strict=True) if entries]
    return [read_event(line.decode()) for number, (place, line, _) in read if place == b"%d-0" % number]


def seal(store: Store, who: str = "job:schedule") -> str:
    """Seals the log as it now stands; returns the seal (SHA-256 of the lines since the last seal, and of that one).

    Raises NoSuchCampaign where the campaign was removed meanwhile, even if another of its name has come.
    """
    kept = store.text.hmget(store.keys.of("head"), "sealed", "seal")
    before, previous = int(kept[0] or 0), kept[1] or ""
    if _nothing_since(store, before):
        return previous
    digest, last = _digest(store, before, previous)
    data = write_data("log.sealed", first=before + 1, last=last, sha256=digest, previous=previous)
    answer = store.scripts.run("seal", before, last, digest, full_name("log.sealed"), who, data, store.born)
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
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
    """Checks every link and seal of the log, and every response's state and words against what the log says of it.

    The log may grow meanwhile.
    """
    chain, total = Chain(), response_count(store)
    problem = _follow(store, chain)
    if not problem:
        unknown = (number for number in range(1, total + 1) if number not in chain.states and number not in chain.skipped)
        problem = next((f"response {number} is not in the log" for number in unknown), "")
        problem = problem or look_over(sorted(chain.states), lambda numbers: _check_responses(store, chain, numbers))
    return Verdict(chain.number, len(chain.states), problem)


def _follow(store: Store, chain: Chain) -> str:
    """Checks the events the chain has not seen, up to the head; returns what does not fit first."""
    while True:
        head, lines = _head_and_lines(store, chain.number)
        for place, line, link in lines:
            if problem := chain.add(place, line, link):
                return problem
        if not lines and head[0] > chain.number:
            return f"event {chain.number + 1} is missing: the head says there were {head[0]}"
        if not lines:
            return "" if head == chain.head else f"the head does not fit the log's last event, {chain.number}"


def _head_and_lines(store: Store, after: int) -> tuple[tuple[int, str, int, str], list[tuple[bytes, bytes, bytes]]]:
    """Returns the head and the events after one, both as of one moment."""
    *_, (head, entries) = ask_many(store.raw, [
        ("MULTI",), ("HMGET", store.keys.of("head"), "event", "link", "sealed", "seal"),
        _range(store, after, PAGE), ("EXEC",),
    ])
    event, link, sealed, seal_kept = [(part or b"").decode(errors="replace") for part in head]
    return (int(event or 0), link, int(sealed or 0), seal_kept), [_as_bytes(entry) for entry in entries]


def _as_bytes(entry: tuple[bytes, Any]) -> tuple[bytes, bytes, bytes]:
    place, kept = entry[0], as_mapping(entry[1])
    return place, kept.get(b"e", b""), kept.get(b"l", b"")


def _check_responses(store: Store, chain: Chain, numbers: Sequence[int]) -> str:
    """Returns the first misfit between a response and the log; what changed while it was read is looked at again."""
    quick = Quick(store.layout)
    parts = [numbers[first:first + TOGETHER] for first in range(0, len(numbers), TOGETHER)]
    for part, kept in zip(parts, read_ahead(store, parts), strict=True):
        some = _doubtful(part, kept, chain, quick)
        for _ in range(LOOKS):
            found = dict(read_each(store, some))
            if problem := _follow(store, chain):  # by now the log has whatever was read
                return problem
            some = [number for number in some if _misfit(number, found.get(number), chain)]
            if not some:
                break
        else:
            return _misfit(some[0], found.get(some[0]), chain)
    return ""


def _doubtful(numbers: Sequence[int], kept: Mapping[int, Fields], chain: Chain, quick: Quick) -> list[int]:
    """Returns those responses that a quick look cannot pass: what is amiss, out of the ordinary, or changed just now."""
    passed = {
        number for number, fields in kept.items()
        if fields.get(b"l") == chain.states[number].encode() and quick.row(fields) is not None
        and number not in chain.expired and quick.spoken(fields) == chain.words(number)
    }
    return [number for number in numbers if number not in passed]


def _misfit(number: int, response: Response | Exception | None, chain: Chain) -> str:
    said = chain.states[number]
    if isinstance(response, Exception):
        return f"response {number} cannot be read ({type(response).__name__})"
    if response is None:
        return f"response {number} is gone; the log says it is {said}"
    if response.state != said:
        return f"response {number} is {response.state}; the log says it is {said}"
    if response.state == ERASED:
        return ""
    if bool(response.expired_ms) != (number in chain.expired):
        return f"response {number}: the log says that its words {'have gone' if number in chain.expired else 'are kept'}"
    if response.words != _without_end(json.loads(b"[%b]" % chain.words(number))):
        return f"response {number}: its words are not those the log holds"
    return ""


def _without_end(words: list[str]) -> list[str]:
    """Returns commitments without those of empty slots at the end, which say nothing."""
    return _without_end(words[:-1]) if words and not words[-1] else words


def wait_for_events(store: Store, after: int, ms: int) -> bool:
    """Waits up to that long for an event after one; True as soon as there is any."""
    return bool(store.raw.xread({store.keys.of("log"): f"{after}-0"}, count=1, block=ms))
