"""Who may open which page: everything is closed unless its blueprint or its name stands here."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from flask import Flask, abort, current_app, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue

from campaigns.responses import Response
from campaigns.store.responses import get_response
from campaigns.store.staff import Person, get_person
from campaigns.store.store import Store
from campaigns.store.two_step import has_two_step
from web.context import campaign_store, connections
from web.sessions import StaffSession

# Blueprints open to everyone.
PUBLIC = {"residents", "api"}
# Single endpoints open to everyone; metrics asks for a token of its own.
OPEN = {"static", "healthz", "metrics", "account.sign_in", "account.invitation", "account.second_step"}
# The roles that each closed blueprint opens to, where its page does not stand below; none needs only to be signed in.
ROLE_OF = {"officers": "officer", "keying": "keyer", "partners": "officer partner", "account": ""}
# Single pages with roles of their own: any of those named.
ROLE_OF_PAGE = {
    "officers.choose": "officer reviewer",
    "officers.wishes": "officer reviewer", "officers.wish": "officer reviewer", "officers.moderate": "officer reviewer",
    "officers.delete_view": "officer reviewer",
    "officers.moderation": "officer reviewer", "officers.redact": "officer reviewer", "officers.raise_worry": "officer reviewer",
    "officers.review": "officer reviewer", "officers.undo_review": "officer reviewer",
    "officers.sample": "officer reviewer", "officers.code_sample": "officer reviewer",
    "officers.settle_sample": "officer reviewer", "officers.undo_sample": "officer reviewer",
    "keying.quality": "supervisor", "keying.repeats": "supervisor",
    "keying.tray": "officer supervisor", "keying.settle": "officer supervisor",
    "account.people": "administrator", "account.person": "administrator", "account.new_password": "administrator",
    "account.end_second_step": "administrator", "account.jobs": "administrator",
}
# Pages that these roles may read besides, and send nothing to. What a member reads is held to their wards by read_filters.
READERS_OF_PAGE = {
    "officers.choose": "member", "officers.dashboard": "member", "officers.wishes": "member", "officers.wish": "member",
    "officers.tables": "member", "officers.map": "member",
}
TWO_STEP_ROLES = ("administrator", "officer")
REQUIRED = "required"
# What can be opened by those who must set up their second step first.
BEFORE_TWO_STEP = ("account.two_step", "account.sign_out", "account.sign_out_everywhere", "account.password", "account.sessions")
READING = ("GET", "HEAD", "OPTIONS")
# What an auditor does not read: pages that only change who the staff are.
NOT_AUDITED = ("account.people", "account.person")


def init_app(app: Flask) -> None:
    """Puts the guard before every request, and lets pages ask it what to offer."""
    app.before_request(guard)
    app.jinja_env.globals.update(offered=offered, seen_by=seen_by, lacks_two_step=lacks_two_step)


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
    if not may_open(person, endpoint, (request.view_args or {}).get("slug", ""), request.method):
        abort(403)
    if current_app.config["TWO_STEP"] == REQUIRED and endpoint not in BEFORE_TWO_STEP and lacks_two_step():
        return redirect("/account/two-step")
    _hold_to_scope(request.view_args or {})
    return None


def lacks_two_step() -> bool:
    """Tells whether whoever is signed in should sign in by two steps and does not: administrators and officers should."""
    if "lacks_two_step" not in g:
        person = signed_in()
        g.lacks_two_step = bool(
            person and set(person.roles) & set(TWO_STEP_ROLES) and not has_two_step(connections(), person.id)
        )
    return bool(g.lacks_two_step)


def _hold_to_scope(named: Mapping[str, Any]) -> None:
    """Answers a response that is named by its number as one that is not there, where whoever looks may not see it."""
    if not seen_by() or "number" not in named or request.blueprint != "officers":
        return
    store = campaign_store(named["slug"])
    response = get_response(store, named["number"])
    if not response or not may_see(store, response):
        abort(404)


def may_see(store: Store, response: Response) -> bool:
    """Tells whether a response lies in the wards or sources that whoever is signed in may see of the campaign in the address."""
    stands = {"ward": store.campaign.area_names.get(response.area, response.area), "source": response.source}
    return all(stands[facet] in values for facet, values in seen_by().items())


def roles_of(endpoint: str, method: str = "GET") -> tuple[str, ...]:
    """Returns the roles that a closed page opens to, any of which will do; none where being signed in is enough."""
    roles = ROLE_OF_PAGE.get(endpoint, ROLE_OF[endpoint.partition(".")[0]]).split()
    if roles and method in READING:
        roles += READERS_OF_PAGE.get(endpoint, "").split()
        roles += [] if endpoint in NOT_AUDITED else ["auditor"]
    return tuple(roles)


def may_open(person: Person, endpoint: str, slug: str = "", method: str = "GET") -> bool:
    """Tells whether somebody may open a closed page, of a campaign where one is named."""
    roles = roles_of(endpoint, method)
    return not roles or any(person.may(role, slug) for role in roles)


def offered(endpoint: str, slug: str = "", method: str = "GET") -> bool:
    """Tells whether a page is there at all and whoever is signed in may open it, so that no link leads to a refusal."""
    person = signed_in()
    return person is not None and endpoint in current_app.view_functions and may_open(person, endpoint, slug, method)


def seen_by() -> Mapping[str, tuple[str, ...]]:
    """Returns what whoever is signed in may see of the campaign in the address, by facet; nothing where all of it."""
    slug = (request.view_args or {}).get("slug", "") if has_request_context() else ""
    person = signed_in() if slug else None
    return person.bounds(slug) if person else {}


def sees_redacted() -> bool:
    """Tells whether whoever is signed in reads what was redacted too: those who moderate and auditors, not members."""
    person = signed_in()
    slug = (request.view_args or {}).get("slug", "")
    return person is not None and any(person.may(role, slug) for role in ("officer", "reviewer", "auditor"))


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
