"""The letter campaigns that were found among a campaign's wishes: numbers of wishes, never their words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from time import time

from campaigns.store.store import Store

Place = tuple[int, int]


@dataclass(frozen=True)
class Alike:
    """What was found, up to which event, and when (ms); ``groups`` are (response, slot) of each wish, the largest first."""

    event: int
    at_ms: int
    groups: tuple[tuple[Place, ...], ...]


def keep_alike(store: Store, event: int, groups: Sequence[Sequence[Place]]) -> None:
    """Puts what was found in place of what was found before."""
    kept = {
        "event": event, "at_ms": int(time() * 1000), "groups": json.dumps(groups, separators=(",", ":")),
        "campaigns": len(groups), "wishes": sum(map(len, groups)),
    }
    store.text.hset(store.keys.of("alike"), mapping=kept)


def alike_of(store: Store) -> Alike | None:
    """Returns what was found last, None where nobody has looked yet."""
    kept = store.text.hgetall(store.keys.of("alike"))
    if not kept:
        return None
    groups = tuple(tuple((number, slot) for number, slot in group) for group in json.loads(kept["groups"]))
    return Alike(int(kept["event"]), int(kept["at_ms"]), groups)


def alike_counts(store: Store) -> tuple[int, int]:
    """Returns how many wishes were found in letter campaigns, and how many of these there were, when somebody last looked."""
    wishes, campaigns = store.text.hmget(store.keys.of("alike"), ["wishes", "campaigns"])
    return int(wishes or 0), int(campaigns or 0)
