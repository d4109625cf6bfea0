"""Who may open which page: everything is closed unless its blueprint or its name stands here."""

from typing import cast
from urllib.parse import quote

from flask import Flask, abort, g, redirect, request, session
from flask.typing import ResponseReturnValue

from campaigns.store.staff import Person, get_person
from web.context import connections
from web.sessions import StaffSession

# Blueprints open to everyone.
PUBLIC = {"residents", "api"}
# Single endpoints open to everyone.
OPEN = {"static", "healthz", "metrics", "account.sign_in", "account.invitation"}  # metrics asks for a token of its own
# The role each closed blueprint needs; an empty one needs only to be signed in.
ROLE_OF = {"officers": "officer", "keying": "keyer", "partners": "officer", "account": ""}
# Single pages that need another role than their blueprint; where several are named, any of them.
ROLE_OF_PAGE = {
    "keying.quality": "supervisor", "keying.repeats": "supervisor",
    "keying.tray": "officer supervisor", "keying.settle": "officer supervisor",
}


def init_app(app: Flask) -> None:
    """Puts the guard before every request."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Lets a request through, sends it to sign in, or refuses it."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in OPEN or request.blueprint in PUBLIC:
        return None
    if request.blueprint not in ROLE_OF:
        abort(403)
    if failure := cast(StaffSession, session).unread:
        raise failure
    person = signed_in()
    if person is None:
        return redirect(f"/account/sign-in?next={quote(request.full_path.rstrip('?'))}")
    roles = ROLE_OF_PAGE.get(endpoint, ROLE_OF[request.blueprint]).split()
    if roles and not any(person.may(role, (request.view_args or {}).get("slug", "")) for role in roles):
        abort(403)
    return None


def signed_in() -> Person | None:
    """Returns who is signed in, looked up once a request; nobody, once their password, roles or campaigns have changed."""
    if "person" not in g:
        person = get_person(connections(), session["person"]) if "person" in session else None
        if person is None or person.closed or person.standing != session.get("standing"):
            person = None
            if "person" in session:
                session.clear()
        g.person = person
    found: Person | None = g.person
    return found


def on_staff_side() -> bool:
    """Tells whether an address belongs to staff, even where no page stands at it."""
    return request.path.split("/")[1] in ROLE_OF


def staff() -> Person:
    """Returns who is signed in, on pages that only staff can reach."""
    person = signed_in()
    if person is None:
        abort(403)
    return person
