"""Where somebody is signed in: each open session with its browser, to be ended one by one, or all the others at once."""

import json
from dataclasses import dataclass
from typing import cast

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from campaigns.store.keys import session_key, sessions_key
from campaigns.store.staff import Person
from web.context import connections
from web.guards import staff
from web.sessions import StaffSession, token_hash


@dataclass(frozen=True)
class Open:
    """One open session: what it is called in its form, its browser, when it began, when a page was last opened, if it is this."""

    name: str
    browser: str
    begun_ms: int
    seen_ms: int
    here: bool


def sessions() -> ResponseReturnValue:
    """Lists where somebody is signed in, and ends what they choose; this session itself ends by signing out."""
    person = staff()
    if request.method == "GET":
        return render_template("account/sessions.html", sessions=open_sessions(person), ended="ended" in request.args)
    chosen = request.form.get("session", "")
    for one in open_sessions(person):
        if not one.here and chosen in (one.name, "others"):
            _end(person, one.name)
    return redirect(url_for("account.sessions", ended=1), 303)


def open_sessions(person: Person) -> list[Open]:
    """Returns a person's open sessions, this one first and then the one used last; forgets the names of those that ran out."""
    store = connections().text
    names = sorted(store.smembers(sessions_key(person.id)))
    kept = dict(zip(names, store.mget([session_key(name) for name in names]) if names else [], strict=True))
    mine = token_hash(cast(StaffSession, session).token)
    found = []
    for name, text in kept.items():
        held = json.loads(text) if text else {}
        if held.get("person") == person.id and held.get("standing") == person.standing:
            begun, seen = (held.get(when, 0) * 1000 for when in ("begun", "seen"))
            found.append(Open(name, held.get("browser", "A browser"), begun, seen, name == mine))
        else:
            store.srem(sessions_key(person.id), name)
    return sorted(found, key=lambda one: (not one.here, -one.seen_ms))


def _end(person: Person, name: str) -> None:
    connections().text.delete(session_key(name))
    connections().text.srem(sessions_key(person.id), name)
