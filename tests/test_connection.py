"""Connections and durability, against a real server: what waits, what is never sent twice, what is promised."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis

from campaigns.store.connection import Connections, check, connect
from campaigns.store.durability import Durability, NotDurable, check_server, kind_of, reach_disk, waits_truly
from campaigns.store.server.embedded import EmbeddedServer, running_url

Wait = Callable[..., Any]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """Returns a server that the test may kill or set wrong; it is kept running."""
    made = EmbeddedServer(tmp_path)
    made.start()
    made.watch()
    yield made
    made.stop()


@pytest.fixture
def clients(server: EmbeddedServer) -> Iterator[Connections]:
    """Returns clients of that server."""
    made = connect({"DATA_DIR": str(server.places.data)})
    yield made
    made.close()


def kill(server: EmbeddedServer) -> None:
    """Kills the server outright."""
    os.kill(int(server.places.lock.read_text()), signal.SIGKILL)


def test_text_is_text_and_bytes_are_bytes(connections: Connections) -> None:
    connections.text.set("wish", "Więcej drzew")
    assert connections.text.get("wish") == "Więcej drzew"
    assert connections.raw.get("wish") == connections.queue.get("wish") == "Więcej drzew".encode()


def test_a_server_that_hangs_is_not_asked_again_and_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It takes connections and says nothing: whoever waits is told after one patience, not after seven."""
    path = tmp_path_factory.mktemp("s") / "s"
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(path))
        hanging.listen(20)
        made = connect({"REDIS_URL": f"unix://{path}"})
        with pytest.raises(redis.TimeoutError):
            made.text.get("wish")
        made.close()
        assert waiting_at(hanging) == 1


def waiting_at(listening: socket.socket) -> int:
    """Returns how many have connected."""
    listening.settimeout(0)
    count = 0
    with suppress(BlockingIOError):
        while True:
            listening.accept()[0].close()
            count += 1
    return count


def test_the_queue_may_live_elsewhere(server: EmbeddedServer, connections: Connections, redis_server: EmbeddedServer) -> None:
    apart = connect({"REDIS_URL": redis_server.url, "QUEUE_REDIS_URL": server.url})
    apart.queue.set("job", 1)
    assert connections.raw.exists("job") == 0
    assert check(apart) == []
    apart.queue.config_set("maxmemory-policy", "allkeys-lru")
    assert check(apart) == [
        "The queue's server: It throws data away when memory is short (allkeys-lru). Set `maxmemory-policy noeviction` on it."
    ]
    apart.close()


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost", "unix"])
def test_an_address_that_is_none_is_said_so(url: str) -> None:
    with pytest.raises(ValueError, match="redis://"):
        connect({"REDIS_URL": url})


def test_nothing_is_asked_of_a_server_before_it_is_needed(tmp_path: Path) -> None:
    made = connect({"DATA_DIR": str(tmp_path / "never made")})
    assert not (tmp_path / "never made").exists()
    with pytest.raises(redis.ConnectionError):
        made.text.get("wish")


def test_a_command_waits_for_a_server_that_is_just_coming_back(
    server: EmbeddedServer, clients: Connections, wait_for: Wait
) -> None:
    clients.text.set("wish", "A skate park")
    for _ in range(3):
        kill(server)
        wait_for(lambda: closed(clients))
        assert clients.text.get("wish") == "A skate park"


def closed(clients: Connections) -> bool:
    """Tells whether the text client's idle connection has seen its server go."""
    try:
        return all(idle.can_read() for idle in clients.text.connection_pool._available_connections)
    except redis.ConnectionError:
        return True


def kill_when_busy(server: EmbeddedServer) -> None:
    """Kills the server as soon as it is too busy to answer."""
    with redis.Redis(unix_socket_path=str(server.places.socket), socket_timeout=0.2, retry=None) as other:
        try:
            while True:
                other.ping()
        except redis.TimeoutError:
            kill(server)


def test_a_command_cut_off_is_not_sent_again(server: EmbeddedServer, clients: Connections, wait_for: Wait) -> None:
    killer = threading.Thread(target=kill_when_busy, args=[server])
    killer.start()
    with pytest.raises(redis.ConnectionError):
        clients.raw.eval("for step = 1, 1e10 do end redis.call('INCR', 'count')", 0)
    killer.join()
    wait_for(lambda: running_url(server.places.data))
    assert clients.raw.get("count") is None


def test_what_was_answered_survives_a_kill(server: EmbeddedServer, clients: Connections, wait_for: Wait) -> None:
    for number in range(50):
        clients.text.rpush("wishes", number)
        clients.settle()
    kill(server)
    wait_for(lambda: closed(clients))
    assert clients.text.llen("wishes") == 50


