"""How granian serves the application: it reads each request whole before a thread takes it up.

Under granian's own WSGI a thread waits for as long as a sender cares to take over its body, and nothing times it out:
16 half-sent forms stopped the service for everyone (measured). Here waiting costs no thread, and has an end.

Left to itself granian stops by closing every connection that has no request in hand, among them those whose request is
on its way. Here a process that leaves takes up no new connection and serves those it has, saying "close" in each answer.
"""

import asyncio
import io
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from typing import Any

import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]

from campaigns.leaving import AT_LEISURE, LISTEN_FD, SOON, Leaving
from campaigns.observing import configure, say_ready
from web import LARGEST_BODY, create_app
from web.api.quick import Answered, Quick
from web.following import follow
from web.metrics import share_counts
from web.observing import observe
from web.receiving import SECONDS as UPLOAD_SECONDS
from web.receiving import NotTaken, Uploads
from web.uploads import own_folder, page_of

THREADS = 8
# How many requests may have a thread or wait for one: about half a second's for programs, which can send again by
# themselves, and two seconds' for people, who would rather wait. Without an end all would wait until none is served.
PROGRAMS_WAIT, PEOPLE_WAIT = 128, 512
PROGRAMS = "/api/"
BODY_SECONDS, GLANCE = 60.0, 0.02
HOW_SERVED = {
    "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0), "wsgi.errors": sys.stderr,
    "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
}
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SLOW = "This took too long to arrive. Please send it again."
STOPPING = "The service is just being stopped, and nothing of this was kept. Please send it again in a minute."
CUT = "This did not arrive whole, and nothing of it was kept. Please send it again."
BUSY = "More people are here than can be served at once, and nothing of this was kept. Please go back and send it again."
BROKEN = "Something went wrong on our side. Please send it again."
PLAIN = [("Content-Type", "text/plain")]
AGAIN, IN_A_MOMENT = ([*PLAIN, ("Retry-After", seconds)] for seconds in ("60", "5"))
Headers = list[tuple[str, str]]
log = structlog.get_logger()


def served() -> "Whole":
    """Returns the application as granian's workers call it."""
    configure("web")
    app = observe(create_app())
    share_counts(os.environ)
    follow(app.extensions["surroundings"], app.config["DATA_DIR"])
    return Whole(app, LARGEST_BODY, Quick(app), Uploads(own_folder()))


