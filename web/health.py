"""``GET /healthz``: whether responses can be accepted, and how far the counts are behind."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from structlog import get_logger

from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES, behind
from campaigns.store.errors import Unreachable
from campaigns.store.log import last_event
from campaigns.store.room import FULL_SECONDS, why_no_writes
from campaigns.store.store import open_stores
from web.context import connections
from workers.queues import count_workers, oldest_waiting_seconds

log = get_logger()


def init_app(app: Flask) -> None:
    """Puts the page in place."""
    app.add_url_rule("/healthz", "healthz", healthz)


def healthz() -> ResponseReturnValue:
    """Tells machines how the service is; 503 when responses cannot be accepted."""
    try:
        why = why_closed(connections())
        health = {"redis": "ok", "accepting": not why, **_counts(connections())}
    except Unreachable as failure:
        log.warning("the store does not answer", failure=type(failure).__name__)
        return jsonify(redis="unreachable", accepting=False), 503
    if why:
        return jsonify(why=why, **health), 503, {"Retry-After": str(FULL_SECONDS)}
    return jsonify(health)


def why_closed(made: Connections) -> str:
    """Returns why nothing can be taken while the store answers; empty while it can. Names no folder: everyone may ask."""
    if not made.room.enough():
        return "The disk is too full to keep more."
    return "The store takes no writes." if why_no_writes(made.text) else ""


def _counts(made: Connections) -> dict[str, object]:
    each = [(one.slug, last_event(one), behind(one, TALLIES), behind(one, CODING)) for one in open_stores(made)]
    return {
        "log": {slug: last for slug, last, _, _ in each},
        "behind": sum(tallies for _, _, tallies, _ in each),
        "coding_behind": sum(coding for *_, coding in each),
        "workers": count_workers(made),
        "oldest_waiting_seconds": round(oldest_waiting_seconds(made), 1),
    }
