"""Pictures go with what they show: with an erased response, a campaign, words whose time is up; what nothing names is swept."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from campaigns.keeping.duties import keep_promises
from campaigns.keeping.retention import retain
from campaigns.store.changes import erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way
from campaigns.store.keys import RESTORING
from campaigns.store.pictures import (
    NoPictures,
    attachments,
    card_picture,
    get,
    get_attachment,
    page_picture,
    put,
    put_attachment,
    sweep,
)
from campaigns.store.scans import list_scans
from campaigns.store.server.scratch import workroom
from campaigns.store.store import Store, forget_campaign, open_store
from tests.keeping import opened
from tests.scanning import as_file, printed, scanned, upload
from tests.storehouse import open_little, send

BY_STAFF = Way(who="s-1", window="none", card_mark="online")


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def files(connections: Connections) -> list[Path]:
    """Returns every file in the place for pictures."""
    root = Path(connections.pictures.removeprefix("file://"))
    return sorted(path for path in root.rglob("*") if path.is_file())


def make_old(connections: Connections) -> None:
    """Makes every file older than what a sweep spares."""
    for path in files(connections):
        os.utime(path, (0, 0))


def test_a_cards_picture_and_its_letters_go_when_its_response_is_erased(store: Store, connections: Connections) -> None:
    batch = printed(store, 2)
    upload(store, as_file(scanned(store, batch)))
    mine = send(store, way=BY_STAFF, card=batch.first)
    put_attachment(store, mine.number, "letter.pdf", b"Dear council")
    put_attachment(store, mine.number, "more.pdf", b"and also")
    assert [one["name"] for one in attachments(store, mine.number)] == ["letter.pdf", "more.pdf"]
    assert (get_attachment(store, mine.number, "more.pdf"), len(files(connections))) == (b"and also", 4)
    assert withdraw(store, mine.number).done
    assert len(files(connections)) == 4
    assert erase(store, mine.number).done
    assert (card_picture(store, batch.first), attachments(store, mine.number)) == ("", [])
    assert len(files(connections)) == 1
    assert get(store, card_picture(store, batch.last))


def test_whoever_stands_on_one_page_with_the_erased_loses_its_picture(store: Store, connections: Connections) -> None:
    batch = printed(store, 2)
    page = put(store, b"a page with both")
    store.text.hset(store.keys.of("images"), mapping={
        "page:a:0": page, str(batch.first): "- a:0", str(batch.last): "- a:0", "item:a:0:1": put(store, b"another paper"),
    })
    store.text.hset(store.keys.of("unread"), "a:0:1", f'["keyed", {batch.first}]')
    assert get(store, card_picture(store, batch.last)) == b"a page with both"
    erase(store, send(store, way=BY_STAFF, card=batch.first).number)
    assert (card_picture(store, batch.last), page_picture(store, "a", 0), files(connections)) == ("", "", [])


def test_pictures_go_with_words_whose_time_is_up(connections: Connections) -> None:
    store = opened(connections, months=1)
    batch = printed(store, 2)
    upload(store, as_file(scanned(store, batch)))
    number = send(store, way=BY_STAFF, card=batch.first).number
    put_attachment(store, number, "letter.pdf", b"Dear council")
    assert len(files(connections)) == 3
    retain(store, date.today())
    assert (files(connections), list_scans(store), attachments(store, number)) == ([], [], [])


def test_pictures_go_with_their_campaign(store: Store, connections: Connections) -> None:
    put(store, b"a picture")
    forget_campaign(store)
    assert files(connections) == []


def test_what_nothing_names_is_swept_once_it_is_old(store: Store, connections: Connections, tmp_path: Path) -> None:
    kept = put(store, b"a page")
    store.text.hset(store.keys.of("images"), "page:a:0", kept)
    put(store, b"left by a killed process")
    assert sweep(store) == 0
    make_old(connections)
    put(store, b"about to be named")
    keep_promises(connections, tmp_path)
    assert sorted(path.read_bytes() for path in files(connections)) == [b"a page", b"about to be named"]
    connections.text.set(RESTORING, "a-backup")
    connections.text.delete(store.keys.of("images"))  # on its way back
    make_old(connections)
    keep_promises(connections, tmp_path)
    assert len(files(connections)) == 2
    connections.text.delete(RESTORING)
    with workroom(tmp_path):
        keep_promises(connections, tmp_path)
    assert len(files(connections)) == 2
    keep_promises(connections, tmp_path)
    assert files(connections) == []


def test_only_what_was_a_campaigns_is_swept_with_it(store: Store, connections: Connections, tmp_path: Path) -> None:
    put(store, b"could not be reached")
    forget_campaign(open_store(replace(connections, pictures=""), store.slug))
    other = Path(connections.pictures.removeprefix("file://")) / "holidays" / "beach.jpg"
    other.parent.mkdir()
    other.write_bytes(b"not ours")
    assert len(files(connections)) == 2
    keep_promises(connections, tmp_path)
    assert files(connections) == [other]


def test_pictures_may_be_kept_in_any_object_store(connections: Connections) -> None:
    elsewhere = replace(connections, pictures="memory://pictures")
    store = open_little(elsewhere)
    name = put(store, b"a picture")
    assert (get(store, name), get(store, "none.jpg")) == (b"a picture", None)
    assert sweep(store) == 0
    forget_campaign(store)
    assert get(store, name) is None


def test_without_a_place_nothing_is_kept_and_nothing_breaks(connections: Connections) -> None:
    store = open_little(replace(connections, pictures=""))
    with pytest.raises(NoPictures):
        put(store, b"a picture")
    assert erase(store, send(store).number).done
    assert sweep(open_store(store.connections, store.slug)) == 0


def test_the_place_is_closed_to_others(store: Store, connections: Connections) -> None:
    put(store, b"a picture")
    assert Path(connections.pictures.removeprefix("file://")).stat().st_mode & 0o077 == 0
