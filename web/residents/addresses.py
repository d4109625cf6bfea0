"""Addresses in capitals, as QR symbols hold them, led to their lower-case twins."""

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def lower_case() -> ResponseReturnValue | None:
    """Redirects an address that only fits a residents' page once it is in lower case."""
    slug = (request.view_args or {}).get("slug", "")
    if request.method not in ("GET", "HEAD") or (request.endpoint and slug == slug.lower()):
        return None
    # One slash alone at the start: two would name another site.
    lower = "/" + request.path.lower().lstrip("/\\")
    return redirect(lower, 301) if lower != request.path and _is_ours(lower) else None


def _is_ours(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = adapter.match(path, "GET") if adapter else ("", {})
    except RequestRedirect:  # only a slash is missing at its end
        return True
    except HTTPException:
        return False
    return str(endpoint).startswith("residents.")
