"""A new password for whoever is signed in; every other session of theirs ends with the old one."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.guesses import Bound, count_wrong, seconds_to_wait
from campaigns.store.staff import Person, change_person
from web.account.passwords import Busy, hash_password, password_fits, password_problem
from web.account.signing import BUSY, GUESS_SECONDS, GUESSES, open_session
from web.context import connections
from web.guards import staff
from web.limits import in_minutes

NOT_IT = "That is not your password now. Check that capitals are off."
TOO_MANY = "That was too many tries. Wait {}."


def password() -> ResponseReturnValue:
    """Shows the form for a new password, and puts it in place of the old one."""
    if request.method == "GET":
        return _form({})
    person = staff()
    problems = _problems(person, request.form.get("now", ""), request.form.get("new", ""))
    if problems:
        return _form(problems), 400
    changed = change_person(connections(), person.id, password_hash=hash_password(request.form["new"]))
    if changed:
        open_session(changed)
    return redirect(url_for("account.home", done="password"), 303)


def _problems(person: Person, now: str, new: str) -> dict[str, str]:
    """Whoever finds a desk left open may not guess its owner's password for long either."""
    bounds = [Bound(f"now:{person.id}", GUESSES, GUESS_SECONDS)]
    if wait := seconds_to_wait(connections(), bounds):
        return {"now": TOO_MANY.format(in_minutes(wait))}
    try:
        fits = password_fits(person.password_hash, now)
    except Busy:
        return {"now": BUSY}
    if not fits:
        wait = count_wrong(connections(), bounds)
        return {"now": TOO_MANY.format(in_minutes(wait)) if wait else NOT_IT}
    if wait := seconds_to_wait(connections(), bounds):  # others were counted while this one was looked at
        return {"now": TOO_MANY.format(in_minutes(wait))}
    problem = password_problem(new)
    return {"new": problem} if problem else {}


def _form(problems: dict[str, str]) -> str:
    return render_template("account/password.html", problems=problems)
