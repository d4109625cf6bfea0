"""What the tests share: a real server of their own, the shared data folder, a browser, and waiting for a state."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from flask.testing import FlaskClient
from hypothesis import settings as patience

from campaigns.campaign_file import read_campaign, read_file
from campaigns.coding.embedding import Embedder
from campaigns.coding.kept import tagger_for
from campaigns.store.connection import Connections, connect
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store
from tests.waiting import look
from web import create_app

T = TypeVar("T")
# What takes longest: it starts and kills whole services, drives a browser, or does much that waits for the disk. The second
# and the third need no model, which the first is busy making where there is none yet.
LONGEST = (
    "browser/test_staff", "test_properties", "test_server", "faults/", "browser/", "test_journeys", "test_restart",
    "test_keeping_service", "test_start", "test_account", "test_attack", "test_keeping", "test_officers", "test_serving",
    "test_quick", "test_coding", "test_api",
)
patience.register_profile("patient", deadline=None)  # nothing is judged by how long it took; the rest as it would be
patience.load_profile("patient")
SHARED = Path(__file__).parents[1].parent / "shared"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts first, where tests run side by side, what takes longest, so that at the end no processor waits for another.

    Side by side every process must give a test the same name, so none may hold where in memory something lies.
    """
    if placed := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        raise pytest.UsageError(f"name its cases with ids=, for these names change from run to run: {placed[0]}")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.path.relative_to(Path(__file__).parent).as_posix()))


def _turn(path: str) -> int:
    return next((place for place, start in enumerate(LONGEST) if path.startswith(start)), len(LONGEST))


def _needed(there: bool, what: str) -> None:
    """Skip by name what this machine lacks, but never where everything must be tested."""
    if not there:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop(f"needs {what}")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Returns a running server of this test run's own (of this worker's own, under xdist)."""
    server = EmbeddedServer(tmp_path_factory.mktemp("store"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def connections(redis_server: EmbeddedServer) -> Iterator[Connections]:
    """Returns clients on an empty store; refuses to empty any server but the test's own."""
    pictures = redis_server.places.data / "pictures"
    shutil.rmtree(pictures, ignore_errors=True)
    made = connect({"REDIS_URL": redis_server.url, "PICTURES_URL": f"file://{pictures}"})
    kept_in = made.text.config_get("dir")["dir"]
    assert kept_in == str(redis_server.places.store), f"not the tests' own server: it keeps its data in {kept_in}"
    made.raw.flushall()
    yield made
    made.close()


@pytest.fixture
def settings(connections: Connections, redis_server: EmbeddedServer) -> dict[str, str]:
    """Returns the settings of an application on an empty store."""
    return {"REDIS_URL": redis_server.url, "DATA_DIR": str(redis_server.places.data), "RATE_LIMIT": "off"}


@pytest.fixture
def resident(settings: dict[str, str], store: Store) -> FlaskClient:
    """Returns the browser of somebody who visits the service, once the test's own ``store`` is there."""
    return create_app(settings).test_client()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Returns the shared data folder, beside the repository."""
    _needed((SHARED / "data").is_dir(), "the shared data folder, ../shared beside the repository")
    return SHARED / "data"


@pytest.fixture(scope="session")
def model_folder(request: pytest.FixtureRequest) -> Path:
    """Returns a folder in which the model's graph and the tagger are made once, for every run on this checkout."""
    assert request.config.cache
    folder = request.config.cache.mkdir("model")
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # or each of those that run side by side would learn the same for itself
        tagger_for(read_campaign("derby-2026", read_file("derby-2026")).frame, folder, Embedder(folder))
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Returns the path of a chromium to drive."""
    found = [path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))]
    _needed(bool(found), "chromium, which bin/test installs where it is root")
    return found[0]


@pytest.fixture(scope="session")
def wait_for() -> Callable[..., object]:
    """Returns a function that waits until a condition holds, and returns what it then is."""

    def wait(condition: Callable[[], T], seconds: float = 120) -> T:
        deadline = time.monotonic() + seconds
        while not (state := look(condition)):
            assert time.monotonic() < deadline, f"still not so after {seconds} seconds: {condition}"
        return state

    return wait
