"""The embedded server, with real processes: one for a data folder, whoever is killed, and nothing lost."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import redis

from campaigns.store.server.embedded import EmbeddedServer, running_url
from campaigns.store.server.places import ServerFailed, data_dir

Wait = Callable[..., object]
HOUSE = Path(__file__).parents[1]

# A supervisor in a process of its own: says the server's address, then holds on until its input ends.
SUPERVISOR = """
import sys
from pathlib import Path
from campaigns.store.server.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
print(server.start(), flush=True)
server.watch()
sys.stdin.read()
server.stop()
"""


@contextmanager
def supervisor(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Runs a supervisor, and ends it."""
    command = [sys.executable, "-c", SUPERVISOR, str(data)]
    with subprocess.Popen(command, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running
        with suppress(BrokenPipeError):
            running.communicate(timeout=60)


def server_pid(data: Path) -> int:
    """Returns the process id of the data folder's server, as the server itself says it; 0 if there is none."""
    with suppress(redis.RedisError), redis.Redis(unix_socket_path=str(EmbeddedServer(data).places.socket), retry=None) as client:
        return int(client.info("server")["process_id"])
    return 0


def servers_of(data: Path) -> list[str]:
    """Returns the running processes that serve a data folder's socket."""
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if f"unixsocket:{EmbeddedServer(data).places.socket}" in line]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """Returns a started server; ends it."""
    made = EmbeddedServer(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[redis.Redis]:
    """Returns a client of the started server."""
    with redis.Redis(unix_socket_path=str(server.places.socket), decode_responses=True, retry=None) as made:
        yield made


def kill(pid: int) -> None:
    """Kills a process outright, as a full machine or an impatient person would."""
    assert pid
    os.kill(pid, signal.SIGKILL)


def test_twenty_started_together_make_one_server_and_leave_none(tmp_path: Path) -> None:
    with ExitStack() as together:
        started = [together.enter_context(supervisor(tmp_path)) for _ in range(20)]
        addresses = {one.stdout.readline().strip() for one in started if one.stdout}
        assert addresses == {running_url(tmp_path)}
        assert len(servers_of(tmp_path)) == 1
    assert running_url(tmp_path) is None
    assert servers_of(tmp_path) == []


def test_a_server_outlives_its_killed_supervisor_and_the_next_takes_it_over(tmp_path: Path) -> None:
    with supervisor(tmp_path) as first:
        assert first.stdout and first.stdout.readline()
        pid = server_pid(tmp_path)
        first.kill()
        first.wait()
        assert server_pid(tmp_path) == pid
    with ExitStack() as together:
        started = [together.enter_context(supervisor(tmp_path)) for _ in range(5)]
        assert all(one.stdout and one.stdout.readline() for one in started)
        assert server_pid(tmp_path) == pid
        assert len(servers_of(tmp_path)) == 1
    assert running_url(tmp_path) is None


def test_a_killed_server_comes_back_with_everything(server: EmbeddedServer, client: redis.Redis, wait_for: Wait) -> None:
    client.set("wish", "A swimming pool")
    server.watch()
    for _ in range(3):
        pid = server_pid(server.places.data)
        kill(pid)
        wait_for(lambda pid=pid: server_pid(server.places.data) not in (0, pid))
        assert client.get("wish") == "A swimming pool"


def test_supervisors_that_see_their_server_killed_make_one_new_one(tmp_path: Path, wait_for: Wait) -> None:
    with ExitStack() as together:
        started = [together.enter_context(supervisor(tmp_path)) for _ in range(6)]
        assert all(one.stdout and one.stdout.readline() for one in started)
        pid = server_pid(tmp_path)
        kill(pid)
        wait_for(lambda: server_pid(tmp_path) not in (0, pid))
        assert len(servers_of(tmp_path)) == 1
    assert servers_of(tmp_path) == []


def test_the_last_to_leave_ends_it_and_not_whoever_started_it(server: EmbeddedServer) -> None:
    other = EmbeddedServer(server.places.data)
    assert other.start() == server.url
    server.stop()
    assert running_url(server.places.data) == server.url
    other.stop()
    assert running_url(server.places.data) is None
    assert not server.places.socket.parent.exists()


def test_a_stopped_server_keeps_everything_for_the_next(server: EmbeddedServer, client: redis.Redis) -> None:
    client.set("wish", "Cleaner parks")
    server.stop()
    assert "ready to exit" in server.places.log.read_text()
    again = EmbeddedServer(server.places.data)
    again.start()
    assert client.get("wish") == "Cleaner parks"
    again.stop()


@pytest.mark.parametrize(("setting", "value"), [
    ("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction"), ("port", "0"), ("save", ""),
    ("hash-max-listpack-value", "2048"), ("hash-max-listpack-entries", "128"),
])
def test_it_runs_with_the_settings_the_store_needs(client: redis.Redis, setting: str, value: str) -> None:
    assert client.config_get(setting) == {setting: value}


def test_a_response_stays_compact(client: redis.Redis) -> None:
    client.hset("response", mapping={f"field{n}": "w" * 2000 for n in range(30)})
    assert client.object("encoding", "response") == "listpack"


def test_only_its_owner_can_reach_it(server: EmbeddedServer) -> None:
    places = server.places
    for folder in (places.data, places.store, places.log.parent, places.socket.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    for file in (places.lock, places.users, *places.store.rglob("*.aof")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_long_data_folder_still_has_a_short_socket(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / ("a" * 100) / ("b" * 100))
    assert len(os.fsencode(server.places.socket)) < 104
    assert server.start() == running_url(server.places.data)
    server.stop()


def test_a_link_to_the_data_folder_leads_to_its_server(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "var"
    link.symlink_to(server.places.data)
    assert running_url(link) == server.url


def test_what_a_dead_server_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """Its socket, and a lock file with the number of a process that is now somebody else's."""
    server = EmbeddedServer(tmp_path)
    server.places.make()
    server.places.socket.touch()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        server.places.lock.write_text(str(innocent.pid))
        server.start()
        server.stop()
        assert innocent.poll() is None
        innocent.communicate(b"\n")


def test_a_server_whose_number_was_never_noted_is_ended_all_the_same(tmp_path: Path) -> None:
    """Its supervisor was killed in the moment between starting it and noting which process it is."""
    server = EmbeddedServer(tmp_path)
    with supervisor(tmp_path) as killed:
        assert killed.stdout and killed.stdout.readline()
        killed.kill()
    os.truncate(server.places.lock, 0)
    server.start()
    server.stop()
    assert servers_of(tmp_path) == []


def test_a_socket_folder_that_is_not_ours_is_refused(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    server = EmbeddedServer(tmp_path)
    server.places.socket.parent.symlink_to(tmp_path_factory.mktemp("trap"))
    with pytest.raises(ServerFailed, match="belongs to another user, or is not a folder"):
        server.start()
    server.places.socket.parent.unlink()


def test_a_data_folder_with_other_things_in_it_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "letter.txt").touch()
    server = EmbeddedServer(tmp_path)
    server.start()
    server.stop()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_no_server_runs_where_nobody_started_one(tmp_path: Path) -> None:
    assert running_url(tmp_path / "nothing") is None
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(("given", "folder"), [
    ({}, HOUSE / "var"),
    ({"DATA_DIR": ""}, HOUSE / "var"),
    ({"DATA_DIR": "/srv/wishes"}, Path("/srv/wishes")),
    ({"DATA_DIR": "wishes"}, Path.cwd() / "wishes"),
])
def test_the_data_folder_is_the_one_named_or_var(given: dict[str, str], folder: Path) -> None:
    assert data_dir(given) == folder
