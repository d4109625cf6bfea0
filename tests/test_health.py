"""``/healthz``: 503 whenever responses cannot be accepted, and never a fault of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from campaigns.store.connection import Connections, connect
from campaigns.store.keys import Keys
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store, forget_campaign
from tests.stopping import Worker, stopping
from tests.storehouse import LITTLE, open_little, send
from web import create_app
from web.context import Surroundings
from workers.queues import queue, ring


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def app(settings: dict[str, str]) -> Flask:
    return create_app(settings)


def health(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/healthz")
    return answer.status_code, answer.get_json()


def test_it_says_how_the_service_is(app: Flask, store: Store) -> None:
    send(store)
    assert health(app) == (200, {
        "redis": "ok", "accepting": True, "log": {LITTLE: 2}, "behind": 2, "coding_behind": 2,
        "workers": {"tallies": 0, "coding": 0, "slow": 0, "exports": 0}, "oldest_waiting_seconds": 0.0,
    })


@pytest.mark.parametrize(("setting", "value", "usual"), [("maxmemory", "1", "0"), ("min-replicas-to-write", "1", "0")])
def test_a_server_that_takes_no_writes_accepts_nothing(
    app: Flask, store: Store, setting: str, value: str, usual: str
) -> None:
    store.text.config_set(setting, value)
    try:
        status, said = health(app)
    finally:
        store.text.config_set(setting, usual)
    assert (status, said["redis"], said["accepting"], said["why"]) == (503, "ok", False, "The store takes no writes.")
    assert health(app)[0] == 200


def test_it_changes_nothing(app: Flask, store: Store) -> None:
    before = store.text.info("persistence")["aof_current_size"], store.text.dbsize()
    assert health(app)[0] == 200
    assert (store.text.info("persistence")["aof_current_size"], store.text.dbsize()) == before


def test_too_little_room_accepts_nothing_and_the_rest_is_told(settings: dict[str, str], store: Store) -> None:
    status, said = health(create_app({**settings, "MIN_FREE_MB": "999999999"}))
    assert (status, said["accepting"], said["log"]) == (503, False, {LITTLE: 1})
    assert said["why"] == "The disk is too full to keep more."


def test_a_store_that_is_away_accepts_nothing(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    app = create_app({"REDIS_URL": server.start(), "DATA_DIR": str(tmp_path)})
    app.extensions["surroundings"].connections.close()
    server.stop()
    assert health(app) == (503, {"redis": "unreachable", "accepting": False})
    app.extensions["surroundings"].connections.close()


@pytest.mark.parametrize("steps", range(14))
@pytest.mark.parametrize("away", [
    pytest.param(forget_campaign, id="removed"),
    pytest.param(lambda store: store.text.delete(Keys(LITTLE).of("definition")), id="half removed"),
    pytest.param(lambda store: queue(store.connections, "tallies").empty(), id="job done"),
])
def test_what_goes_while_it_looks_is_left_out(
    app: Flask, store: Store, redis_server: EmbeddedServer, steps: int, away: Callable[[Store], object]
) -> None:
    ring(store, "tallies")
    with stopping(store.connections, redis_server.url) as watched:
        theirs = Connections(watched.text, watched.raw, watched.raw)
        app.extensions["surroundings"] = Surroundings(theirs)
        told: list[int] = []
        worker = Worker(lambda: told.append(health(app)[0]))
        worker.go_on(steps)
        away(store)
        worker.go_on(500)
        assert (worker.over, told) == (True, [200])


def test_another_servers_disk_is_not_looked_at(redis_server: EmbeddedServer, tmp_path: Path) -> None:
    made = connect({"REDIS_URL": redis_server.url, "DATA_DIR": str(tmp_path), "MIN_FREE_MB": "999999999"})
    assert (made.room.free(), made.room.enough()) == (None, True)
    made.close()
