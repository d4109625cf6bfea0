"""What the frame misses: groups of wishes that no code fits, by their numbers, and those that somebody put by."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from time import time

from campaigns.store.blocks import Place
from campaigns.store.standing import read_standing
from campaigns.store.store import Store, record

WORTH_IT = 20  # wishes without a code, from which on looking is worth it
DAY_MS = 24 * 3600 * 1000
SAME_PERCENT = 50  # of a group's wishes that were in one put by, from which on it is taken for that one


@dataclass(frozen=True)
class Group:
    """A group as it was found: all its wishes, a few near its middle first, and the words many of them share."""

    id: str
    wishes: tuple[Place, ...]
    typical: tuple[Place, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Missed:
    """What was found, up to which event and when (ms): of how many wishes that no code fits so many were looked at."""

    event: int
    at_ms: int
    of: int
    looked: int
    groups: tuple[Group, ...]


def keep_missed(store: Store, event: int, of: int, looked: int, groups: Sequence[Group]) -> None:
    """Puts what was found in place of what was found before."""
    kept = [{"id": one.id, "wishes": one.wishes, "typical": one.typical, "words": one.words} for one in groups]
    found = {"event": event, "at_ms": int(time() * 1000), "of": of, "looked": looked, "groups": kept}
    record(store.connections, store.slug, None, hashes={"missed": {"found": json.dumps(found, separators=(",", ":"))}})


def missed_of(store: Store) -> Missed | None:
    """Returns what was found last without what was put by, None where nobody has looked yet."""
    kept = store.text.hget(store.keys.of("missed"), "found")
    if not kept:
        return None
    about, by = json.loads(kept), put_by(store)
    groups = [
        Group(one["id"], _places(one["wishes"]), _places(one["typical"]), tuple(one["words"])) for one in about.pop("groups")
    ]
    return Missed(**about, groups=tuple(one for one in groups if not any(_is_same(one.wishes, old) for old in by)))


def put_away(store: Store, group: Group) -> None:
    """Puts a group by, so that it is not shown again, nor one of mostly the same wishes."""
    by = [*map(list, put_by(store)), group.wishes]
    record(store.connections, store.slug, None, hashes={"missed": {"put by": json.dumps(by, separators=(",", ":"))}})


def bring_back(store: Store) -> None:
    """Shows the groups again that were put by."""
    record(store.connections, store.slug, None, hashes={"missed": {"put by": ""}})


def put_by(store: Store) -> list[tuple[Place, ...]]:
    """Returns the wishes of each group that was put by."""
    kept = store.text.hget(store.keys.of("missed"), "put by")
    return [_places(one) for one in json.loads(kept)] if kept else []


def _is_same(wishes: Sequence[Place], old: Sequence[Place]) -> bool:
    return 100 * len(set(wishes) & set(old)) > SAME_PERCENT * min(len(wishes), len(old))


def _places(kept: Sequence[Sequence[int]]) -> tuple[Place, ...]:
    return tuple((number, slot) for number, slot in kept)


def worth_a_look(store: Store) -> bool:
    """Tells whether enough wishes have no code for a look, and nobody has looked for a day."""
    if read_standing(store).counts("code", "wishes").get("other", 0) < WORTH_IT:
        return False
    kept = store.text.hget(store.keys.of("missed"), "found")
    return not kept or time() * 1000 - json.loads(kept)["at_ms"] > DAY_MS
