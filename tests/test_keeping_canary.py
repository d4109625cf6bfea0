"""What is erased is nowhere any more: not in the store, the data folder, the logs, the journal, nor in any backup on the list."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import numpy as np
import pytest
from flask.testing import FlaskClient

from campaigns.importing import Columns, import_wishes
from campaigns.keeping.archive import extract_body
from campaigns.keeping.backing_up import back_up
from campaigns.keeping.duties import Duties, keep_promises, slow_work_due
from campaigns.keeping.forgetting import forget, still_hold
from campaigns.keeping.restoring import restore
from campaigns.responses import CLEARED, Response, SlotCoding
from campaigns.searching.index import is_behind, keep_up
from campaigns.searching.signs import signs_of
from campaigns.store.backups import all_backups
from campaigns.store.cards import print_cards
from campaigns.store.changes import code_wish, erase, moderate_wish
from campaigns.store.connection import Connections
from campaigns.store.consumers import park
from campaigns.store.intake import Way
from campaigns.store.keys import KEEPING
from campaigns.store.log import verify
from campaigns.store.pictures import card_picture, get, put, put_attachment
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.server.scratch import in_workroom, served
from campaigns.store.store import Store, open_store, open_stores
from campaigns.store.tray import InTray, keep_in_tray
from campaigns.store.worries import Worry, raise_worry
from tests.keeping import SECRETS, now, opened
from tests.paper import a_batch
from tests.storehouse import LITTLE, NORMANTON, catch_up, code_by_machine, every_byte, send
from tests.twice import two_apart
from tests.visitors import kept_by, open_asking, open_page, reference_in, send_form, send_wishes
from workers.schedule import Looks, look

WORD, OTHER = "Qxzyvorp", "Hjukwimb"  # the erased one's word, and that of one who stays
DRAWN = "Vlukgart"  # only in a picture: other tests may have left their words in the store's file
POSTCODE = "ZQ9 7XJ"
BY_CARD = 4  # the number of the response that was keyed from a card, twice
VECTOR = bytes([0x5A, 0xC3, 0x7E]) * 128
MACHINE = SlotCoding(("growth.roads",), "mend", "t-1", 0.75, (2, 5))
PERSON = SlotCoding(("safer.green",), "more", "s-2", at_ms=1278000000000)


def everywhere(data: Path, room: Path, connections: Connections) -> dict[str, bytes]:
    """Returns all there is by where it is: the store's keys, every file as it lies, and what packed ones unpack to."""
    found = {"store": _keys(connections)}
    for path in (path for path in data.rglob("*") if path.is_file()):
        name = str(path.relative_to(data))
        with suppress(FileNotFoundError):  # a rewrite has just put another in its place
            found |= {name: path.read_bytes(), f"{name} unpacked": _unpacked(path, room)}
    return found


def _keys(connections: Connections) -> bytes:
    while True:
        try:
            return every_byte(connections)
        except KeyError:  # a running service took a key away between its being found and read
            continue


def _unpacked(path: Path, room: Path) -> bytes:
    """Returns what a backup or the store's base file holds once a server has read it."""
    raw, members = room / "raw.rdb", []
    if is_zipfile(path):
        extract_body(path, raw)
        with ZipFile(path) as archive:
            members = [archive.read(name) for name in archive.namelist()]
    elif path.name.endswith(".base.rdb"):
        raw.write_bytes(path.read_bytes())
    else:
        return b""
    with served(room / "server", raw) as copy:
        return b"".join([every_byte(copy), *members])


def holding(everything: dict[str, bytes], *said: bytes) -> set[str]:
    """Returns the kinds of places that hold any of some words."""
    return {re.sub(r"[\d]+", "N", where) for where, held in everything.items() if any(one in held for one in said)}


@pytest.fixture
def data(redis_server: EmbeddedServer) -> Path:
    return redis_server.places.data


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_asking(connections)


def fill(store: Store, resident: FlaskClient, tmp_path: Path) -> tuple[str, Response, list[int]]:
    """Sends what is to be erased by every way in, has everyone do something with it, and returns its receipt and numbers."""
    sent = send_wishes(resident, f"{WORD} please", "Also buses", f"{WORD} too")
    receipt = f"/receipt/{reference_in(sent)}"
    about, chosen = f"/about/{reference_in(sent)}", {"about-faith": "2", "about-connection": "1"}
    assert send_form(resident, open_page(resident, about), about, **chosen).status == 303
    table = tmp_path / "table.csv"
    table.write_text(f"wish,postcode\n{WORD} by import,{POSTCODE}\n{OTHER} stays,DE1 1AA\n")
    assert import_wishes(store, table, Columns(("wish",), "postcode"), "letter", "").accepted == 2
    response = kept_by(store, sent)
    for number, slot in ((response.number, 1), (response.number, 3), (2, 1)):
        code_by_machine(store, number, slot, MACHINE, VECTOR)
        code_wish(store, now(store, number), slot, PERSON)
        moderate_wish(store, now(store, number), slot, CLEARED, "s-2")
    put_attachment(store, response.number, f"{WORD}.txt", f"{WORD} by letter".encode())
    park(store, "coding", response.number, ValueError(f"cannot embed {WORD}"))
    print_cards(store, 1, NORMANTON, "s-1")
    a_batch(store)
    two_apart(store, f"{WORD} by card", f"{WORD} keyed again")
    catch_up(store)
    return receipt, now(store, response.number), [response.number, 2, BY_CARD]


def at_work(connections: Connections, data: Path) -> None:
    """Lets the schedule look once, and does the slow work if it queued any."""
    connections.text.delete(KEEPING)
    look(connections, Looks(data=data))
    keep_promises(connections, data)
    for store in open_stores(connections):
        if is_behind(data, store):
            keep_up(data, store)


