"""What every answer to staff carries: kept by no cache, its address handed to no other site."""

from flask import Response


def keep_private(response: Response) -> Response:
    """Marks a staff page as not to be stored, unless the page has said otherwise."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "same-origin"  # the check against forged forms reads it
    return response
