"""Waiting for a state without taking the processor from those who bring it about."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SHORTEST, LONGEST = 0.01, 0.1


def look(condition: Callable[[], T]) -> T:
    """Returns what a condition is; where it does not hold, after a pause of twice the time it took to tell."""
    began = time.monotonic()
    state = condition()
    if not state:
        time.sleep(min(max(2 * (time.monotonic() - began), SHORTEST), LONGEST))
    return state
