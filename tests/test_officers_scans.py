"""Scans at the officer's desk: uploaded, read by the job, seen at the keying desk; what waits is settled by a person."""

import io
import re

import pytest
from PIL import Image

from campaigns.cards.serials import serial_for
from campaigns.store.cards import card_state
from campaigns.store.connection import Connections
from campaigns.store.consumers import silence_bell
from tests.desks import SLUG, Desks, make_desks, post
from tests.scanning import as_file, printed, scanned
from web import create_app
from workers import jobs
from workers.queues import SCANS, SLOW, waiting_jobs
from workers.schedule import Looks, look

PAGE = f"/officers/{SLUG}/scans"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, monkeypatch: pytest.MonkeyPatch) -> Desks:
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    return make_desks(create_app(settings | {"PICTURES_URL": connections.pictures}), connections)


def sent(content: bytes, name: str = "cards.pdf") -> dict[str, object]:
    return {"scan": (io.BytesIO(content), name)}


def test_an_upload_is_read_and_its_cards_are_seen_at_the_keying_desk(desks: Desks) -> None:
    officer, keyer = desks.signed_in("officer"), desks.signed_in("keyer", name="Grace")
    assert "No scan has been uploaded yet" in officer.get(PAGE).text
    batch = printed(desks.store, 2)
    content = as_file(scanned(desks.store, batch, noise=0))  # the test client leaves larger forms unclosed
    answer = post(officer, PAGE, sent(content))
    assert answer.status_code == 303
    assert "waits to be read" in officer.get(answer.location).text
    assert waiting_jobs(desks.connections, SLOW) == 1
    look(desks.connections, Looks())
    assert waiting_jobs(desks.connections, SLOW) == 1  # it has been asked for
    silence_bell(desks.store, SCANS)
    look(desks.connections, Looks())
    assert waiting_jobs(desks.connections, SLOW) == 2  # whoever was at it is gone
    jobs.read_scans(SLUG)
    page = officer.get(answer.location).text
    assert "<strong>1 page</strong> read, <strong>2 cards</strong> found." in page
    assert card_state(desks.store, batch.first) == "waiting"
    shown = keyer.get(f"/keying/{SLUG}/scan/{serial_for(batch.first, SLUG)}")
    assert (shown.status_code, shown.mimetype, shown.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    again = post(officer, PAGE, sent(content))
    assert "uploaded before" in officer.get(again.location).text


def test_a_page_without_a_code_waits_for_a_person_who_types_its_serial(desks: Desks) -> None:
    officer, batch = desks.signed_in("officer"), printed(desks.store, 1)
    page = Image.new("L", (600, 800), 255)
    page.paste(0, (50, 50, 500, 90))
    answer = post(officer, PAGE, sent(as_file([page], "PNG"), "page.png"))
    jobs.read_scans(SLUG)
    found = re.search(rf'href="({PAGE}/waiting/[^"]+)"', officer.get(answer.location).text)
    assert found
    item = found[1]
    assert "No code could be read" in officer.get(item).text
    assert officer.get(f"{item}.jpg").data.startswith(b"\xff\xd8\xff")
    refused = post(officer, item, {"serials": "AAA-AAA", "do": "tie"})
    assert (refused.status_code, "AAA-AAA" in refused.text) == (400, True)
    assert post(officer, item, {"serials": serial_for(batch.first, SLUG), "do": "tie"}).status_code == 303
    assert officer.get(f"/keying/{SLUG}/scan/{batch.first}").status_code == 403  # an officer is no keyer
    keyer = desks.signed_in("keyer", name="Grace")
    assert keyer.get(f"/keying/{SLUG}/scan/{batch.first}").data.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(("roles", "status"), [((), 302), (("keyer",), 403), (("officer",), 200), (("administrator",), 200)])
def test_scans_are_for_officers(desks: Desks, roles: tuple[str, ...], status: int) -> None:
    client = desks.signed_in(*roles) if roles else desks.app.test_client()
    assert client.get(PAGE).status_code == status


def test_a_form_without_a_file_says_so(desks: Desks) -> None:
    answer = post(desks.signed_in("officer"), PAGE, {})
    assert (answer.status_code, "Choose the file" in answer.text) == (400, True)
