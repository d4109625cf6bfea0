"""The disk full: intake closes in words, reading goes on or comes back, and nothing acknowledged is lost."""

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import redis

from campaigns.store.connection import connect
from campaigns.store.log import verify
from campaigns.store.responses import get_responses, response_count
from campaigns.store.server.disk import MEGABYTE, free_bytes
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store, open_store
from tests.faults.account import Fault
from tests.faults.machine import Machine, running_machine, wait_until
from tests.faults.proof import SOUND, soundness
from tests.faults.sending import keep_sending, post
from tests.storehouse import LITTLE, open_little, send

Disk = Callable[[int], Path]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    """Returns a function that makes a disk of so many megabytes."""
    made: list[Path] = []

    def make(megabytes: int) -> Path:
        folder = tmp_path / f"disk{len(made)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)]
        if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("needs to be root, and allowed to mount a small disk")
        made.append(folder)
        return folder

    yield make
    for folder in made:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, leave: int = 0) -> None:
    """Takes what is free on a disk, but for so many bytes."""
    with (disk / "filler").open("ab", buffering=0) as file, suppress(OSError):
        while (free := free_bytes(disk) or 0) > leave:
            file.write(bytes(min(free - leave, MEGABYTE)))


def make_room(disk: Path) -> None:
    """Gives everything back."""
    (disk / "filler").unlink()


def write_until_refused(store: Store, name: int) -> dict[int, str]:
    """Sends until the store refuses or is gone; returns what was acknowledged."""
    told: dict[int, str] = {}
    with suppress(redis.RedisError):
        while True:
            wish = f"More benches in {name}-{len(told)} Street"
            told[send(store, wish, "and trees " * 30).number] = wish
    return told


def lost(store: Store, told: dict[int, str]) -> int:
    """Returns how many acknowledged wishes are not there word for word."""
    kept = {one.number: one.wishes[0].text for one in get_responses(store, sorted(told))}
    return sum(kept.get(number) != wish for number, wish in told.items())


def test_the_disk_filled_by_the_store_itself(fault: Fault, small_disk: Disk) -> None:
    rounds = fault.times(full=20, short=2)
    fault.did(f"{rounds} times filled a disk of 8 MB with 8 writers, no reserve, and nobody to close intake before the end")
    fault.expected({
        "ended by the full disk": rounds, "acknowledged and lost": 0, "reading again on the full disk": rounds,
        "refused while full": rounds, "taking again with room": rounds, "log verifies": rounds,
    })
    seen = dict.fromkeys([*fault.hoped, "acknowledged"], 0)
    for _ in range(rounds):
        for name, found in fill_once(small_disk(8)).items():
            seen[name] += found
    fault.measured("acknowledged", seen.pop("acknowledged"))
    fault.saw(seen)


def fill_once(disk: Path) -> dict[str, int]:
    """Fills a disk by sending, brings the server back, makes room again; returns what held."""
    (disk / "filler").write_bytes(bytes(5 * MEGABYTE))
    server = EmbeddedServer(disk / "data")
    connections = connect({"REDIS_URL": server.start()})
    store = open_little(connections)
    try:
        with ThreadPoolExecutor(8) as crowd:
            told = {n: w for one in crowd.map(lambda name: write_until_refused(store, name), range(8)) for n, w in one.items()}
        ended = "Can't recover from AOF write error" in server.places.log.read_text() or not server.places.socket.exists()
        server.watch()
        wait_until(lambda: reads(store), "reading again")
        seen = {"acknowledged": len(told), "ended by the full disk": ended, "acknowledged and lost": lost(store, told)}
        seen["reading again on the full disk"] = response_count(store) >= len(told)
        seen["refused while full"] = not takes(store)
        make_room(disk)
        wait_until(lambda: takes(store), "taking again")
        return seen | {"taking again with room": takes(store), "log verifies": not verify(store).problem}
    finally:
        connections.close()
        server.stop()


def reads(store: Store) -> bool:
    """Tells whether the store answers."""
    with suppress(redis.RedisError):
        return bool(open_store(store.connections, LITTLE))
    return False


def takes(store: Store) -> bool:
    """Tells whether the store takes a response."""
    with suppress(redis.RedisError):
        return send(store, "Is there room?").kept
    return False


RESERVE = 24 * MEGABYTE


def test_a_disk_filled_by_others_under_a_running_service(fault: Fault, small_disk: Disk, model_folder: Path) -> None:
    rounds = fault.times(full=10, short=1)
    fault.did(
        f"on a disk of 96 MB with a reserve of 24 MB, {rounds} times: while 4 residents send, another program leaves 12 MB; then "
        "nothing (the supervisor gives back its 16 MB of ballast); nothing again; the server is killed; then there is room"
    )
    stages = ("below the reserve", "full, but for the ballast", "full altogether", "after a kill")
    calm = "503 to senders and to /healthz, 200 to readers"
    fault.expected({**dict.fromkeys(stages, calm), "with room again": "taken again by itself", **SOUND})
    disk = small_disk(96)
    (disk / "data").mkdir()
    with running_machine(disk / "data", model_folder, {"MIN_FREE_MB": str(RESERVE // MEGABYTE)}) as machine:
        wait_until((disk / "data" / "ballast").exists, "the ballast is laid")
        for _ in range(rounds):
            fault.saw(one_round(machine, disk, stages))
        fault.saw(soundness(machine))
        fault.measured("responses", len(machine.sent.wishes))
        fault.measured("refusals", dict(sorted(machine.sent.refused.items())))


def one_round(machine: Machine, disk: Path, stages: tuple[str, ...]) -> dict[str, object]:
    """Fills the disk step by step while residents send, and makes room again; returns what was seen at each step."""
    seen: dict[str, object] = {}
    sent = machine.sent

    def meanwhile() -> None:
        before = len(sent.told)
        wait_until(lambda: len(sent.told) > before + 10, "some are taken")
        steps = (
            lambda: fill(disk, RESERVE // 2), lambda: fill_but_for(disk, disk / "data" / "ballast"),
            lambda: fill(disk), lambda: machine.kill("server"),
        )
        for stage, step in zip(stages, steps, strict=True):
            step()
            wait_until(lambda: state_of(machine) == (503, 503, 200), f"{stage}: refused in words, and read")
            seen[stage] = "503 to senders and to /healthz, 200 to readers"
        make_room(disk)
        before = len(sent.told)
        wait_until(lambda: len(sent.told) > before + 10 and machine.answers(), "taken again")
        seen["with room again"] = "taken again by itself"

    keep_sending(machine.port, sent, 4, meanwhile)
    return seen


def fill_but_for(disk: Path, ballast: Path) -> None:
    """Fills a disk, and returns once the ballast has been given back."""
    fill(disk)
    wait_until(lambda: not ballast.exists(), "the ballast is given back")


def state_of(machine: Machine) -> tuple[int, int, int]:
    """Returns the status of a new submission, of /healthz and of a page that is read."""
    with suppress(OSError, HTTPException):
        sent = post(machine.port, '{"wishes": ["Is there room?"]}')[0]
        return sent, status_of(f"{machine.url}/healthz"), status_of(f"{machine.url}/{LITTLE}/wish")
    return 0, 0, 0


def status_of(address: str) -> int:
    """Returns the status of a page."""
    try:
        with urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        with refused:
            return refused.code
