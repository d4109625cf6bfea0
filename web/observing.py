"""A line in the log for each request, and the id that ties it to whatever it sets off."""

import os
from collections.abc import Mapping
from time import perf_counter
from typing import Any, NamedTuple

import structlog
from flask import Flask, current_app, g, request
from flask.wrappers import Response

from campaigns.observing import REQUEST_IDS, begin_request, new_request_id, request_id
from web import metrics

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NOT_WORTH_A_LINE = {"static", "healthz", "metrics"}  # unless they fail
HEADER = "X-Request-ID"

log = structlog.get_logger()


class Done(NamedTuple):
    """A request that has been answered: the rule of its address, never the address itself, and how it went."""

    route: str
    method: str
    status: int
    seconds: float


def observe(app: Flask, env: Mapping[str, str] | None = None) -> Flask:
    """Makes an application log, count and number its requests; returns it."""
    settings = os.environ if env is None else env
    app.config["TRUSTS_REQUEST_IDS"] = int(settings.get("TRUSTED_PROXIES") or 0) > 0
    app.config["SLUGS_SHOWN"] = set()
    app.before_request_funcs.setdefault(None, []).insert(0, begin)  # before any that may refuse
    app.after_request_funcs.setdefault(None, []).insert(0, end)  # they run last to first
    app.log_exception = tell  # type: ignore[assignment, method-assign]  # Flask's own names the address
    metrics.init_app(app, settings)
    return app


def begin() -> None:
    """Numbers a request: as the proxy in front has numbered it, where there is one that is ours."""
    begin_request(id_for(request.headers.get(HEADER, ""), current_app.config["TRUSTS_REQUEST_IDS"]))
    g.began = perf_counter()


def id_for(given: str, trusted: bool) -> str:
    """Returns the id of a request: the one given where that is to be trusted, or else a new one."""
    return given if trusted and REQUEST_IDS.fullmatch(given) else new_request_id()


def end(answer: Response) -> Response:
    """Logs and counts a request, and hands its id to whoever sent it."""
    answer.headers[HEADER] = request_id()
    seconds = perf_counter() - g.get("began", perf_counter())
    route = request.url_rule.rule if request.url_rule else "none"  # never the address itself, which may hold a reference
    method = request.method if request.method in METHODS else "OTHER"
    worth = answer.status_code >= 400 or request.endpoint not in NOT_WORTH_A_LINE
    note(Done(route, method, answer.status_code, seconds), worth, **_campaign(answer.status_code))
    return answer


def note(done: Done, worth_a_line: bool = True, **more: str) -> None:
    """Counts a request that has been answered, and writes its line."""
    metrics.count_request(done.route, done.method, done.status, done.seconds)
    if worth_a_line:
        told = {"route": done.route, "method": done.method, "status": done.status, "ms": round(done.seconds * 1000, 1)}
        log.info("request", **told, **more)


def _campaign(status: int) -> dict[str, str]:
    """The request's campaign, if one of that name has ever been shown; otherwise it is anyone's word."""
    slug = (request.view_args or {}).get("slug", "")
    if slug and status < 300:
        current_app.config["SLUGS_SHOWN"].add(slug)
    return {"slug": slug} if slug in current_app.config["SLUGS_SHOWN"] else {}


def tell(failure: Any) -> None:  # noqa: ANN401 - as Flask hands it over
    """Logs that a page broke, and where."""
    log.error("a page broke", exc_info=failure)