class Whole:
    """A WSGI application that gets its requests whole, each in one of a few threads; without ``uploads`` none of those."""

    def __init__(self, wsgi: Wsgi, largest: int, quick: Quick | None = None, uploads: Uploads | None = None) -> None:
        self._wsgi, self._largest, self._quick, self._uploads = wsgi, largest, quick, uploads
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._requests: set[asyncio.Timeout] = set()  # those in hand, with the limit on the time their bodies may take
        self._answering = 0
        self._leaving: asyncio.Task[None] | None = None
        self._stays_until = float("inf")

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Heeds the signals to leave, and tells that all is ready."""
        for way in (SOON, AT_LEISURE):
            loop.add_signal_handler(way.signal, self._leave, loop, way)
        say_ready()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answers one request; a sender who gives up halfway gets no answer."""
        with suppress(ProtocolClosed, ProtocolError):
            upload = self._uploads is not None and self._uploads.wants(scope)
            async with self._in_hand(UPLOAD_SECONDS if upload else BODY_SECONDS) as limit:
                try:
                    async with limit:
                        environ = await (self._upload if upload else self._request)(scope, protocol)
                except NotTaken as refusal:
                    protocol.response_bytes(refusal.status, self._closing(refusal.headers), refusal.body)
                    return
                except TimeoutError:
                    status, headers, words = (503, AGAIN, STOPPING) if self._leaving else (408, PLAIN, SLOW)
                    log.info("a request did not arrive whole", status=status)
                    protocol.response_str(status, self._closing(headers), words)
                    return
                if self._answering >= (PROGRAMS_WAIT if scope.path.startswith(PROGRAMS) else PEOPLE_WAIT):
                    log.info("too many at once", status=503)
                    protocol.response_str(503, self._closing(IN_A_MOMENT), BUSY)
                    return
                self._answering += 1
                try:
                    answered = await self._quick(environ) if self._quick else None
                    if answered:
                        self._hand_over(answered, protocol)
                    else:
                        await self._answer(environ, protocol)
                finally:
                    self._answering -= 1

    def _hand_over(self, answered: Answered, protocol: HTTPProtocol) -> None:
        try:
            protocol.response_bytes(answered.status, self._closing(answered.headers), answered.body)
        finally:
            if answered.after:
                self._threads.submit(answered.after)

    async def _answer(self, environ: dict[str, Any], protocol: HTTPProtocol) -> None:
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, Answer, self._wsgi, environ)
        except Exception:  # granian would log its message, which may hold anything
            log.exception("a request broke the application")
            protocol.response_str(500, self._closing(PLAIN), BROKEN)
            return
        try:
            protocol.response_bytes(answer.status, self._closing(answer.headers), answer.body)
        finally:  # what the application does after it has answered delays nobody
            self._threads.submit(answer.close)

    @asynccontextmanager
    async def _in_hand(self, seconds: float) -> AsyncIterator[asyncio.Timeout]:
        """Counts a request in for as long as it is not answered; yields the limit on the time its body may take."""
        limit = asyncio.timeout(min(seconds, self._stays_until - asyncio.get_running_loop().time()))
        self._requests.add(limit)
        try:
            yield limit
        finally:
            self._requests.discard(limit)

    def _closing(self, headers: Headers) -> Headers:
        return [*headers, ("Connection", "close")] if self._leaving else headers

    def _leave(self, loop: asyncio.AbstractEventLoop, way: Leaving) -> None:
        """Takes up no new connection, and ends when those there are have been served."""
        stop_listening()
        self._stays_until = min(self._stays_until, loop.time() + way.half_sent)
        for limit in self._requests:
            with suppress(RuntimeError):  # its body is here already, and it is being answered
                limit.reschedule(min(limit.when() or self._stays_until, self._stays_until))
        if self._leaving:
            self._leaving.cancel()
        self._leaving = loop.create_task(self._end_after(loop.time() + way.lingers))

    async def _end_after(self, when: float) -> None:
        """Lets granian end this process at some time, or once nothing has been in hand for a moment."""
        now = asyncio.get_running_loop().time
        while now() < when or self._requests:
            if self._requests:
                when = max(when, now() + SOON.lingers)
            await asyncio.sleep(GLANCE)
        signal.raise_signal(signal.SIGTERM)

    async def _request(self, scope: Scope, protocol: HTTPProtocol) -> dict[str, Any]:
        return environment(scope, await self._body(scope, protocol))

    async def _upload(self, scope: Scope, protocol: HTTPProtocol) -> dict[str, Any]:
        """An upload, from someone to whom the application shows the page that it is sent from."""
        assert self._uploads
        page = page_of(scope.path).encode().decode("latin-1")
        asked = environment(scope, b"") | {"REQUEST_METHOD": "GET", "CONTENT_LENGTH": "0", "PATH_INFO": page}
        shown = await asyncio.get_running_loop().run_in_executor(self._threads, Answer, self._wsgi, asked)
        self._threads.submit(shown.close)
        if shown.status != 200:
            raise NotTaken(shown.status, shown.headers, shown.body)
        return environment(scope, b"") | {"wsgi.input": await self._uploads.receive(scope, protocol)}

    async def _body(self, scope: Scope, protocol: HTTPProtocol) -> bytes:
        """What was sent; of more than the application takes only so much that it can say so in its own words.

        Raises NotTaken where it came in pieces and broke off. Granian does not say so, but ends with one empty part more; where
        a length was given, the application sees for itself that less has come.
        """
        length = scope.headers.get("content-length") or ""
        if scope.method in ("GET", "HEAD") or (length.isdecimal() and int(length) > self._largest):
            return b""
        body, empty = bytearray(), 0
        async for part in protocol:
            empty = 0 if part else empty + 1
            body += part
            if len(body) > self._largest:
                return bytes(body)
        if empty > 1 and not length:
            raise NotTaken(400, PLAIN, CUT.encode())
        return bytes(body)


class Answer:
    """What a WSGI application answers to one request; to be closed when it has been sent."""

    def __init__(self, wsgi: Wsgi, environ: dict[str, Any]) -> None:
        self._context = copy_context()  # whatever it notes down for this request alone, its logs among it
        self._sent = environ.get("wsgi.input") or io.BytesIO()
        self._parts = self._context.run(wsgi, environ, self._start)
        self.body = b"".join(self._parts)

    def close(self) -> None:
        """Does what the application left until its answer had been sent, and lets go of what it was sent."""
        self._context.run(getattr(self._parts, "close", lambda: None))
        self._sent.close()

    def _start(self, status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        self.status, self.headers = int(status[:3]), headers


def stop_listening() -> None:
    """Leaves the socket that all share to the others, by putting one that nobody knows in its place.

    Granian has no word for this: it would end its connections with it.
    """
    if handed := os.environ.get(LISTEN_FD):
        with socket.create_server(("127.0.0.1", 0)) as nowhere:
            nowhere.setblocking(False)
            os.dup2(nowhere.fileno(), int(handed), inheritable=False)


def environment(scope: Scope, body: bytes) -> dict[str, Any]:
    """Returns a request as WSGI has it: the path as the bytes that were sent, and headers by their old CGI names.

    A header with an underscore is left out: it would have the name of another, and a proxy that sets X-Forwarded-For would
    let pass what its visitor says in X_Forwarded_For.
    """
    host, _, port = scope.server.rpartition(":")
    environ = HOW_SERVED | {
        "REQUEST_METHOD": scope.method, "PATH_INFO": scope.path.encode().decode("latin-1"), "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host, "SERVER_PORT": port, "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme, "wsgi.input": io.BytesIO(body),
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ', '}{value}" if key in environ else value
    if environ.pop("HTTP_TRANSFER_ENCODING", None):  # it came in pieces of unknown number, and is whole now
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
