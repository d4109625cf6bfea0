"""A snapshot is read as any server sends one: counted or up to a mark, in pieces of any size; and refused in words."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.store.connection import Connections, connect
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.scratch import Unreadable, served, workroom
from campaigns.store.server.snapshot import NoSnapshot, _pieces, take_snapshot

MARK = b"5e1f" * 10
BODY = b"REDIS0011" + bytes(range(256)) * 40


def sent(*parts: bytes) -> bytes:
    """Returns what is read of a server that sends these parts one by one and hangs up."""
    ours, theirs = socket.socketpair()

    def send() -> None:
        with theirs:
            for part in parts:
                theirs.sendall(part)

    sending = threading.Thread(target=send)
    sending.start()
    try:
        with ours:
            return b"".join(_pieces(ours))
    finally:
        sending.join()


@pytest.mark.parametrize("parts", [
    [b"$%d\r\n" % len(BODY) + BODY],
    [b"\n", b"\n\n", b"$%d\r" % len(BODY), b"\n", BODY[:7], BODY[7:]],
    [b"$EOF:" + MARK + b"\r\n" + BODY + MARK],
    [b"\n$EOF:" + MARK[:9], MARK[9:] + b"\r\n", BODY[:100], BODY[100:], MARK[:20], MARK[20:]],
    [b"$EOF:" + MARK + b"\r\n", *(bytes([byte]) for byte in BODY[:200]), BODY[200:] + MARK[:39], MARK[39:]],
])
def test_every_form_and_every_cut_gives_the_same(parts: list[bytes]) -> None:
    assert sent(*parts) == BODY


@pytest.mark.parametrize("parts", [
    [b"$100\r\nshort"], [b"$EOF:" + MARK + b"\r\n" + BODY], [b"\n\n"], [b""], [b"$EOF:" + MARK + b"\r\n" + BODY + MARK[:-1]],
])
def test_one_that_breaks_off_is_none(parts: list[bytes]) -> None:
    with pytest.raises(ConnectionError):
        sent(*parts)


@pytest.fixture
def limited(connections: Connections, redis_server: EmbeddedServer) -> Iterator[Connections]:
    """Returns clients of a user who may do everything but read as a replica does."""
    connections.text.execute_command("ACL", "SETUSER", "limited", "on", ">word", "~*", "&*", "+@all", "-sync", "-psync")
    made = connect({"REDIS_URL": redis_server.url.replace("unix://", "unix://limited:word@")})
    yield made
    made.close()
    connections.text.execute_command("ACL", "DELUSER", "limited")


def test_a_server_that_allows_none_is_named_with_the_remedy(limited: Connections) -> None:
    with pytest.raises(NoSnapshot, match=r"Let this user give the commands SYNC and REPLCONF.*NOPERM|no permissions"):
        take_snapshot(limited.raw, io.BytesIO())
    assert limited.text.ping()


def test_a_server_that_would_leave_a_copy_on_its_disk_is_refused(connections: Connections) -> None:
    connections.text.config_set("repl-diskless-sync", "no")
    try:
        with pytest.raises(NoSnapshot, match="repl-diskless-sync yes"):
            take_snapshot(connections.raw, io.BytesIO())
    finally:
        connections.text.config_set("repl-diskless-sync", "yes")


@pytest.mark.parametrize("database", [0, 3])
def test_the_database_that_is_ours_is_opened_alone(redis_server: EmbeddedServer, tmp_path: Path, database: int) -> None:
    ours = connect({"REDIS_URL": f"{redis_server.url}?db={database}"})
    others = connect({"REDIS_URL": f"{redis_server.url}?db={3 - database}"})
    for one in (ours, others):
        one.raw.flushall()
    ours.text.set("whose", "ours")
    others.text.set("whose", "theirs")
    with workroom(tmp_path) as room:
        with (room / "raw").open("wb") as into:
            take_snapshot(ours.raw, into)
        with served(room / "server", room / "raw", database) as copy:
            assert (copy.text.get("whose"), list(copy.text.info("keyspace"))) == ("ours", ["db0"])
            assert not list(room.rglob("*.rdb"))
    ours.raw.flushall()


def test_one_that_no_server_can_read_is_refused_in_words(tmp_path: Path) -> None:
    with workroom(tmp_path) as room:
        (room / "raw").write_bytes(b"REDIS0011\xfe\x00nonsense")
        with pytest.raises(Unreadable, match="cannot be read"), served(room / "server", room / "raw"):
            pass
    assert not list(tmp_path.rglob("*.rdb"))
