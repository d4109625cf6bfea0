"""The scripts: the only code that changes a campaign in Redis, each one step that happens whole or not at all."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from campaigns.store.connection import BytesClient, Connections
from campaigns.store.errors import Paused
from campaigns.store.line import Line
from campaigns.store.room import check_room

FOLDER = Path(__file__).parent
GO_ON = {"apply", "stand", "seal"}  # what a short disk does not stop: no more of it comes than has been taken in already


@cache
def source(name: str) -> str:
    """Returns a script with the prelude it shares."""
    return (FOLDER / "prelude.lua").read_text() + (FOLDER / f"{name}.lua").read_text()


class Scripts:
    """Runs the scripts on one campaign; answers come back as text and numbers."""

    def __init__(self, connections: Connections, head: str) -> None:
        self._client = connections.raw
        self._room = connections.room
        self._head = head

    def run(self, name: str, *arguments: object) -> list[Any]:
        """Runs a script by its file's name; a mapping goes over as JSON. Raises NoRoom where the disk is too full, and Paused."""
        self._check_room(name)
        return _as_text(_registered(self._client, name)(keys=[self._head], args=_as_sent(arguments)))

    def run_many(self, name: str, each: Sequence[object]) -> list[list[Any]]:
        """Runs a script once for each argument, all sent together; each is a step of its own."""
        self._check_room(name)
        script = _registered(self._client, name)
        pipe = self._client.pipeline(transaction=False)
        for argument in each:
            script(keys=[self._head], args=_as_sent([argument]), client=pipe)
        return [_as_text(answer) for answer in pipe.execute()]

    async def run_on(self, line: Line, name: str, *arguments: object) -> list[Any]:
        """Runs a script over an event loop's own line; raises NoScriptError where the server has yet to learn it."""
        self._check_room(name)
        sha = _registered(self._client, name).sha
        return _as_text(await line.ask("EVALSHA", sha, 1, self._head, *_as_sent(arguments)))

    def _check_room(self, name: str) -> None:
        if name not in GO_ON:
            check_room(self._room)


@cache
def _registered(client: BytesClient, name: str) -> Any:  # noqa: ANN401 - redis gives no type
    return client.register_script(source(name))


def _as_sent(arguments: Sequence[object]) -> list[Any]:
    return [json.dumps(a, ensure_ascii=False) if isinstance(a, dict) else a for a in arguments]


def _as_text(answer: list[Any]) -> list[Any]:
    if answer[0] == b"paused":
        raise Paused
    return [part.decode() if isinstance(part, bytes) else part for part in answer]
