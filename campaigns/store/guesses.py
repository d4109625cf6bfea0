"""Wrong guesses counted, so that nobody can try passwords, receipts, card codes or invitations for long.

A guess is judged first and counted before its answer is given: of any number sent at once, exactly as many wrong ones are
answered as the bound allows, and a right one only if it came before the last of them. Right guesses write nothing, and
neither does anyone who must wait, since every write costs the store a turn of the disk.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.store.connection import Connections
from campaigns.store.keys import guessing_key


@dataclass(frozen=True)
class Bound:
    """How many wrong guesses may be made at or by ``what`` in so many seconds, counted from the first."""

    what: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        """Returns where they are counted; the name itself is not kept."""
        return guessing_key(hashlib.sha256(self.what.encode()).hexdigest())


def seconds_to_wait(connections: Connections, bounds: Sequence[Bound]) -> int:
    """Returns in how many seconds the next guess may be made; 0 where it may be made now."""
    pipe = connections.text.pipeline(transaction=False)
    for bound in bounds:
        pipe.get(bound.key).ttl(bound.key)
    answers = pipe.execute()
    spent = zip(bounds, answers[::2], answers[1::2], strict=True)
    return max((max(ttl, 1) for bound, count, ttl in spent if int(count or 0) >= bound.most), default=0)


def count_wrong(connections: Connections, bounds: Sequence[Bound]) -> int:
    """Counts a wrong guess; returns 0 where it may be told so, else in how many seconds the next may be made."""
    if wait := seconds_to_wait(connections, bounds):
        return wait
    pipe = connections.text.pipeline(transaction=True)
    for bound in bounds:
        # With its end from the start, so that no count is for ever.
        pipe.set(bound.key, 0, ex=bound.seconds, nx=True).incr(bound.key)
    counts = pipe.execute()[1::2]
    if all(count <= bound.most for bound, count in zip(bounds, counts, strict=True)):
        return 0
    return seconds_to_wait(connections, bounds) or 1


def forget_wrong(connections: Connections, bound: Bound) -> None:
    """Starts a count again, after a right guess that shows whose it was."""
    connections.text.delete(bound.key)
