"""Browsers in which someone has signed in before: they have a count of wrong tries of their own.

So whoever tries passwords from elsewhere, for however long, never shuts people out of the computers they work at.
"""

from secrets import token_urlsafe
from typing import cast

from flask import after_this_request, request
from flask.wrappers import Response

from campaigns.store.staff import Person
from web.sessions import DEVICE_SECONDS, cookie_name, read_signed, set_cookie, sign

MOST_PEOPLE = 8  # at one shared computer


def known_device(person: Person) -> str:
    """Returns the name of this browser if that person has signed in here within a year, else an empty one."""
    name, people = _read()
    return name if person.id in people else ""


def remember_device(person: Person) -> None:
    """Has this browser known again as one of that person's."""
    name, people = _read()
    known = [*(one for one in people if one != person.id), person.id][-MOST_PEOPLE:]

    @after_this_request
    def hand_over(response: Response) -> Response:
        set_cookie(response, "device", sign("device", [name or token_urlsafe(12), known]), DEVICE_SECONDS)
        return response


def _read() -> tuple[str, list[str]]:
    kept = read_signed("device", request.cookies.get(cookie_name("device"), ""), DEVICE_SECONDS)
    return cast(tuple[str, list[str]], tuple(kept)) if kept else ("", [])
