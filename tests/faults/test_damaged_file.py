"""The append-only file cut short, or with a bit flipped: what was acknowledged is there, or the start is refused in words."""

import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from campaigns.consumers import tallying
from campaigns.consumers.rebuilding import differences
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections, connect
from campaigns.store.log import seal, verify
from campaigns.store.responses import get_responses
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.places import ServerFailed
from campaigns.store.store import Store, open_store
from tests.faults.account import Fault
from tests.storehouse import LITTLE, catch_up, code_by_machine, open_little, send

Keys = dict[bytes, dict[bytes, bytes]]  # each with its fields; of a string, one without a name
TAIL = 4096
CODING = SlotCoding(("safer.green",), "more", "t1", 80, ())


@dataclass
class Data:
    """A stopped store with responses in it: its files as they were, and where in the file each response ended."""

    folder: Path
    files: dict[Path, bytes] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    wishes: dict[int, str] = field(default_factory=dict)
    keys: Keys = field(default_factory=dict)

    @property
    def last(self) -> Path:
        """Returns the file that the server adds to."""
        return next(path for path in self.files if path.name.endswith(".incr.aof"))

    def put_back(self) -> None:
        """Makes every file what it was when the server was stopped in order."""
        for copy in self.folder.glob("redis-damaged-*"):
            shutil.rmtree(copy)
        for path, held in self.files.items():
            path.write_bytes(held)

    def copied(self) -> bool:
        """Tells whether a copy of the store as it now is lies beside it."""
        copies = list(self.folder.glob("redis-damaged-*"))
        return len(copies) == 1 and all(
            (copies[0] / path.relative_to(self.folder / "redis")).read_bytes() == path.read_bytes()
            for path in self.files if path.is_relative_to(self.folder / "redis")
        )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    """Returns a store that was rewritten once, has taken forty responses and more since, and was stopped."""
    made = Data(tmp_path_factory.mktemp("damaged"))
    server = EmbeddedServer(made.folder)
    connections = connect({"REDIS_URL": server.start()})
    store = open_little(connections)
    for number in range(1, 11):
        made.wishes[number] = f"More benches in {number} Street"
        send(store, made.wishes[number])
        code_by_machine(store, number, 1, CODING)
    catch_up(store)
    connections.text.bgrewriteaof()
    while connections.text.info("persistence")["aof_rewrite_in_progress"]:
        pass
    written = next((made.folder / "redis").rglob("*.incr.aof"))
    for number in range(11, 51):
        made.wishes[number] = f"More trees in {number} Street"
        send(store, made.wishes[number])
        made.ends[number] = written.stat().st_size
    catch_up(store)
    seal(store)
    for number in range(51, 57):
        made.wishes[number] = f"A bus to {number} Street"
        send(store, made.wishes[number])
        made.ends[number] = written.stat().st_size
    tallying.catch_up(store)
    made.keys = every_key(connections)
    connections.close()
    server.stop()
    made.files = {path: path.read_bytes() for path in [*(made.folder / "redis").rglob("*.*"), made.folder / "redis.written"]}
    return made


@contextmanager
def started(data: Data) -> Iterator[Connections]:
    """Yields clients on the data's server; raises ServerFailed where it will not start."""
    server = EmbeddedServer(data.folder)
    connections = connect({"REDIS_URL": server.start()})
    try:
        yield connections
    finally:
        connections.close()
        server.stop()


def every_key(connections: Connections) -> Keys:
    """Returns each key with all that it holds, field by field."""
    raw = connections.raw
    readers: dict[bytes, Callable[[bytes], dict[bytes, bytes]]] = {
        b"string": lambda key: {b"": raw.get(key)}, b"hash": raw.hgetall,
        b"set": lambda key: dict.fromkeys(raw.smembers(key), b""),
        b"stream": lambda key: {number: b" ".join(b"=".join(one) for one in kept.items()) for number, kept in raw.xrange(key)},
    }
    lasting = (key for key in raw.scan_iter(count=1000) if b"}:bell:" not in key)  # bells go by themselves
    return {key: readers[raw.type(key)](key) for key in lasting}