@pytest.mark.parametrize(("fsync", "aof", "refused"), [
    ("always", "yes", ""),
    ("everysec", "yes", "says that writes are on disk before they are"),
    ("no", "yes", "says that writes are on disk before they are"),
    ("always", "no", "append-only file is off"),
])
def test_writes_are_promised_only_where_they_last(
    server: EmbeddedServer, clients: Connections, fsync: str, aof: str, refused: str
) -> None:
    clients.text.config_set("appendfsync", fsync)
    clients.text.config_set("appendonly", aof)
    durability = Durability()
    if not refused:
        durability.settle(clients.raw)
        durability.settle(clients.text)
        return
    with pytest.raises(NotDurable, match=refused):
        durability.settle(clients.raw)


@pytest.mark.parametrize(("fsync", "reached"), [("always", True), ("no", False)])
def test_the_disk_is_waited_for_no_longer_than_said(clients: Connections, fsync: str, reached: bool) -> None:
    clients.text.config_set("appendfsync", fsync)
    assert reach_disk(clients.raw, within_ms=50) is reached


@pytest.mark.parametrize(("setting", "value", "fault"), [
    ("appendfsync", "always", ""),
    ("appendfsync", "everysec", "Set `appendfsync always`"),
    ("appendfsync", "no", "Set `appendfsync always`"),
    ("appendonly", "no", "Set `appendonly yes`"),
    ("maxmemory-policy", "volatile-lru", "Set `maxmemory-policy noeviction`"),
    ("replicaof", "127.0.0.1 1", "Give the address of its primary"),
])
def test_each_fault_of_a_server_comes_with_its_remedy(clients: Connections, setting: str, value: str, fault: str) -> None:
    if setting == "replicaof":
        clients.text.replicaof(*value.split())
    else:
        clients.text.config_set(setting, value)
    found = check(clients)
    assert [fault in said for said in found] == [True] * bool(fault), found


def test_a_server_that_does_not_answer_is_a_fault(tmp_path: Path) -> None:
    [fault] = check(connect({"DATA_DIR": str(tmp_path)}))
    assert fault.startswith("It does not answer") and fault.endswith("that the server is running.")


class Described:
    """A server as ``INFO`` and ``CONFIG GET`` describe it, of versions this machine does not have."""

    def __init__(self, about: dict[str, Any], fsync: str | None = "always") -> None:
        self.about, self.fsync = about, fsync

    def info(self) -> dict[str, Any]:
        """Returns what the server says of itself."""
        return {"role": "master", "aof_enabled": 1, "maxmemory_policy": "noeviction", **self.about}

    def config_get(self, name: str) -> dict[str, Any]:
        """Returns a setting, unless the provider keeps it to itself."""
        if self.fsync is None:
            raise redis.ResponseError("unknown command 'CONFIG'")
        return {name: self.fsync}


@pytest.mark.parametrize(("about", "fsync", "fault"), [
    ({"redis_version": "7.2.4"}, "always", ""),
    ({"redis_version": "7.2.4"}, "everysec", ""),
    ({"redis_version": "7.0.15"}, "always", "Redis 7.0, which is too old. Use Redis 7.2 or Valkey 8.0, or newer."),
    ({"redis_version": "7.4.2"}, "everysec", "Set `appendfsync always`"),
    ({"redis_version": "7.4.2"}, None, "Set `appendfsync always`"),
    ({"redis_version": "8.0.1"}, None, ""),
    ({"redis_version": "7.2.4", "valkey_version": "7.2.8"}, "always", "Valkey 7.2, which is too old"),
    ({"redis_version": "7.2.4", "valkey_version": "8.0.0"}, "always", ""),
    ({"redis_version": "7.2.4", "valkey_version": "8.0.0"}, b"everysec", "Set `appendfsync always`"),
    ({"redis_version": "8.0.1", "aof_last_write_status": "err"}, "always", "Make room on its disk"),
])
def test_servers_of_other_versions(about: dict[str, Any], fsync: str | None, fault: str) -> None:
    found = check_server(Described(about, fsync))
    assert [fault in said for said in found] == [True] * bool(fault), found


@pytest.mark.parametrize(("about", "kind", "truly"), [
    ({"redis_version": "7.2.0"}, ("redis", (7, 2)), True),
    ({"redis_version": "7.4.0"}, ("redis", (7, 4)), False),
    ({"redis_version": "8.2.1"}, ("redis", (8, 2)), True),
    ({"redis_version": "7.2.4", "valkey_version": "9.1.2"}, ("valkey", (9, 1)), False),
])
def test_waiting_is_believed_only_where_it_is_true(about: dict[str, Any], kind: tuple[str, tuple[int, int]], truly: bool) -> None:
    assert kind_of(about) == kind
    assert waits_truly(about) is truly
