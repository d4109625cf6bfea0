"""Staff at their desks, for tests: an application on an open campaign, people with roles, forms sent as a browser would."""

import re
from dataclasses import dataclass
from datetime import date

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.campaign_file import read_file
from campaigns.consumers.tallying import stand, tally_batch
from campaigns.responses import Submission
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept
from campaigns.store.opening import demonstration_window, open_campaign
from campaigns.store.staff import Person, add_person, find_person
from campaigns.store.store import Store, load_campaign, open_store
from web.sessions import enter

SLUG = "derby-2026"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def quick_hash(password: str) -> str:
    """Returns a hash that is checked a hundred times faster than ours: each says itself how long its check shall take."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


@dataclass(frozen=True)
class Desks:
    """An application with derby-2026 open, and everything a test does to it."""

    app: Flask
    connections: Connections

    @property
    def store(self) -> Store:
        """Returns the campaign's store as it now is."""
        return open_store(self.connections, SLUG)

    def person(self, *roles: str, name: str = "Ada", campaigns: tuple[str, ...] = (), password_hash: str = "-") -> Person:
        """Returns someone on the staff, added if they are not yet."""
        email = f"{name.lower()}@derby.example"
        return find_person(self.connections, email) or add_person(
            self.connections, name, email, password_hash, roles, campaigns
        )

    def signed_in(self, *roles: str, name: str = "Ada", campaigns: tuple[str, ...] = ()) -> FlaskClient:
        """Returns a browser in which someone with these roles is signed in."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            enter(session, self.person(*roles, name=name, campaigns=campaigns))
        return client

    def send(self, *wishes: str, **what: str) -> int:
        """Returns the number of a new response."""
        area = self.store.campaign.area_named(what.pop("ward", ""))
        channel = what.pop("channel", "online")
        submission = Submission(wishes, channel, area=area.id if area else "not given", **what)  # type: ignore[arg-type]
        return accept(self.store, submission, Way(window="none")).number

    def count(self) -> None:
        """Brings the tallies up to the last event, as a worker would."""
        while tally_batch(self.store):
            pass
        stand(self.store, RowTable())


def make_desks(app: Flask, connections: Connections, text: str = "") -> Desks:
    """Returns the desks of an application, with derby-2026, or what a file says in its place, open as a demonstration."""
    load_campaign(connections, SLUG, text or read_file(SLUG))
    window = demonstration_window(open_store(connections, SLUG).campaign.window, date.today())
    open_campaign(connections, SLUG, "job:test", window)
    return Desks(app, connections)


def post(client: FlaskClient, address: str, form: dict[str, object], page: str = "") -> TestResponse:
    """Sends a form as a browser would: with the token of the page it stands on."""
    token = TOKEN.search(client.get(page or address).text)
    assert token, f"no form on {page or address}"
    return client.post(address, data={"csrf_token": token.group(1), **form})
