"""One member of staff, for administrators: what they may do, a link for a new password, and closing their account."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.staff import ROLES, Invitation, LastAdministrator, Person, change_person, get_person, invite
from campaigns.store.staff_log import log_changed
from campaigns.store.store import open_stores
from campaigns.store.two_step import end_two_step, has_two_step
from web.account.choosing import campaign_titles, choose_campaigns, choose_scope
from web.account.desks import ROLE_WORDS
from web.context import connections, public_url
from web.guards import staff

LAST = "Nobody else is an administrator. Make someone else one first, so that the campaign can still be run."
NO_ROLE = "Choose at least one role, or close the account."


def person(person_id: str) -> ResponseReturnValue:
    """Shows what someone may do, and changes it; whatever they have open then ends."""
    found = _find(person_id)
    if request.method == "GET":
        return _page(found)
    closed = "closed" in request.form
    roles = tuple(role for role in ROLES if role in request.form.getlist("role"))
    campaigns, problem = choose_campaigns(found.campaigns)
    if not roles and not closed:
        return _page(found, {"role": NO_ROLE}), 400
    if problem:
        return _page(found, {"campaign": problem}), 400
    try:
        changed = change_person(
            connections(), person_id, roles=roles or found.roles, campaigns=campaigns, closed=closed, **choose_scope(found)
        )
    except LastAdministrator:
        return _page(found, {"role": LAST}), 400
    if changed:
        log_changed(connections(), staff().id, found, changed)
    return redirect(url_for("account.person", person_id=person_id, done="changed"), 303)


def new_password(person_id: str) -> ResponseReturnValue:
    """Makes a one-time link by which someone chooses a new password."""
    found = _find(person_id)
    token = invite(connections(), Invitation(found.roles, found.name, found.email, found.campaigns, person=found.id))
    return _page(found, link=public_url() + url_for("account.invitation", token=token))


def end_second_step(person_id: str) -> ResponseReturnValue:
    """Ends the second step of someone who has lost their telephone and their one-time codes, and all they have open."""
    found = _find(person_id)
    end_two_step(connections(), found.id)
    log_changed(connections(), staff().id, found, change_person(connections(), found.id) or found)
    return redirect(url_for("account.person", person_id=person_id, done="two-step"), 303)


def _find(person_id: str) -> Person:
    found = get_person(connections(), person_id)
    if found is None:
        abort(404)
    return found


def _page(found: Person, problems: dict[str, str] | None = None, link: str = "") -> str:
    return render_template(
        "account/person.html", one=found, roles=ROLE_WORDS, campaigns=campaign_titles(), problems=problems or {}, link=link,
        done=request.args.get("done", ""),
        two_step=has_two_step(connections(), found.id), defined=[store.campaign for store in open_stores(connections())],
    )
