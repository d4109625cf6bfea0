"""``POST /api/v1/campaigns/<slug>/submissions``."""

from datetime import UTC, datetime
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from campaigns.references import reference_for
from campaigns.responses import Submission
from campaigns.store.areas import read_place
from campaigns.store.intake import ANSWERS, Accepted, Way, accept
from campaigns.store.secrets import receipt_secret
from campaigns.store.store import Store
from campaigns.submitting import Typed, read_submission
from web.after import ring_after
from web.context import accepting_store
from web.limits import Limits, limits_for

LONGEST_KEY = 200
SHAPE = 'Send JSON such as {"wishes": ["..."], "postcode": "DE1 2FS", "about": {}}.'


def send(slug: str) -> ResponseReturnValue:
    """Takes a response in, once for each Idempotency-Key."""
    store = accepting_store(slug)
    body = _body()
    problems = shape_problems(body, request.headers.get("Idempotency-Key", ""))
    if problems:
        return _refuse(problems)
    submission, wrong = submission_of(store, body)
    if submission is None:
        return _refuse(wrong)
    taken = accept(store, submission, way(request.headers.get("Idempotency-Key", ""), limits_for(store)))
    ring_after(store, taken.ring)
    return _answer(store, taken)


def _body() -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return request.get_json(silent=True)
    except RecursionError:  # lists in lists in lists
        return None


def shape_problems(body: Any, key: str) -> dict[str, str]:  # noqa: ANN401 - whatever was sent
    """Returns a plain line for each part of a request that is not of the right shape."""
    if not isinstance(body, dict):
        return {"body": SHAPE}
    problems = {}
    wishes = body.get("wishes")
    if not isinstance(wishes, list) or not all(isinstance(wish, str) for wish in wishes):
        problems["wishes"] = "Give wishes as a list of texts."
    for name in ("postcode", "source"):
        if not isinstance(body.get(name) or "", str):
            problems[name] = f"Give {name} as text."
    about = body.get("about") or {}
    if not isinstance(about, dict) or not all(isinstance(answer, str) for answer in about.values()):
        problems["about"] = "Give about as an object of question and answer, both text."
    for name in sorted(set(body) - {"wishes", "postcode", "source", "about"}):
        problems[name] = "This is not a field we know. Leave it out."
    if len(key) > LONGEST_KEY:
        problems["Idempotency-Key"] = f"Use at most {LONGEST_KEY} letters."
    return problems


def submission_of(store: Store, body: dict[str, Any]) -> tuple[Submission | None, dict[str, str]]:
    """Returns the submission in a body of the right shape, or None with a plain line for each field to put right."""
    typed = Typed(body["wishes"], "online", body.get("source") or "", about=body.get("about") or {})
    place = read_place(body.get("postcode") or "")
    return read_submission(store.campaign, typed, place.area, place.outward, place.postcode)


def way(key: str, limits: Limits) -> Way:
    """Returns how what comes by this door is taken in."""
    return Way(key=f"api:{key}" if key else "", limits=limits)


def kept(store: Store, taken: Accepted) -> dict[str, Any]:
    """Returns what is answered for a response that is in."""
    at = datetime.fromtimestamp(taken.received_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return {"reference": reference_for(taken.number, receipt_secret(store)), "number": taken.number, "received_at": at}


def _refuse(problems: dict[str, str]) -> ResponseReturnValue:
    fields = [{"field": field, "problem": problem} for field, problem in problems.items()]
    return jsonify(error="Not taken: put these fields right and send it again.", fields=fields), 400


def _answer(store: Store, taken: Accepted) -> ResponseReturnValue:
    if taken.kept:
        return jsonify(kept(store, taken)), 201
    if taken.outcome == "conflict":
        return jsonify(error="This Idempotency-Key was used with another body. Use a new key for new wishes."), 422
    if taken.outcome == "limited":
        seconds = max(int(taken.detail), 1)
        return jsonify(error=f"Too many from this address. Try again in {seconds} seconds."), 429, {"Retry-After": str(seconds)}
    why = taken.detail or taken.outcome
    return jsonify(error=ANSWERS[why]), 503 if why == "anew" else 410
