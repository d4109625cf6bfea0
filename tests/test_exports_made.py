"""Exports made in the background: workbooks that hold every word and run nothing, kept only while they may be."""

import csv
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from campaigns.exports import making, orders
from campaigns.exports.columns import KINDS, columns_of_kind
from campaigns.exports.making import make_file
from campaigns.exports.ods import write_ods
from campaigns.exports.orders import GONE, KEPT_SECONDS, Order, find_order, look, orders_of
from campaigns.exports.reading import Watch, read_rows
from campaigns.exports.sheets import LONGEST_CELL, Sheet, cell_text, cut_to_sheets
from campaigns.exports.sweeping import sweep
from campaigns.exports.xlsx import write_xlsx
from campaigns.responses import CLEARED, SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from campaigns.store.store import open_stores
from campaigns.tallies import BASES, ask_for
from tests.desks import SLUG, Desks, make_desks, post
from tests.payloads import PAYLOADS
from tests.test_exports import FORMULAS
from tests.workbooks import read_workbook
from web import create_app
from workers.jobs import export_file
from workers.queues import EXPORTS, queue

AT = f"/officers/{SLUG}/exports"
OTHERS = ["Emoji 🌳👩‍👩‍👧", "two  spaces, _x0041_", "one\ntwo"]
LETTERS = "a =+-@\t\n<>&\"'_x0041_ ]]>é🌳👩‍👩‍👧پ‮\x00\x0b\ud800￾ "


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, tmp_path: Path) -> Desks:
    return make_desks(create_app({**settings, "DATA_DIR": str(tmp_path)}), connections)


@pytest.fixture
def officer(desks: Desks) -> Iterator[FlaskClient]:
    yield desks.signed_in("officer")


def asked(desks: Desks, officer: FlaskClient, data: Path, kind: str = "wishes", ending: str = "xlsx", **where: str) -> Order:
    answer = post(officer, AT, {"kind": kind, "ending": ending, **where})
    assert answer.status_code == 303 and answer.location.endswith("#files")
    return orders_of(desks.store, data)[0]


