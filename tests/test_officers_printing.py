"""The page for printing: one batch however often the button is pressed, files followed and taken, places refilled."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from campaigns.cards.print.making import make_files
from campaigns.cards.print.orders import Order, find_order
from campaigns.store.cards import batches, reconcile
from campaigns.store.connection import Connections
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app
from workers.queues import SLOW, queue, waiting_jobs

PRINT = f"/officers/{SLUG}/cards/print"
KEY = re.compile(r'name="key" value="([0-9a-f]+)"')


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, tmp_path: Path) -> Desks:
    return make_desks(create_app({**settings, "DATA_DIR": str(tmp_path)}), connections)


@pytest.fixture
def officer(desks: Desks) -> Iterator[FlaskClient]:
    yield desks.signed_in("officer")


def order_of(desks: Desks, tmp_path: Path, number: int = 1, paper: str = "sheets") -> Order:
    return find_order(desks.store, tmp_path, number, paper)


def number_cards(officer: FlaskClient, count: object = 8, **form: object) -> str:
    """Numbers cards on the page and returns the address of their own page."""
    answer = post(officer, PRINT, {"count": count, "paper": "sheets", "key": "k", **form})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_cards_are_numbered_made_and_taken(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    assert "No card has been printed yet." in officer.get(PRINT).text
    form = {"ward": "E05001780", "round": "Round 12", "households": "6,000".replace(",", ""), "place": ""}
    address = number_cards(officer, **form)
    assert (address, waiting_jobs(desks.connections, SLOW)) == (f"{PRINT}/1", 1)
    page = officer.get(address).text
    for said in ("Waiting for its turn.", "Normanton · Round 12", "6,000 households", '<meta http-equiv="refresh" content="5">'):
        assert said in page
    assert make_files(order_of(desks, tmp_path))
    page = officer.get(address).text
    assert "refresh" not in page
    for name in ("derby-2026-cards-1-8-sheets.pdf", "derby-2026-cards-1-8.csv", "manifest.json"):
        assert f'href="{address}/sheets/{name}"' in page
    with officer.get(f"{address}/sheets/derby-2026-cards-1-8-sheets.pdf") as sheets:
        assert sheets.data.startswith(b"%PDF")
        assert (sheets.mimetype, sheets.headers["Cache-Control"]) == ("application/pdf", "no-store")
        assert "derby-2026-cards-1-8-sheets.pdf" in sheets.headers["Content-Disposition"]
    with officer.get(f"{address}/sheets/manifest.json") as manifest:
        assert json.loads(manifest.data)["cards"] == 8
    assert "ready" in officer.get(PRINT).text


def test_a_job_whose_worker_fell_is_tried_again(desks: Desks, officer: FlaskClient) -> None:
    number_cards(officer)
    job = queue(desks.connections, SLOW).jobs[0]
    assert (job.func_name, job.args, job.retries_left) == ("workers.jobs.print_files", [SLUG, 1, "sheets"], 2)


def test_a_double_click_numbers_one_batch(desks: Desks, officer: FlaskClient) -> None:
    key = KEY.search(officer.get(PRINT).text)
    assert key
    pressed = [number_cards(officer, 4, key=key.group(1)) for _ in range(2)]
    assert (pressed, reconcile(desks.store).printed) == ([f"{PRINT}/1"] * 2, 4)
    assert KEY.search(officer.get(PRINT).text) != key


@pytest.mark.parametrize(("form", "field"), [
    ({"count": ""}, "count"), ({"count": "0"}, "count"), ({"count": "200001"}, "count"), ({"count": "-4"}, "count"),
    ({"count": "²"}, "count"), ({"count": "9" * 5000}, "count"), ({"ward": "Atlantis"}, "ward"), ({"place": "moon"}, "place"),
    ({"round": "x" * 41}, "round"), ({"households": "many"}, "households"), ({"paper": "napkin"}, "paper"),
])
def test_a_wrong_order_numbers_none_and_loses_nothing(
    desks: Desks, officer: FlaskClient, form: dict[str, object], field: str
) -> None:
    answer = post(officer, PRINT, {"count": "4", "round": "Round 7", "paper": "sheets", "key": "kept", **form})
    assert (answer.status_code, f'id="{field}-problem"' in answer.text) == (400, True)
    assert 'name="key" value="kept"' in answer.text
    assert field == "round" or 'value="Round 7"' in answer.text
    assert batches(desks.store) == []


def test_files_are_stopped_gone_on_with_and_taken_away(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    address = number_cards(officer)
    order = order_of(desks, tmp_path)
    assert post(officer, address, {"paper": "sheets", "do": "stop"}).status_code == 303
    assert "Stopped at 0 of 8 cards." in officer.get(address).text and not make_files(order)
    assert officer.get(f"{address}/sheets/derby-2026-cards-1-8-sheets.pdf").status_code == 404
    post(officer, address, {"paper": "sheets", "do": "make"})
    assert make_files(order)
    post(officer, address, {"paper": "sheets", "do": "discard"})
    assert "Make these files" in officer.get(address).text and not order.folder.exists()
    assert reconcile(desks.store).printed == 8


@pytest.mark.parametrize("path", ["2", "1/large/manifest.json", "1/sheets/.asked.json", "1/sheets/..%2fx.json", "1/x/y.pdf"])
def test_what_is_not_offered_is_not_found(officer: FlaskClient, path: str) -> None:
    number_cards(officer)
    assert officer.get(f"{PRINT}/{path}").status_code == 404


def test_what_was_not_asked_for_does_nothing(officer: FlaskClient) -> None:
    address = number_cards(officer)
    assert post(officer, address, {"paper": "napkin", "do": "make"}).status_code == 400
    assert post(officer, address, {"paper": "large", "do": "stop"}).status_code == 404


def test_a_place_is_refilled_and_its_poster_taken(desks: Desks, officer: FlaskClient) -> None:
    number_cards(officer, 12, place="libraries")
    page = officer.get(PRINT).text
    assert f"{PRINT}?place=libraries&amp;count=12#print-title" in page
    refill = officer.get(f"{PRINT}?place=libraries&count=12").text
    assert 'value="12"' in refill and '<option value="libraries" selected>' in refill
    for size in ("a4", "a3", "tent-a5", "tent-a6"):
        assert officer.get(f"/officers/{SLUG}/cards/posters/libraries/{size}.pdf").data.startswith(b"%PDF")
    assert officer.get(f"/officers/{SLUG}/cards/posters/moon/a4.pdf").status_code == 404
    assert officer.get(f"/officers/{SLUG}/cards/posters/libraries/a9.pdf").status_code == 404


def test_cards_can_be_held_back_and_large(desks: Desks, officer: FlaskClient) -> None:
    address = number_cards(officer, 3, paper="large", held="1")
    assert (reconcile(desks.store).states["held"], batches(desks.store)[0].kind) == (3, "large print")
    page = officer.get(address).text
    assert "Large print: one card on A4" in page and "A4 sheets, four cards each" not in page
