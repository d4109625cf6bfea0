"""Residents at the pages, for tests: what a form holds, filled and sent as a browser without JavaScript would."""

from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.definition import Window
from campaigns.references import number_of
from campaigns.responses import Response
from campaigns.store.connection import Connections
from campaigns.store.opening import open_campaign
from campaigns.store.responses import get_response
from campaigns.store.secrets import receipt_secret
from campaigns.store.store import Store, load_campaign
from tests.storehouse import LITTLE, campaign_text, window_around

HOME = f"/{LITTLE}"


@dataclass
class Page(HTMLParser):
    """What stands on a page: its fields with what they hold, its title, its headings and all its words."""

    answer: TestResponse
    fields: dict[str, str] = field(default_factory=dict)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._area = ""
        self.ids: list[str] = []
        self.title = self.heading = ""
        self._inside: list[str] = []
        self.feed(self.answer.text)

    @property
    def status(self) -> int:
        """Returns the status it came with."""
        return self.answer.status_code

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a field, an id, a heading."""
        has = dict(attrs)
        self.ids += [has["id"]] if has.get("id") else []
        if tag == "input" and has.get("name") and (has.get("type") != "radio" or "checked" in has):
            self.fields[str(has["name"])] = has.get("value") or ""
        if tag in ("textarea", "select") and has.get("name"):
            self.fields[str(has["name"])] = ""
        if tag == "option" and "selected" in has:
            self.fields[list(self.fields)[-1]] = has.get("value") or ""
        if tag in ("title", "h1", "textarea"):
            self._inside.append(tag)
            self._area = has.get("name") or ""

    def handle_endtag(self, tag: str) -> None:
        """Leaves a heading or a box."""
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Notes words, each where it stands."""
        where = self._inside[-1] if self._inside else ""
        if where == "title":
            self.title += data
        elif where == "h1":
            self.heading += data
        elif where == "textarea" and self._area:
            self.fields[self._area] = data.removeprefix("\n")
        self.words += " ".join(data.split()) + " "


def open_asking(connections: Connections, window: Window | None = None) -> Store:
    """Returns the little campaign, open, asking on its form what connects people to the town."""
    load_campaign(connections, LITTLE, campaign_text().replace('id = "connection"', 'id = "connection"\nwith_wishes = true'))
    return open_campaign(connections, LITTLE, "s-1", window or window_around(date.today()))


def open_page(client: FlaskClient, address: str) -> Page:
    """Returns a page of the little campaign, by what follows its name, or of any address that begins with two slashes."""
    return Page(client.get(address[1:] if address.startswith("//") else HOME + address))


def send_form(client: FlaskClient, page: Page, address: str, **typed: str) -> Page:
    """Returns the answer to a page's form, sent with these fields typed over what it holds."""
    return Page(client.post(HOME + address, data={**page.fields, **typed}))


def send_wishes(client: FlaskClient, *wishes: str, by: str = "/wish", **typed: str) -> Page:
    """Returns the answer to wishes typed into the form found at an address."""
    boxes = {f"wish{slot}": wish for slot, wish in enumerate(wishes, 1)}
    return send_form(client, open_page(client, by), "/wish", **boxes, **typed)


def reference_in(page: Page) -> str:
    """Returns the reference in the address a sent form leads to."""
    return page.answer.location.rpartition("/")[2].partition("?")[0]


def kept_by(store: Store, page: Page) -> Response:
    """Returns the response a sent form became."""
    number = number_of(reference_in(page), receipt_secret(store))
    response = get_response(store, number or 0)
    assert response, f"{page.status}: {page.words}"
    return response
