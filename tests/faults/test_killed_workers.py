"""Workers killed with kill -9: in the middle of a batch, with their children, and between taking a job and starting it."""

import os
import signal
from contextlib import suppress

from campaigns.responses import Submission
from campaigns.store.consumers import CODING, TALLIES, behind
from campaigns.store.intake import Way, accept_many
from campaigns.store.responses import response_count
from campaigns.store.store import Store
from tests.faults.account import Fault
from tests.faults.machine import Machine, wait_until
from tests.faults.proof import SOUND, caught_up, soundness
from tests.storehouse import LITTLE
from workers.queues import SLOW, enqueue_slow, ring, waiting_jobs


def put_in(machine: Machine, responses: int) -> None:
    """Puts responses in as an import does, past the pages."""
    way = Way(who="job:import", window="none")
    for first in range(0, responses, 200):
        some = range(first, min(first + 200, responses))
        accept_many(machine.store, [(Submission((f"A pond in {n} Lane",), "letter"), way) for n in some])
    machine.others += responses
    ring(machine.store, TALLIES)


def caught_in_hand(store: Store, consumer: str) -> bool:
    """Tells as soon as a consumer has begun a batch and not ended it; False where it is done with everything first."""
    trying = store.keys.of("trying", consumer)
    while behind(store, consumer):
        if store.text.exists(trying):
            return True
    return False


def kill_in_mid_batch(machine: Machine, consumer: str, responses: int) -> None:
    """Puts responses in while their worker is held up, lets it go, and kills it as soon as it has a batch in hand."""
    store, killed = machine.store, False
    while not killed:
        worker = machine.pid(consumer)
        os.kill(worker, signal.SIGSTOP)
        put_in(machine, responses)
        os.kill(worker, signal.SIGCONT)
        if caught_in_hand(store, consumer):
            machine.kill_one(worker)
            killed = bool(store.text.exists(store.keys.of("trying", consumer)))


def kill_filling(machine: Machine) -> None:
    """Has the slow worker fill the demonstration, and kills it together with the child that does it."""
    total = response_count(machine.store)
    wait_until(lambda: machine.pids("slow"), "the slow worker")
    enqueue_slow(machine.connections, "fill_demonstration", [LITTLE, 100_000])
    wait_until(lambda: machine.pids("horse") and response_count(machine.store) > total, "the child fills")
    machine.kill("slow", "horse")
    machine.others += response_count(machine.store) - total


def test_workers_killed_in_mid_batch(machine: Machine, fault: Fault) -> None:
    kills, each = fault.times(full=20, short=3), fault.times(full=1000, short=200)
    fault.did(
        f"killed workers with kill -9, {kills} times while {kills * each:,} responses and more came in: in turn the tallies' and "
        "the coding's with a batch in hand, and the slow one with its child filling a demonstration"
    )
    fault.expected({**SOUND, "kills": kills, "slow jobs are done again": True})
    done = 0
    while done < kills:
        if done % 5 == 2:
            kill_filling(machine)
        else:
            kill_in_mid_batch(machine, (TALLIES, CODING)[done % 2], each)
        done += 1
    wait_until(lambda: machine.pids("slow"), "the slow worker")
    job = enqueue_slow(machine.connections, "fill_demonstration", [LITTLE, 5])
    wait_until(lambda: job.is_finished, "the slow worker does its next job")
    machine.others += 5
    fault.measured("responses", response_count(machine.store))
    idle = waiting_jobs(machine.connections, SLOW) == 0
    fault.saw({**soundness(machine, 900), "kills": done, "slow jobs are done again": idle})


def test_job_lost_between_pop_and_start(machine: Machine, fault: Fault) -> None:
    rounds, lost = fault.times(full=5, short=1), 0
    fault.did(
        f"stopped the tallies' worker where it waits, {rounds} times, so that the queue handed it a job which it never started; "
        "then killed it"
    )
    fault.expected({**SOUND, "jobs lost": rounds, "counted all the same": rounds})
    counted = 0
    while lost < rounds:
        wait_until(lambda: caught_up(machine.store), "nothing to do")
        worker = machine.pid(TALLIES)
        os.kill(worker, signal.SIGSTOP)
        machine.sent.send(machine.port, f"A bench for {lost} people")
        taken = waits_for(lambda: waiting_jobs(machine.connections, TALLIES) == 0)
        lost += taken and behind(machine.store, TALLIES) > 0
        machine.kill_one(worker)
        wait_until(lambda: caught_up(machine.store), "the schedule has it counted")
        counted += taken
    fault.saw({**soundness(machine), "jobs lost": lost, "counted all the same": counted})


def waits_for(condition: object) -> bool:
    """Tells whether a state comes within a while: a worker that was not waiting just then is handed no job."""
    with suppress(AssertionError):
        wait_until(condition, "", 2)  # type: ignore[arg-type]
        return True
    return False
