"""Whether what the server has taken is on disk: what is wrong with a server, and waiting for one that writes later."""

from typing import Any

import redis

from campaigns.store.keys import SETTLED

OLDEST = {"redis": (7, 2), "valkey": (8, 0)}
SETTLE_MS = 2000
OFF = "Its append-only file is off, so a restart would lose wishes. Set `appendonly yes` on it."
HASTY = "It says that writes are on disk before they are. Set `appendfsync always` on it."


class NotDurable(redis.RedisError):
    """What was sent may be lost if the machine stops now: it must not be called kept."""


class Durability:
    """How one server makes writes last, asked once: at once (``always``), when waited for, or not for certain."""

    def __init__(self) -> None:
        self._way = ""

    @property
    def at_once(self) -> bool:
        """Tells whether what the server has answered is on disk already, so far as has been asked."""
        return self._way == "always"

    def settle(self, client: Any) -> None:  # noqa: ANN401 - a redis.Redis of either kind
        """Return once every write the server has taken is on disk; raises NotDurable."""
        self._way = self._way or _way(client)
        if self._way in (OFF, HASTY):
            raise NotDurable(f"Nothing can be kept on this Redis server. {self._way}")
        if self._way == "waits" and not reach_disk(client, SETTLE_MS):
            raise NotDurable(f"The server did not reach its disk within {SETTLE_MS / 1000:g} seconds.")


def _way(client: Any) -> str:  # noqa: ANN401
    about = client.info()
    if not about.get("aof_enabled"):
        return OFF
    if _fsync(client) == "always":
        return "always"
    return "waits" if waits_truly(about) else HASTY


def reach_disk(client: Any, within_ms: int) -> bool:  # noqa: ANN401
    """Wait until everything is on disk; False when the time is up.

    WAITAOF speaks for its own connection alone, and a pool may hand out another than the one that wrote.
    So this writes too: what is on disk is there in the order it was written.
    """
    pipe = client.pipeline(transaction=False).set(SETTLED, 1)
    written, (local, _) = pipe.execute_command("WAITAOF", 1, 0, within_ms).execute()
    return bool(written and local)


def check_server(client: Any) -> list[str]:  # noqa: ANN401 - a redis.Redis of either kind
    """What stands against keeping wishes on this server, each with its remedy; empty when nothing does."""
    try:
        about = client.info()
        fsync = _fsync(client)
    except redis.RedisError as error:
        return [f"It does not answer ({error}). Check the address, and that the server is running."]
    return [*_faults_of_kind(about), *_faults_of_keeping(about, fsync)]


def _faults_of_kind(about: dict[str, Any]) -> list[str]:
    faults = []
    kind, version = kind_of(about)
    if version < OLDEST[kind]:
        needed = " or ".join(f"{name.title()} {major}.{minor}" for name, (major, minor) in OLDEST.items())
        faults.append(f"It is {kind.title()} {'.'.join(map(str, version))}, which is too old. Use {needed}, or newer.")
    if about.get("role", "master") != "master":
        faults.append("It is a replica, which takes no writes. Give the address of its primary.")
    return faults


def _faults_of_keeping(about: dict[str, Any], fsync: str) -> list[str]:
    faults = []
    if not about.get("aof_enabled"):
        faults.append(OFF)
    elif fsync == "no":
        faults.append("It never waits for its disk (`appendfsync no`). Set `appendfsync always` on it.")
    elif fsync != "always" and not waits_truly(about):
        faults.append(HASTY)
    if about.get("aof_last_write_status", "ok") != "ok":
        faults.append("Its last write to disk failed. Make room on its disk, or mend it.")
    if (policy := about.get("maxmemory_policy", "noeviction")) != "noeviction":
        faults.append(f"It throws data away when memory is short ({policy}). Set `maxmemory-policy noeviction` on it.")
    return faults


def _fsync(client: Any) -> str:  # noqa: ANN401 - a redis.Redis of either kind
    """The server's appendfsync; "unknown" where a provider keeps CONFIG to itself."""
    try:
        answer = client.config_get("appendfsync")
    except redis.ResponseError:
        return "unknown"
    value = next(iter(answer.values()), "unknown")
    return value.decode() if isinstance(value, bytes) else str(value)


def kind_of(about: dict[str, Any]) -> tuple[str, tuple[int, int]]:
    """Whether a server is Redis or Valkey, and its version: major and minor."""
    kind = "valkey" if "valkey_version" in about else "redis"
    major, minor, *_ = str(about[f"{kind}_version"]).split(".")
    return kind, (int(major), int(minor))


def waits_truly(about: dict[str, Any]) -> bool:
    """Whether WAITAOF can be believed where fsync is not ``always``.

    From Redis 7.4 until a fix in 8.0 (redis/redis pull request 13793), and in every Valkey so far, it answers
    before the fsync; seen here with Valkey 9.1.2 under strace.
    """
    kind, version = kind_of(about)
    return kind == "redis" and not (7, 3) <= version < (8, 0)
