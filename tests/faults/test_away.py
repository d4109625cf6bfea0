"""The server away for half a minute: pages say so in words, nothing acknowledged is lost, and all goes on by itself."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.faults.account import Fault
from tests.faults.machine import Machine, wait_until
from tests.faults.proof import SOUND, gone, soundness
from tests.faults.sending import keep_sending, page, post

Step = Callable[[Machine], None]
WORDS = "We cannot take or show anything just now"
ADDRESSES = ("/", "/little-town/", "/little-town/wish", "/little-town/results", "/healthz")


def stop(machine: Machine) -> None:
    """Has the server hang, as on a disk that does not answer."""
    os.kill(machine.pid("server"), signal.SIGSTOP)


def let_go_on(machine: Machine) -> None:
    """Lets the server go on."""
    os.kill(machine.pid("server"), signal.SIGCONT)


def kill(machine: Machine) -> None:
    """Kills the server, and holds its supervisor off."""
    os.kill(machine.pid("keeper"), signal.SIGSTOP)
    machine.kill("server")


def let_start(machine: Machine) -> None:
    """Lets the supervisor start the server again."""
    os.kill(machine.pid("keeper"), signal.SIGCONT)


@pytest.mark.parametrize(("how", "back", "said"), [
    (stop, let_go_on, "stopped the server where it was"), (kill, let_start, "killed the server and held its supervisor off"),
], ids=["hanging", "gone"])
def test_server_away(machine: Machine, fault: Fault, how: Step, back: Step, said: str) -> None:
    seconds = fault.times(full=30, short=2)
    fault.did(f"{said} for {seconds} s and more, while 8 residents sent and tried again")
    fault.expected({
        **SOUND, "pages meanwhile": dict.fromkeys(ADDRESSES, (503, True)), "a sending meanwhile": (503, True),
        "acknowledged and gone right after": 0, "the same sending afterwards": 201,
    })
    pages: dict[str, tuple[int, bool]] = {}
    sending: list[object] = []
    waiting = '{"wishes": ["A bench for those who wait"]}'

    def take_it_away() -> None:
        told = len(machine.sent.told)
        wait_until(lambda: len(machine.sent.told) > told + 20, "wishes are taken")
        how(machine)
        try:
            began = time.monotonic()
            wait_until(lambda: page(machine.port)[0] == 503, "it is noticed")
            for address in ADDRESSES:
                status, words = page(machine.port, address)
                pages[address] = status, WORDS in words or '"redis":"unreachable"' in words
            status, words = post(machine.port, waiting, f"waiting-{how.__name__}")
            sending.append((status, WORDS in words))
            wait_until(lambda: time.monotonic() - began > seconds, "it was away long enough")
        finally:
            back(machine)
        wait_until(machine.answers, "it is back")
        sending.append(len(gone(machine.store, machine.sent)))
        sending.append(post(machine.port, waiting, f"waiting-{how.__name__}")[0])
        machine.others += 1

    keep_sending(machine.port, machine.sent, 8, take_it_away)
    fault.measured("longest wait of a sender", f"{machine.sent.slowest:.1f} s")
    fault.saw({
        **soundness(machine), "pages meanwhile": pages, "a sending meanwhile": sending[0],
        "acknowledged and gone right after": sending[1], "the same sending afterwards": sending[2],
    })
