"""Orders of printed files: whole or not there, gone on with after a fall, the same whoever makes them."""

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pypdfium2
import pytest

from campaigns.cards.print import orders
from campaigns.cards.print.making import make_files
from campaigns.cards.print.merge import HEADS, plain, write_merge
from campaigns.cards.print.orders import NoSuchOrder, Order, ask, discard, find_order, look, stop
from campaigns.cards.print.papers import PAPERS
from campaigns.cards.print.printing import CannotPrint, cards_of, number_batch, told
from campaigns.cards.print.stock import stock_of
from campaigns.cards.print.style import Card
from campaigns.cards.serials import serial_for
from campaigns.store.cards import Delivery, batches, reconcile
from campaigns.store.connection import Connections
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.places import take
from campaigns.store.store import Store
from campaigns.whole_files import whole_file
from tests.storehouse import LITTLE, NORMANTON, open_little, send
from workers import jobs

SITE = "https://wishes.example"


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def order_of(store: Store, data: Path, count: int = 10, paper: str = "sheets") -> Order:
    batch = number_batch(store, count, "Normanton", "s-1", SITE, Delivery(round="Round 12"))
    return ask(store, data, batch, PAPERS[paper], SITE)


def test_an_order_waits_is_made_and_is_the_same_made_again(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path)
    assert look(order).state == "waiting"
    assert make_files(order)
    done = look(order)
    assert (done.state, [path.name for path in done.files]) == (
        "done", ["little-town-cards-1-10-sheets.pdf", "little-town-cards-1-10.csv", "manifest.json"]
    )
    before = [path.read_bytes() for path in done.files[:2]]
    discard(order)
    with pytest.raises(NoSuchOrder):
        find_order(store, tmp_path, 1, "sheets")
    again = ask(store, tmp_path, order.batch, order.paper, SITE)
    assert make_files(again)
    assert [path.read_bytes() for path in look(again).files[:2]] == before


def test_a_manifest_counts_what_was_made_and_knows_each_file(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path, 10)
    assert make_files(order, a_file=4)
    manifest = json.loads((order.folder / "manifest.json").read_text())
    assert (manifest["campaign"], manifest["cards"], manifest["pages"]) == (LITTLE, 10, 6)
    batch = manifest["batch"]
    assert (batch["ward_name"], batch["round"], batch["number"]) == ("Normanton", "Round 12", 1)
    assert [(file["cards"], file["pages"]) for file in manifest["files"]] == [(4, 2), (4, 2), (2, 2), (10, 0)]
    for file in manifest["files"]:
        data = (order.folder / file["name"]).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (file["sha256"], file["bytes"])
        if file["name"].endswith(".pdf"):
            assert len(pypdfium2.PdfDocument(data)) == file["pages"]


def test_the_merge_file_has_a_line_a_card_and_nobodys_address(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path, 3)
    assert make_files(order)
    lines = list(csv.DictReader(io.StringIO((order.folder / "little-town-cards-1-3.csv").read_text("utf-8-sig"))))
    cards = list(cards_of(store, order.batch, SITE))
    assert list(lines[0]) == list(HEADS)
    assert [(line["serial"], line["qr_address"], line["receipt_code"]) for line in lines] == [
        (card.serial, card.address, card.stub) for card in cards
    ]
    assert {(line["ward"], line["round"]) for line in lines} == {("Normanton", "Round 12")}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "%0A"])
def test_no_cell_of_the_merge_file_is_a_formula(cell: str) -> None:
    assert plain(cell) == f"'{cell}"
    out = io.BytesIO()
    assert write_merge(out, [Card("AB3-K7Q", "HTTPS://A.UK", "2222", "Abbey")], cell) == 1
    assert next(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))["round"] == f"'{cell}"


def test_a_stopped_order_keeps_what_is_whole_and_goes_on_from_there(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path, 12)
    assert make_files(order, a_file=4)
    (order.folder / "manifest.json").unlink()
    second = order.folder / "little-town-cards-5-8-sheets.pdf"
    kept, lost = order.folder / "little-town-cards-1-4-sheets.pdf", second.read_bytes()
    second.unlink()
    was = kept.stat().st_mtime_ns
    stop(order)
    assert (make_files(order, a_file=4), look(order).state, second.exists()) == (False, "stopped", False)
    ask(store, tmp_path, order.batch, order.paper, SITE)
    assert (make_files(order, a_file=4), look(order).state) == (True, "done")
    assert (kept.stat().st_mtime_ns, second.read_bytes()) == (was, lost)


def test_progress_is_told_and_never_half_a_file_offered(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path, 250)
    seen = []
    with whole_file(order.folder / "half.pdf") as out:
        for card in told(islice(cards_of(store, order.batch, SITE), 250), order.tell):
            out.write(card.serial.encode())
            seen.append((look(order).state, look(order).done))
        assert not (order.folder / "half.pdf").exists() and look(order).files == ()
    assert [seen[place] for place in (50, 150, 249)] == [("waiting", 0), ("going", 100), ("going", 200)]


KILLED = """
import os, signal, sys
from pathlib import Path
from campaigns.cards.print import making
from campaigns.cards.print.orders import find_order
from campaigns.store.connection import connect
from campaigns.store.store import open_store
from campaigns.whole_files import whole_file

order = find_order(open_store(connect(os.environ), "little-town"), Path(sys.argv[1]), 1, "sheets")
tell = type(order).tell
def die(self, done):
    tell(self, done)
    if done >= 200:
        os.kill(os.getpid(), signal.SIGKILL)
type(order).tell = die
making.make_files(order, 150)
"""


