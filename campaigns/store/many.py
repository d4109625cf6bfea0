"""Asking the server thousands of things at once, without the library's care for each single one."""

from collections.abc import Sequence
from typing import Any

import hiredis

from campaigns.store.connection import BytesClient


def ask_many(client: BytesClient, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Returns the answers to commands that are sent together, as the server gives them; raises its first refusal.

    Through a pipeline each answer costs as much again as reading it (6 of 14 microseconds for a response's hash).
    """
    connection = client.connection_pool.get_connection()
    try:
        connection.send_packed_command([b"".join(hiredis.pack_command(command) for command in commands)])
        return [connection.read_response() for _ in commands]
    except BaseException:
        connection.disconnect()  # answers that nobody read must not be taken for those to what is asked next
        raise
    finally:
        client.connection_pool.release(connection)


def as_mapping(answer: Any) -> dict[bytes, bytes]:  # noqa: ANN401 - as the server gives it
    """Returns a hash as a mapping, whichever of its two forms the server's protocol gives it in."""
    return answer if isinstance(answer, dict) else dict(zip(answer[::2], answer[1::2], strict=True))
