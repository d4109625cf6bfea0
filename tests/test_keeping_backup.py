"""A backup is of one moment, restores to the very same store, and a damaged or foreign file is refused in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.keeping.backing_up import back_up
from campaigns.keeping.restoring import restore
from campaigns.store.connection import Connections, connect
from campaigns.store.log import verify
from campaigns.store.server import EmbeddedServer
from campaigns.store.staff import add_person
from campaigns.store.store import open_store
from tests.storehouse import LITTLE, catch_up, open_little, send


@pytest.fixture(scope="module")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Returns a second server, to restore into."""
    server = EmbeddedServer(tmp_path_factory.mktemp("other"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def other(other_server: EmbeddedServer) -> Iterator[Connections]:
    """Returns clients on a second store, which is empty."""
    made = connect({"REDIS_URL": other_server.url})
    made.raw.flushall()
    yield made
    made.close()


def test_what_is_restored_is_what_was_backed_up(connections: Connections, other: Connections, tmp_path: Path) -> None:
    store = open_little(connections)
    for n in range(20):
        send(store, f"wish {n}", "another", special={"faith": 1})
    catch_up(store)
    add_person(connections, "A", "a@little.example", "hash", ["officer"])
    made = back_up(connections, tmp_path / "here", tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    done = restore(other, tmp_path / "there", tmp_path / "b.zip")
    assert verify(open_store(other, LITTLE)).problem == ""
    assert catch_up(open_store(other, LITTLE)).total() == 20
    print(done, made)
