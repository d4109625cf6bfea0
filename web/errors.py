"""What people read when something cannot be done: plain words, what to do, nothing typed lost."""

from contextlib import suppress

from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from campaigns.observing import request_id
from campaigns.store.errors import Unreachable
from campaigns.store.room import cannot_write, retry_after
from web.guards import on_staff_side, signed_in

SAID = {
    400: ("That did not come through whole", "Go back, check what you typed, and send it again."),
    403: ("You cannot open this page", "Your sign-in does not cover it. Ask your administrator for the role you need."),
    404: ("There is no such page", "Check the address, or start again from the front page."),
    405: ("That cannot be done here", "Go back and use the buttons on the page."),
    413: ("That is too much at once", "Send it in smaller parts. Nothing was kept of this sending."),
    429: ("That was too many, too fast", "Wait a few minutes, then try again. Nothing you sent before is lost."),
    500: ("Something went wrong on our side", "Nothing already sent is lost. Go back and try again."),
    503: ("We cannot take or show anything just now", "Nothing already sent is lost. Try again in a minute."),
}

FULL = (
    "We can take nothing new for a short while",
    "Nothing already sent is lost. Keep what you typed, and try again in ten minutes. Reading goes on as before.",
)
SENT_AGAIN = {"officers", "keying"}  # whose forms can be sent again from here: they hold no passwords

log = get_logger()


def init_app(app: Flask) -> None:
    """Gives every error its page."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(Unreachable, store_lost)
    app.register_error_handler(500, broken)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answers an error with its own status, as a page or as JSON."""
    return say(error.code or 500) if not error.response else error


def stale_form(_: CSRFError) -> ResponseReturnValue:
    """Answers a form that was left open until its session ended."""
    return say(400, "This page was open for a long time", "Sign in again in another tab, then come back and send it again.")


def store_lost(failure: Exception) -> ResponseReturnValue:
    """Answers while the store is away, or takes no writes."""
    log.error("the store does not answer", failure=type(failure).__name__)
    answer = make_response(say(503, *(FULL if cannot_write(failure) else ())))
    answer.headers["Retry-After"] = str(retry_after(failure))
    return answer


def broken(fault: Exception) -> ResponseReturnValue:
    """Answers a fault of our own, with the number by which the log tells what it was; or a session the store would not keep."""
    cause = getattr(fault, "original_exception", None)
    if isinstance(cause, Unreachable):
        return store_lost(cause)
    quote = f" If you tell us about it, quote {request_id()}." if request_id() else ""
    return say(500, what_to_do=SAID[500][1] + quote)


def say(status: int, title: str = "", what_to_do: str = "") -> ResponseReturnValue:
    """Returns an error in words: as JSON for programs, and for people as a page in the frame of their own side."""
    known = SAID.get(status, SAID[500 if status >= 500 else 400])
    title, what_to_do = title or known[0], what_to_do or known[1]
    if request.path.startswith("/api/"):
        return jsonify(error=title, remedy=what_to_do), status
    sent = request.form.items(multi=True) if status == 503 and request.blueprint in SENT_AGAIN else ()
    if staff := on_staff_side():
        with suppress(Unreachable):  # without the store nobody is known, and the page says so
            signed_in()
    frame = "parts/desk.html" if staff else "parts/page.html"
    return render_template(
        "parts/error.html", frame=frame, staff=staff, title=title, what_to_do=what_to_do, sent=list(sent)
    ), status