def test_what_is_erased_is_found_nowhere_and_what_stays_is(
    connections: Connections, store: Store, resident: FlaskClient, data: Path, tmp_path: Path, wait_for: Callable[..., object]
) -> None:
    receipt, _, numbers = fill(store, resident, tmp_path)
    signs = signs_of(np.frombuffer(VECTOR, np.int8)[None, :])[0].tobytes()
    secrets = [WORD.encode(), VECTOR[:24], signs, *(now(store, number).salt.encode() for number in numbers)]
    keep_up(data, store)
    back_up(connections, data, data / "first.zip")
    before = everywhere(data, tmp_path, connections)
    assert all(f"search/{LITTLE}.sqlite" in holding(before, one) for one in (WORD.lower().encode(), signs))
    assert {"store", "first.zip unpacked"} < holding(before, secrets[0])
    assert any("incr.aof" in where for where in holding(before, secrets[0]))
    assert b"ZQ9" in before["store"]
    assert any(where.startswith("pictures/") for where in holding(before, secrets[0]))
    form = open_page(resident, f"{receipt}/erase")
    assert send_form(resident, form, f"{receipt}/erase").status == 303
    assert all(erase(store, number, "s-1").done for number in numbers[1:])

    def nowhere() -> bool:
        at_work(connections, data)
        return not holding(everywhere(data, tmp_path, connections), *secrets)

    wait_for(nowhere, 180)
    after = everywhere(data, tmp_path, connections)
    assert b"ZQ9" not in after["store"]
    assert not any(store.raw.get(store.keys.of("answers", 0)) or b"")
    assert {"store", "first.zip unpacked"} <= holding(after, OTHER.encode())
    assert (verify(store).problem, open_page(resident, receipt).status) == ("", 410)
    assert not in_workroom(data)


def test_the_picture_of_an_erased_ones_card_is_gone_and_no_restore_names_it_again(
    connections: Connections, store: Store, data: Path, tmp_path: Path
) -> None:
    for card, word in ((1, DRAWN), (2, OTHER)):
        print_cards(store, 1, "", "s-1")
        picture = put(store, f"{word} in handwriting".encode())
        store.text.hset(store.keys.of("images"), str(card), f"{picture} a:{card}")
    number = send(store, way=Way(who="s-1", window="none"), card=1).number
    made = back_up(connections, data, tmp_path / "old.zip")
    assert not holding(everywhere(tmp_path, data / "keeping", connections), DRAWN.encode()), "a backup holds no pictures"
    erase(store, number)
    assert not holding(everywhere(data, tmp_path / "room", connections), DRAWN.encode())
    restore(connections, data, Path(made.path), replace=True)
    after = open_store(connections, LITTLE)
    assert (card_picture(after, 1), get(after, card_picture(after, 2))) == ("", f"{OTHER} in handwriting".encode())


def test_restoring_an_older_backup_does_not_bring_back_what_was_erased_since(
    connections: Connections, store: Store, resident: FlaskClient, data: Path, tmp_path: Path
) -> None:
    receipt, response, numbers = fill(store, resident, tmp_path)
    secrets = [WORD.encode(), VECTOR[:24], response.salt.encode()]
    back_up(connections, data, tmp_path / "old.zip")
    for number in numbers:
        erase(store, number)
    done = restore(connections, data, tmp_path / "old.zip", replace=True)
    assert (done.erased_again, done.before is not None) == (3, True)
    held = every_byte(connections)
    assert [said for said in secrets if said in held] == []
    assert OTHER.encode() in held
    assert (verify(open_store(connections, LITTLE)).problem, open_page(resident, receipt).status) == ("", 410)


def test_a_backup_that_cannot_be_reached_is_named_until_it_is_cleared_or_struck_off(
    connections: Connections, store: Store, resident: FlaskClient, data: Path, tmp_path: Path
) -> None:
    _, _, numbers = fill(store, resident, tmp_path)
    made = back_up(connections, data, tmp_path / "here.zip")
    Path(made.path).rename(tmp_path / "elsewhere.zip")
    for number in numbers:
        erase(store, number)
    assert [one.path for one in forget(connections, data).unreachable] == [made.path]
    assert [backup.id for backup, _ in still_hold(connections, data)] == [made.id]
    assert not slow_work_due(connections, data, Duties())  # nobody is asked twice what they cannot do
    (tmp_path / "elsewhere.zip").rename(made.path)
    outcome = forget(connections, data)
    assert ([one.id for one in outcome.cleared], outcome.unreachable, still_hold(connections, data)) == ([made.id], [], [])
    assert not holding(everywhere(tmp_path, data / "keeping", connections), WORD.encode()) - {"table.csv"}
    assert all_backups(connections)[0].sha256 != made.sha256


def test_words_whose_time_is_up_leave_the_backups_too(connections: Connections, data: Path, tmp_path: Path) -> None:
    store = opened(connections, months=1, daily=True)
    keep_in_tray(store, InTray("tab1-1", 1, "unknown serial", 0, "s-1", {"wish1": "Zebras"}))
    raise_worry(store, Worry("tab1-2", 1, 0, "s-1", {"wish1": "Quaggas"}))
    made = back_up(connections, data, tmp_path / "b.zip")
    assert slow_work_due(connections, data, Duties())
    keep_promises(connections, data)
    assert all_backups(connections)[0].sha256 != made.sha256
    assert not holding(everywhere(tmp_path, data / "keeping", connections), *SECRETS[:3])
    restore(connections, data, tmp_path / "b.zip", replace=True)
    assert (now(store, 1).state, verify(store).problem, all_backups(connections)[-1].id) == ("expired", "", made.id)
