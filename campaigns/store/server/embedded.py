"""The embedded server: one Valkey for one data folder, however many processes ask for it.

Two lock files in the data folder say all there is to say, and the kernel forgets them with the process that held them:
`redis.lock` is inherited by the server and so lives exactly as long as it does; `redis.users` is shared by everyone
who wants a server, and whoever leaves last ends it. So any number may start together, any may be killed, and
nobody needs to know who started what.
"""

import fcntl
import logging
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from campaigns.store.server.disk import Steward, room_of, settings_for
from campaigns.store.server.places import Places, ServerFailed, program, take
from campaigns.store.server.refused import torn_end, why_cut, why_refused
from campaigns.store.server.written import Written

log = logging.getLogger(__name__)

SETTINGS = {
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "maxmemory-policy": "noeviction",
    # A response stays one compact run of bytes: up to 128 fields, each up to 2,048 bytes.
    "hash-max-listpack-entries": "128",
    "hash-max-listpack-value": "2048",
    "port": "0",
    "unixsocketperm": "700",
}
GLANCE = 0.1  # seconds between looks at whether the server still lives
LONGEST_WAIT = 5.0  # seconds between attempts to start a server that will not run
STEADY = 10.0  # seconds of life after which a server's earlier deaths are forgotten
PATIENCE = 30.0  # seconds of silence from a server that holds the lock before giving up on it


def running_url(data_dir: Path) -> str | None:
    """The address of the server already running for a data folder, if there is one."""
    places = Places(data_dir)
    return places.url if _ask(places.socket, b"PING").startswith((b"+PONG", b"-LOADING")) else None