def made(desks: Desks, officer: FlaskClient, data: Path, **what: str) -> Path:
    order = asked(desks, officer, data, **what)
    assert make_file(order)
    whole = look(order).made
    assert whole
    return order.folder / whole.name


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_no_formula_is_live_in_a_workbook_and_no_word_is_lost(
    desks: Desks, officer: FlaskClient, tmp_path: Path, ending: str
) -> None:
    texts = [*FORMULAS, *(payload for payload in PAYLOADS[::7] if payload.strip()), *OTHERS]
    for text in texts:
        desks.send(text)
    desks.count()
    sheets = read_workbook(made(desks, officer, tmp_path, ending=ending))
    names, *rows = sheets["Wishes"]
    assert names == [name for name, _, _ in columns_of_kind("wishes")]
    given = [dict(zip(names, row, strict=True))["text"] for row in rows]
    assert given == [cell_text(text) for text in texts]
    assert [row[0] for row in sheets["What each column means"][1:]] == names
    assert dict(sheets["About this file"][1:])["rows"] == f"{len(texts)}"  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_any_text_at_all_comes_back_from_either_kind(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    texts = ["".join(chance.choices(LETTERS, k=chance.randint(1, 30))) for _ in range(200)]
    for ending, write in (("xlsx", write_xlsx), ("ods", write_ods)):
        with (tmp_path / f"any.{ending}").open("wb") as out:
            write(out, [Sheet("Any", (("text", "string"),), iter([[text] for text in texts]))])
        [(_, (_, *rows))] = read_workbook(tmp_path / f"any.{ending}").items()
        assert [row[0] for row in rows] == [cell_text(text) for text in texts], ending


@pytest.mark.parametrize(("text", "kept"), [
    ("a" * LONGEST_CELL, LONGEST_CELL), ("a" * 40_000, LONGEST_CELL), ("🌳" * 20_000, LONGEST_CELL), ("é" * 32_767, LONGEST_CELL),
    ("short", 5),
])
def test_a_cell_holds_what_excel_holds_and_says_where_it_was_cut(text: str, kept: int) -> None:
    cell = cell_text(text)
    assert kept - 1 <= len(cell.encode("utf-16-le")) // 2 <= kept
    assert cell.endswith("[cut here: a cell holds no more]") == (cell != text)


def test_more_rows_than_a_sheet_holds_go_on_further_ones() -> None:
    sheets = cut_to_sheets([Sheet("Wishes", (), iter([[n] for n in range(7)])), Sheet("None", (), iter([]))], 4)
    found = [(sheet.name, len(list(sheet.rows))) for sheet in sheets]
    assert found == [("Wishes", 3), ("Wishes 2", 3), ("Wishes 3", 1), ("None", 0)]


def test_the_counts_are_those_of_the_pages_and_hold_no_word(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    for n, ward in enumerate(("Abbey", "Abbey", "Boulton")):
        number = desks.send("Quaggas", "Zebras", ward=ward, channel="card" if n else "online")
        response = get_response(desks.store, number)
        assert response and code_wish(desks.store, response, 1, SlotCoding(("growth.transport", "other"), "more", "s-1")).done
    desks.count()
    path = made(desks, officer, tmp_path, kind="counts", ending="zip", channel="card")
    with ZipFile(path) as package:
        [name] = [name for name in package.namelist() if name.endswith(".csv") and name != "dictionary.csv"]
        described = json.loads(package.read("datapackage.json"))["resources"][0]
        rows = list(csv.DictReader(io.StringIO(package.read(name).decode(), newline="")))
        assert not any(b"Quaggas" in package.read(part) for part in package.namelist())
    assert described["path"] == name == f"{SLUG}-counts-{rows[0]['event']}.csv"
    assert described["name"].endswith(rows[0]["event"])
    found = {(row["by"], row["value"], row["by_2"], row["value_2"]): [int(row[base]) for base in BASES] for row in rows}
    assert found[("", "", "", "")] == [2, 4, 4]
    assert found[("ward", "Abbey", "", "")] == [1, 2, 2]
    assert found[("code", "growth.transport", "ask", "more")] == [2, 2, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_asked_for_followed_and_taken(desks: Desks, officer: FlaskClient, tmp_path: Path, kind: str) -> None:
    desks.send("A wish", ward="Abbey")
    desks.send("Another", ward="Boulton")
    desks.count()
    assert "None yet. Press" in officer.get(AT).text
    order = asked(desks, officer, tmp_path, kind, "ods", ward="Abbey")
    page = officer.get(AT).text
    assert "Waiting for its turn." in page and "data-under-way" in page and "Wishes from Abbey" in page
    assert queue(desks.connections, EXPORTS).count == 1
    assert make_file(order) and make_file(order) is True  # twice is as good as once
    whole = look(order).made
    assert whole and whole.name == f"{SLUG}-{kind}-{whole.event}.ods"
    page = officer.get(AT).text
    assert whole.name in page and "data-under-way" not in page and f"as of event {whole.event}" in page
    with officer.get(f"{AT}/made/{order.id}/{whole.name}") as answer:
        assert answer.status_code == 200 and whole.name in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert officer.get(f"{AT}/made/{order.id}/.asked.json").status_code == 404
    assert post(officer, f"{AT}/made/{order.id}", {"do": "discard"}, page=AT).status_code == 303
    assert not order.folder.exists() and "None yet. Press" in officer.get(AT).text


@pytest.mark.parametrize("form", [{"kind": "people", "ending": "xlsx"}, {"kind": "wishes", "ending": "exe"}, {}])
def test_what_is_not_offered_cannot_be_asked_for(desks: Desks, officer: FlaskClient, form: dict[str, object]) -> None:
    desks.send("A wish")
    desks.count()
    assert post(officer, AT, form).status_code == 400


def test_an_auditor_takes_files_and_asks_for_none(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    desks.send("A wish")
    desks.count()
    path = made(desks, officer, tmp_path)
    auditor = desks.signed_in("auditor", name="Ivy")
    page = auditor.get(AT).text
    assert path.name in page and 'name="ending"' not in page and 'value="discard"' not in page
    with auditor.get(f"{AT}/made/{path.parent.name}/{path.name}") as answer:
        assert answer.status_code == 200


def test_it_can_be_stopped_and_begun_again_and_what_was_killed_begins_again(
    desks: Desks, officer: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        desks.send(f"Wish {n}")
    desks.count()
    order = asked(desks, officer, tmp_path)
    assert post(officer, f"{AT}/made/{order.id}", {"do": "stop"}, page=AT).status_code == 303
    assert not make_file(order) and "Stopped. Nothing of it is kept." in officer.get(AT).text
    left = order.folder / ".whole.123.part"
    left.write_bytes(b"half of it, by whoever was killed")
    assert post(officer, f"{AT}/made/{order.id}", {"do": "again"}, page=AT).status_code == 303
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert make_file(order)
    assert not left.exists() and len(read_workbook(order.folder / f"{SLUG}-wishes-{look(order).made.event}.xlsx")["Wishes"]) == 6  # type: ignore[union-attr]
    export_file.__globals__["connections"].cache_clear()


def test_a_lost_one_says_so(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    desks.send("A wish")
    desks.count()
    order = asked(desks, officer, tmp_path)
    order.tell(0, 5)
    assert look(order).state == "going"
    long_ago = time.time() - orders.QUIET_SECONDS - 1
    os.utime(order.folder / ".progress", (long_ago, long_ago))
    assert "Nothing has moved for two minutes" in officer.get(AT).text


def goes(desks: Desks) -> list[Callable[[], object]]:
    return [lambda: erase(desks.store, 1), lambda: withdraw(desks.store, 2)]


@pytest.mark.parametrize("place", [0, 1])
def test_a_file_goes_at_once_with_what_it_held(desks: Desks, officer: FlaskClient, tmp_path: Path, place: int) -> None:
    desks.send("Quaggas")
    desks.send("Zebras")
    desks.count()
    paths = [made(desks, officer, tmp_path, ending=ending) for ending in ("xlsx", "zip")]
    response = get_response(desks.store, 1)
    assert response and moderate_wish(desks.store, response, 1, CLEARED, "s-1").done
    sweep(tmp_path, open_stores(desks.connections))
    assert all(path.exists() for path in paths)
    goes(desks)[place]()
    assert officer.get(f"{AT}/made/{paths[0].parent.name}/{paths[0].name}").status_code == 404
    sweep(tmp_path, open_stores(desks.connections))
    assert not any(path.exists() for path in paths)
    assert GONE in officer.get(AT).text
    again = find_order(desks.store, tmp_path, paths[0].parent.name)
    orders.again(again)
    desks.count()
    assert make_file(again) and len(read_workbook(again.folder / look(again).made.name)["Wishes"]) == 2  # type: ignore[union-attr]


def test_what_is_erased_while_it_is_written_is_not_in_it(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    desks.send("Quaggas")
    desks.send("Zebras")
    desks.count()
    order, tries = asked(desks, officer, tmp_path), []

    def tell(done: int, total: int) -> None:
        if not tries:
            erase(desks.store, 1)
        tries.append(done)

    object.__setattr__(order, "tell", tell)
    assert make_file(order)
    assert len(tries) == 2, "it was written once more"
    assert [row[9] for row in read_workbook(order.folder / look(order).made.name)["Wishes"][1:]] == ["Zebras"]  # type: ignore[union-attr]


def test_what_is_over_or_of_another_campaign_is_swept(desks: Desks, officer: FlaskClient, tmp_path: Path) -> None:
    desks.send("A wish")
    desks.count()
    path = made(desks, officer, tmp_path)
    old = path.parent.with_name("1-old")
    path.parent.rename(old)
    asked_file = old / ".asked.json"
    kept = json.loads(asked_file.read_text())
    asked_file.write_text(json.dumps({**kept, "at_ms": kept["at_ms"] - KEPT_SECONDS * 1000 - 1}))
    other = tmp_path / orders.EXPORTS / SLUG / "another" / "x"
    other.mkdir(parents=True)
    assert orders_of(desks.store, tmp_path) == []
    sweep(tmp_path, open_stores(desks.connections))
    assert not old.exists() and not other.exists()


def test_a_change_while_it_is_read_is_said_by_its_row(desks: Desks) -> None:
    for n in range(4):
        desks.send(f"Wish {n}")
    desks.count()
    store, table = desks.store, RowTable()
    watch = Watch(store, table.refresh(store))
    rows = read_rows(store, table, {}, "wishes", watch)
    response = get_response(store, 2)
    assert response and code_wish(store, response, 1, SlotCoding(("other",), "keep", "s-1", at_ms=1)).done
    withdraw(store, 3)
    desks.send("Too late for this file")
    found = list(rows)
    events = {row[0]: row[-1] for row in found}
    assert events == {1: watch.event, 2: watch.event + 1, 4: watch.event}
    assert (watch.last, watch.shown, watch.left_out) == (watch.event + 1, {2}, 1)
    assert ask_for(store.layout, ()).base == "responses"


def test_a_full_disk_is_said_in_words(
    desks: Desks, officer: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.send("A wish")
    desks.count()
    order = asked(desks, officer, tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(making.WRITERS, "xlsx", full)
    assert not make_file(order)
    assert "The disk said: No space left on device." in officer.get(AT).text
