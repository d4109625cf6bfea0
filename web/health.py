"""``GET /healthz``: whether responses can be accepted, and how far the counts are behind."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from structlog import get_logger

from campaigns.store.consumers import CODING, TALLIES, behind
from campaigns.store.errors import Unreachable
from campaigns.store.log import last_event
from campaigns.store.store import loaded_slugs, open_store
from web.context import connections
from workers.queues import count_workers, oldest_waiting_seconds

log = get_logger()


def init_app(app: Flask) -> None:
    """Puts the page in place."""
    app.add_url_rule("/healthz", "healthz", healthz)


def healthz() -> ResponseReturnValue:
    """Tells machines how the service is; 503 when responses cannot be accepted."""
    try:
        stores = [open_store(connections(), slug) for slug in loaded_slugs(connections())]
        return jsonify(
            redis="ok",
            log={store.slug: last_event(store) for store in stores},
            behind=sum(behind(store, TALLIES) for store in stores),
            coding_behind=sum(behind(store, CODING) for store in stores),
            workers=count_workers(connections()),
            oldest_waiting_seconds=round(oldest_waiting_seconds(connections()), 1),
        )
    except Unreachable as failure:
        log.warning("the store does not answer", failure=type(failure).__name__)
        return jsonify(redis="unreachable"), 503
