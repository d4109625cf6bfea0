"""Signed-in sessions, kept on the server so that they can be ended; residents never get a cookie.

Before anyone has signed in, a session holds no more than what guards the form: that travels in the cookie itself, signed,
so that asking for the page writes nothing. Over https cookies bear the prefix __Host-, by which browsers refuse one that
another site of the same domain has planted.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from time import time
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import CallbackDict

from campaigns.store.connection import TextClient
from campaigns.store.errors import Unreachable
from campaigns.store.keys import session_key, sessions_key
from campaigns.store.staff import Person

FORM_SECONDS = 8 * 3600  # how long the form for signing in may stand open
# Those who see what people wrote are signed out after half an hour without a page; keying staff, who may type one batch
# for long, after eight hours. Nobody stays signed in for longer than SESSION_HOURS.
IDLE_MINUTES, KEYING_HOURS, SESSION_HOURS = 30, 8, 12
KEYING = {"keyer", "supervisor"}
TOUCH_SECONDS = 60
DEVICE_SECONDS = 365 * 24 * 3600


class StaffSession(CallbackDict[str, Any], SessionMixin):
    """What a session holds, whether it must be written, and why it could not be read."""

    def __init__(self, held: dict[str, Any] | None = None, token: str = "", unread: Exception | None = None) -> None:
        super().__init__(held or {}, self._changed)
        self.token, self.unread = token, unread
        self.modified = False

    def _changed(self, _: object) -> None:
        self.modified = True


class RedisSessions(SessionInterface):
    """Keeps sessions in Redis under the hash of their token, so that reading the store opens none of them."""

    def __init__(self, client: TextClient) -> None:
        self._client = client

    def open_session(self, app: Flask, request: Request) -> StaffSession:
        """Returns the session of the request's cookie, or an empty one."""
        token = request.cookies.get(cookie_name("session"), "")
        if "." in token:  # signed: no token of the store's has a dot
            held = read_signed("session", token, FORM_SECONDS)
            return StaffSession(held if isinstance(held, dict) and "person" not in held else None)
        try:
            kept = self._client.get(session_key(token_hash(token))) if token else None
        except Unreachable as failure:  # a resident's page does without, and says itself that the store is away
            return StaffSession(unread=failure)
        return _touched(StaffSession(json.loads(kept), token), request) if kept else StaffSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Writes the session if it changed, ends it if it is empty, and sets the cookie only where there is one to set."""
        assert isinstance(session, StaffSession)
        if not session.modified or session.unread:
            return
        if session.token and "person" not in session:
            self._client.delete(session_key(token_hash(session.token)))
            session.token = ""
        if not session:
            response.delete_cookie(cookie_name("session"), path="/", secure=over_https(), httponly=True, samesite="Lax")
        elif "person" in session:
            self._keep(session, seconds_left(session, app.config))
            set_cookie(response, "session", session.token)
        else:
            set_cookie(response, "session", sign("session", dict(session)))
        response.vary.add("Cookie")

    def _keep(self, session: StaffSession, seconds: int) -> None:
        """Writes a session; one that was ended meanwhile stays ended."""
        known = bool(session.token)
        session.token = session.token or secrets.token_urlsafe(32)
        hashed = token_hash(session.token)
        self._client.set(session_key(hashed), json.dumps(dict(session)), ex=seconds, xx=known)
        if not known:
            self._client.sadd(sessions_key(session["person"]), hashed)
            self._client.expire(sessions_key(session["person"]), DEVICE_SECONDS)


def _touched(session: StaffSession, request: Request) -> StaffSession:
    """Notes, once a minute, that somebody opened a page; what a page asks for by itself in the background is none of it."""
    by_itself = request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "empty"
    if "person" in session and not by_itself and time() - session.get("seen", 0) > TOUCH_SECONDS:
        session["seen"] = int(time())
    return session


def seconds_left(session: SessionMixin, settings: Mapping[str, Any]) -> int:
    """Returns for how long a session still holds if nothing more is done in it; 1 at least."""
    idle = KEYING_HOURS * 3600 if session.get("keying") else settings["IDLE_MINUTES"] * 60
    begun = session.get("begun", 0) or int(time())
    seen = session.get("seen", begun)
    return max(int(min(seen + idle, begun + settings["SESSION_HOURS"] * 3600) - time()), 1)


def enter(session: SessionMixin, person: Person) -> None:
    """Makes a session a person's, for as long as their password, roles and campaigns stay as they are."""
    session["person"], session["standing"] = person.id, person.standing
    session["begun"] = session["seen"] = int(time())
    session["keying"] = set(person.roles) <= KEYING


def renew_token(session: StaffSession, client: TextClient) -> None:
    """Gives a session a new token, as must happen when someone signs in."""
    if session.token:
        client.delete(session_key(token_hash(session.token)))
    session.token = ""
    session.modified = True


def over_https() -> bool:
    """Tells whether visitors reach this service by https: its address says so, or a trusted proxy does."""
    return request.is_secure or str(current_app.config["PUBLIC_URL"]).startswith("https:")


def cookie_name(name: str) -> str:
    """Returns what a cookie is called: over https by the prefix that ties it to this host alone."""
    return f"__Host-{name}" if over_https() else name


def set_cookie(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Sets a cookie that no script reads and no other site sends along."""
    response.set_cookie(
        cookie_name(name), value, max_age=seconds, path="/", httponly=True, samesite="Lax", secure=over_https()
    )


def sign(use: str, what: object) -> str:
    """Returns something to travel in a cookie, signed for one use."""
    return str(_signer(use).dumps(what))


def read_signed(use: str, text: str, seconds: int) -> Any:  # noqa: ANN401 - whatever was signed
    """Returns what was signed for this use within so many seconds; None where it was not."""
    try:
        return _signer(use).loads(text, max_age=seconds)
    except BadSignature:
        return None


def _signer(use: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or b"", salt=f"cookie {use}")


def token_hash(token: str) -> str:
    """Returns the name a session is kept under."""
    return hashlib.sha256(token.encode()).hexdigest()
