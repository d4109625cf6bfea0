"""What bounds a figure: how much of the processors each process took meanwhile."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.site import Site

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Seconds of processor time by process, and by the clock; filled in when the measuring ends."""

    seconds: dict[str, float] = field(default_factory=dict)
    by_clock: float = 0.0

    def each(self, many: int) -> str:
        """Returns what one of so many cost, in words: milliseconds of processor time by process."""
        parts = ", ".join(f"{name} {1000 * took / max(many, 1):.2f}" for name, took in self.seconds.items() if took > 0.01)
        total = 1000 * sum(self.seconds.values()) / max(many, 1)
        return f"{total:.2f} ms of processor each ({parts}); {sum(self.seconds.values()) / self.by_clock:.1f} processors busy"


@contextmanager
def costing(site: Site) -> Iterator[Cost]:
    """Yields what the site's processes cost while the block ran."""
    cost, began, clock = Cost(), _taken(site), time.monotonic()
    yield cost
    cost.by_clock = time.monotonic() - clock
    cost.seconds = {name: took - began.get(name, 0.0) for name, took in _taken(site).items()}


def _taken(site: Site) -> dict[str, float]:
    children = _by_group()
    taken = {name: children.get(process.pid, 0.0) for name, process in site.running.items()}
    return {**taken, "store": children.get(os.getpgid(_server_pid(site)), 0.0)}


def _server_pid(site: Site) -> int:
    return int((site.data / "redis.lock").read_text())


def _by_group() -> Mapping[int, float]:
    """Returns the processor time that each process group has taken."""
    groups: dict[int, float] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        groups[int(fields[2])] = groups.get(int(fields[2]), 0.0) + (int(fields[11]) + int(fields[12])) / TICK
    return groups
