"""What every process tells of itself: one JSON line an event, without anybody's words, and that it is ready.

Only the fields named here come out, whatever a caller hands in. Of a failure only its kind and place are told: its
message may hold what somebody wrote. Of a library's message only the place that it comes from: many are put together
from whatever was at hand, addresses among it.
"""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from traceback import extract_tb
from typing import Any, TextIO

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars, merge_contextvars

FIELDS = (
    "time", "level", "event", "process", "pid", "request_id", "route", "method", "status", "ms", "job", "queue", "function",
    "slug", "consumer", "child", "code", "seconds", "count", "library", "said_at", "failure", "at", "trail", "cause",
)
# Loggers whose messages hold nothing of anybody's.
OURS = ("campaigns", "workers", "granian", "_granian")
LONGEST = 300
MOST_FRAMES = 12
REQUEST_IDS = re.compile(r"[A-Za-z0-9-]{8,64}")
HOUSE = Path(__file__).parents[1]
ENCODER = json.JSONEncoder(ensure_ascii=False, default=lambda odd: type(odd).__name__)
Event = MutableMapping[str, Any]


def configure(process: str, to: TextIO | None = None) -> None:
    """Makes everything this process has to say come out on standard error, or in a file, a JSON line each."""
    structlog.configure(
        processors=[merge_contextvars, _stamped(process), tell_failure, only_known, as_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Lasting(to or sys.stderr),
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(_Lines(process))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    sys.excepthook = lambda *failure: _uncaught(failure)
    threading.excepthook = lambda failed: _uncaught((failed.exc_type, failed.exc_value, failed.exc_traceback))
    sys.unraisablehook = lambda failed: _uncaught((failed.exc_type, failed.exc_value, failed.exc_traceback))


def new_request_id() -> str:
    """Returns a number for a request, short enough to be read out on the telephone."""
    return token_hex(6)


def begin_request(request_id: str, **what: str) -> None:
    """Puts a request's id, if it has one, and whatever else is told, on every line from here on."""
    clear_contextvars()
    bind_contextvars(**({"request_id": request_id} if request_id else {}), **what)


def request_id() -> str:
    """Returns the id of the request this is done for, empty where there is none."""
    return str(get_contextvars().get("request_id", ""))


def say_ready() -> None:
    """Tells whoever started this process that it does its work now; they named a file for it, or do not ask."""
    if path := os.environ.get("READY_FILE"):
        Path(path).touch()


def tell_failure(_logger: object, _method: str, event: Event) -> Event:
    """Puts the kind and place of a failure in place of the failure itself."""
    given = event.pop("exc_info", None)
    failure = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(failure, BaseException):
        event.update(kind_and_place(failure))
    return event


def kind_and_place(failure: BaseException) -> dict[str, Any]:
    """Returns what may be told of a failure: its kind, where it was raised, the way there, and its cause's kind and place."""
    trail = [_place(frame.filename, frame.lineno, frame.name) for frame in extract_tb(failure.__traceback__)]
    told = {"failure": type(failure).__name__, "at": trail[-1] if trail else "", "trail": trail[-MOST_FRAMES:]}
    cause = failure.__cause__ or failure.__context__
    if cause:
        raised = extract_tb(cause.__traceback__)
        place = f" at {_place(raised[-1].filename, raised[-1].lineno, raised[-1].name)}" if raised else ""
        told["cause"] = f"{type(cause).__name__}{place}"
    return told


def only_known(_logger: object, _method: str, event: Event) -> Event:
    """Lets only the fields listed above through, in their order and none of them long."""
    return {name: _short(event[name]) for name in FIELDS if name in event}


def as_line(_logger: object, _method: str, event: Event) -> str:
    """Returns an event as one line of JSON."""
    return ENCODER.encode(event)


def _stamped(process: str) -> structlog.typing.Processor:
    def stamp(_logger: object, method: str, event: Event) -> Event:
        event.update(_stamp(process), level="error" if method == "exception" else method)
        return event

    return stamp


class _Lasting(structlog.WriteLogger):
    """Writes lines, and goes on where the disk has no room for one: no answer may fail because it cannot be told of."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = exception = msg


class _Lines(logging.Formatter):
    """The messages of the standard library's loggers, as the same lines."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        event: Event = {
            **get_contextvars(), **_stamp(self._process), "level": record.levelname.lower(), "library": record.name,
            "exc_info": record.exc_info,
        }
        if record.name.split(".")[0] in OURS:
            event["event"] = (record.getMessage().splitlines() or [""])[0]
        else:
            event.update(event="a library reports", said_at=_place(record.pathname, record.lineno, record.funcName))
        return as_line(None, "", only_known(None, "", tell_failure(None, "", event)))


def _uncaught(failure: tuple[Any, ...]) -> None:
    if not issubclass(failure[0], KeyboardInterrupt | SystemExit):
        logging.getLogger("campaigns").critical("nobody caught this", exc_info=failure if failure[1] is not None else None)


def _stamp(process: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"time": now, "process": process, "pid": os.getpid()}


def _short(value: Any) -> Any:  # noqa: ANN401 - whatever was logged
    return value if not isinstance(value, str) or len(value) <= LONGEST else value[:LONGEST] + "…"


def _place(file: str, line: int | None, function: str) -> str:
    """Returns a place in the code, by a path that says nothing of this machine."""
    for part in ("/site-packages/", f"{HOUSE}/", "/lib/python"):
        file = file.rpartition(part)[2]
    return f"{file}:{line} {function}"
