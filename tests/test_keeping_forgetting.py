"""Forgetting goes on where something stopped or is damaged: what was killed, what cannot be read, what was not noted."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from campaigns.keeping.archive import read_manifest
from campaigns.keeping.backing_up import back_up
from campaigns.keeping.duties import Duties, keep_promises, slow_work_due
from campaigns.keeping.forgetting import forget, still_hold
from campaigns.keeping.journal import NAME, Journal
from campaigns.store.backups import all_backups, note_backup
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.keys import KEEPING, REWRITE_DUE
from campaigns.store.opening import open_campaign
from campaigns.store.store import Store, load_campaign
from tests.keeping import TODAY, kept_for, now, opened
from tests.storehouse import open_little, send, window_around
from workers.schedule import Looks, look


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    for n in range(3):
        send(made, f"secret {n}")
    return made


def test_what_a_killed_backup_left_is_cleared_by_the_schedule(connections: Connections, tmp_path: Path) -> None:
    assert not slow_work_due(connections, tmp_path, Duties())
    left = tmp_path / "keeping" / "left"
    left.mkdir(parents=True)
    (left / "whole.rdb").write_bytes(b"words")
    assert slow_work_due(connections, tmp_path, Duties())
    keep_promises(connections, tmp_path)
    assert (left.exists(), slow_work_due(connections, tmp_path, Duties())) == (False, False)


def test_a_damaged_backup_keeps_no_other_from_being_cleared(store: Store, connections: Connections, tmp_path: Path) -> None:
    older = back_up(connections, tmp_path, tmp_path / "older.zip")
    newer = back_up(connections, tmp_path, tmp_path / "newer.zip")
    content = bytearray((tmp_path / "newer.zip").read_bytes())
    content[len(content) // 2] ^= 4
    (tmp_path / "newer.zip").write_bytes(content)
    erase(store, 2)
    outcome = forget(connections, tmp_path)
    assert ([one.id for one in outcome.cleared], [one.id for one in outcome.unreachable]) == ([older.id], [newer.id])
    assert [one.id for one, _ in still_hold(connections, tmp_path)] == [newer.id]
    assert not slow_work_due(connections, tmp_path, Duties())  # nobody is asked twice what they cannot do


def test_one_written_anew_and_not_noted_is_found_again(store: Store, connections: Connections, tmp_path: Path) -> None:
    made = back_up(connections, tmp_path, tmp_path / "b.zip")
    erase(store, 2)
    forget(connections, tmp_path)
    note_backup(connections, made)  # as if it had been killed before it noted what it wrote
    outcome = forget(connections, tmp_path)
    assert ([one.id for one in outcome.cleared], outcome.unreachable) == ([made.id], [])
    assert all_backups(connections)[0].sha256 == read_manifest(tmp_path / "b.zip").sha256


def test_a_campaign_whose_words_cannot_go_keeps_nobody_else_from_it(connections: Connections, tmp_path: Path) -> None:
    store = opened(connections, months=1, daily=True)
    back_up(connections, tmp_path, tmp_path / "b.zip")
    broken = _broken(connections)
    keep_promises(connections, tmp_path)
    assert (now(store, 1).wishes[0].kept, still_hold(connections, tmp_path)) == (False, [])
    assert broken.text.type(broken.keys.response(1)) == "string"


def _broken(connections: Connections) -> Store:
    """Returns a campaign, looked at before the other, one of whose responses cannot be read."""
    load_campaign(connections, "broken-town", kept_for(months=1, daily=True))
    store = open_campaign(connections, "broken-town", "s-1", window_around(TODAY - timedelta(days=400)))
    store.text.set(store.keys.response(1), "damage")
    store.text.hset(store.keys.of("head"), "responses", 1)
    return store


def test_an_erasure_that_is_journalled_has_the_file_rewritten(store: Store, connections: Connections, tmp_path: Path) -> None:
    erase(store, 2)
    connections.text.delete(REWRITE_DUE)  # as if it had been killed before it asked for that
    Journal(tmp_path).sync(connections)
    assert connections.text.delete(REWRITE_DUE) == 1
    Journal(tmp_path).sync(connections)
    assert not connections.text.exists(REWRITE_DUE)


def test_a_day_is_done_only_where_its_work_was_queued(connections: Connections, tmp_path: Path) -> None:
    opened(connections, months=1, daily=True)
    duties = Duties()
    connections.text.set(KEEPING, "1")
    assert not slow_work_due(connections, tmp_path, duties)
    connections.text.delete(KEEPING)
    assert slow_work_due(connections, tmp_path, duties)


def test_the_schedule_tells_of_no_failure_more_than_may_be_told(connections: Connections, tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with capture_logs() as said:
        look(connections, Looks(data=tmp_path))
    assert [(line["event"], "failure" in line, line["exc_info"]) for line in said] == [
        ("the journal of erasures cannot be kept up", False, True),
    ]
