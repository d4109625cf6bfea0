"""Signing in and out."""

from time import time
from typing import cast
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.guesses import Bound, count_wrong, forget_wrong, seconds_to_wait
from campaigns.store.staff import Person, change_person, find_person
from campaigns.store.two_step import has_two_step
from web.account.devices import known_device, remember_device
from web.account.passwords import Busy, password_fits
from web.context import connections
from web.guards import signed_in, staff
from web.limits import HOUR, in_minutes, sender
from web.sessions import StaffSession, enter, renew_token

HALFWAY = "halfway"  # the password was right, the code is still to come
# In this order: each calls itself by the names that come after it, too.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))
MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "a Chromebook"),
            ("Mac OS X", "a Mac"), ("Linux", "Linux"))
GUESSES, GUESS_SECONDS = 10, 900
A_DAY = 40
AN_ADDRESS = 50  # an office shares one
WRONG = "That e-mail address and password do not go together. Check both, and that capitals are off."
TOO_MANY = (
    "That was too many tries. Wait {}, or sign in at a computer where you have signed in before. "
    "If the password is gone, ask your administrator for a new link."
)
BUSY = "Many people are signing in just now. Press the button again."


def sign_in() -> ResponseReturnValue:
    """Lets a member of staff in by e-mail address and password."""
    next_page = local_path(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(next_page) if signed_in() else _form(next_page)
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    person, problem, status = _recognise(email, password)
    if person is None:
        return _form(next_page, email, problem), status
    return redirect(go_in(person, next_page), 303)


def sign_out() -> ResponseReturnValue:
    """Ends the session everywhere it is open under this cookie."""
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


def sign_out_everywhere() -> ResponseReturnValue:
    """Ends every session of whoever is signed in, on every computer."""
    change_person(connections(), staff().id)
    return sign_out()


def go_in(person: Person, next_page: str) -> str:
    """Opens a session, or asks first for the second step of whoever has one; returns the page to go on to."""
    if not has_two_step(connections(), person.id):
        open_session(person)
        return next_page
    session.clear()
    session[HALFWAY] = [person.id, person.standing, next_page, int(time())]
    return url_for("account.second_step")


def open_session(person: Person) -> None:
    """Makes this session a person's, under a token that nobody could have planted before."""
    session.clear()
    renew_token(cast(StaffSession, session), connections().text)
    enter(session, person)
    session["browser"] = browser_words(request.user_agent.string)
    remember_device(person)


def browser_words(agent: str) -> str:
    """Returns a browser and its machine as people call them, from what it says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    machine = next((f" on {name}" for mark, name in MACHINES if mark in agent), "")
    return browser + machine


def local_path(wanted: str) -> str:
    """Returns the page to go on to, if it is one of ours; else the person's own page."""
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith("//") and not parts.scheme and not parts.netloc
    plain = wanted.isprintable() and "\\" not in wanted
    return wanted if ours and plain else url_for("account.home")


def _recognise(email: str, password: str) -> tuple[Person | None, str, int]:
    """Returns who it is, or a problem with its status; alike, and as slowly, whether there is such an account or not."""
    store = connections()
    person = find_person(store, email)
    bounds = _bounds(email, person)
    if wait := seconds_to_wait(store, bounds):
        return None, TOO_MANY.format(in_minutes(wait)), 429
    try:
        fits = password_fits(person.password_hash if person else "", password)
    except Busy:
        return None, BUSY, 503
    if person is None or not fits or person.closed:
        wait = count_wrong(store, bounds)
        return (None, TOO_MANY.format(in_minutes(wait)), 429) if wait else (None, WRONG, 400)
    if wait := seconds_to_wait(store, bounds):  # others were counted while this one was looked at
        return None, TOO_MANY.format(in_minutes(wait)), 429
    forget_wrong(store, bounds[0])
    return person, "", 200


def _bounds(email: str, person: Person | None) -> list[Bound]:
    device = known_device(person) if person else ""
    if device and person:
        return [Bound(f"device:{device}:{person.id}", GUESSES, GUESS_SECONDS)]
    account = email.casefold()
    return [
        Bound(f"account:{account}", GUESSES, GUESS_SECONDS),
        Bound(f"account for a day:{account}", A_DAY, 24 * HOUR),
        Bound(f"sign-in:{sender()}", AN_ADDRESS, HOUR),
    ]


def _form(next_page: str, email: str = "", problem: str = "") -> str:
    return render_template("account/sign_in.html", next_page=next_page, email=email, problem=problem)
