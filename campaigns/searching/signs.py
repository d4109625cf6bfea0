"""The signs of the wishes' vectors, a bit for each of 384 numbers: enough to find which wishes may be near in meaning.

Two vectors point the same way the more of their signs agree. 48 bytes a wish are compared with all wishes in the time that their
384 would take to be read; which of the best are really near, the vectors themselves then tell.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from campaigns.consumers.tallying import touched
from campaigns.events import Event
from campaigns.searching.words import expired
from campaigns.store.keys import VECTOR_BLOCK, VECTOR_LENGTH
from campaigns.store.many import ask_many
from campaigns.store.store import Store

TABLES = ("CREATE TABLE signs (block INTEGER PRIMARY KEY, stamp INTEGER, planes BLOB)",)
PLANES = VECTOR_LENGTH // 64  # words of 64 signs, each kept in a row of its own for all wishes of a block
CHANGE_VECTORS = frozenset({"wishes.coded", "response.revised", "response.erased"})
TOGETHER = 32  # blocks compared at once: what lies between two steps stays in the processor's own memory

Vector = NDArray[np.float32]
Planes = NDArray[np.uint64]


def signs_of(vectors: NDArray[np.int8] | Vector) -> Planes:
    """Returns the signs of vectors (n, 384) as (6, n) words of 64; a vector of zeros has none."""
    packed = np.packbits(vectors > 0, axis=1)
    return np.ascontiguousarray(packed.view(np.uint64).T)


def replace(file: sqlite3.Connection, store: Store, events: Iterable[Event]) -> None:
    """Puts the signs of the vectors that events touch, as they now are, in place of those before."""
    some = list(events)
    numbers = sorted({*touched([event for event in some if event.name in CHANGE_VECTORS]), *expired(some)})
    spans = [(block, [*those]) for block, those in groupby(numbers, lambda number: number // VECTOR_BLOCK)]
    for (block, those), vectors in zip(spans, _vectors(store, spans), strict=True):
        each = store.campaign.wishes_each
        kept = file.execute("SELECT planes FROM signs WHERE block = ?", (block,)).fetchone()
        planes = np.frombuffer(kept[0], np.uint64).reshape(PLANES, -1).copy() if kept else _none(each)
        first = those[0] % VECTOR_BLOCK * each
        planes[:, first:first + len(vectors)] = signs_of(vectors)
        file.execute(
            "INSERT INTO signs VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET stamp = excluded.stamp, planes = excluded.planes",
            (block, some[-1].number, planes.tobytes()),
        )


def _none(each: int) -> Planes:
    return np.zeros((PLANES, VECTOR_BLOCK * each), np.uint64)


def _vectors(store: Store, spans: list[tuple[int, list[int]]]) -> list[NDArray[np.int8]]:
    """Returns the vectors of all wishes from the first to the last response of each span; zeros where there are none."""
    wide = store.campaign.wishes_each * VECTOR_LENGTH
    asked = [
        ("GETRANGE", store.keys.of("vectors", block), those[0] % VECTOR_BLOCK * wide, (those[-1] % VECTOR_BLOCK + 1) * wide - 1)
        for block, those in spans
    ]
    sizes = [(those[-1] - those[0] + 1) * wide for _, those in spans]
    kept = ask_many(store.raw, asked) if asked else []
    filled = (some.ljust(size, b"\0") for some, size in zip(kept, sizes, strict=True))
    return [np.frombuffer(some, np.int8).reshape(-1, VECTOR_LENGTH) for some in filled]


@dataclass
class Signs:
    """This process's copy of a campaign's signs; ``refresh`` fetches the blocks that changed."""

    life: str = ""
    stamps: dict[int, int] = field(default_factory=dict)
    planes: Planes = field(default_factory=lambda: np.zeros((0, PLANES, 0), np.uint64))
    lock: Lock = field(default_factory=Lock)

    def refresh(self, file: sqlite3.Connection, life: str, each: int) -> None:
        """Brings the copy up to what the index holds; ``life`` tells an index from one made before it."""
        with self.lock:
            if life != self.life:
                self.life, self.stamps, self.planes = life, {}, np.zeros((0, PLANES, VECTOR_BLOCK * each), np.uint64)
            stamps = dict(file.execute("SELECT block, stamp FROM signs").fetchall())
            self._make_room(max(stamps, default=-1) + 1)
            for block in [block for block, stamp in stamps.items() if self.stamps.get(block) != stamp]:
                kept = file.execute("SELECT planes FROM signs WHERE block = ?", (block,)).fetchone()[0]
                self.planes[block] = np.frombuffer(kept, np.uint64).reshape(PLANES, -1)
                self.stamps[block] = stamps[block]

    def _make_room(self, blocks: int) -> None:
        if blocks > len(self.planes):
            grown = np.zeros((blocks + blocks // 8, *self.planes.shape[1:]), np.uint64)
            grown[:len(self.planes)] = self.planes
            self.planes = grown

    def distances(self, vector: Vector) -> NDArray[np.uint16]:
        """Returns how many signs of each wish differ from a vector's, by the wish's place: its response times slots, and slot."""
        signs, planes = signs_of(vector[None, :]), self.planes
        apart = np.empty((len(planes), planes.shape[2]), np.uint16)
        for first in range(0, len(planes), TOGETHER):
            differ = np.bitwise_count(planes[first:first + TOGETHER] ^ signs)
            np.sum(differ, axis=1, dtype=np.uint16, out=apart[first:first + TOGETHER])
        return apart.ravel()
