"""What a browser may keep of a resident's pages: nothing personal."""

from flask import request
from flask.wrappers import Response

# Pages without personal text. Keeping them lets a browser give back what was typed when someone returns to the form.
KEPT = {
    "front", "home", "wish", "card", "source", "photos", "workshops", "results", "answers", "privacy",
    "privacy_for_children", "accessibility",
}


def guard_answer(answer: Response) -> Response:
    """Says what a browser may keep of a resident's page."""
    if "Cache-Control" not in answer.headers:
        kept = (request.endpoint or "").rpartition(".")[2] in KEPT
        answer.headers["Cache-Control"] = "private, no-cache" if kept else "no-store"
    return answer
