"""Who is on the staff, and inviting someone more; for administrators."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.staff import ROLES, Invitation, all_people, find_person, invite
from campaigns.store.staff_log import log_invited
from campaigns.store.store import open_stores
from web.account.choosing import EVERY, NEITHER, campaign_titles, choose_campaigns, choose_scope
from web.account.desks import ROLE_WORDS
from web.account.joining import TAKEN, looks_like_email
from web.context import connections, public_url
from web.guards import staff


def people() -> ResponseReturnValue:
    """Lists the staff, and makes a one-time link for someone new."""
    if request.method == "GET":
        return _page(Invitation(()), {})
    wanted = _read()
    problems = _problems(wanted)
    if problems:
        return _page(wanted, problems), 400
    link = public_url() + url_for("account.invitation", token=invite(connections(), wanted))
    log_invited(connections(), staff().id, wanted.roles, wanted.campaigns)
    return _page(Invitation(()), {}, link, wanted.name)


def _read() -> Invitation:
    typed, scope = request.form, choose_scope(Invitation(()))
    return Invitation(
        tuple(role for role in ROLES if role in typed.getlist("role")),
        typed.get("name", "").strip(), typed.get("email", "").strip(), choose_campaigns(())[0], by=staff().id,
        grants=scope["grants"], wards=scope["wards"], sources=scope["sources"],
    )


def _problems(wanted: Invitation) -> dict[str, str]:
    problems = {}
    if not wanted.roles:
        problems["role"] = "Choose at least one role."
    if wanted.email and not looks_like_email(wanted.email):
        problems["email"] = "Write an e-mail address such as name@example.org, or leave it empty."
    elif wanted.email and find_person(connections(), wanted.email):
        problems["email"] = TAKEN.split(". ")[0] + "."
    if problem := choose_campaigns(())[1] or ("" if wanted.campaigns or EVERY in request.form else NEITHER):
        problems["campaign"] = problem
    return problems


def _page(wanted: Invitation, problems: dict[str, str], link: str = "", invited: str = "") -> str:
    return render_template(
        "account/people.html", people=all_people(connections()), roles=ROLE_WORDS, campaigns=campaign_titles(),
        wanted=wanted, every=EVERY in request.form or not problems, problems=problems, link=link, invited=invited,
        defined=[store.campaign for store in open_stores(connections())],
    )
