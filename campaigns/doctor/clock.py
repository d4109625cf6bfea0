"""Time: whether the store's clock is ours, and whether it has gone back."""

from collections.abc import Iterator, Sequence

from campaigns.doctor.finding import Finding
from campaigns.store.log import event_at, last_event
from campaigns.store.store import Store

MOST_APART_MS = 2000


def look_at_clock(server_ms: int, here_ms: int) -> Iterator[Finding]:
    """Yields whether the two machines disagree about the time; windows open and close by the store's clock."""
    apart = abs(server_ms - here_ms)
    if apart > MOST_APART_MS:
        which = "ahead of" if server_ms > here_ms else "behind"
        yield Finding(
            "clock", f"The store's clock is {apart / 1000:,.0f} seconds {which} this machine's.",
            "Set both by a time server (chrony or systemd-timesyncd).",
        )


def look_at_newest(stores: Sequence[Store], server_ms: int) -> Iterator[Finding]:
    """Yields campaigns whose newest event is later than now: the clock has gone back since."""
    for store in stores:
        newest = event_at(store, last_event(store))
        if newest and newest.at_ms > server_ms + MOST_APART_MS:
            yield Finding(
                "clock", f"{store.slug}: its newest event is {(newest.at_ms - server_ms) / 1000:,.0f} seconds later than now: "
                "the store's clock has gone back.",
                "Set it by a time server. Nothing is lost: events keep their order, but some carry a wrong time.",
            )
