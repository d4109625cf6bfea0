"""What every answer carries: nothing from elsewhere, shown in no other page, no address handed on."""

from flask import Flask
from flask.wrappers import Response

HEADERS = {
    "Content-Security-Policy":
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def init_app(app: Flask) -> None:
    """Puts the headers on every answer, errors and static files among them, unless the page has set its own."""
    app.after_request(close_to_others)


def close_to_others(answer: Response) -> Response:
    """Adds the headers that keep a visit between the visitor and this service."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer
