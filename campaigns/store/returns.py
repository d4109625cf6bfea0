"""Batches of returns: what came back together, counted by hand before it is keyed, and accounted for piece by piece."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.cards.paper import REASONS
from campaigns.cards.paper import ReturnBatch as ReturnBatch
from campaigns.events import OUTCOMES as OUTCOMES
from campaigns.events import full_name
from campaigns.store.store import NoSuchCampaign, Store

MOST_IN_BATCH = 10_000
LONGEST_REASON = 200
POSSIBLE = [("keyed", ""), ("unnumbered", ""), *((outcome, why) for outcome, whys in REASONS.items() for why in whys)]


class CannotOpenBatch(ValueError):
    """A batch that cannot be opened, or counted so, as it was described; the message says what to change."""


@dataclass(frozen=True)
class Closed:
    """What became of closing or recounting a batch: closed, recounted, short, already or missing."""

    outcome: str
    short: int = 0


def open_batch(
    store: Store, *, channel: str, place: str, day: str, counted: int, who: str, key: str, double: str = "",
) -> ReturnBatch:
    """Opens a batch of returns; the same key opens the same batch once. Raises CannotOpenBatch."""
    _check(store, channel, place, day, counted)
    about = {"channel": channel, "place": place, "day": day, "counted": counted, "double": double}
    answer = store.scripts.run("open", {
        "born": store.born, "key": key, "batch": about, "event": full_name("batch.opened"), "who": who,
    })
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
    store.connections.settle()
    opened = get_batch(store, int(answer[1]))
    assert opened  # no batch is ever taken away, but with its campaign
    return opened


def _check(store: Store, channel: str, place: str, day: str, counted: int) -> None:
    check_count(counted)
    if channel not in store.campaign.channels:
        raise CannotOpenBatch(f"This campaign takes nothing by {channel}. Choose one of: {', '.join(store.campaign.channels)}.")
    if place and store.campaign.source(place) is None:
        raise CannotOpenBatch(f"This campaign has no place called {place}. Choose one of its sources, or leave it out.")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise CannotOpenBatch("Give the day the batch came back as 2010-07-12.")
    try:
        date.fromisoformat(day)
    except ValueError:
        raise CannotOpenBatch(f"There is no day {day}. Give the day the batch came back.") from None


def check_count(counted: int) -> None:
    """Raises CannotOpenBatch for a count that no batch may have."""
    if not 1 <= counted <= MOST_IN_BATCH:
        raise CannotOpenBatch(f"Count from 1 to {MOST_IN_BATCH:,} pieces. Split what is more into several batches.")


def close_batch(store: Store, number: int, who: str, why: str = "") -> Closed:
    """Closes a batch whose pieces add up to its count, or whatever they add up to where a reason is given."""
    return _close(store, number, "batch.closed", who, why, None)


def recount_batch(store: Store, number: int, counted: int, why: str, who: str) -> Closed:
    """Gives an open batch another count, with the reason; raises CannotOpenBatch for a count that cannot be."""
    check_count(counted)
    return _close(store, number, "batch.recounted", who, why, counted)


def _close(store: Store, number: int, event: str, who: str, why: str, counted: int | None) -> Closed:
    answer = store.scripts.run("close", {
        "born": store.born, "number": number, "counted": counted, "why": " ".join(why.split())[:LONGEST_REASON],
        "event": full_name(event), "who": who,
    })
    if answer[0] == "gone":
        raise NoSuchCampaign(store.slug)
    store.connections.settle()
    return Closed(answer[0], int(answer[1]))


def get_batch(store: Store, number: int) -> ReturnBatch | None:
    """Returns one batch of returns, None where there is none of that number."""
    names = [str(number), *(f"{number}:{outcome}:{why}" for outcome, why in POSSIBLE)]
    kept = zip(names, store.text.hmget(store.keys.of("returns"), names), strict=True)
    return next(iter(read_returns({name: text for name, text in kept if text is not None})), None)


def list_batches(store: Store) -> list[ReturnBatch]:
    """Returns every batch of returns, in order."""
    return read_returns(store.text.hgetall(store.keys.of("returns")))


def read_returns(kept: Mapping[str, str]) -> list[ReturnBatch]:
    """Returns the batches that the hash of returns holds, in order."""
    batches: dict[str, str] = {}
    reasons: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for name, text in kept.items():
        number, *counts = name.split(":", 2)
        if not counts:
            batches[number] = text
        elif text != "0":
            reasons[number][counts[0], counts[1]] = int(text)
    batches.pop("last", None)
    each = zip(batches, json.loads(f"[{','.join(batches.values())}]"), strict=True)  # read at once, since there may be thousands
    found = [ReturnBatch(int(number), reasons=reasons[number], **about) for number, about in each]
    return sorted(found, key=lambda batch: batch.number)
