"""Submissions taken in on the event loop: word for word what the application would answer, and all else left to it."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from campaigns.observing import configure
from campaigns.store.areas import load_postcodes
from campaigns.store.connection import Connections
from campaigns.store.consumers import TALLIES
from campaigns.store.line import Line
from campaigns.store.opening import close_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.scripts import source
from campaigns.store.store import Store, forget_campaign, open_store
from tests.storehouse import ABBEY, LITTLE, open_little
from web import create_app
from web.api.quick import LARGEST, Answered, Quick
from web.api.submissions import LONGEST_KEY
from web.limits import MOST
from web.metrics import COUNTS
from web.observing import HEADER, observe
from workers.queues import queue

PATH = f"/api/v1/campaigns/{LITTLE}/submissions"
SENT: dict[str, Any] = {"wishes": ["Trees 🌳", "", "Buses"], "postcode": "de1 1aa", "source": "libraries"}
Environ = dict[str, Any]
Made = Callable[..., Flask]


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    connections.raw.script_load(source("accept"))  # as the first response taken in has it done
    load_postcodes(made, ["postcode,ward\n", f"DE1 1AA,{ABBEY}\n"], "s-1")
    return made


@pytest.fixture
def made(store: Store, settings: dict[str, str]) -> Made:
    """Returns what makes an application that has read the campaign just now, with settings of its own."""

    def make(held: bool = True, settled: bool = True, **more: str) -> Flask:
        app = observe(create_app({**settings, **more}), {**settings, **more})
        around = app.extensions["surroundings"]
        if held:
            around.held[LITTLE] = monotonic() + 3600, open_store(around.connections, LITTLE)
        if settled:
            around.connections.settle()
        return app

    return make


def environ(body: Any = SENT, key: str = "k", path: str = PATH, method: str = "POST", **headers: str) -> Environ:  # noqa: ANN401
    """Returns a request as WSGI has it; the headers' names with underscores."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Idempotency-Key": key} if key else {})
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = EnvironBuilder(path, method=method, data=data, content_type="application/json", headers=sent)
    return {"REMOTE_ADDR": "203.0.113.1", **made.get_environ()}


def answers(app: Flask, *requests: Environ) -> list[Answered | None]:
    """Returns the quick answers to requests that come at the same moment."""

    async def ask() -> list[Answered | None]:
        quick = Quick(app)
        try:
            return list(await asyncio.gather(*map(quick, requests)))
        finally:
            await quick.line.close()

    return asyncio.run(ask())


def by_the_application(app: Flask, request: Environ) -> tuple[int, dict[str, str], bytes]:
    request["wsgi.input"] = io.BytesIO(request["wsgi.input"].getvalue())
    answer = app.test_client().open(request, buffered=True)
    return answer.status_code, dict(answer.headers), answer.data


@pytest.mark.parametrize(("more", "headers"), [
    ({}, {}), ({}, {"X_Forwarded_Proto": "https"}), ({"PUBLIC_URL": "https://wishes.example"}, {}),
    ({"TRUSTED_PROXIES": "1"}, {"X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.9", "X_Request_ID": "abcdef123456"}),
    ({"TRUSTED_PROXIES": "2"}, {"X_Forwarded_For": "203.0.113.9"}), ({}, {"X_Request_ID": "abcdef123456"}),
])
def test_the_answer_is_the_applications_own(made: Made, store: Store, more: dict[str, str], headers: dict[str, str]) -> None:
    app = made(**more)
    answer, = answers(app, environ(**headers))
    status, said, body = by_the_application(app, environ(**headers))  # the same key, so the same answer
    assert answer and (answer.status, answer.body) == (status, body) == (201, answer.body)
    ours = dict(answer.headers)
    numbers = {ours.pop(HEADER), said.pop(HEADER)}
    assert ours == said
    assert (numbers == {"abcdef123456"}) is ("TRUSTED_PROXIES" in more and "X_Request_ID" in headers)
    response = get_response(store, 1)
    assert response and [(wish.slot, wish.text) for wish in response.wishes] == [(1, "Trees 🌳"), (3, "Buses")]
    assert (response.area, response.outward, response.channel, response.source) == (ABBEY, "DE1", "online", "libraries")
    assert response_count(store) == 1


@pytest.mark.parametrize("request_", [
    environ(key=""), environ(key="k" * (LONGEST_KEY + 1)), environ(path="/"), environ(path=f"{PATH}/more"),
    environ(path=PATH.replace(LITTLE, "elsewhere")), environ(method="PUT"), environ(method="OPTIONS"),
    environ({"wishes": []}), environ({"wishes": ["x" * 5001]}), environ({"wishes": ["a"], "name": "me"}), environ([]),
    environ(b""), environ(b"{"), environ(b"[" * LARGEST), environ(b"\xff\xfe"), environ({"wishes": ["a"] * 4}),
    environ({"wishes": ["a"], "about": {"shoe": "9"}}), environ({"wishes": ["x" * 4000] * 3, "source": "y" * LARGEST}),
    {**environ(), "CONTENT_TYPE": "text/plain"}, {**environ(), "CONTENT_LENGTH": "9999"}, {**environ(), "CONTENT_LENGTH": ""},
])
def test_what_is_not_as_usual_is_left_to_the_application(made: Made, store: Store, request_: Environ) -> None:
    assert answers(made(), request_) == [None]
    assert response_count(store) == 0


