"""Drafts asked for on the officers' page: written in the background, followed, taken, and gone when a quoted wish goes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from campaigns.drafts.kinds import KINDS
from campaigns.drafts.making import ENDINGS
from campaigns.exports.orders import DRAFTS, Order, find_order, look, orders_of
from campaigns.exports.sweeping import sweep
from campaigns.responses import CLEARED, SlotCoding
from campaigns.store.changes import code_wish, erase, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import read_events
from campaigns.store.responses import get_response
from campaigns.store.store import open_stores
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app
from web.officers.drafts import CALLED, ENDING_WORDS, MIMES
from workers.jobs import draft_file
from workers.queues import EXPORTS, queue

AT = f"/officers/{SLUG}/drafts"
QUOTED = "A pond for the ducks"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    made = make_desks(create_app({**settings, "DATA_DIR": str(tmp_path)}), connections)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr("workers.jobs.connections", lambda: connections)
    return made


@pytest.fixture
def officer(desks: Desks) -> Iterator[FlaskClient]:
    for words in (QUOTED, "More trees", "Mend the road"):
        number = desks.send(words, ward="Abbey")
        response = get_response(desks.store, number)
        assert response
        code_wish(desks.store, response, 1, SlotCoding(("safer.green",), "more", "s-1"))
    desks.count()
    yield desks.signed_in("officer")


def clear(desks: Desks, number: int, how: int = CLEARED) -> None:
    response = get_response(desks.store, number)
    assert response
    moderate_wish(desks.store, response, 1, how, "s-1")
    desks.count()


def asked(desks: Desks, officer: FlaskClient, data: Path, kind: str = "vision", ending: str = "md", only: str = "") -> Order:
    answer = post(officer, AT, {"kind": kind, "ending": ending, "only": only})
    assert answer.status_code == 303 and answer.location.endswith("#files")
    return orders_of(desks.store, data, DRAFTS)[0]


def made(desks: Desks, officer: FlaskClient, data: Path, **what: str) -> Order:
    order = asked(desks, officer, data, **what)
    draft_file(SLUG, order.id)
    return order


def test_every_kind_and_ending_has_its_words() -> None:
    assert set(CALLED) == set(KINDS)
    assert set(ENDING_WORDS) == set(MIMES) == set(ENDINGS)


def test_a_draft_is_asked_for_written_and_taken(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    empty = officer.get(AT).text
    assert "None yet." in empty and "No indicators are loaded" in empty and "data-under-way" not in empty
    clear(desks, 1)
    order = asked(desks, officer, tmp_path, "theme", "html", "safer")
    assert queue(desks.connections, EXPORTS).count == 1
    waiting = officer.get(AT).text
    assert "Waiting for its turn." in waiting and "data-under-way" in waiting and "<progress" in waiting
    draft_file(SLUG, order.id)
    page = officer.get(AT).text
    link = re.search(rf'href="({AT}/[^"]+)">([^<]+)</a> <span class="quiet">[^<]*up to event', page)
    assert link and link[2].startswith(f"{SLUG}-theme-safer-v1-") and link[2].endswith(".html")
    with officer.get(link[1]) as taken:
        assert taken.mimetype == "text/html" and QUOTED in taken.text and f"http://localhost/officers/{SLUG}/wishes" in taken.text
        assert "attachment" in taken.headers["Content-Disposition"]
    written = read_events(desks.store)[-1]
    assert written.name == "draft.written" and written.who.startswith("s-") and written.data["draft"] == "theme"


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_files_for_word_and_print_are_made(desks: Desks, officer: FlaskClient, tmp_path: Path, ending: str) -> None:
    order = made(desks, officer, tmp_path, kind="plan", ending=ending)
    progress = look(order)
    assert progress.made and (order.folder / progress.made.name).read_bytes()[:2] == {"docx": b"PK", "pdf": b"%P"}[ending]


@pytest.mark.parametrize("form", [
    {"kind": "poem", "ending": "md"}, {"kind": "plan", "ending": "exe"}, {"kind": "theme", "ending": "md", "only": "wealth"}, {},
])
def test_what_there_is_not_is_not_written(desks: Desks, officer: FlaskClient, tmp_path: Path, form: dict[str, object]) -> None:
    assert post(officer, AT, form).status_code == 400
    assert orders_of(desks.store, tmp_path, DRAFTS) == []


def test_it_can_be_stopped_begun_again_and_taken_away(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    order = asked(desks, officer, tmp_path)
    post(officer, f"{AT}/{order.id}", {"do": "stop"}, AT)
    draft_file(SLUG, order.id)
    assert look(order).state == "stopped" and "Stopped. Nothing of it is kept." in officer.get(AT).text
    post(officer, f"{AT}/{order.id}", {"do": "again"}, AT)
    draft_file(SLUG, order.id)
    assert look(find_order(desks.store, tmp_path, order.id, DRAFTS)).state == "done"
    post(officer, f"{AT}/{order.id}", {"do": "discard"}, AT)
    assert not order.folder.exists() and officer.get(f"{AT}/{order.id}/x.md").status_code == 404


@pytest.mark.parametrize(("what", "number", "stays"), [
    ("erase", 1, False), ("withdraw", 1, False), ("hold", 1, False), ("erase", 2, True), ("withdraw", 2, True), ("hold", 2, True),
    ("clear", 1, True),
])
def test_a_file_goes_when_a_wish_it_quotes_goes(
    desks: Desks, officer: FlaskClient, tmp_path: Path, what: str, number: int, stays: bool
) -> None:
    clear(desks, 1)
    order = made(desks, officer, tmp_path)
    progress = look(order)
    assert progress.made
    path = order.folder / progress.made.name
    assert QUOTED in path.read_text()
    {"erase": lambda: erase(desks.store, number), "withdraw": lambda: withdraw(desks.store, number),
     "hold": lambda: clear(desks, number, 2), "clear": lambda: clear(desks, number)}[what]()
    sweep(tmp_path, open_stores(desks.connections))
    assert path.exists() is stays
    assert ("this file was taken away" in officer.get(AT).text) is not stays


def test_an_auditor_reads_and_asks_for_nothing(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    order = made(desks, officer, tmp_path)
    page = desks.signed_in("auditor", name="Grace").get(AT).text
    assert "<button" not in page.partition("<main")[2] and order.id in page
