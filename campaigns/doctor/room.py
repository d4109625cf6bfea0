"""The disk: what is free, now and at the present rate of growth, and what lies on it that should not."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from campaigns.doctor.finding import Finding
from campaigns.keeping.forgetting import left_lying
from campaigns.store.connection import Connections
from campaigns.store.keys import REWRITE_DUE
from campaigns.store.log import event_at, last_event
from campaigns.store.server.disk import MEGABYTE, in_megabytes, size_of
from campaigns.store.store import Store

DAY_MS = 24 * 3600 * 1000
SOON, LATER = 7, 30  # days until intake would close
UNSEEN = "Its disk cannot be seen from here, so intake does not close by itself before it is full."


def look_at_disk(connections: Connections, stores: Sequence[Store], info: Mapping[str, Any], now_ms: int) -> Iterator[Finding]:
    """Yields what stands against the disk that the store writes to."""
    room, free = connections.room, connections.room.free()
    if room.folder is None or free is None:
        yield Finding("disk", UNSEEN, "Watch it where it runs, and keep at least twice the store's size free.", must=False)
    else:
        yield from look_at_free(free, room.least, growth_a_day(stores, size_of(room.folder / "appendonlydir"), now_ms))
        yield from look_at_leavings(room.folder.parent)
        if connections.text.exists(REWRITE_DUE) and not room.for_rewrite():
            yield Finding(
                "disk", "Something was erased and is still in the store's file: there is no room to write that anew.",
                f"Make room: {in_megabytes(size_of(room.folder / 'appendonlydir'))} and 32 MB more than are used now.",
            )
    if info.get("aof_last_bgrewrite_status", "ok") != "ok":
        yield Finding("disk", "The last rewrite of the store's file failed.", "Look at its log, and make room or memory for it.")


def look_at_free(free: int, least: int, growth: float) -> Iterator[Finding]:
    """Yields how much is free and for how many days that will do, where it is little; bytes, and bytes a day."""
    if free < least:
        yield Finding(
            "disk", f"The disk has {in_megabytes(free)} free, and {in_megabytes(least)} are kept free: nothing is taken in.",
            "Make room on it; intake opens again by itself.",
        )
    elif growth and (days := (free - least) / growth) < LATER:
        yield Finding(
            "disk", f"The disk has {in_megabytes(free)} free. The store grows by {growth / MEGABYTE:,.1f} MB a day: intake "
            f"closes in {days:.0f} days.", "Make room on it, or move the data folder to a larger disk.", must=days < SOON,
        )


def look_at_leavings(data: Path) -> Iterator[Finding]:
    """Yields damaged copies that were kept, which hold words that may have been erased since."""
    for copy in left_lying(data):
        yield Finding(
            "disk", f"{copy} is a copy of the store from when it was damaged, with everyone's words.",
            "Delete it as soon as you are sure that you do not need it: nothing is erased from it.", must=False,
        )


def growth_a_day(stores: Sequence[Store], size: int, now_ms: int) -> float:
    """Returns by how many bytes a day the store grows, from the events of the last day and the bytes of all events so far."""
    total = sum(last_event(store) for store in stores)
    lately = sum(events_since(store, now_ms - DAY_MS) for store in stores)
    return size / total * lately if total else 0.0


def events_since(store: Store, at_ms: int) -> int:
    """Returns how many events have come since a moment, by halving: events are in the order they came."""
    low, high = 0, last_event(store)
    whole = high
    while low < high:
        middle = (low + high) // 2 + 1
        event = event_at(store, middle)
        if event and event.at_ms < at_ms:
            low = middle
        else:
            high = middle - 1
    return whole - low
