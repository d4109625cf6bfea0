"""The keying desk in tests: a bundle opened, pieces sent as the browser's queue sends them, or by the plain form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaigns.cards.serials import serial_for
from campaigns.store.returns import ReturnBatch, get_batch
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, post
from web.keying.desk import today

DESK = f"/keying/{SLUG}/"
TOKEN = re.compile(r'data-token="([^"]+)"')


def fields(page: str) -> dict[str, str]:
    """Returns the hidden fields of the card's form."""
    form = page.split("data-card", 1)[1]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


@dataclass
class Keyer:
    """Somebody at the desk with a batch open."""

    desks: Desks
    client: FlaskClient
    number: int
    person: str
    token: str
    pieces: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def store(self) -> Store:
        """Returns the campaign's store as it now is."""
        return self.desks.store

    @property
    def batch(self) -> ReturnBatch:
        """Returns the batch as it now is."""
        batch = get_batch(self.store, self.number)
        assert batch
        return batch

    @property
    def address(self) -> str:
        """Returns the address of the batch's card."""
        return f"{DESK}{self.number}"

    def item(self, card: int = 0, *wishes: str, **typed: str) -> dict[str, Any]:
        """Returns one piece as the queue holds it; ``card`` gives its serial."""
        boxes = {f"wish{place}": wish for place, wish in enumerate(wishes, 1)}
        serial = {"serial": serial_for(card, SLUG)} if card else {}
        about = {"kind": "piece", "piece": f"tab1-{next(self.pieces)}", "batch": self.number, "outcome": "keyed"}
        return about | serial | boxes | typed

    def send(self, *items: dict[str, Any], **beside: str) -> TestResponse:
        """Sends items as the queue does."""
        sent = {"by": self.person, "items": list(items), **beside}
        return self.client.post(f"{DESK}queue", json=sent, headers={"X-CSRFToken": self.token})

    def say(self, *items: dict[str, Any]) -> list[tuple[str, str]]:
        """Sends items, and returns what is answered to each: what became of it, and the words."""
        answer = self.send(*items)
        assert answer.status_code == 200, answer.text
        return [(one["outcome"], one["words"]) for one in answer.get_json()["answers"]]

    def by_form(self, card: int = 0, *wishes: str, **typed: str) -> TestResponse:
        """Sends a card by the plain form, as a browser without JavaScript does."""
        page = self.client.get(self.address).text
        return self.client.post(self.address, data={**self.item(card, *wishes, **typed), **fields(page)})


def sit_down(desks: Desks, counted: int = 5, name: str = "Ada", channel: str = "card", place: str = "", day: str = "") -> Keyer:
    """Returns a keyer who has just opened a batch."""
    client, person = desks.signed_in("keyer", name=name), desks.person("keyer", name=name)
    form = {"counted": str(counted), "channel": channel, "place": place, "day": day or today(desks.store).isoformat()}
    key = re.search(r'name="key" value="([^"]+)"', client.get(DESK).text)
    assert key
    opened = post(client, DESK, {**form, "key": key[1]})
    assert opened.status_code == 303, opened.text
    token = TOKEN.search(client.get(opened.location).text)
    assert token
    return Keyer(desks, client, int(opened.location.rpartition("/")[2]), person.id, token[1])
