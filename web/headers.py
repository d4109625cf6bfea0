"""What every answer carries: nothing from elsewhere, nothing inline, shown in no other page, no address handed on.

A page's scripts run by a nonce made for that answer, so that even one of our own files runs only where a page of ours put
it. The nonce stands in the body, so an answer of 304 carries no policy: the browser then keeps the one that came with the
body it has, and page and policy still fit each other.
"""

from secrets import token_urlsafe

from flask import Flask, g, request
from flask.wrappers import Response

from web.guards import on_staff_side
from web.sessions import over_https

POLICY = (
    "default-src 'self'; script-src {}; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
YEAR = "max-age=31536000"
# What the browsers of staff may keep: a stylesheet, and pictures of addresses that hang on walls.
STAFF_MAY_KEEP = {"officers.draft_style", "partners.symbol"}


def init_app(app: Flask) -> None:
    """Puts the headers on every answer, errors and static files among them."""
    app.jinja_env.globals["nonce"] = nonce
    app.after_request(close_to_others)


def nonce() -> str:
    """Returns what lets the scripts of this one answer run."""
    if "nonce" not in g:
        g.nonce = token_urlsafe(18)
    return str(g.nonce)


def close_to_others(answer: Response) -> Response:
    """Adds the headers that keep a visit between the visitor and this service."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if answer.status_code != 304:
        scripts = f"'nonce-{g.nonce}'" if "nonce" in g else "'none'"
        answer.headers["Content-Security-Policy"] = POLICY.format(scripts)
    if over_https():
        answer.headers["Strict-Transport-Security"] = YEAR
    _keep_private(answer, on_staff_side())
    return answer


def of_a_program(https: bool) -> dict[str, str]:
    """Returns the same headers for an answer to a program, which is no page and that no cache keeps."""
    safe = {"Strict-Transport-Security": YEAR} if https else {}
    return {
        **HEADERS, "Content-Security-Policy": POLICY.format("'none'"), "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store", **safe,
    }


def _keep_private(answer: Response, staff: bool) -> None:
    """Lets no cache keep what staff see, nor anything whose page has not said otherwise; names addresses to no other site."""
    # The check against forged forms reads the referrer of staff's own pages.
    answer.headers["Referrer-Policy"] = "same-origin" if staff else "no-referrer"
    if staff and request.endpoint not in STAFF_MAY_KEEP:
        answer.headers["Cache-Control"] = "no-store"
    answer.headers.setdefault("Cache-Control", "no-store")
