"""The baseline of accepting: a Flask handler that does nothing, served as the application is."""

from flask import Flask

from web import LARGEST_BODY
from web.serving import Whole


def served() -> Whole:
    """Returns an application of one address, which answers every request with one word."""
    app = Flask("bare")

    @app.post("/api/v1/campaigns/<slug>/submissions")
    def send(slug: str) -> tuple[str, int]:
        return "ok", 201

    return Whole(app, LARGEST_BODY)
