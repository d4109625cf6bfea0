"""What goes wrong with one response is set aside, mended or tried again, and never holds up the rest."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from campaigns.consumers.rebuilding import differences
from campaigns.consumers.tallying import stand
from campaigns.damage import damaged_places
from campaigns.responses import SlotCoding
from campaigns.rows import make_row
from campaigns.store.blocks import RowTable
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, MOST_DEATHS, TALLIES, begin_batch, behind, cursor, park, parked, spare_the_rest
from campaigns.store.log import last_event
from campaigns.store.responses import get_response
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.standing import read_standing
from campaigns.store.store import Store
from campaigns.tallies import Query
from tests.stopping import Died
from tests.storehouse import LITTLE, catch_up, code_by_machine, open_little, send
from web import commands, create_app
from workers import jobs

ROADS = SlotCoding(("growth.roads",), "mend", "t-1", 0.75)
DAMAGE = [
    ("live", 9), ("area", 60_000), ("channel", 200), ("source", 60_000), ("codes", 60_000), ("codes", 300), ("ask", 200),
    ("coder", 77), ("hour", 25), ("geography", 3), ("moderation", 99), ("answers", 250),
]


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def damage(store: Store, number: int, column: str, value: int) -> None:
    """Writes a number that no response has into a column of a row, as a fault of the machine might."""
    rows = np.frombuffer(store.raw.get(store.keys.of("rows", 0)), store.layout.dtype).copy()
    rows[column][number] = value
    store.raw.set(store.keys.of("rows", 0), rows.tobytes())
    store.raw.hincrby(store.keys.of("rows", "versions"), "0", 1)


def three_coded(store: Store) -> None:
    for n in range(1, 4):
        send(store, f"Mend road {n}", "and bridge")
        code_by_machine(store, n, 1, ROADS)
    catch_up(store)


def test_no_row_that_a_response_makes_is_damaged(store: Store) -> None:
    three_coded(store)
    rows = [make_row(response, store.layout) for n in (1, 2, 3) if (response := get_response(store, n))]
    assert damaged_places(np.frombuffer(b"".join(rows), store.layout.dtype), store.layout).tolist() == []


@pytest.mark.parametrize(("column", "value"), DAMAGE)
def test_a_damaged_row_is_counted_nowhere_until_it_is_made_again(store: Store, column: str, value: int) -> None:
    three_coded(store)
    damage(store, 2, column, value)
    table = RowTable()
    table.refresh(store)
    assert (table.count(store, Query(("code",), (), "responses")).total, table.damaged) == (2, [2])
    assert differences(store, table) == [2]
    send(store, "More trees")
    assert catch_up(store).total() == 4
    assert (differences(store, RowTable()), parked(store)) == ([], [])


def test_a_damaged_row_of_nobody_is_emptied(store: Store) -> None:
    three_coded(store)
    width = store.layout.width
    store.raw.setrange(store.keys.of("rows", 0), 9 * width, b"\xff" * width)
    store.raw.hincrby(store.keys.of("rows", "versions"), "0", 1)
    assert differences(store, RowTable()) == [9]
    stand(store, RowTable())
    assert (differences(store, RowTable()), read_standing(store).total()) == ([], 3)


def test_a_damaged_row_whose_response_cannot_be_read_is_left_out(store: Store) -> None:
    three_coded(store)
    store.text.hset(store.keys.response(2), "m1", "not a coding")
    damage(store, 2, "codes", 60_000)
    send(store, "More trees")
    assert catch_up(store).total() == 3


def test_rows_of_another_layout_are_made_again_and_counted_by_nobody_until_then(store: Store) -> None:
    """An older program may have written them, whose rows were narrower: read as they are, they would say something else."""
    three_coded(store)
    table = RowTable()
    table.refresh(store)
    store.text.set(store.keys.of("rows", "layout"), "older")
    assert (table.refresh(store), table.count(store, Query()).total, cursor(store, TALLIES)) == (0, 0, 0)
    assert behind(store, TALLIES) == last_event(store)
    assert catch_up(store).total() == 3
    assert (table.refresh(store), table.count(store, Query()).total) == (last_event(store), 3)
    assert differences(store, RowTable()) == []


def test_rows_written_before_layouts_had_a_mark_are_made_again(store: Store) -> None:
    three_coded(store)
    store.text.delete(store.keys.of("rows", "layout"))
    store.raw.set(store.keys.of("rows", 0), b"\x01" * 4096 * 20)
    assert RowTable().refresh(store) == 0
    assert (catch_up(store).total(), differences(store, RowTable())) == (3, [])


def test_what_ends_its_worker_is_found_among_the_many_of_one_event(store: Store) -> None:
    """A machine's coding touches two hundred responses at once: only those to blame are set aside."""
    tried: list[int] = []

    def attempt(number: int) -> None:
        tried.append(number)
        if number in (17, 30):
            raise Died

    for deaths in range(100):  # noqa: B007
        begin_batch(store, TALLIES, 5, 1)
        try:
            spared, ended = spare_the_rest(store, TALLIES, range(1, 41), attempt)
            break
        except Died:
            pass
    assert (spared, ended, deaths) == ([n for n in range(1, 41) if n not in (17, 30)], 10, 10)
    assert [(one.consumer, one.response) for one in parked(store)] == [(TALLIES, 17), (TALLIES, 30)]
    assert (tried.count(17), tried.count(30)) == (5, 5)


