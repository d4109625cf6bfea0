"""How requests reach the application: whole, whatever their senders do."""

import io
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.service import listens
from web.serving import PROGRAMS_WAIT, THREADS, Answer, environment

Wait = Callable[..., object]
HOUSE = Path(__file__).parents[1]

# An application that answers with what it was sent.
MIRROR = """
import time
from pathlib import Path
from flask import Flask, request
from web.serving import Whole

def served():
    app = Flask("mirror")
    app.config["MAX_CONTENT_LENGTH"] = 1000

    @app.route("/", methods=["GET", "POST"], defaults={"path": ""})
    @app.route("/<path:path>", methods=["GET", "POST"])
    def mirror(path):
        assert path != "broken", request.query_string
        return {"path": path, "body": request.get_data(as_text=True), "args": request.args, "cookies": request.cookies}

    @app.route("/note", methods=["POST"])
    def note():
        said = request.get_data(as_text=True)
        with Path("seen").open("a") as seen:
            seen.write(said + chr(10))
        return said

    @app.route("/api/held")
    def held():
        while not Path("let go").exists():
            time.sleep(0.01)
        return "held"

    app.config["PROPAGATE_EXCEPTIONS"] = True
    return Whole(app, 1000)
"""
NOTED: ContextVar[str] = ContextVar("noted", default="nothing")


@dataclass
class Scope:
    """A request as granian describes it."""

    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    server: str = "127.0.0.1:8000"
    client: str = "127.0.0.1:51000"
    scheme: str = "http"
    headers: dict[str, str] = field(default_factory=dict)


@pytest.mark.parametrize(("scope", "body", "key", "value"), [
    (Scope(method="POST"), b"", "REQUEST_METHOD", "POST"),
    (Scope(path="/życzenia"), b"", "PATH_INFO", "/życzenia".encode().decode("latin-1")),
    (Scope(query_string="by=theme&by=ward"), b"", "QUERY_STRING", "by=theme&by=ward"),
    (Scope(), b"", "SERVER_NAME", "127.0.0.1"),
    (Scope(), b"", "SERVER_PORT", "8000"),
    (Scope(client="[::1]:51000"), b"", "REMOTE_ADDR", "::1"),
    (Scope(headers={"content-type": "text/plain"}), b"", "CONTENT_TYPE", "text/plain"),
    (Scope(headers={"Idempotency-Key": "k1"}), b"", "HTTP_IDEMPOTENCY_KEY", "k1"),
    (Scope(headers={"content-length": "5"}), b"trees", "CONTENT_LENGTH", "5"),
    (Scope(headers={"transfer-encoding": "chunked"}), b"trees", "CONTENT_LENGTH", "5"),
])
def test_a_request_is_described_as_wsgi_has_it(scope: Any, body: bytes, key: str, value: str) -> None:  # noqa: ANN401
    environ = environment(scope, body)
    assert environ[key] == value
    assert environ["wsgi.input"].read() == body
    assert isinstance(environ["wsgi.input"], io.BytesIO)


def test_a_header_with_an_underscore_does_not_pass_for_another() -> None:
    environ = environment(Scope(headers={"x-forwarded-for": "203.0.113.9", "x_forwarded_for": "1.2.3.4"}), b"")  # type: ignore[arg-type]
    assert environ["HTTP_X_FORWARDED_FOR"] == "203.0.113.9"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the file in which the mirror notes what it was sent."""
    return tmp_path_factory.mktemp("mirror") / "seen"


@pytest.fixture(scope="module")
def port(seen: Path, wait_for: Wait) -> Iterator[int]:
    """Returns the port on which one of granian's workers serves the mirror."""
    with mirror(seen.parent, wait_for) as served:
        yield served


