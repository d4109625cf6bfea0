"""Submissions taken in on the server's own event loop, without a thread, where all about them is as usual.

What is right to answer, the application alone says. This is held to it word for word, and leaves to it whatever is out of
the ordinary: what must be refused, what was sent without a key, and what failed, since by its key it is still taken in once.
"""

import json
import re
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from time import monotonic, perf_counter
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from campaigns.observing import begin_request
from campaigns.responses import Submission
from campaigns.store.consumers import TALLIES
from campaigns.store.intake import Accepted, Way, accept_on
from campaigns.store.line import Line
from campaigns.store.store import Store
from web.api.submissions import kept, shape_problems, submission_of, way
from web.context import HELD_SECONDS, Surroundings
from web.headers import of_a_program
from web.limits import limits_on
from web.observing import HEADER, Done, id_for, note
from workers.queues import ring

ROUTE = "/api/v1/campaigns/<slug>/submissions"
ADDRESS = re.compile(re.escape(ROUTE).replace("<slug>", "([a-z0-9-]+)"))
JSON = "application/json"
LARGEST = 20_000  # a larger body would hold up everyone else on the loop
Environ = dict[str, Any]


class Answered(NamedTuple):
    """An answer, and what is left to do once it has gone."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    after: Callable[[], None] | None


class Quick:
    """Takes submissions in over one line to the store; each process has one."""

    def __init__(self, app: Flask) -> None:
        self._around: Surroundings = app.extensions["surroundings"]
        self.line = Line(self._around.connections.url)
        self._renewed: dict[str, float] = {}
        self._trusts_ids = bool(app.config["TRUSTS_REQUEST_IDS"])
        self._over_https = str(app.config["PUBLIC_URL"]).startswith("https:")
        self._headers = {https: [("Content-Type", JSON), *of_a_program(https).items()] for https in (False, True)}
        fix = app.wsgi_app
        self._fix = ProxyFix(_nothing, fix.x_for, fix.x_proto, fix.x_host) if isinstance(fix, ProxyFix) else None

    async def __call__(self, environ: Environ) -> Answered | None:
        """Returns the answer to a request; None where the application must give it, as if nothing had been tried."""
        began = perf_counter()
        try:
            read = self._read(environ)
            taken = await accept_on(self.line, *read) if read else None
            return self._said(environ, read[0], taken, began) if read and taken and taken.kept else None
        except Exception:  # what is wrong with it, the application says
            return None

    def _read(self, environ: Environ) -> tuple[Store, Submission, Way] | None:
        found = ADDRESS.fullmatch(environ["PATH_INFO"])
        store = self._held_store(found.group(1)) if found else None
        key, body = environ.get("HTTP_IDEMPOTENCY_KEY"), environ["wsgi.input"].getvalue()
        if store is None or not key or len(body) > LARGEST or not _is_usual(environ, body):
            return None
        sent = json.loads(body)
        if shape_problems(sent, key):
            return None
        submission, _ = submission_of(store, sent)
        address = self._as_proxied(environ)["REMOTE_ADDR"]
        return (store, submission, way(key, limits_on(self._around, address))) if submission else None

    def _held_store(self, slug: str) -> Store | None:
        """A campaign's store as the application last read it; one caller a second has the application read it anew."""
        if slug not in self._around.held:
            return None
        (at, store), now = self._around.held[slug], monotonic()
        if max(at, self._renewed.get(slug, at)) < now - HELD_SECONDS:
            self._renewed[slug] = now
            return None
        return store

    def _as_proxied(self, environ: Environ) -> Environ:
        """The request as its sender made it, where proxies that are trusted stand between."""
        if self._fix is None:
            return environ
        seen = dict(environ)
        self._fix(seen, _nothing)  # type: ignore[arg-type]
        return seen

    def _said(self, environ: Environ, store: Store, taken: Accepted, began: float) -> Answered:
        number = id_for(environ.get("HTTP_X_REQUEST_ID", ""), self._trusts_ids)
        https = self._over_https or self._as_proxied(environ)["wsgi.url_scheme"] == "https"
        body = (json.dumps(kept(store, taken), sort_keys=True, separators=(",", ":")) + "\n").encode()
        headers = [*self._headers[https], ("Content-Length", str(len(body))), (HEADER, number)]
        note(Done(ROUTE, "POST", 201, perf_counter() - began), request_id=number, slug=store.slug)
        return Answered(201, headers, body, _bell(store, number) if taken.ring else None)


def _is_usual(environ: Environ, body: bytes) -> bool:
    """Whether a request is one that posts JSON, and all of it is here."""
    said = [environ["REQUEST_METHOD"], environ.get("CONTENT_TYPE"), environ.get("CONTENT_LENGTH")]
    return said == ["POST", JSON, str(len(body))]


def _bell(store: Store, request: str) -> Callable[[], None]:
    """What rings for the tallies, in the name of a request."""
    context = copy_context()
    context.run(begin_request, request)
    return partial(context.run, ring, store, TALLIES)


def _nothing(*_: object) -> list[bytes]:
    return []