@pytest.mark.parametrize("poison", [1, 2, 100, 137, 199, 200, 333])
def test_what_ends_its_worker_is_found_by_halving_once(store: Store, poison: int) -> None:
    """A batch that was done on the way there says that what ends the worker lies after it, and no more."""
    at, deaths = 0, 0
    while at < 400:
        size, died = begin_batch(store, CODING, at, 200)
        if at < poison <= at + size and died < MOST_DEATHS:
            deaths += 1
        else:
            at += size
            store.text.delete(store.keys.of("trying", CODING))  # as the script does that moves the cursor
    assert deaths <= 8 + MOST_DEATHS


@pytest.fixture
def run(settings: dict[str, str], model_folder: Path, tmp_path: Path, redis_server: EmbeddedServer,
        monkeypatch: pytest.MonkeyPatch) -> "Run":
    """Returns a way to run a flask command that reaches the model and the test's own store."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "model").symlink_to(model_folder)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    jobs.connections.cache_clear()
    return Run(settings)


class Run:
    """Runs flask commands on a store."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._app = create_app(settings)
        commands.init_app(self._app)

    def __call__(self, *arguments: str) -> Result:
        return self._app.test_cli_runner().invoke(args=arguments)


def test_an_empty_list_says_so(store: Store, run: Run) -> None:
    assert run("parked", "list", LITTLE).output == "Nothing is set aside.\n"
    assert run("parked", "replay", LITTLE).output == "0 handled, 0 still set aside.\n"
    assert run("parked", "list", "nowhere").exit_code == 1


def test_what_was_set_aside_is_listed_with_its_reason_and_tried_again(store: Store, run: Run) -> None:
    for n in range(1, 4):
        send(store, f"More benches in the {n} park")
    for consumer, number in ((TALLIES, 1), (CODING, 2), (CODING, 2), (CODING, 3)):
        park(store, consumer, number, "It ended the worker five times.")
    erase(store, 3)
    assert run("parked", "list", LITTLE).output.splitlines() == [
        "Response 1 could not be counted (1 times): It ended the worker five times.",
        "Response 2 could not be coded (2 times): It ended the worker five times.",
        f"Try them again, once the cause is mended: bin/flask parked replay {LITTLE}",
    ]
    replayed = run("parked", "replay", LITTLE)
    assert (replayed.output, replayed.exit_code) == ("2 handled, 0 still set aside.\n", 0)
    coded = get_response(store, 2)
    assert coded and coded.wishes[0].machine
    assert catch_up(store).counts("coder", "wishes") == {"waiting": 1, "machine": 1}


def test_what_still_cannot_be_handled_stays_aside(store: Store, run: Run) -> None:
    send(store, "More benches")
    send(store, "More trees")
    store.text.hset(store.keys.response(1), "g1", "cleared?")
    catch_up(store)
    park(store, CODING, 1, "It could not be read.")
    replayed = run("parked", "replay", LITTLE)
    assert (replayed.output, replayed.exit_code) == ("0 handled, 2 still set aside.\n", 1)
    assert {(one.consumer, one.response, one.attempts) for one in parked(store)} == {(CODING, 1, 2), (TALLIES, 1, 2)}
