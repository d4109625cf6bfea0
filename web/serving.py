"""How granian serves the application: it reads each request whole before a thread takes it up.

Under granian's own WSGI a thread waits for as long as a sender cares to take over its body, and nothing times it out:
16 half-sent forms stopped the service for everyone (measured). Here waiting costs no thread, and has an end.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]

from web import LARGEST_BODY, create_app

THREADS = 8
BODY_SECONDS = 60.0
HOW_SERVED = {
    "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0), "wsgi.errors": sys.stderr,
    "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
}
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SLOW = "This took too long to arrive. Please send it again."


def served() -> "Whole":
    """Returns the application as granian's workers call it."""
    return Whole(create_app(), LARGEST_BODY)


class Whole:
    """A WSGI application that gets its requests whole, each in one of a few threads."""

    def __init__(self, wsgi: Wsgi, largest: int) -> None:
        self._wsgi, self._largest = wsgi, largest
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answers one request; a sender who gives up halfway gets no answer."""
        with suppress(ProtocolClosed, ProtocolError):
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    environ = environment(scope, await self._body(scope, protocol))
            except TimeoutError:
                protocol.response_str(408, [("Content-Type", "text/plain")], SLOW)
                return
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, Answer, self._wsgi, environ)
            try:
                protocol.response_bytes(answer.status, answer.headers, answer.body)
            finally:  # what the application does after it has answered delays nobody
                self._threads.submit(answer.close)

    async def _body(self, scope: Scope, protocol: HTTPProtocol) -> bytes:
        """What was sent; of more than the application takes only so much that it can say so in its own words."""
        length = scope.headers.get("content-length") or ""
        if scope.method in ("GET", "HEAD") or (length.isdecimal() and int(length) > self._largest):
            return b""
        body = bytearray()
        async for part in protocol:
            body += part
            if len(body) > self._largest:
                break
        return bytes(body)


class Answer:
    """What a WSGI application answers to one request; to be closed when it has been sent."""

    def __init__(self, wsgi: Wsgi, environ: dict[str, Any]) -> None:
        parts = wsgi(environ, self._start)
        self.close: Callable[[], None] = getattr(parts, "close", lambda: None)
        self.body = b"".join(parts)

    def _start(self, status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        self.status, self.headers = int(status[:3]), headers


def environment(scope: Scope, body: bytes) -> dict[str, Any]:
    """Returns a request as WSGI has it: the path as the bytes that were sent, and headers by their old CGI names."""
    host, _, port = scope.server.rpartition(":")
    environ = HOW_SERVED | {
        "REQUEST_METHOD": scope.method, "PATH_INFO": scope.path.encode().decode("latin-1"), "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host, "SERVER_PORT": port, "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme, "wsgi.input": io.BytesIO(body),
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ', '}{value}" if key in environ else value
    if environ.pop("HTTP_TRANSFER_ENCODING", None):  # it came in pieces of unknown number, and is whole now
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
