"""Whatever fails while a form is being taken, its sender gets it back with all that was typed."""

from collections.abc import Callable

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from campaigns.observing import request_id
from campaigns.store.errors import Unreachable
from campaigns.store.room import cannot_write, retry_after
from campaigns.store.store import Store
from web.residents.filled import read_filled
from web.residents.visiting import remembered

FULL = "We can take nothing new for a short while. Nothing you typed is lost: keep this page open, and try again in ten minutes."
NOT_SENT = ("Your wishes are not sent yet", "Nothing you typed is lost. Try again.")

log = get_logger()


def rescue(
    slug: str, take: Callable[[], ResponseReturnValue], again: Callable[[Store, int], ResponseReturnValue]
) -> ResponseReturnValue:
    """Takes a form; if that fails, shows it ``again`` for the campaign as last seen, with the status to answer with."""
    try:
        return take()
    except HTTPException:
        raise
    except Unreachable as failure:
        log.error("a form was not taken: the store does not answer", failure=type(failure).__name__)
        g.full = cannot_write(failure)
        answer = make_response(_give_back(slug, again, 503))
        answer.headers["Retry-After"] = str(retry_after(failure))
        return answer
    except Exception:  # our own fault, of whatever kind: the words are the sender's
        log.exception("a form was not taken")
        g.fault = request_id()
        return _give_back(slug, again, 500)


def told(alert: tuple[str, str]) -> tuple[str, str]:
    """Returns what to say above a form that comes back: when to try again if the store is full, what to quote if we failed."""
    if g.get("full"):
        return alert[0], FULL
    return (alert[0], f"{alert[1]} If it happens again, tell us and quote {g.fault}.") if g.get("fault") else alert


def _give_back(slug: str, again: Callable[[Store, int], ResponseReturnValue], status: int) -> ResponseReturnValue:
    store = remembered(slug)
    if store:
        return again(store, status)
    kept = [text for text in read_filled(request.form).wishes if text.strip()]
    return render_template("residents/shut.html", title=NOT_SENT[0], why="lost", kept=kept), status
