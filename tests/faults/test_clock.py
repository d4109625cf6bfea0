"""The clock set back while people send: what was taken stays taken once, and counting and coding go on."""

import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaigns.store.log import read_events
from tests.faults.account import Fault
from tests.faults.machine import Machine, running_machine, wait_until
from tests.faults.proof import SOUND, caught_up, soundness
from tests.faults.sending import keep_sending, page, post

SHIM = Path(__file__).parent / "clock.c"


@dataclass(frozen=True)
class Clock:
    """A machine whose wall clock can be set."""

    machine: Machine
    shift: Path

    def set_back(self, seconds: int) -> None:
        """Sets the clock of every process on the machine back at once."""
        with self.shift.open("r+b") as file:
            file.write(struct.pack("@l", -seconds))

    def behind(self) -> int:
        """Returns by how many minutes the server's clock is behind this process's."""
        return round((time.time() - self.machine.connections.text.time()[0]) / 60)


@pytest.fixture
def clock(tmp_path: Path, model_folder: Path) -> Iterator[Clock]:
    """Returns a machine whose clock can be set, where a C compiler is there to make that possible."""
    if not (compiler := shutil.which("cc")):
        pytest.skip("needs a C compiler, to set the clock of some processes and not of the whole computer")
    library, shift = tmp_path / "clock.so", tmp_path / "shift"
    shift.write_bytes(struct.pack("@l", 0))
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, SHIM], check=True)
    extra = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(shift)}
    with running_machine(tmp_path / "data", model_folder, extra) as machine:
        yield Clock(machine, shift)


def test_clock_set_back_ten_minutes(clock: Clock, fault: Fault) -> None:
    machine, before, quiet = clock.machine, fault.times(full=500, short=20), fault.times(full=60, short=1)
    fault.did(f"set the clock of every process back by ten minutes while 8 residents sent, then sent one more {quiet} s later")
    fault.expected({
        **SOUND, "minutes the server's clock is behind": 10, "events go back in time": True, "a page afterwards": 200,
        "the same sending again": (201, "the same answer"),
    })
    first = post(machine.port, '{"wishes": ["A clock on the tower"]}', "clock")
    machine.others += 1

    def turn() -> None:
        wait_until(lambda: len(machine.sent.told) > before, "wishes are taken")
        clock.set_back(600)
        wait_until(lambda: len(machine.sent.told) > 2 * before, "wishes are taken afterwards")

    keep_sending(machine.port, machine.sent, 8, turn)
    again = post(machine.port, '{"wishes": ["A clock on the tower"]}', "clock")
    began = time.monotonic()
    wait_until(lambda: caught_up(machine.store) and time.monotonic() - began > quiet, "everything counted, and quiet for a while")
    began = time.monotonic()
    machine.sent.send(machine.port, "A clock that is right")
    wait_until(lambda: caught_up(machine.store), "one more counted and coded")
    fault.measured("one more was counted and coded after", f"{time.monotonic() - began:.1f} s")
    times = [event.at_ms for event in read_events(machine.store, 0, 100_000)]
    fault.saw({
        **soundness(machine), "minutes the server's clock is behind": clock.behind(),
        "events go back in time": times != sorted(times), "a page afterwards": page(machine.port)[0],
        "the same sending again": (again[0], "the same answer" if again == first else "another answer"),
    })
