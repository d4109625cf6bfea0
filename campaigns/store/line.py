"""One connection of an event loop's own, over which whatever is asked in the same moment goes out together."""

import asyncio
from collections.abc import Sequence
from typing import Any

import hiredis
import redis
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_SECONDS, ANSWER_SECONDS = 2, 5
Asked = tuple[bytes, asyncio.Future[Any]]


class Line:
    """Asks the store without a thread that waits: what is asked while an answer is on its way is sent as one, next.

    So the server has one wake-up and one fsync for all of them, and each is still a step of its own, in the order asked.
    """

    def __init__(self, url: str) -> None:
        once = Retry(NoBackoff(), 0)  # a command is never sent twice
        pool = ConnectionPool.from_url(url, retry=once, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=None)
        self._connection = pool.make_connection()  # type: ignore[no-untyped-call]
        self._waiting: list[Asked] = []
        self._talking: asyncio.Task[None] | None = None

    async def ask(self, *command: Any) -> Any:  # noqa: ANN401 - whatever a command takes and gives
        """Returns the server's answer to a command; raises its refusal, or redis.RedisError where none came."""
        answer = asyncio.get_running_loop().create_future()
        self._waiting.append((hiredis.pack_command(command), answer))
        if self._talking is None or self._talking.done():
            self._talking = asyncio.create_task(self._talk())
        return await answer

    async def close(self) -> None:
        """Hangs up."""
        await self._connection.disconnect()

    async def _talk(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._exchange(asked)
            except Exception as failure:
                await self._connection.disconnect(nowait=True)  # no answer may be taken for that to another question
                for _, answer in asked:
                    _give(answer, redis.ConnectionError(type(failure).__name__))

    async def _exchange(self, asked: Sequence[Asked]) -> None:
        await self._connection.connect()
        await self._connection.send_packed_command(b"".join(command for command, _ in asked), check_health=False)
        for _, answer in asked:
            try:
                _give(answer, await self._connection.read_response())
            except redis.ResponseError as refusal:
                _give(answer, refusal)


def _give(answer: "asyncio.Future[Any]", given: object) -> None:
    if answer.done():  # whoever asked has gone
        return
    if isinstance(given, Exception):
        answer.set_exception(given)
    else:
        answer.set_result(given)
