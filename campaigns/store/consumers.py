"""What the two consumers share: cursors, bells, how far behind, and responses set aside."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from traceback import extract_tb

from campaigns.events import write_data
from campaigns.store.log import last_event
from campaigns.store.store import Store, record

TALLIES, CODING = "tallies", "coding"
CONSUMERS = (TALLIES, CODING)
MOST_DEATHS = 5


@dataclass(frozen=True)
class Parked:
    """A response a consumer could not handle, set aside so that the rest go on."""

    consumer: str
    response: int
    why: str
    attempts: int


def cursor(store: Store, consumer: str) -> int:
    """Returns the last event a consumer has done; none by the tallies where the rows are of another layout."""
    done, mark = store.text.mget(store.keys.of("cursor", consumer), store.keys.of("rows", "layout"))
    return 0 if consumer == TALLIES and mark != store.layout.mark else int(done or 0)


def behind(store: Store, consumer: str) -> int:
    """Returns how many events a consumer has still to do."""
    return max(last_event(store) - cursor(store, consumer), 0)


def removed(store: Store) -> bool:
    """Tells whether the campaign was removed since its store was opened, even if another of its name has come."""
    return bool(store.text.hget(store.keys.of("state"), "born") != store.born)


def renew_bell(store: Store, consumer: str, ms: int) -> None:
    """Keeps the bell rung while its job works."""
    store.text.set(store.keys.of("bell", consumer), "1", px=ms)


def silence_bell(store: Store, consumer: str) -> None:
    """Ends the bell, so that the next response rings it again."""
    store.text.delete(store.keys.of("bell", consumer))


def ring_bell(store: Store, consumer: str, ms: int) -> bool:
    """Rings the bell; True if it was silent, so that the caller queues a job."""
    return bool(store.text.set(store.keys.of("bell", consumer), "1", nx=True, px=ms))


def begin_batch(store: Store, consumer: str, at: int, most: int) -> tuple[int, int]:
    """Notes the batch about to be tried; returns its size and how often it has killed its worker.

    A batch that was tried before and never ended is halved, until the response that kills is alone; where a half
    of it is done meanwhile, what kills lies in the rest, which is halved in its turn.
    """
    key, within = store.keys.of("trying", consumer), store.keys.of("trying", consumer, "within")
    before, last = store.text.hgetall(key), int(store.text.get(within) or 0)
    size, deaths = min(most, max((last - at) // 2, 1)) if last > at else most, 0
    if before and int(before["at"]) == at:
        size, deaths = max(int(before["size"]) // 2, 1), int(before["deaths"]) + 1
        alone_before = int(before["size"]) == 1
        deaths = deaths if alone_before else 1
        store.text.set(within, at + int(before["size"]))
    store.text.hset(key, mapping={"at": at, "size": size, "deaths": deaths})
    return size, deaths


def spare_the_rest(
    store: Store, consumer: str, responses: Sequence[int], attempt: Callable[[int], object]
) -> tuple[list[int], int]:
    """Tries the responses of one event alone, each noted while it is in hand, and parks those that ended the worker five times.

    Returns the others, and how often the worker ended with any of them in hand.
    """
    key = store.keys.of("trying", consumer)
    if culprit := store.text.hget(key, "in_hand"):
        store.text.hincrby(key, f"ended:{culprit}", 1)
    ended = {field: int(times) for field, times in store.text.hgetall(key).items() if field.startswith("ended:")}
    spared = [response for response in responses if ended.get(f"ended:{response}", 0) < MOST_DEATHS]
    for response in spared:
        store.text.hset(key, "in_hand", response)
        attempt(response)
    store.text.hdel(key, "in_hand")
    for response in sorted({*responses} - {*spared}):
        park(store, consumer, response, "It ended the worker five times.")
    return spared, sum(ended.values())


def park(store: Store, consumer: str, response: int, reason: str | Exception) -> None:
    """Sets a response aside with the reason, for an administrator to look at and replay.

    Of a failure only its kind and place are kept: its message may hold the wish's words, and the log never forgets.
    """
    why = reason if isinstance(reason, str) else _kind_and_place(reason)
    field = f"{consumer}:{response}"
    kept = store.text.hget(store.keys.of("parked"), field)
    attempts = (json.loads(kept)["attempts"] if kept else 0) + 1
    record(
        store.connections, store.slug, "event.parked", who=f"job:{consumer}", subject=response,
        hashes={"parked": {field: json.dumps({"why": why, "attempts": attempts})}},
        data=write_data("event.parked", consumer=consumer, why=why),
    )


def _kind_and_place(failure: Exception) -> str:
    frames = extract_tb(failure.__traceback__)
    return f"{type(failure).__name__}{f' in {frames[-1].name}, line {frames[-1].lineno}' if frames else ''}"


def parked(store: Store) -> list[Parked]:
    """Returns the responses that are set aside."""
    found = []
    for field, kept in store.text.hgetall(store.keys.of("parked")).items():
        consumer, response = field.split(":")
        about = json.loads(kept)
        found.append(Parked(consumer, int(response), about["why"], about["attempts"]))
    return sorted(found, key=lambda one: one.response)


def unpark(store: Store, consumer: str, responses: Sequence[int]) -> None:
    """Takes responses off the list once they have been handled."""
    if responses:
        store.text.hdel(store.keys.of("parked"), *(f"{consumer}:{response}" for response in responses))