@contextmanager
def mirror(folder: Path, wait_for: Wait) -> Iterator[int]:
    """Serves a mirror from a folder; yields its port."""
    (folder / "mirror.py").write_text(MIRROR)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = int(listening.getsockname()[1])
    with subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "rsgi", "--factory", "--no-log", "--workers", "1",
         "--port", str(number), "mirror:served"],
        cwd=folder, env={"PYTHONPATH": f"{HOUSE}:{folder}", "PATH": "/usr/bin:/bin"},
    ) as serving:
        wait_for(lambda: serving.poll() is None and listens(number), seconds=60)
        yield number
        serving.terminate()


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:  # noqa: ANN401
    """Returns the status and text of an answer."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    line.request(method, path, body=body, headers=headers)
    answer: HTTPResponse = line.getresponse()
    said = answer.read().decode()
    line.close()
    return answer.status, said


def test_what_is_sent_arrives_and_is_answered(port: int) -> None:
    status, said = ask(port, "POST", "/%C5%BCyczenia?q=a+b", "więcej drzew".encode(), Cookie="a=1; b=2")
    assert status == 200
    for part in ('"path":"\\u017cyczenia"', '"q":"a b"', '"a":"1"', '"b":"2"', '"body":"wi\\u0119cej drzew"'):
        assert part in said


@pytest.mark.parametrize(("body", "status"), [
    (b"x" * 1000, 200),
    (b"x" * 1001, 413),
    (iter([b"x" * 500, b"y" * 500]), 200),
    (iter([b"x" * 500, b"y" * 501]), 413),
])
def test_no_more_is_taken_than_the_application_allows(port: int, body: Any, status: int) -> None:  # noqa: ANN401
    assert ask(port, "POST", "/", body)[0] == status


@pytest.mark.parametrize("half", [
    b"",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Le",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf a wi",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
])
def test_half_sent_requests_keep_nobody_waiting(port: int, half: bytes) -> None:
    with ExitStack() as open_lines:
        for _ in range(THREADS * 25):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            line.sendall(half)
        assert ask(port, "POST", "/", b"a whole wish")[0] == 200


def test_programs_are_told_to_come_again_before_everybody_waits_too_long(tmp_path: Path, wait_for: Wait) -> None:
    with ExitStack() as lines:
        port = lines.enter_context(mirror(tmp_path, wait_for))  # one that is not still at work on what others sent
        held = [lines.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=60))) for _ in range(PROGRAMS_WAIT)]
        for line in held:
            line.request("GET", "/api/held")
        refused = lines.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=60)))
        person = lines.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=60)))
        person.request("GET", "/patient")
        refused.request("GET", "/api/held")
        answer = refused.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert b"send it again" in answer.read()
        (tmp_path / "let go").touch()
        assert [line.getresponse().status for line in [*held, person]] == [200] * (PROGRAMS_WAIT + 1)


@pytest.mark.parametrize("half", [b"5\r\nhal", b"5\r\nhalfa\r\n", b"5\r\nhalfa\r\n5\r\nwi"])
def test_of_what_broke_off_nothing_is_kept(port: int, half: bytes, seen: Path) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(b"POST /note HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + half)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(1000)[:12] in (b"HTTP/1.1 400", b"")
    assert ask(port, "POST", "/note", iter([b"a whole", b" wish"]))[0] == 200
    assert set(seen.read_text().split("\n")) == {"a whole wish", ""}


def test_what_the_application_cannot_answer_is_answered(port: int) -> None:
    status, said = ask(port, "GET", "/broken?secret")
    assert status == 500 and "secret" not in said and "send it again" in said
    assert ask(port, "GET", "/")[0] == 200


def test_what_one_request_notes_is_there_until_it_is_done_and_no_longer() -> None:
    done: list[str] = []

    class Parts(list[bytes]):
        def close(self) -> None:
            done.append(NOTED.get())

    def note(environ: dict[str, Any], start: Callable[..., Any]) -> Parts:
        assert NOTED.get() == "nothing"
        NOTED.set(environ["PATH_INFO"])
        start("200 OK", [])
        return Parts([b"said"])

    answers = [Answer(note, {"PATH_INFO": path}) for path in ("/a", "/b")]
    for answer in reversed(answers):
        answer.close()
    assert (done, NOTED.get()) == (["/b", "/a"], "nothing")
