"""The doctor: each finding provoked, with a remedy; and nothing found where nothing is wrong."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from rq.utils import now

from campaigns.doctor.access import look_at_path, look_at_permissions, look_at_secrets
from campaigns.doctor.backups import look_at_backups
from campaigns.doctor.clock import look_at_clock
from campaigns.doctor.finding import Finding
from campaigns.doctor.looking import look_at_settings, look_over
from campaigns.doctor.memory import look_at_files, look_at_machine, look_at_memory
from campaigns.doctor.room import events_since, growth_a_day, look_at_disk, look_at_free
from campaigns.store.backups import Backup, note_backup
from campaigns.store.changes import erase
from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import park
from campaigns.store.keys import SECRETS
from campaigns.store.log import event_at, last_event
from campaigns.store.opening import open_campaign
from campaigns.store.secrets import secret
from campaigns.store.server.disk import MEGABYTE, Room
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.places import Places
from campaigns.store.store import Store, load_campaign, open_store
from tests.storehouse import LITTLE, campaign_text, catch_up, open_little, send
from web import commands, create_app
from web.commands.doctor import look_at_workers
from workers.attendance import Attendance, attendance
from workers.queues import QUEUES, queue

Run = Callable[..., Result]
HOUR = 3600 * 1000
GOOD = {"forms": "0123456789abcdef" * 4, "bodies": "fedcba9876543210" * 4}


@pytest.fixture
def run(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Returns a function that runs the doctor."""
    monkeypatch.delenv("RATE_LIMIT", raising=False)
    monkeypatch.delenv("MIN_FREE_MB", raising=False)

    def invoke(*arguments: str, **more: str) -> Result:
        app = create_app({**settings, **more})
        commands.init_app(app)
        result = app.test_cli_runner().invoke(args=["doctor", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return invoke


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def said(findings: object, about: str = "") -> list[str]:
    """Returns findings as lines, those to put right marked."""
    return [f"{'!' if one.must else '.'} {one}" for one in findings if about in ("", one.about)]  # type: ignore[attr-defined]


def looked(connections: Connections, about: str = "", **env: str) -> list[str]:
    """Returns what the doctor says about one thing."""
    return said(look_over(connections, env), about)


def test_each_finding_stands_on_a_line_with_its_remedy(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT", "off")
    send(store)
    catch_up(store)
    park(store, "coding", 1, "for a test")
    result = run()
    lines = [line for line in result.stdout.splitlines() if not line.startswith("Worth knowing")]
    assert result.exit_code == 1
    assert lines == [
        "- RATE_LIMIT is off, so nothing bounds what one address sends. Unset it except for load tests.",
        f"- {LITTLE}: 1 responses are parked. Look at them: bin/flask parked list little-town",
        *(f"- No worker serves the queue {name}. Start one: python -m workers {name}" for name in QUEUES),
        "6 to put right.",
    ]


def test_programs_get_the_same_as_json(run: Run, store: Store) -> None:
    result = run("--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["well"]) == (1, False)
    about = [finding["about"] for finding in told["findings"] if finding["must"]]
    assert about == ["workers"] * len(QUEUES)
    assert set(told["findings"][0]) == {"about", "found", "remedy", "must"}


def test_a_sound_store_has_nothing_to_put_right(settings: dict[str, str], store: Store) -> None:
    secret(store.connections, "forms")
    made = connect(settings)
    assert [line for line in looked(made) if line.startswith("!")] == []
    made.close()


def test_a_store_that_is_away_is_one_finding(run: Run, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    app = create_app({"REDIS_URL": server.start(), "DATA_DIR": str(tmp_path)})
    commands.init_app(app)
    server.stop()
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert (result.exit_code, result.stdout.count("- "), "does not answer" in result.stdout) == (1, 1, True)
    app.extensions["surroundings"].connections.close()


SETTINGS = [
    ("appendfsync", "no", "! It never waits for its disk (`appendfsync no`). Set `appendfsync always` on it."),
    ("appendfsync", "everysec", "! It says that writes are on disk before they are. Set `appendfsync always` on it."),
    ("maxmemory-policy", "allkeys-lru", "! It throws data away when memory is short (allkeys-lru)."),
    ("maxmemory", "1", "! It takes no writes: command not allowed when used memory > 'maxmemory'."),
    ("min-replicas-to-write", "1", "! It takes no writes: NOREPLICAS Not enough good replicas to write."),
]


@pytest.mark.parametrize(("setting", "value", "words"), SETTINGS)
def test_a_server_set_wrongly_is_said(store: Store, setting: str, value: str, words: str) -> None:
    usual = store.text.config_get(setting)[setting]
    store.text.config_set(setting, value)
    try:
        found = looked(store.connections, "server")
    finally:
        store.text.config_set(setting, usual)
    assert any(line.startswith(words) for line in found), found
    assert looked(store.connections, "server") == []


def test_a_server_without_its_file_is_said(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, {"appendonly": "no"})
    made = connect({"REDIS_URL": server.start()})
    assert "! Its append-only file is off, so a restart would lose wishes. Set `appendonly yes` on it." in looked(made)
    made.close()
    server.stop()


@pytest.mark.parametrize(("free", "least", "growth", "words"), [
    (500, 256, 0, []), (500, 256, 1, []),
    (100, 256, 0, ["! The disk has 100 MB free, and 256 MB are kept free: nothing is taken in. Make room on it; "]),
    (356, 256, 5, [". The disk has 356 MB free. The store grows by 5.0 MB a day: intake closes in 20 days. "]),
    (356, 256, 50, ["! The disk has 356 MB free. The store grows by 50.0 MB a day: intake closes in 2 days. "]),
])
def test_little_room_is_said_with_how_long_it_will_do(free: int, least: int, growth: float, words: list[str]) -> None:
    found = said(look_at_free(free * MEGABYTE, least * MEGABYTE, growth * MEGABYTE))
    assert len(found) == len(words) and all(line.startswith(start) for line, start in zip(found, words, strict=True))


def test_growth_is_the_last_days_share_of_all_events(store: Store) -> None:
    for number in range(9):
        send(store, f"Wish {number}")
    last = event_at(store, last_event(store))
    fourth = event_at(store, 4)
    assert last and fourth
    assert events_since(store, fourth.at_ms) >= 7
    assert (events_since(store, last.at_ms + 1), events_since(store, 0)) == (0, 10)
    assert (growth_a_day([store], 5000, last.at_ms), growth_a_day([store], 5000, last.at_ms + 25 * HOUR)) == (5000, 0)
    assert growth_a_day([], 5000, 0) == 0


def test_a_disk_that_cannot_be_seen_is_said(connections: Connections) -> None:
    assert looked(connections, "disk")[0].startswith(". Its disk cannot be seen from here")


def test_what_lies_on_the_disk_is_said(store: Store, tmp_path: Path) -> None:
    send(store)
    erase(store, 1)
    (tmp_path / "redis" / "appendonlydir").mkdir(parents=True)
    with (tmp_path / "redis" / "appendonlydir" / "large.aof").open("wb") as file:
        file.truncate(10**12)
    (tmp_path / "redis-damaged-20260101-000000").mkdir()
    full = replace(store.connections, room=Room(tmp_path / "redis", 0))
    found = said(look_at_disk(full, [], {"aof_last_bgrewrite_status": "err"}, 0))
    assert [line[:60] for line in found] == [
        f". {tmp_path}/redis-damaged-20260101-000000 is a copy of the store"[:60],
        "! Something was erased and is still in the store's file: the"[:60],
        "! The last rewrite of the store's file failed. Look at its l"[:60],
    ]


@pytest.mark.parametrize(("apart_ms", "words"), [
    (0, []), (1999, []), (-1999, []), (90_000, ["! The store's clock is 90 seconds ahead of this machine's."]),
    (-600_000, ["! The store's clock is 600 seconds behind this machine's."]),
])
def test_two_clocks_that_disagree_are_said(apart_ms: int, words: list[str]) -> None:
    found = said(look_at_clock(10**12 + apart_ms, 10**12))
    assert [line.partition(" Set both")[0] for line in found] == words


def test_a_clock_that_went_back_is_said(store: Store) -> None:
    newest = event_at(store, last_event(store))
    assert newest
    later = f"2 campaign.closed/1 {newest.at_ms + 600_000} s-1 0 {{}}"
    store.text.xadd(store.keys.of("log"), {"e": later, "l": "x"}, id="2-0")
    store.text.hset(store.keys.of("head"), "event", 2)
    [found] = looked(store.connections, "clock")
    assert found.startswith(f"! {LITTLE}: its newest event is ") and "the store's clock has gone back." in found


def test_what_others_can_reach_is_said(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "data")
    made = connect({"REDIS_URL": server.start(), "DATA_DIR": str(tmp_path / "data")})
    places = server.places
    assert looked(made, "permissions") == []
    places.store.chmod(0o755)
    places.data.chmod(0o777)
    assert [line.partition(". Run")[0] for line in looked(made, "permissions")] == [
        f"! Other users of this machine can reach the folder {places.store}",
        f"! Other users of this machine can reach the folder {places.data}",
    ]
    assert said(look_at_path(places.lock, os.geteuid() + 1)) == [
        f"! {places.lock} belongs to another user. Give it to who runs the service: chown {os.geteuid() + 1} {places.lock}"
    ]
    made.close()
    server.stop()
    places.data.chmod(0o755)
    places.store.chmod(0o700)
    assert said(look_at_permissions(Places(tmp_path / "data"), os.geteuid())) == []


@pytest.mark.parametrize(("secrets", "words"), [
    (GOOD, []),
    ({**GOOD, "limits": "letmein"}, ["! The secret “limits” was not made by this service"]),
    ({**GOOD, "limits": "a" * 64}, ["! The secret “limits” was not made by this service"]),
    ({**GOOD, "limits": GOOD["forms"]}, ["! Two secrets are the same"]),
    ({"bodies": GOOD["bodies"]}, ["! There is no secret for forms yet. Start the service once"]),
])
def test_a_secret_that_is_none_is_said_without_saying_it(secrets: dict[str, str], words: list[str]) -> None:
    found = said(look_at_secrets(secrets))
    assert len(found) == len(words) and all(line.startswith(start) for line, start in zip(found, words, strict=True))
    assert not any(text in line for line in found for text in secrets.values())


def test_the_secrets_a_service_makes_are_good(connections: Connections) -> None:
    for name in ("forms", "bodies", "limits"):
        secret(connections, name)
    assert said(look_at_secrets(connections.text.hgetall(SECRETS))) == []


@pytest.mark.parametrize(("env", "words"), [
    ({}, []), ({"RATE_LIMIT": "on", "MIN_FREE_MB": "500"}, []), ({"RATE_LIMIT": "off"}, ["! RATE_LIMIT is off"]),
    ({"MIN_FREE_MB": "half"}, ["! MIN_FREE_MB is “half”, no number"]),
    ({"MAIL_HOST": "mail.example"}, ["! No e-mail can be sent: MAIL_FROM must be"]),
])
def test_settings_for_tests_are_said(env: dict[str, str], words: list[str]) -> None:
    found = said(look_at_settings(env))
    assert len(found) == len(words) and all(line.startswith(start) for line, start in zip(found, words, strict=True))


GB = 1000 * MEGABYTE
MEMORY: list[tuple[dict[str, Any], list[str]]] = [
    ({"used_memory": 1 * GB, "maxmemory": 0, "total_system_memory": 8 * GB}, []),
    ({"used_memory": 9 * GB, "maxmemory": 10 * GB}, ["! The store uses 9,000 MB of the 10,000 MB it may"]),
    ({"used_memory": 7 * GB, "maxmemory": 0, "total_system_memory": 8 * GB}, ["! The store uses 7,000 MB of this"]),
    ({"used_memory": 1 * GB, "mem_fragmentation_ratio": 1.8}, [". The store's memory is scattered: it takes 1.8 times"]),
    ({"used_memory": 1 * MEGABYTE, "mem_fragmentation_ratio": 9.5}, []),
    ({"connected_clients": 90, "maxclients": 100}, ["! 90 of 100 connections to the store are taken."]),
]


@pytest.mark.parametrize(("info", "words"), MEMORY)
def test_memory_that_runs_out_is_said(info: dict[str, Any], words: list[str]) -> None:
    found = said(look_at_memory(info))
    assert len(found) == len(words) and all(line.startswith(start) for line, start in zip(found, words, strict=True))


@pytest.mark.parametrize(("used", "huge", "overcommit", "words"), [
    (1 * GB, "always [madvise] never", "1", []), (1 * GB, "", "", []), (1 * MEGABYTE, "[always] madvise never", "0", []),
    (1 * GB, "[always] madvise never", "0", [". Transparent huge pages are on"]),
    (5 * GB, "", "0\n", ["! The store takes more than half of the memory"]), (5 * GB, "", "1", []),
])
def test_what_linux_does_to_a_large_store_is_said(used: int, huge: str, overcommit: str, words: list[str]) -> None:
    info = {"used_memory": used, "used_memory_rss": used, "total_system_memory": 8 * GB}
    found = said(look_at_machine(info, huge, overcommit))
    assert len(found) == len(words) and all(line.startswith(start) for line, start in zip(found, words, strict=True))


@pytest.mark.parametrize(("hard", "some"), [(1024, True), (10_240, False), (-1, False)])
def test_too_few_files_are_said(hard: int, some: bool) -> None:
    assert bool(said(look_at_files(hard))) is some


def backup(at_ms: int, path: Path, host: str = "elsewhere") -> Backup:
    return Backup("b1", at_ms, host, str(path), 1, "0" * 64)


@pytest.mark.parametrize(("hours", "state", "demonstration", "words"), [
    (None, "open", False, ["! No backup was ever made. Make one now (bin/flask backup FILE)"]), (None, "open", True, []),
    (None, "", False, []), (2, "open", False, []), (30, "open", False, ["! The newest backup is 30 hours old."]),
    (30, "closed", False, []), (240, "closed", False, [". The newest backup is 10 days old."]), (240, "open", True, []),
])
def test_an_old_or_missing_backup_is_said(
    connections: Connections, tmp_path: Path, hours: int | None, state: str, demonstration: bool, words: list[str]
) -> None:
    load_campaign(connections, LITTLE, campaign_text())
    made = replace(open_store(connections, LITTLE), state={"state": state, "demonstration": "1" if demonstration else "0"})
    newest = None if hours is None else backup(10**12 - hours * HOUR, tmp_path)
    found = said(look_at_backups(newest, [made], 10**12, os.geteuid()))
    assert len(found) == len(words) and all(line.startswith(start) for line, start in zip(found, words, strict=True))


def test_a_backup_that_is_gone_or_open_to_others_is_said(connections: Connections, tmp_path: Path) -> None:
    file = tmp_path / "night.backup"
    here = os.uname().nodename
    note_backup(connections, backup(int(time.time() * 1000), file, here))
    assert looked(connections, "backup")[0].startswith(f". The newest backup is no longer where it was made ({file}).")
    file.touch(mode=0o644)
    file.chmod(0o644)
    assert looked(connections, "permissions") == [
        f"! Other users of this machine can reach the file {file}. Run: chmod go= {file}"
    ]


def test_a_campaign_in_earnest_without_a_backup_is_said(connections: Connections) -> None:
    load_campaign(connections, LITTLE, campaign_text().replace("2010-", f"{date.today().year + 1}-"))
    open_campaign(connections, LITTLE, "s-1")
    assert looked(connections, "backup")[0].startswith("! No backup was ever made.")


def test_a_worker_that_hangs_or_died_is_said() -> None:
    each = [
        Attendance("tallies", (3.0,)), Attendance("coding", (400.0,)), Attendance("slow", (2.0, 500.0), 1),
        Attendance("other", (), 2),
    ]
    assert [line[:50] for line in said(look_at_workers(each))] == [
        "! No worker serves the queue coding. Start one: py", "! A worker of the queue coding was last heard from",
        ". A worker of the queue slow was last heard from 5", ". 1 of the workers noted for the queue slow ended ",
        "! No worker serves the queue other. Start one: pyt", ". 2 of the workers noted for the queue other ended",
    ]


def test_a_worker_killed_outright_is_counted_as_dead(connections: Connections) -> None:
    served = queue(connections, "tallies")
    for name, key in (("alive", True), ("dead", False)):
        connections.text.sadd(f"rq:workers:{served.name}", f"rq:worker:{name}")
        connections.text.sadd("rq:workers", f"rq:worker:{name}")
        if key:
            connections.text.hset(f"rq:worker:{name}", mapping={
                "birth": now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "last_heartbeat": now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "queues": served.name, "state": "idle",
            })
    [tallies, *_] = attendance(connections)
    assert (tallies.queue, len(tallies.silent), tallies.dead) == ("tallies", 1, 1)


def test_a_finding_reads_as_one_line() -> None:
    assert str(Finding("disk", "It is full.", "Make room.")) == "It is full. Make room."