@pytest.mark.parametrize("how", [{"held": False}, {"settled": False}, {"MIN_FREE_MB": "999999999"}])
def test_what_the_process_cannot_know_is_left_to_the_application(
    made: Made, store: Store, how: dict[str, Any]
) -> None:
    app = made(**how)
    if "MIN_FREE_MB" in how:
        app = made(**how, REDIS_URL="")  # the data folder's own server, whose disk is seen
    assert answers(app, environ()) == [None]
    assert response_count(store) == 0


def test_of_those_that_come_at_once_one_has_the_campaign_read_anew(made: Made, store: Store) -> None:
    app = made()
    held = app.extensions["surroundings"].held
    held[LITTLE] = monotonic() - 3600, held[LITTLE][1]
    given = answers(app, *(environ(key=f"k{n}") for n in range(5)))
    assert [bool(answer) for answer in given] == [False, True, True, True, True]
    assert response_count(store) == 4


def _closed(store: Store) -> None:
    close_campaign(store.connections, LITTLE, "s-1")


def _unlearnt(store: Store) -> None:
    store.raw.script_flush()


@pytest.mark.parametrize(("before", "status"), [(_closed, 410), (forget_campaign, 404), (_unlearnt, 201)])
def test_what_has_changed_since_is_left_to_the_application(
    made: Made, store: Store, before: Callable[[Store], None], status: int
) -> None:
    app = made()
    before(store)
    assert answers(app, environ()) == [None]
    app.extensions["surroundings"].held.clear()
    assert by_the_application(app, environ())[0] == status


def test_another_body_under_a_key_is_left_to_the_application(made: Made, store: Store) -> None:
    app = made()
    first, = answers(app, environ())
    assert answers(app, environ({"wishes": ["Other"]})) == [None]
    assert first and response_count(store) == 1


def test_limits_hold_for_both_ways_together(made: Made, store: Store) -> None:
    app = made(RATE_LIMIT="on", TRUSTED_PROXIES="1")
    sent = [environ(key=f"k{n}", X_Forwarded_For="203.0.113.9") for n in range(MOST + 1)]
    for request in sent[:10]:
        assert by_the_application(app, request)[0] == 201
    given = answers(app, *sent[10:], environ(key="other", X_Forwarded_For="203.0.113.10"))
    assert [bool(answer) for answer in given] == [True] * (MOST - 10) + [False, True]
    assert by_the_application(app, sent[-1])[0] == 429


def test_a_hundred_at_once_with_one_key_make_one_response(made: Made, store: Store) -> None:
    given = answers(made(), *(environ() for _ in range(100)))
    assert len({answer and answer.body for answer in given}) == 1 and None not in given
    assert response_count(store) == 1


def swallowing(path: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Returns what passes everything on to the server at a socket and back, and hangs up in place of the answer to a script."""

    async def pass_on(asked: asyncio.StreamReader, answering: asyncio.StreamWriter) -> None:
        server, to_server = await asyncio.open_unix_connection(path)
        while some := await asked.read(LARGEST):
            to_server.write(some)
            answer = await server.read(LARGEST)
            if b"EVALSHA" in some:
                break
            answering.write(answer)
        to_server.close()
        answering.close()

    return pass_on


def test_a_lost_answer_is_left_to_the_application_which_gives_it(made: Made, store: Store, tmp_path: Path) -> None:
    app = made()

    async def ask() -> Answered | None:
        quick = Quick(app)
        path = store.connections.url.removeprefix("unix://")
        async with await asyncio.start_unix_server(swallowing(path), f"{tmp_path}/s"):
            quick.line = Line(f"unix://{tmp_path}/s?protocol=2")
            given = await quick(environ())
            await quick.line.close()
        return given

    assert (asyncio.run(ask()), response_count(store)) == (None, 1)
    status, _, body = by_the_application(app, environ())
    assert (status, json.loads(body)["number"], response_count(store)) == (201, 1, 1)


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """Returns what the process has to say."""
    said = io.StringIO()
    configure("test", said)
    yield said
    configure("test")


def test_it_is_told_counted_and_rung_for_as_any_request(made: Made, store: Store, told: io.StringIO) -> None:
    name = ("requests", "/api/v1/campaigns/<slug>/submissions", "POST", "2xx")
    before = COUNTS.everyones().get(name, 0)
    app = made()
    answer, = answers(app, environ())
    assert answer and answer.after
    answer.after()
    by_the_application(app, environ())
    ours, theirs = (json.loads(line) for line in told.getvalue().splitlines())
    number = dict(answer.headers)[HEADER]
    assert ours["request_id"] == number != theirs["request_id"]
    assert list(ours) == list(theirs)
    assert {**ours, "time": 0, "ms": 0, "request_id": 0} == {**theirs, "time": 0, "ms": 0, "request_id": 0}
    assert COUNTS.everyones()[name] == before + 2
    assert [job.meta["request_id"] for job in queue(store.connections, TALLIES).jobs] == [number]
