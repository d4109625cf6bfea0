"""A server that will not start: nothing is deleted, and what is said leads out of it."""

import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from campaigns.store.server.embedded import EmbeddedServer, running_url
from campaigns.store.server.places import ServerFailed

Wait = Callable[..., object]


def write_ten(data: Path) -> Path:
    """Returns the append-only file of a server that took ten wishes and was stopped."""
    server = EmbeddedServer(data)
    server.start()
    with redis.Redis(unix_socket_path=str(server.places.socket)) as client:
        for number in range(10):
            client.set(f"wish{number}", "Buses on Sundays")
    server.stop()
    return next(server.places.store.rglob("*.incr.aof"))


def test_a_torn_last_line_that_nobody_was_told_of_is_no_damage(tmp_path: Path) -> None:
    file = write_ten(tmp_path)
    with file.open("ab") as torn:
        torn.write(b"*3\r\n$3\r\nSET\r\n$6\r\nwish10\r\n$99\r\nTra")
    server = EmbeddedServer(tmp_path)
    server.start()
    with redis.Redis(unix_socket_path=str(server.places.socket)) as client:
        assert client.dbsize() == 10
    server.stop()


def test_damaged_data_is_copied_and_the_way_out_is_said(tmp_path: Path) -> None:
    file = write_ten(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"*3", b"!!"))
    for _ in range(2):
        with pytest.raises(ServerFailed) as refused:
            EmbeddedServer(tmp_path).start()
    said = str(refused.value)
    [copy] = tmp_path.glob("redis-damaged-*")
    assert "Bad file format" in said and str(tmp_path / "log" / "redis.log") in said and str(copy) in said
    assert (copy / "appendonlydir" / file.name).read_bytes() == file.read_bytes()
    remedy = re.search(r"^  (bash -c .*)$", said, re.MULTILINE)
    assert remedy
    subprocess.run(remedy.group(1), shell=True, input=b"y\n", check=True, capture_output=True)
    server = EmbeddedServer(tmp_path)
    assert server.start()
    server.stop()


def test_a_list_of_files_with_a_bit_changed_is_refused_in_words(tmp_path: Path) -> None:
    write_ten(tmp_path)
    manifest = next(tmp_path.rglob("*.manifest"))
    manifest.write_bytes(manifest.read_bytes().replace(b"file a", b"file \xe1"))
    with pytest.raises(ServerFailed, match="To go back to a backup"):
        EmbeddedServer(tmp_path).start()
    assert len([*tmp_path.glob("redis-damaged-*")]) == 1


def test_a_server_that_stays_down_is_said_in_the_log_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, wait_for: Wait
) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    manifest = next(server.places.store.rglob("*.manifest"))
    whole = manifest.read_bytes()
    manifest.write_text("rubbish\n")
    server.watch()
    os.kill(int(server.places.lock.read_text()), signal.SIGKILL)
    wait_for(lambda: "would not start" in caplog.text)
    manifest.write_bytes(whole)
    wait_for(lambda: running_url(tmp_path), seconds=20)
    server.stop()
