"""Taking up an invitation: a name, an e-mail address and a password make its holder a member of staff."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.staff import EmailTaken, Invitation, Person, read_invitation, take_up
from campaigns.store.staff_log import log_joined
from campaigns.store.store import loaded_slugs, open_store
from web.account.desks import ROLE_WORDS
from web.account.passwords import Busy, hash_password, password_problem
from web.account.signing import BUSY, go_in
from web.context import connections
from web.limits import check_guess

LONGEST_EMAIL = 255
TAKEN = "Someone on the staff has this e-mail address already. If it is you, sign in instead."


def invitation(token: str) -> ResponseReturnValue:
    """Shows what the link invites to, and takes it up; the link works once."""
    invited = read_invitation(connections(), token)
    check_guess("invitation", right=invited is not None)
    if invited is None:
        return render_template("account/spent.html"), 404
    if request.method == "GET":
        return _form(invited, {"name": invited.name, "email": invited.email}, {})
    typed = {name: request.form.get(name, "").strip() for name in ("name", "email")}
    if invited.person:
        typed = {"name": invited.name, "email": invited.email}
    password = request.form.get("password", "")
    problems, person = _problems(typed, password), None
    if not problems:
        problems, person = _join(token, invited, typed, password)
    if person is None:
        return _form(invited, typed, problems), 400
    return redirect(go_in(person, url_for("account.home")), 303)


def _problems(typed: dict[str, str], password: str) -> dict[str, str]:
    found = {
        "name": "" if typed["name"] else "Write your name, as colleagues know you.",
        "email": "" if looks_like_email(typed["email"]) else "Write an e-mail address, such as name@example.org.",
        "password": password_problem(password),
    }
    return {field: problem for field, problem in found.items() if problem}


def looks_like_email(text: str) -> bool:
    """Tells whether a text could be an e-mail address; only sending to it would say for certain."""
    before, _, after = text.partition("@")
    whole = bool(before) and "." in after.strip(".") and "@" not in after
    return whole and len(text) < LONGEST_EMAIL and not any(letter.isspace() for letter in text)


def _join(
    token: str, invited: Invitation, typed: dict[str, str], password: str
) -> tuple[dict[str, str], Person | None]:
    try:
        person = take_up(connections(), token, typed["name"][:200], typed["email"], hash_password(password))
    except EmailTaken:
        return {"email": TAKEN}, None
    except Busy:
        return {"password": BUSY}, None
    if person and not invited.person:
        log_joined(connections(), person, invited.by)
    return ({} if person else {"name": "This link has just been used. Ask for another."}), person


def _form(invited: Invitation, typed: dict[str, str], problems: dict[str, str]) -> str:
    loaded = [slug for slug in invited.campaigns if slug in loaded_slugs(connections())]
    return render_template(
        "account/invitation.html", invited=invited, typed=typed, problems=problems, role_words=ROLE_WORDS,
        campaigns=[open_store(connections(), slug).campaign.title for slug in loaded],
    )