class EmbeddedServer:
    """One user's hold on a data folder's server: started if nobody has, kept running, ended by the last to leave."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str] | None = None) -> None:
        self.places = Places(data_dir)
        self._settings = SETTINGS | dict(settings or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._using: int | None = None
        self._watcher: threading.Thread | None = None
        self._ended = threading.Event()
        self._torn = False
        self._room = room_of(self.places.store)
        self._written = Written(self.places.written, self.places.store)

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.places.url

    def start(self) -> str:
        """The server's address, once it answers; raises ServerFailed in plain words."""
        begins = not self.places.store.exists()
        self.places.make()
        if begins:
            self._written.forget()  # what was noted is of one that was moved away
        self._using = os.open(self.places.users, os.O_RDWR | os.O_CREAT, 0o600)
        # This waits while the last user before us is ending the server, so that we start a new one after it.
        fcntl.flock(self._using, fcntl.LOCK_SH)
        try:
            self._bring_up()
        except ServerFailed:
            self.stop()
            raise
        return self.url

    def watch(self) -> None:
        """Keep the server running from now on, in the background, whoever started it."""
        self._watcher = threading.Thread(target=self._keep_up, name="redis watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Let go of the server; the last user ends it and waits until everything is on disk."""
        self._ended.set()
        if self._watcher:
            self._watcher.join()
        if self._using is None:
            return
        try:
            fcntl.flock(self._using, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if self._child:  # it outlives us; until then somebody must collect what it leaves when it ends
                threading.Thread(target=self._child.wait, daemon=True).start()
        else:
            self._end()
        os.close(self._using)
        self._using = None

    def _bring_up(self) -> None:
        self._forget_child()
        self._torn = False
        given_up = time.monotonic() + PATIENCE
        while not (answer := _ask(self.places.socket, b"PING")).startswith(b"+PONG"):
            if answer:  # it is reading its data, which may take a while
                given_up = time.monotonic() + PATIENCE
            self._check_child()
            if time.monotonic() > given_up:
                raise ServerFailed(f"The store's server does not answer. Its log is {self.places.log}.")
            if self._child is None and (lock := take(self.places.lock)) is not None:
                self._launch(lock)
            if self._ended.wait(0.005):
                return

    def _launch(self, lock: int) -> None:
        try:
            if words := why_cut(self._written, self.places):
                raise ServerFailed(words)
            os.pwrite(lock, b" " * 20, 0)
            with self.places.log.open("ab") as output:
                self._child = subprocess.Popen(  # noqa: S603 (our own program and settings)
                    self._command(),
                    cwd=self.places.store,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    pass_fds=(lock,),
                    start_new_session=True,  # Ctrl-C at the terminal must not reach it before its users are done
                    umask=0o077,
                )
            # In place and of one length: on a full disk there is no room for another letter.
            os.pwrite(lock, f"{self._child.pid:<20}".encode(), 0)
        except OSError as error:
            raise ServerFailed(f"The store's server cannot be run: {error}.") from error
        finally:
            os.close(lock)

    def _check_child(self) -> None:
        code = self._child.poll() if self._child else None
        if code is None:
            return
        if code < 0:
            raise ServerFailed(
                f"The store's server was killed (signal {-code}) while it was starting. Start again; "
                "if it is killed again, the machine may be short of memory."
            )
        if not self._torn and torn_end(self._written, self.places, program()):
            log.warning("The store's file ends in a write that was broken off and that nobody was told of; it is dropped")
            self._torn = True
            self._forget_child()
            return
        raise ServerFailed(why_refused(self.places, program()))

    def _forget_child(self) -> None:
        if self._child:
            self._child.kill()  # it is dead, or its lock file was deleted under it and a new server would fight it
            self._child.wait()
        self._child = None

    def _command(self) -> list[str]:
        truncated = {"aof-load-truncated": "yes" if self._torn else "no"}  # it cannot know what was acknowledged
        own = {"dir": str(self.places.store), "unixsocket": str(self.places.socket), "logfile": str(self.places.log)}
        pairs = (self._settings | settings_for(self._room.free() or 0, self._room) | truncated | own).items()
        return [str(program()), *(word for name, value in pairs for word in (f"--{name}", value))]

    def _keep_up(self) -> None:
        wait, born = GLANCE, time.monotonic()
        ask = partial(_ask, self.places.socket)
        steward = Steward(self._room, self.places.ballast, ask)
        while not self._ended.wait(wait):
            steward.look()
            if self._alive():
                self._written.look(ask)
                if time.monotonic() - born > STEADY:
                    wait = GLANCE
                continue
            log.warning("The store's server has ended by itself; starting it again")
            try:
                self._bring_up()
            except (ServerFailed, OSError) as words:  # whatever it was, it is tried again
                log.error("%s", words)
            steward.forget()
            wait, born = min(wait * 2, LONGEST_WAIT), time.monotonic()

    def _alive(self) -> bool:
        lock = take(self.places.lock)
        if lock is not None:
            os.close(lock)
        return lock is None

    def _end(self) -> None:
        running = self._alive()
        for how in (signal.SIGTERM, signal.SIGKILL):  # all that was answered is on disk, so killing loses nothing
            if self._alive() and (pid := self._server_pid()):
                with suppress(ProcessLookupError):
                    os.kill(pid, how)
            if _wait_until(lambda: not self._alive(), seconds=15):
                break
        self._forget_child()
        if running:
            self._written.keep()
        with suppress(OSError):
            self.places.socket.unlink(missing_ok=True)
            self.places.socket.parent.rmdir()

    def _server_pid(self) -> int:
        """The server's process, 0 if unknown; where a supervisor was killed before it could note it, the server says it."""
        noted = self.places.lock.read_text().strip()
        said = re.search(rb"process_id:(\d+)", b"" if noted else _ask(self.places.socket, b"INFO server", 4096))
        return int(noted or (said[1] if said else 0))


def _ask(path: Path, command: bytes, most: int = 64) -> bytes:
    """The first words of a server's answer; nothing if nobody answers.

    Spoken by hand because a client library would cost every short command a fifth of a second to load.
    """
    with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(str(path))
        line.sendall(command + b"\r\n")
        return line.recv(most)
    return b""


def _wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
