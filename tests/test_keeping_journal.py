"""The journal of erasures: kept beside the store, whole after any stop, and never with anything that a person wrote."""

from pathlib import Path

import pytest

from campaigns.keeping.backing_up import back_up
from campaigns.keeping.duties import Duties, keep_promises, slow_work_due
from campaigns.keeping.expiring import expire
from campaigns.keeping.journal import AHEAD, NAME, Journal
from campaigns.store.backups import all_backups
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.keys import JOURNALS, KEEPING
from campaigns.store.log import last_event
from campaigns.store.server.scratch import workroom
from campaigns.store.store import Store
from tests.keeping import now, opened
from tests.storehouse import LITTLE, open_little, send
from workers.queues import SLOW, waiting_jobs
from workers.schedule import Looks, look


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    for n in range(6):
        send(made, f"secret {n}")
    return made


def test_every_erasure_is_written_down_once(store: Store, connections: Connections, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    erase(store, 2)
    first = journal.sync(connections)
    assert journal.sync(connections) == first
    erase(store, 3)
    expire(store, [4, 5, 1])
    journal.sync(connections)
    assert [(entry.what, entry.first, entry.last) for entry in journal.entries()] == [
        ("response.erased", 2, 2), ("response.erased", 3, 3), ("words.expired", 1, 1), ("words.expired", 4, 5),
    ]
    assert [entry.first for entry in journal.entries(first)] == [3, 1, 4]
    assert journal.entries()[0].received_ms == now(store, 2).received_ms
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert "secret" not in (tmp_path / NAME).read_text()


def test_a_line_that_the_power_tore_is_written_again(store: Store, connections: Connections, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    erase(store, 2)
    before, done = (tmp_path / NAME), connections.text.hgetall(JOURNALS)
    journal.sync(connections)
    before.write_bytes(before.read_bytes()[:-20])
    connections.text.delete(JOURNALS)
    for name, number in done.items():
        connections.text.hset(JOURNALS, name, number)
    erase(store, 3)
    journal.sync(connections)
    assert {entry.first for entry in journal.entries()} == {2, 3}


def test_a_journal_that_is_lost_is_made_again_from_the_log(store: Store, connections: Connections, tmp_path: Path) -> None:
    erase(store, 2)
    first = Journal(tmp_path).sync(connections)
    (tmp_path / NAME).unlink()
    second = Journal(tmp_path).sync(connections)
    assert first[0] != second[0]
    assert [entry.first for entry in Journal(tmp_path).entries(first)] == [2]


def test_numbers_are_written_down_ahead_of_being_given(store: Store, connections: Connections, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    end = journal.sync(connections)
    send(store, "one more")
    assert journal.sync(connections) == end  # one line does for many
    assert [(mark.responses, mark.cards) for mark in journal.given().values()] == [(6 + AHEAD, AHEAD)]


def test_the_schedule_queues_slow_work_once(store: Store, connections: Connections, tmp_path: Path) -> None:
    looks = Looks(data=tmp_path)
    back_up(connections, tmp_path, tmp_path / "b.zip")
    look(connections, looks)
    assert waiting_jobs(connections, SLOW) == 0
    erase(store, 2)
    for _ in range(3):
        look(connections, looks)
    assert (waiting_jobs(connections, SLOW), connections.text.exists(KEEPING)) == (1, 1)
    keep_promises(connections, tmp_path)
    look(connections, looks)
    assert (waiting_jobs(connections, SLOW), connections.text.exists(KEEPING)) == (1, 0)


def test_it_is_tried_again_where_another_is_at_it(store: Store, connections: Connections, tmp_path: Path) -> None:
    back_up(connections, tmp_path, tmp_path / "b.zip")
    erase(store, 2)
    assert slow_work_due(connections, tmp_path, Duties())
    before = all_backups(connections)
    with workroom(tmp_path):
        keep_promises(connections, tmp_path)
    assert (all_backups(connections), 0 < connections.text.ttl(KEEPING) <= 60) == (before, True)


def test_words_go_daily_only_where_the_file_says_so(connections: Connections, tmp_path: Path) -> None:
    store = opened(connections, months=1)
    assert not slow_work_due(connections, tmp_path, Duties())
    keep_promises(connections, tmp_path)
    assert now(store, 1).wishes[0].kept


def test_they_go_daily_where_it_does(connections: Connections, tmp_path: Path) -> None:
    store, duties = opened(connections, months=1, daily=True), Duties()
    assert slow_work_due(connections, tmp_path, duties)
    keep_promises(connections, tmp_path)
    assert (now(store, 1).wishes[0].kept, slow_work_due(connections, tmp_path, duties)) == (False, False)


def test_a_journal_that_cannot_be_written_keeps_nobody_from_the_rest(
    store: Store, connections: Connections, tmp_path: Path
) -> None:
    (tmp_path / NAME).mkdir()
    looks = Looks(data=tmp_path, sealed={LITTLE: ""})
    look(connections, looks)
    assert look(connections, looks)
    assert last_event(store) > 6
