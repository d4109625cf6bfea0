"""The second step of signing in: setting it up with a telephone, and the code asked for after the password."""

from time import time

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from campaigns.cards.symbols import make_symbol, symbol_svg
from campaigns.store.guesses import Bound, count_wrong, forget_wrong, seconds_to_wait
from campaigns.store.staff import Person, get_person
from campaigns.store.two_step import code_fits, codes_left, end_two_step, has_two_step, key_address, new_key, set_two_step
from web.account.signing import A_DAY, GUESS_SECONDS, GUESSES, HALFWAY, local_path, open_session
from web.context import connections
from web.guards import staff
from web.limits import HOUR, in_minutes

HALFWAY_SECONDS = 600
WRONG = "That is not the code now. Type the six figures that the telephone shows at this moment, or a one-time code not used yet."
TOO_MANY = "That was too many tries. Wait {}."


def second_step() -> ResponseReturnValue:
    """Asks whoever gave the right password for their code, and lets them in."""
    person, next_page = _halfway()
    if person is None:
        return redirect(url_for("account.sign_in"), 303)
    if request.method == "GET":
        return render_template("account/second_step.html", problem="")
    if problem := _problem(person, request.form.get("code", "")):
        return render_template("account/second_step.html", problem=problem), 400
    open_session(person)
    return redirect(local_path(next_page), 303)


def _halfway() -> tuple[Person | None, str]:
    """Returns who has given their password within ten minutes, and the page they asked for."""
    person_id, standing, next_page, at = session.get(HALFWAY, ["", "", "", 0])
    person = get_person(connections(), person_id) if time() - at < HALFWAY_SECONDS else None
    return (person if person and not person.closed and person.standing == standing else None), next_page


def _problem(person: Person, code: str) -> str:
    """Returns why this code does not let somebody in, empty where it does; wrong ones are bounded as passwords are."""
    bounds = [Bound(f"code:{person.id}", GUESSES, GUESS_SECONDS), Bound(f"code for a day:{person.id}", A_DAY, 24 * HOUR)]
    if wait := seconds_to_wait(connections(), bounds):
        return TOO_MANY.format(in_minutes(wait))
    if not code_fits(connections(), person.id, code, time()):
        wait = count_wrong(connections(), bounds)
        return TOO_MANY.format(in_minutes(wait)) if wait else WRONG
    forget_wrong(connections(), bounds[0])
    return ""


def two_step() -> ResponseReturnValue:
    """Shows a key for one's telephone and takes the first code from it, or ends the second step by a code."""
    person = staff()
    if has_two_step(connections(), person.id):
        return _set_up(person)
    key = session.setdefault("two_step", new_key())
    if request.method == "GET":
        return _key_page(person, key)
    codes = set_two_step(connections(), person.id, key, request.form.get("code", ""), time())
    if not codes:
        return _key_page(person, key, WRONG.partition(",")[0] + "."), 400
    del session["two_step"]
    return render_template("account/two_step_codes.html", codes=codes)


def _key_page(person: Person, key: str, problem: str = "") -> str:
    symbol = Markup(symbol_svg(make_symbol(key_address(key, person.email)), "QR code of the key"))  # noqa: S704 - drawn by us
    spaced = " ".join(key[at:at + 4] for at in range(0, len(key), 4))
    return render_template("account/two_step.html", symbol=symbol, key=spaced, problem=problem, left=None)


def _set_up(person: Person) -> ResponseReturnValue:
    problem = _problem(person, request.form.get("code", "")) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        end_two_step(connections(), person.id)
        return redirect(url_for("account.two_step"), 303)
    left = codes_left(connections(), person.id)
    return render_template("account/two_step.html", left=left, problem=problem), 400 if problem else 200
