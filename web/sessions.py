"""Signed-in sessions, kept on the server so that they can be ended; residents never get a cookie."""

import hashlib
import json
import secrets
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from campaigns.store.connection import TextClient
from campaigns.store.keys import session_key

IDLE_SECONDS = 8 * 3600


class StaffSession(CallbackDict[str, Any], SessionMixin):
    """What a session holds, and whether it must be written."""

    def __init__(self, held: dict[str, Any] | None = None, token: str = "") -> None:
        super().__init__(held or {}, self._changed)
        self.token = token
        self.modified = False

    def _changed(self, _: object) -> None:
        self.modified = True


class RedisSessions(SessionInterface):
    """Keeps sessions in Redis under the hash of their token, so that reading the store opens none of them."""

    def __init__(self, client: TextClient) -> None:
        self._client = client

    def open_session(self, app: Flask, request: Request) -> StaffSession:
        """Returns the session of the request's cookie, or an empty one."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        kept = self._client.get(session_key(_hash(token))) if token else None
        return StaffSession(json.loads(kept), token) if kept else StaffSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Writes the session if it changed, ends it if it is empty, and sets the cookie only where there is one to set."""
        assert isinstance(session, StaffSession)
        name, path = self.get_cookie_name(app), self.get_cookie_path(app)
        if not session and session.token and session.modified:
            self._client.delete(session_key(_hash(session.token)))
            response.delete_cookie(name, path=path)
        elif session and session.modified:
            session.token = session.token or secrets.token_urlsafe(32)
            self._client.set(session_key(_hash(session.token)), json.dumps(dict(session)), ex=IDLE_SECONDS)
            response.set_cookie(
                name, session.token, httponly=True, samesite="Lax", secure=app.config["SESSION_COOKIE_SECURE"], path=path
            )
            response.vary.add("Cookie")


def renew_token(session: StaffSession, client: TextClient) -> None:
    """Gives a session a new token, as must happen when someone signs in."""
    if session.token:
        client.delete(session_key(_hash(session.token)))
    session.token = ""
    session.modified = True


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
