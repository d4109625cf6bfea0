"""What every answer to a resident carries: nothing from elsewhere, no address handed on, nothing personal kept by the browser."""

from flask import request
from flask.wrappers import Response

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# Pages without personal text. Keeping them lets a browser give back what was typed when someone returns to the form.
KEPT = {
    "front", "home", "wish", "card", "source", "photos", "workshops", "results", "answers", "privacy",
    "privacy_for_children", "accessibility",
}


def guard_answer(answer: Response) -> Response:
    """Adds the headers that keep a resident's visit between them and the campaign."""
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if "Cache-Control" not in answer.headers:
        kept = (request.endpoint or "").rpartition(".")[2] in KEPT
        answer.headers["Cache-Control"] = "private, no-cache" if kept else "no-store"
    return answer
