"""What every answer to staff carries: kept by no cache, shown in no other page, nothing from elsewhere."""

from flask import Response

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"


def keep_private(response: Response) -> Response:
    """Marks a staff page as not to be stored, unless the page has said otherwise, and closes it to other sites."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
