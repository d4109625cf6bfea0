"""A snapshot of a whole server as of one moment, streamed from it the way a replica gets it, while it goes on serving."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import redis

from campaigns.store.connection import BytesClient

CHUNK = 1 << 20
SILENCE_SECONDS = 60  # a server that is making its snapshot says so every second
MARK = 40
Progress = Callable[[int], None]
REMEDY = (
    "A backup is read the way a replica reads (SYNC with `rdb-only`), which this server does not allow. Let this user give "
    "the commands SYNC and REPLCONF, or use the provider's own snapshots."
)

ON_ITS_DISK = (
    "This server would write the snapshot to its own disk and leave it there, with all that is erased later. "
    "Set `repl-diskless-sync yes` on it, which is what Redis 7 and Valkey do unless told otherwise."
)


class NoSnapshot(ValueError):
    """The server gives no snapshot; the text says why, and what to do."""


def take_snapshot(client: BytesClient, into: BinaryIO, progress: Progress = lambda done: None) -> int:
    """Writes all that a server holds, as of one moment, in the server's own format; returns how many bytes."""
    _check(client)
    pool = client.connection_pool
    connection = pool.get_connection()
    try:
        for command in (("REPLCONF", "capa", "eof"), ("REPLCONF", "rdb-only", "1")):
            connection.send_command(*command)
            connection.read_response()
        connection.send_command("SYNC")
        connection._sock.settimeout(SILENCE_SECONDS)
        return _keep(_pieces(connection._sock), into, progress)
    except redis.ResponseError as refusal:
        raise NoSnapshot(f"{REMEDY} It said: {refusal}") from None
    except OSError as failure:
        raise NoSnapshot(f"The snapshot broke off ({failure}). Nothing of it is kept; give the command again.") from failure
    finally:
        connection.disconnect()
        pool.release(connection)


def _check(client: BytesClient) -> None:
    """Refuses a server that would leave a copy; has our own begin at once, rather than wait five seconds for other replicas."""
    with suppress(redis.ResponseError):  # a provider that keeps CONFIG to itself
        if {"no", b"no"} & set(client.config_get("repl-diskless-sync").values()):
            raise NoSnapshot(ON_ITS_DISK)
        if "path" in client.connection_pool.connection_kwargs:
            client.config_set("repl-diskless-sync-delay", 0)


def _keep(pieces: Iterator[bytes], into: BinaryIO, progress: Progress) -> int:
    done = 0
    for piece in pieces:
        into.write(piece)
        done += len(piece)
        progress(done)
    return done


def _pieces(line: socket.socket | Any) -> Iterator[bytes]:  # noqa: ANN401 - or the same with TLS around it
    """Yields the snapshot's bytes: either their number is said first, or the mark that ends them."""
    head = _head(line)
    if head.startswith(b"$EOF:"):
        yield from _until_mark(line, head.removeprefix(b"$EOF:"))
    elif head.startswith(b"$"):
        yield from _counted(line, int(head[1:]))
    else:
        raise NoSnapshot(f"{REMEDY} It said: {head.removeprefix(b'-').decode(errors='replace')}")


def _head(line: socket.socket) -> bytes:
    """Returns the first line that says something; empty ones say only that the server is still at it."""
    said = b""
    while not said.endswith(b"\n") or not said.strip():
        said += _some(line, 1)
    return said.strip()


def _counted(line: socket.socket, size: int) -> Iterator[bytes]:
    while size:
        piece = _some(line, min(size, CHUNK))
        size -= len(piece)
        yield piece


def _until_mark(line: socket.socket, mark: bytes) -> Iterator[bytes]:
    held = b""
    while not held.endswith(mark):
        held += _some(line, CHUNK)
        if len(held) > MARK and not held.endswith(mark):
            yield held[:-MARK]
            held = held[-MARK:]
    yield held[:-MARK]


def _some(line: socket.socket, most: int) -> bytes:
    piece = line.recv(most)
    if not piece:
        raise ConnectionError("the server hung up")
    return piece
