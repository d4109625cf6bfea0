"""Processes killed with kill -9 while people send: nothing acknowledged is lost, nothing is kept or counted twice."""

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.faults.account import Fault
from tests.faults.machine import KINDS, Machine, born, said_by, wait_until
from tests.faults.proof import SOUND, gone, soundness
from tests.faults.sending import keep_sending


def test_web_killed_in_mid_request(machine: Machine, fault: Fault) -> None:
    rounds, sent, chance = fault.times(full=1000, short=4), machine.sent, random.Random(7)
    fault.did(
        f"until {rounds} kills had cut a request: 24 residents send at once, and 0 to 15 ms later the elder of the two processes "
        "that answer is killed with kill -9; who gets no answer sends again with the same key"
    )
    fault.expected({**SOUND, "kills that cut a request": rounds})
    kills = cutting = 0
    with ThreadPoolExecutor(24) as crowd:
        while cutting < rounds:
            wait_until(lambda: len(machine.serving()) == 2, "two processes answer")
            victim, cut = min(machine.serving(), key=born), sent.cut  # twice the same in 5.5 s, and granian gives up
            sending = [crowd.submit(sent.send, machine.port, f"More benches in {kills}-{n} Street") for n in range(24)]
            Event().wait(chance.uniform(0, 0.015))  # at any point of a request
            machine.kill_one(victim)
            kills += 1
            for one in sending:
                one.result()
            cutting += sent.cut > cut
    fault.measured("kills", kills)
    fault.measured("requests cut", sent.cut)
    fault.measured("longest wait of a sender", f"{sent.slowest:.1f} s")
    fault.saw({**soundness(machine), "kills that cut a request": cutting})


def test_server_killed_under_writers(machine: Machine, fault: Fault) -> None:
    rounds, sent = fault.times(full=10, short=2), machine.sent
    fault.did(f"killed the server with kill -9, {rounds} times, while 50 residents sent one wish after another")
    fault.expected({**SOUND, "acknowledged and gone after each round": [0] * rounds, "servers": 1})
    lost = []

    def kill_it() -> None:
        for _ in range(rounds):
            told, server = len(sent.told), machine.pid("server")
            wait_until(lambda told=told: len(sent.told) > told + 50, "wishes are taken")
            machine.kill_one(server)
            wait_until(lambda server=server: machine.pids("server") not in ([], [server]) and machine.answers(), "it is back")
            lost.append(len(gone(machine.store, sent)))

    keep_sending(machine.port, sent, 50, kill_it, pause=0.02)
    fault.measured("longest wait of a sender", f"{sent.slowest:.1f} s")
    fault.saw({
        **soundness(machine), "acknowledged and gone after each round": lost, "servers": len(machine.pids("server")),
    })


def test_supervisor_killed_and_started_again(machine: Machine, fault: Fault) -> None:
    rounds = fault.times(full=5, short=1)
    fault.did(f"killed bin/start with kill -9 while 8 residents sent, and started again, {rounds} times")
    fault.expected({**SOUND, "servers after each start": [1] * rounds, "still the same server": True})
    server, servers = machine.pid("server"), []

    def kill_it() -> None:
        for _ in range(rounds):
            machine.kill("keeper")
            machine.start()
            servers.append(len(machine.pids("server")))

    keep_sending(machine.port, machine.sent, 8, kill_it)
    fault.saw({
        **soundness(machine), "servers after each start": servers, "still the same server": machine.pid("server") == server,
    })


def test_everything_killed_and_twenty_starts_at_once(machine: Machine, fault: Fault) -> None:
    rounds, starts = fault.times(full=5, short=1), fault.times(full=20, short=3)
    fault.did(
        f"killed every process with kill -9 at once while 8 residents sent, and gave bin/start {starts} times at once on one "
        f"folder and port, {rounds} times"
    )
    fault.expected({
        **SOUND, "left alive": [[]] * rounds, "running": [1] * rounds, "servers": [1] * rounds,
        "refused in words": [starts - 1] * rounds,
    })
    left, running, servers, refused = [], [], [], []

    def kill_them() -> None:
        for _ in range(rounds):
            machine.kill(*KINDS)
            left.append([kind for kind in KINDS if machine.pids(kind)])
            launched = [machine.launch() for _ in range(starts)]
            wait_until(lambda launched=launched: one_is_ready(launched), "one is ready and the others have ended")
            machine.take_over(next(one for one in launched if one.poll() is None))
            running.append(len(machine.pids("keeper")))
            servers.append(len(machine.pids("server")))
            refused.append(sum(bool(said_by(one, f"Port {machine.port} cannot be used")) for one in launched))

    keep_sending(machine.port, machine.sent, 8, kill_them)
    wait_until(machine.all_up, "all workers up")
    fault.saw({**soundness(machine), "left alive": left, "running": running, "servers": servers, "refused in words": refused})


def one_is_ready(launched: list["subprocess.Popen[bytes]"]) -> bool:
    """Tells whether all but one have ended, and that one is ready."""
    on = [one for one in launched if one.poll() is None]
    return len(on) == 1 and bool(said_by(on[0], "ready http"))