def test_killed_half_way_it_is_gone_on_with_and_no_half_file_is_offered(
    store: Store, tmp_path: Path, redis_server: EmbeddedServer
) -> None:
    order = order_of(store, tmp_path, 300)
    env = {**os.environ, "REDIS_URL": redis_server.url, "PYTHONPATH": str(Path(__file__).parents[1])}
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=env, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (look(order).state, look(order).files) == ("going", ())
    whole = order.folder / "little-town-cards-1-150-sheets.pdf"
    assert whole.exists() and list(order.folder.glob(".*.part"))
    was = whole.stat().st_mtime_ns
    assert make_files(order, 150)
    assert (look(order).state, whole.stat().st_mtime_ns, list(order.folder.glob(".*.part"))) == ("done", was, [])


def test_two_at_once_make_it_once(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path)
    lock = take(order.folder / ".lock")
    assert lock is not None
    assert not make_files(order)
    os.close(lock)
    assert make_files(order)


def test_the_job_makes_it_and_one_taken_away_is_let_be(
    store: Store, redis_server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    jobs.connections.cache_clear()
    order = order_of(store, tmp_path)
    jobs.print_files(LITTLE, 1, "sheets")
    jobs.print_files(LITTLE, 1, "large")
    assert look(order).state == "done"
    jobs.connections().close()
    jobs.connections.cache_clear()


def test_a_full_disk_is_said_in_words_and_can_go_on(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = order_of(store, tmp_path)
    monkeypatch.setenv("MIN_FREE_MB", "999999999")
    assert not make_files(order)
    assert (look(order).state, "free" in look(order).words) == ("failed", True)
    monkeypatch.delenv("MIN_FREE_MB")
    ask(store, tmp_path, order.batch, order.paper, SITE)
    assert make_files(order)


def test_an_order_that_nobody_works_at_is_lost_until_asked_again(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path)
    order.tell(5)
    for path in order.folder.iterdir():
        os.utime(path, (0, 0))
    assert look(order).state == "lost"
    assert look(ask(store, tmp_path, order.batch, order.paper, SITE)).state == "going"


def test_cards_that_would_look_otherwise_are_made_anew(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path)
    assert make_files(order)
    moved = ask(store, tmp_path, order.batch, order.paper, "https://elsewhere.example")
    assert look(moved).state == "waiting"
    assert find_order(store, tmp_path, 1, "sheets").base_url == "https://elsewhere.example"


@pytest.mark.parametrize(("number", "paper"), [(2, "sheets"), (1, "large"), (1, "../sheets"), (0, "")])
def test_what_was_not_ordered_is_not_found(store: Store, tmp_path: Path, number: int, paper: str) -> None:
    order_of(store, tmp_path)
    with pytest.raises(NoSuchOrder):
        find_order(store, tmp_path, number, paper)


def test_another_loading_of_a_campaign_takes_away_the_files_of_the_one_before(store: Store, tmp_path: Path) -> None:
    order = order_of(store, tmp_path)
    other = replace(store, state={**store.state, "born": "another"})
    assert orders.orders_of(store, tmp_path, [order.batch])[1][0].paper.name == "sheets"
    assert orders.orders_of(other, tmp_path, [order.batch]) == {}
    ask(other, tmp_path, order.batch, order.paper, SITE)
    assert (order.folder.exists(), list(orders.orders_of(other, tmp_path, [order.batch]))) == (False, [1])


@pytest.mark.parametrize(("ward", "delivery", "field"), [
    ("Atlantis", Delivery(), "ward"), ("", Delivery(place="moon"), "place"), ("", Delivery(round="x" * 41), "round"),
    ("", Delivery(round="a\x00b"), "round"), ("", Delivery(households=-1), "households"),
])
def test_what_cannot_be_delivered_so_numbers_none(store: Store, ward: str, delivery: Delivery, field: str) -> None:
    with pytest.raises(CannotPrint) as refused:
        number_batch(store, 4, ward, "s-1", SITE, delivery)
    assert (refused.value.field, batches(store)) == (field, [])


def test_one_key_numbers_one_batch(store: Store) -> None:
    first, again, other = (number_batch(store, 4, "", "s-1", SITE, key=key) for key in ("a", "a", "b"))
    assert (first, reconcile(store).printed) == (again, 8)
    assert other.first == 5


@pytest.fixture
def stocked(store: Store) -> Iterator[Store]:
    """Yields a campaign whose libraries have twelve cards, four of them held back, and one ward its own."""
    number_batch(store, 8, "", "s-1", SITE, Delivery(place="libraries"))
    number_batch(store, 4, NORMANTON, "s-1", SITE)
    number_batch(store, 4, "", "s-1", SITE, Delivery(place="libraries"), held=True)
    yield store


@pytest.mark.parametrize(("used", "left", "low"), [(0, 8, False), (5, 3, False), (6, 2, True), (8, 0, True)])
def test_a_place_runs_low_when_a_quarter_is_left(stocked: Store, used: int, left: int, low: bool) -> None:
    for card in range(1, used + 1):
        send(stocked, f"wish {card}", card=card)
    stock = stock_of(stocked, batches(stocked))[0]
    assert (stock.place.id, stock.given, stock.held, stock.used, stock.left, stock.low, stock.latest) == (
        "libraries", 12, 4, used, left, low, 4
    )


def test_serials_in_files_are_those_of_the_ledger(stocked: Store) -> None:
    cards = list(cards_of(stocked, batches(stocked)[1], SITE))
    assert [card.serial for card in cards] == [serial_for(number, LITTLE) for number in range(9, 13)]
