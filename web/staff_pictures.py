"""Pictures of what residents wrote, for staff alone, and kept by nobody's browser."""

from flask import abort
from flask.typing import ResponseReturnValue

from campaigns.store.pictures import get
from campaigns.store.store import Store


def picture(store: Store, name: str) -> ResponseReturnValue:
    """Returns a picture by the name it is kept under; 404 where it is no longer kept."""
    content = get(store, name) if name else None
    if content is None:
        abort(404)
    return content, {"Content-Type": "image/jpeg", "Cache-Control": "no-store"}
