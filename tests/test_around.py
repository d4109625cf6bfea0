"""A command with the store's server running around it, as bin/flask runs one."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from campaigns.store.server.embedded import EmbeddedServer, running_url

Wait = Callable[..., object]
HOUSE = Path(__file__).parents[1]
WRITE = "import os, redis; redis.Redis.from_url(os.environ['REDIS_URL']).set('wish', 'Trams'); print(os.environ['REDIS_URL'])"
READ = "import os, redis; print(redis.Redis.from_url(os.environ['REDIS_URL'], decode_responses=True).get('wish'))"


def around(data: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Returns what became of a command run around a data folder's server."""
    env = {**os.environ, "DATA_DIR": str(data)}
    return subprocess.run(
        [sys.executable, "-m", "workers.around", *command], cwd=HOUSE, env=env, capture_output=True, text=True, timeout=60
    )


def test_a_server_runs_as_long_as_the_command_and_keeps_what_it_wrote(tmp_path: Path) -> None:
    assert around(tmp_path, sys.executable, "-c", WRITE).stdout.strip() == EmbeddedServer(tmp_path).url
    assert running_url(tmp_path) is None
    assert around(tmp_path, sys.executable, "-c", READ).stdout == "Trams\n"


def test_a_server_that_runs_already_is_used_and_left(redis_server: EmbeddedServer) -> None:
    done = around(redis_server.places.data, sys.executable, "-c", WRITE)
    assert done.stdout.strip() == redis_server.url == running_url(redis_server.places.data)


@pytest.mark.parametrize(("command", "code"), [("true", 0), ("exit 7", 7), ("kill -TERM $$", 143)])
def test_the_commands_exit_code_is_kept(tmp_path: Path, command: str, code: int) -> None:
    assert around(tmp_path, "sh", "-c", command).returncode == code


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_command_and_the_server_ends(tmp_path: Path, wait_for: Wait, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "workers.around", "sh", "-c", "touch $0/up; exec sleep 1000", str(tmp_path)]
    with subprocess.Popen(command, cwd=HOUSE, env={**os.environ, "DATA_DIR": str(tmp_path / "var")}) as running:
        wait_for((tmp_path / "up").exists)
        running.send_signal(how)
        assert running.wait(30) == 128 + how
    assert running_url(tmp_path / "var") is None


def test_a_folder_that_cannot_be_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    done = around(tmp_path / "var", "true")
    assert done.returncode == 1
    assert "Set DATA_DIR to a folder of your own" in done.stderr and "Traceback" not in done.stderr
