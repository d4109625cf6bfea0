"""Handing wishes on as CSV: how fast, and how much memory the process needs that writes it."""

import csv
import re
import time
from multiprocessing import get_context
from pathlib import Path

from campaigns.exports.making import make_file
from campaigns.exports.orders import Asked, ask, look
from campaigns.exports.reading import Watch, read_rows
from campaigns.exports.writing import as_csv
from campaigns.store.blocks import RowTable
from campaigns.store.connection import connect
from campaigns.store.responses import read_ahead, response_count
from campaigns.store.store import Store, open_store
from campaigns.tallies import ask_for
from tests.bench.desk import TOGETHER, of_the_desk
from tests.bench.figures import Bench, Figure, Result, timed
from tests.bench.filled import filled
from tests.bench.site import SLUG

CSV = Figure(
    "wishes handed on as CSV", "wishes/s", "the texts alone, written as CSV straight from the hash of every response", 10_000,
)
MEMORY = Figure("memory of the process that writes it, at most", "MB", "", 200, less=True)
# 90 seconds for 300,000 is 3,333 a second.
BOOKS = {
    ending: (
        Figure(f"wishes handed on as {ending.upper()}, by the job", "wishes/s", "", 3333),
        Figure(f"memory of the job that writes the {ending.upper()}, at most", "MB", "", 200, less=True),
    ) for ending in ("xlsx", "ods")
}


def measure(bench: Bench) -> list[Result]:
    """Measures the whole export in a process of its own, which does nothing else; 10,000 a second are 300,000 in 30 s."""
    written, memory = Result(CSV), Result(MEMORY)
    books = {ending: (Result(speed), Result(most)) for ending, (speed, most) in BOOKS.items()}
    own, many = of_the_desk(bench)
    with filled(own, many) as here, get_context("spawn").Pool(1, maxtasksperchild=1) as apart:
        for _ in bench.turns(written, memory):
            wishes, seconds, megabytes = apart.apply(export, (here.url, str(bench.folder / "wishes.csv")))
            written.ours.append(wishes / seconds)
            memory.ours.append(megabytes)
            written.baseline.append(wishes / timed(lambda: _plainly(here.store, bench.folder / "plain.csv")))
            for ending, (speed, most) in books.items():
                wishes, seconds, megabytes, size = apart.apply(make, (here.url, str(bench.folder), ending))
                speed.ours.append(wishes / seconds)
                most.ours.append(megabytes)
                speed.notes = [f"{wishes:,} wishes in {seconds:.1f} s, a file of {size:.0f} MB"]
            written.notes = [f"{wishes:,} wishes of {response_count(here.store):,} responses, rows and all read anew"]
    return [written, memory, *(result for pair in books.values() for result in pair)]


def export(url: str, path: str) -> tuple[int, float, float]:
    """Writes every wish to a file; returns how many, in how many seconds, and the process's most memory in MB."""
    store, table = open_store(connect({"REDIS_URL": url}), SLUG), RowTable()
    wishes = 0

    def write() -> None:
        nonlocal wishes
        event, query = table.refresh(store), ask_for(store.layout, (), {}, "wishes")
        wishes = table.count(store, query).total
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            file.writelines(as_csv(read_rows(store, table, {}, "wishes", Watch(store, event)), "wishes"))

    seconds = timed(write)
    return wishes, seconds, _most_memory()


def make(url: str, folder: str, ending: str) -> tuple[int, float, float, float]:
    """Makes a workbook as the job does; returns how many wishes, in how many seconds, the most memory and the file in MB."""
    store = open_store(connect({"REDIS_URL": url}), SLUG)
    order = ask(store, Path(folder), Asked("wishes", ending, {}, "s-1", int(time.time() * 1000)))
    seconds = timed(lambda: make_file(order))
    done = look(order)
    return done.done, seconds, _most_memory(), done.size / 1e6


def _most_memory() -> float:
    most = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(most[1]) / 1000 if most else float("nan")


def _plainly(store: Store, path: Path) -> None:
    last = response_count(store)
    parts = [range(first, min(first + TOGETHER, last + 1)) for first in range(1, last + 1, TOGETHER)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for kept in read_ahead(store, parts):
            writer.writerows(
                (number, slot, fields[b"w%d" % slot].decode())
                for number, fields in kept.items() for slot in range(1, store.campaign.wishes_each + 1) if b"w%d" % slot in fields
            )
