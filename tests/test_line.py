"""Asking from an event loop: answers to each question in its order, refusals to those they are meant for, silence told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis

from campaigns.store import line as lines
from campaigns.store.connection import Connections
from campaigns.store.line import Line


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """Yields a line, and hangs up at the end."""
    line = Line(url)
    try:
        yield line
    finally:
        await line.close()


async def told(asked: Awaitable[object]) -> object:
    """Returns an answer, or the kind of failure there was in its place."""
    try:
        return await asked
    except Exception as failure:
        return type(failure)


def test_each_gets_the_answer_to_its_own_question(connections: Connections) -> None:
    async def ask() -> list[object]:
        async with line_to(connections.url) as line:
            first = await asyncio.gather(*(line.ask("APPEND", "a", "x") for _ in range(50)))
            return [*first, *await asyncio.gather(*(line.ask("ECHO", f"é{n}") for n in range(50)))]

    assert asyncio.run(ask()) == [*range(1, 51), *(f"é{n}".encode() for n in range(50))]


def test_what_is_asked_in_one_moment_takes_few_turns(connections: Connections) -> None:
    async def ask() -> int:
        async with line_to(connections.url) as line:
            await line.ask("PING")
            before = connections.raw.info("stats")["total_reads_processed"]
            await asyncio.gather(*(line.ask("PING") for _ in range(100)))
            return int(connections.raw.info("stats")["total_reads_processed"]) - before

    assert asyncio.run(ask()) <= 5


def test_a_refusal_is_for_the_one_who_asked(connections: Connections) -> None:
    async def ask() -> list[object]:
        async with line_to(connections.url) as line:
            asked = [("SET", "a", "1"), ("LPUSH", "a", "x"), ("GET", "a"), ("EVALSHA", "0" * 40, 0), ("GET", "a")]
            return await asyncio.gather(*(told(line.ask(*command)) for command in asked))

    assert asyncio.run(ask()) == [b"OK", redis.ResponseError, b"1", redis.exceptions.NoScriptError, b"1"]


def test_whoever_gives_up_takes_no_answer_from_the_others(connections: Connections) -> None:
    async def ask() -> list[object]:
        async with line_to(connections.url) as line:
            asked = [asyncio.create_task(line.ask("ECHO", str(n))) for n in range(10)]
            await asyncio.sleep(0)
            for gone in asked[::2]:
                gone.cancel()
            return await asyncio.gather(*asked[1::2], line.ask("ECHO", "after"))

    assert asyncio.run(ask()) == [b"1", b"3", b"5", b"7", b"9", b"after"]


def test_a_line_that_was_cut_is_told_once_and_laid_again(connections: Connections) -> None:
    async def ask() -> list[object]:
        async with line_to(connections.url) as line:
            mine = await line.ask("CLIENT", "ID")
            connections.raw.client_kill_filter(_id=mine)
            return [await told(line.ask("INCR", "a")), await told(line.ask("INCR", "a"))]

    assert asyncio.run(ask()) == [redis.ConnectionError, 1]


@pytest.mark.parametrize(("answers", "silent"), [(b"", True), (b"+PONG\r\n", True), (b"", False), (b"+PONG\r\n", False)])
def test_no_answer_has_an_end_and_nothing_is_asked_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: bytes, silent: bool
) -> None:
    if silent:
        monkeypatch.setattr(lines, "ANSWER_SECONDS", 0.5)
    heard: list[bytes] = []

    async def answer(asked: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        while some := await asked.read(1000):
            heard.append(some)
            if b"INCR" in some:
                answering.write(answers)
                if not silent:
                    break
            else:
                answering.write(b"+OK\r\n" * some.count(b"CLIENT"))
        answering.close()

    async def ask() -> list[object]:
        async with await asyncio.start_unix_server(answer, f"{tmp_path}/s"), line_to(f"unix://{tmp_path}/s?protocol=2") as line:
            return await asyncio.gather(*(told(line.ask("INCR", f"{n}")) for n in range(3)))

    given = asyncio.run(ask())
    assert given[1:] == [redis.ConnectionError] * 2
    assert b"".join(heard).count(b"INCR") == 3


def test_where_there_is_no_server_that_is_told(tmp_path: Path) -> None:
    async def ask() -> object:
        async with line_to(f"unix://{tmp_path}/none") as line:
            return await told(line.ask("PING"))

    assert asyncio.run(ask()) is redis.ConnectionError
