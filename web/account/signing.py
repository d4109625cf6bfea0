"""Signing in and out."""

from typing import cast
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.staff import Person, find_person, forget_guesses, guess_allowed
from web.account.passwords import Busy, password_fits
from web.context import connections
from web.guards import signed_in
from web.sessions import StaffSession, renew_token

WRONG = "That e-mail address and password do not go together. Check both, and that capitals are off."
TOO_MANY = "That was too many tries. Wait a quarter of an hour, then try again, or ask your administrator for a new link."
BUSY = "Many people are signing in just now. Press the button again."


def sign_in() -> ResponseReturnValue:
    """Lets a member of staff in by e-mail address and password."""
    next_page = local_path(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(next_page) if signed_in() else _form(next_page)
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    person, problem = _recognise(email, password)
    if person is None:
        return _form(next_page, email, problem), 429 if problem == TOO_MANY else 400
    open_session(person)
    return redirect(next_page, 303)


def sign_out() -> ResponseReturnValue:
    """Ends the session everywhere it is open under this cookie."""
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


def open_session(person: Person) -> None:
    """Makes this session a person's, under a token that nobody could have planted before."""
    session.clear()
    renew_token(cast(StaffSession, session), connections().text)
    session["person"] = person.id


def local_path(wanted: str) -> str:
    """Returns the page to go on to, if it is one of ours; else the person's own page."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith("//") and not parts.scheme and not parts.netloc
    plain = wanted.isprintable() and "\\" not in wanted
    return wanted if ours and plain else url_for("account.home")


def _recognise(email: str, password: str) -> tuple[Person | None, str]:
    store, counted = connections(), _counted(email)
    allowed = [guess_allowed(store, what) for what in counted]
    if not all(allowed):
        return None, TOO_MANY
    person = find_person(store, email)
    try:
        fits = password_fits(person.password_hash if person else "", password)
    except Busy:
        return None, BUSY
    if person is None or not fits:
        return None, WRONG
    for what in counted:
        forget_guesses(store, what)
    return person, ""


def _counted(email: str) -> tuple[str, str]:
    return f"account:{email.casefold()}", f"address:{request.remote_addr}"


def _form(next_page: str, email: str = "", problem: str = "") -> str:
    return render_template("account/sign_in.html", next_page=next_page, email=email, problem=problem)
