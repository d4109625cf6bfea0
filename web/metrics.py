"""``GET /metrics``: what Prometheus reads, for whoever has the token; to everyone else there is no such page.

Being asked from this machine proves nothing, since behind a proxy every visitor is.
"""

import hmac
import os
import secrets
from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from campaigns.store.server.places import data_dir
from web.context import connections
from web.counting import Counts, Name
from web.measured import Counted, Measured

OFF = "off"
TOKEN = "metrics-token"  # noqa: S105 - the file's name in the data folder
SHARED = "metrics"  # the folder there in which the processes add up their counts
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# Where responses are handed in, and what a refusal there says of its reason.
INTAKES = {"/<slug>/wish", "/api/v1/campaigns/<slug>/submissions"}
REASONS = {
    400: "unreadable", 404: "no such campaign", 409: "sent before", 410: "shut", 413: "too large", 422: "to be put right",
    429: "limited", 500: "our fault", 503: "store away or full",
}
COUNTS = Counts()


def init_app(app: Flask, env: Mapping[str, str]) -> None:
    """Puts the page in place."""
    app.config.update(METRICS_TOKEN=metrics_token(env), DATA_DIR=data_dir(env))
    app.add_url_rule("/metrics", "metrics", show)


def share_counts(env: Mapping[str, str]) -> None:
    """Lets this process answer for all web processes on the same data folder, and them for it."""
    COUNTS.share(data_dir(env) / SHARED)


def metrics_token(env: Mapping[str, str]) -> str:
    """Returns the token that opens the page: METRICS_TOKEN, or else the data folder's own; empty where it is off."""
    given = env.get("METRICS_TOKEN", "")
    kept = data_dir(env) / TOKEN
    if given or not kept.parent.is_dir():
        return "" if given == OFF else given
    return _kept(kept)


def _kept(path: Path) -> str:
    """The token in a file, made if there is none; of several that make it at once, the first to finish wins."""
    if not path.exists():
        mine = path.with_name(f"{path.name}.{os.getpid()}")
        mine.touch(0o600)
        mine.write_text(f"{secrets.token_urlsafe(32)}\n")
        with suppress(FileExistsError):
            path.hardlink_to(mine)
        mine.unlink()
    return path.read_text().strip()


def show() -> ResponseReturnValue:
    """Returns every figure there is, in Prometheus's own format."""
    token = current_app.config["METRICS_TOKEN"]
    shown = request.headers.get("Authorization", "").encode()
    if not token or not hmac.compare_digest(shown, f"Bearer {token}".encode()):
        abort(404)
    registry = CollectorRegistry()
    registry.register(Counted(COUNTS.everyones(), BUCKETS))
    registry.register(Measured(connections(), current_app.config["DATA_DIR"]))
    return generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """Counts a request; ``route`` must be the rule of its address, of which there are only so many."""
    bucket = str(bisect_left(BUCKETS, seconds))
    counted: list[tuple[Name, float]] = [
        (("requests", route, method, f"{status // 100}xx"), 1),
        (("bucket", route, bucket), 1),
        (("seconds", route), seconds),
    ]
    if method == "POST" and route in INTAKES and status >= 400:
        counted.append((("refused", REASONS.get(status, "other")), 1))
    COUNTS.add(*counted)
