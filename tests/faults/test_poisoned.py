"""Wishes that nobody can handle, or that end the worker that meets them: set aside alone, the rest is coded and counted."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from campaigns.store.consumers import CODING, TALLIES, behind, parked
from campaigns.store.responses import get_responses, response_count
from tests.faults.account import LONG, Fault
from tests.faults.machine import Machine, running_machine, wait_until
from tests.faults.proof import SOUND, soundness
from tests.service import HOUSE

POISON = HOUSE / "tests/faults/poison"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Machine]:
    """Returns a machine whose workers fall over where a wish says so."""
    path = {"PYTHONPATH": f"{POISON}:{HOUSE}"}
    with running_machine(tmp_path_factory.mktemp("poisoned") / "data", model_folder, path) as made:
        yield made


def send_around(machine: Machine, words: str, others: int) -> int:
    """Sends wishes with one among them that says these words; returns the number of its response."""
    for n in range(others):
        machine.sent.send(machine.port, words if n == others // 2 else f"A bench in {n} Street")
    key = [key for key, wish in machine.sent.wishes.items() if wish == words][-1]
    return machine.sent.told[key][0]


@contextmanager
def held_up(machine: Machine, kind: str) -> Iterator[None]:
    """Stops a worker where it is for as long as something else takes."""
    worker = machine.pid(kind)
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def aside(machine: Machine, consumer: str) -> list[int]:
    """Returns the responses that a consumer has set aside."""
    return [one.response for one in parked(machine.store) if one.consumer == consumer]


def its_rows(machine: Machine, *more: int) -> dict[str, str]:
    """Returns how many rows must differ: those whose making ended the worker stay as they were."""
    return {"flask tallies rebuild --check": f"{len({*aside(machine, TALLIES), *more})} rows differ"}


def uncoded(machine: Machine) -> list[int]:
    """Returns the responses that have a wish without a coding."""
    every = get_responses(machine.store, range(1, response_count(machine.store) + 1))
    return [one.number for one in every if any(wish.machine is None for wish in one.wishes)]


def test_response_whose_coding_always_raises(poisoned: Machine, fault: Fault) -> None:
    others, before = fault.times(full=2000, short=20), aside(poisoned, CODING)
    fault.did(f"sent {others} wishes, one of which always makes the model raise")
    poison = send_around(poisoned, "This cannot be coded", others)
    fault.expected({**SOUND, "set aside": [*before, poison], "not coded": [*before, poison], **its_rows(poisoned)})
    fault.saw({**soundness(poisoned), "set aside": aside(poisoned, CODING), "not coded": uncoded(poisoned)})


@pytest.mark.skipif(not LONG, reason="starts the model a dozen times: in the long form alone")
def test_batch_that_kills_the_coding_worker(poisoned: Machine, fault: Fault) -> None:
    before = aside(poisoned, CODING)
    fault.did("sent 400 wishes, one of which ends the coding worker with kill -9 whenever it meets it")
    poison = send_around(poisoned, "This ends the coder", 400)
    fault.expected({**SOUND, "set aside": [*before, poison], "not coded": [*before, poison], **its_rows(poisoned)})
    wait_until(lambda: poison in aside(poisoned, CODING), "the poison is set aside", 900)
    fault.measured("deaths", deaths(poisoned, "coding"))
    fault.saw({**soundness(poisoned), "set aside": aside(poisoned, CODING), "not coded": uncoded(poisoned)})


def test_coding_that_kills_the_tallies_worker(poisoned: Machine, fault: Fault) -> None:
    others = fault.times(full=400, short=20)
    fault.did(
        f"sent {others} wishes, one of which ends the tallies' worker with kill -9 as soon as it is coded, among up to 200 "
        "of one coding event"
    )
    before = aside(poisoned, TALLIES)
    # Coded before it was counted it would have no row, coded while it is counted the row that it ends up with: what
    # must stay is the row that it had without a coding.
    with held_up(poisoned, "coding"):
        poison = send_around(poisoned, "This ends the counter", others)
        wait_until(lambda: not behind(poisoned.store, TALLIES), "all that was sent is counted")
    fault.expected({**SOUND, "set aside": [*before, poison], **its_rows(poisoned, poison)})
    wait_until(lambda: poison in aside(poisoned, TALLIES), "the poison is set aside", 900)
    fault.measured("deaths", deaths(poisoned, "tallies"))
    fault.saw({**soundness(poisoned), "set aside": aside(poisoned, TALLIES)})


def deaths(machine: Machine, name: str) -> int:
    """Returns how often a process ended by itself, as the supervisor noted it."""
    noted = (machine.data / "log/start.log").read_text().splitlines()
    return sum("ended by itself" in line and f'"child": "{name}"' in line for line in noted)
