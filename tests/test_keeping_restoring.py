"""A restore that stops, or whose backup is odd, takes nothing away that was acknowledged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from campaigns.keeping.backing_up import back_up
from campaigns.keeping.journal import Journal
from campaigns.keeping.restoring import NotEmpty, restore
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.copying import Misfit
from campaigns.store.intake import Accepted, Way
from campaigns.store.keys import CAMPAIGNS, RESTORING
from campaigns.store.opening import close_campaign, open_campaign
from campaigns.store.pausing import paused
from campaigns.store.server.scratch import Busy
from campaigns.store.store import Store, loaded_slugs, open_store
from tests.keeping import now
from tests.storehouse import LITTLE, open_little, send

BY_STAFF = Way(window="none")


class Stopped(Exception):
    """Stands for the power going."""


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    for n in range(3):
        send(made, f"wish {n}")
    return made


def stop_at(words: str) -> Callable[[str], None]:
    """Returns a listener that stops a restore where it says this."""
    def say(said: str) -> None:
        if said.startswith(words):
            raise Stopped
    return say


def test_one_that_stopped_while_proving_is_not_taken_for_half(store: Store, connections: Connections, tmp_path: Path) -> None:
    made = back_up(connections, tmp_path, tmp_path / "b.zip")
    with pytest.raises(Stopped):
        restore(connections, tmp_path, tmp_path / "b.zip", replace=True, say=stop_at("Checking"))
    assert connections.text.get(RESTORING) == made.id
    sent = send(open_store(connections, LITTLE), "since", way=BY_STAFF)
    with pytest.raises(NotEmpty, match="--replace"):
        restore(connections, tmp_path, tmp_path / "b.zip")
    done = restore(connections, tmp_path, tmp_path / "b.zip", replace=True)
    assert done.before
    restore(connections, tmp_path, Path(done.before.path), replace=True)
    assert now(open_store(connections, LITTLE), sent.number).wishes[0].text == "since"


def test_what_is_acknowledged_before_it_is_emptied_is_in_the_backup_of_before(
    store: Store, connections: Connections, tmp_path: Path
) -> None:
    back_up(connections, tmp_path, tmp_path / "b.zip")
    answers: list[Accepted] = []

    def say(words: str) -> None:
        if not words.startswith(("Putting back", "Checking")):
            answers.append(send(store, f"meanwhile {len(answers)}", way=BY_STAFF))

    done = restore(connections, tmp_path, tmp_path / "b.zip", replace=True, say=say)
    assert {answer.detail for answer in answers if not answer.kept} == {"paused"}
    assert done.before
    assert done.before.campaigns[LITTLE]["responses"] == 3 + sum(answer.kept for answer in answers)
    restore(connections, tmp_path, Path(done.before.path), replace=True)
    assert send(open_store(connections, LITTLE), "open again", way=BY_STAFF).kept


@pytest.mark.parametrize(("replace", "at", "wrong"), [
    (False, "nothing", NotEmpty), (True, "Taking nothing in", Stopped), (True, "Writing the backup", Stopped),
])
def test_one_that_ends_before_it_empties_has_the_campaigns_go_on(
    store: Store, connections: Connections, tmp_path: Path, replace: bool, at: str, wrong: type[Exception]
) -> None:
    back_up(connections, tmp_path, tmp_path / "b.zip")
    before = connections.text.hgetall(store.keys.of("state"))
    with pytest.raises(wrong):
        restore(connections, tmp_path, tmp_path / "b.zip", replace=replace, say=stop_at(at))
    assert connections.text.hgetall(store.keys.of("state")) == before
    assert send(store, "on we go").kept


def test_what_a_removal_left_is_in_no_backup_and_stops_no_restore(
    store: Store, connections: Connections, tmp_path: Path
) -> None:
    other = open_little(connections, slug="second-town")
    connections.text.srem(CAMPAIGNS, other.slug)  # a removal that was broken off
    back_up(connections, tmp_path, tmp_path / "b.zip")
    restore(connections, tmp_path, tmp_path / "b.zip", replace=True)
    assert (loaded_slugs(connections), list(connections.text.scan_iter(match=other.keys.every()))) == ([LITTLE], [])


def test_a_log_that_does_not_fit_is_found_before_anything_goes(store: Store, connections: Connections, tmp_path: Path) -> None:
    connections.text.xdel(store.keys.of("log"), "2-0")
    back_up(connections, tmp_path, tmp_path / "b.zip")
    with pytest.raises(Misfit, match="from event 2 on"):
        restore(connections, tmp_path, tmp_path / "b.zip", replace=True)
    assert (loaded_slugs(connections), send(store, "on we go").kept) == ([LITTLE], True)


def test_what_is_erased_after_a_restore_in_place_is_journalled(store: Store, connections: Connections, tmp_path: Path) -> None:
    back_up(connections, tmp_path, tmp_path / "b.zip")
    for n in range(9):
        send(store, f"later {n}")
    Journal(tmp_path).sync(connections)
    restore(connections, tmp_path, tmp_path / "b.zip", replace=True)
    erase(open_store(connections, LITTLE), 2)
    Journal(tmp_path).sync(connections)
    assert [entry.first for entry in Journal(tmp_path).entries()] == [2]


def test_another_restore_meanwhile_opens_nothing(store: Store, connections: Connections, tmp_path: Path) -> None:
    back_up(connections, tmp_path, tmp_path / "b.zip")
    states: list[str | None] = []

    def say(words: str) -> None:
        if words.startswith("Taking nothing in"):
            with pytest.raises(Busy):
                restore(connections, tmp_path, tmp_path / "b.zip")
            states.append(connections.text.hget(store.keys.of("state"), "state"))

    restore(connections, tmp_path, tmp_path / "b.zip", replace=True, say=say)
    assert states == ["paused"]


def test_one_that_was_killed_is_made_good_by_the_next_and_opens_nothing_closed(store: Store, connections: Connections) -> None:
    for opens, after in ((False, "open"), (True, "closed")):
        left = paused(connections)
        left.__enter__()  # and never left, as where it is killed
        if opens:
            open_campaign(connections, LITTLE, "s-1", store.campaign.window)
            close_campaign(connections, LITTLE, "s-1")
        with paused(connections):
            pass
        assert connections.text.hget(store.keys.of("state"), "state") == after