def test_the_file_cut_at_every_byte_of_its_end(data: Data, fault: Fault) -> None:
    data.put_back()
    size = data.last.stat().st_size
    every = fault.times(full=1, short=TAIL // 16)
    cuts = range(size - TAIL, size, every) if every == 1 else sorted({size - 1, *range(size - TAIL + 37, size, every)})
    fault.did(f"cut the append-only file at {len(cuts)} places of its last {TAIL:,} bytes, each after an orderly end")
    fault.expected({
        "started as if nothing were missing": 0, "refused in words": len(cuts), "refused without a copy kept": 0,
        "after the remedy: acknowledged before the cut and gone": 0, "after the remedy: log does not verify": 0,
    })
    seen: Counter[str] = Counter(dict.fromkeys(fault.hoped, 0))
    for cut in cuts:
        seen.update(cut_at(data, cut))
    data.put_back()
    fault.saw(seen)


def refusal(data: Data) -> str:
    """Returns why the server will not start, empty where it does."""
    try:
        with started(data):
            return ""
    except ServerFailed as words:
        return str(words)


def cut_at(data: Data, cut: int) -> dict[str, int]:
    """Cuts the file, starts, follows the remedy, starts again; returns what was seen."""
    data.put_back()
    os.truncate(data.last, cut)
    said = refusal(data)
    remedy = re.search(r"^  rm (.*)$", said, re.MULTILINE)
    if remedy is None:
        return {"started as if nothing were missing": 1}
    seen = {"refused in words": 1, "refused without a copy kept": not data.copied()}
    Path(remedy.group(1)).unlink()
    with started(data) as connections:
        store = open_store(connections, LITTLE)
        there = [number for number in data.wishes if data.ends.get(number, 0) <= cut]
        kept = {one.number: one.wishes[0].text for one in get_responses(store, there)}
        seen["after the remedy: acknowledged before the cut and gone"] = sum(kept.get(n) != data.wishes[n] for n in there)
        seen["after the remedy: log does not verify"] = bool(verify(store).problem)
    return seen


SURE = {"log", "rows", "head even", "head link", "head seal", "head resp", "response w1", "response l"}  # must be found


def test_a_bit_flipped_anywhere(data: Data, fault: Fault) -> None:
    flips, chance = fault.times(full=3000, short=24), random.Random(11)
    fault.did(f"flipped one bit at {flips} places of the store's files, each after an orderly end")
    fault.expected({
        "refused, without a copy kept and a remedy": 0, "an event, words, a state or a row changed, and nothing finds it": 0,
        "refused or loaded": flips,
    })
    seen: Counter[str] = Counter()
    for _ in range(flips):
        seen[flip(data, chance)] += 1
    data.put_back()
    fault.measured("became of them", dict(seen.most_common()))
    missed = sum(times for what, times in seen.items() if set(what.removeprefix("not found: ").split(", ")) & SURE)
    fault.saw({
        "refused, without a copy kept and a remedy": seen["refused badly"],
        "an event, words, a state or a row changed, and nothing finds it": missed, "refused or loaded": seen.total(),
    })


def flip(data: Data, chance: random.Random) -> str:
    """Flips a bit, starts, and looks as a keeper would; returns what became of it."""
    data.put_back()
    path = chance.choices(list(data.files), [len(held) for held in data.files.values()])[0]
    held = bytearray(data.files[path])
    held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    path.write_bytes(held)
    try:
        with started(data) as connections:
            return looked_at(data, connections)
    except ServerFailed as words:
        well = data.copied() and "To go back to a backup" in str(words)
        return "refused by the server, or by its keeper" if well else "refused badly"


def looked_at(data: Data, connections: Connections) -> str:
    """Returns what finds the difference in a store that was loaded, or which keys have changed without anyone noticing."""
    now = every_key(connections)
    changed = {key for key in now.keys() | data.keys.keys() if now.get(key) != data.keys.get(key)}
    if not changed:
        return "harmless"
    try:
        store = open_store(connections, LITTLE)
    except Exception:
        return "found: the campaign does not open"
    for finding, look in LOOKS.items():
        try:
            if look(store):
                return f"found by {finding}"
        except Exception as failure:
            return f"found by {finding}, which stops ({type(failure).__name__})"
    return f"not found: {', '.join(sorted({kind for key in changed for kind in kinds(key, data.keys, now)}))}"


LOOKS: dict[str, Callable[[Store], object]] = {
    "log verify": lambda store: verify(store).problem,
    "tallies rebuild --check": lambda store: differences(store, RowTable()),
}


def kinds(key: bytes, before: Keys, after: Keys) -> set[str]:
    """Returns what kind of key has changed, and of the campaign's head and of a response which fields.

    The versions of the rows' blocks are a kind of their own: they say when to read again, and nothing that is read.
    """
    was, now = before.get(key), after.get(key, {})
    lost = {field for field in was or {} if was[field] != now.get(field)}  # type: ignore[index]
    if not lost:
        return {"something added"}
    name = key.partition(b"}:")[2].decode()
    kind = name if name == "rows:versions" else name.partition(":")[0]
    return {f"{kind} {field.decode()[:4]}" for field in lost} if kind in ("head", "response") else {kind}
