"""Catching up the tallies: every response counted once, whoever works, whatever dies, and nothing tampered goes unseen."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.consumers.rebuilding import differences, rebuild
from campaigns.consumers.tallying import caught_up, not_too_many, ranges_of, rows_of, stand, tally_batch, touched, write_rows
from campaigns.demonstration import made_up
from campaigns.events import Event
from campaigns.responses import CLEARED, Response, SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, moderate_wish, place, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import MOST_DEATHS, TALLIES, begin_batch, behind, cursor, parked
from campaigns.store.intake import Way, accept_many
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.log import last_event, read_events
from campaigns.store.responses import get_response, response_count
from campaigns.store.standing import read_standing
from campaigns.store.store import Store, forget_campaign
from tests.storehouse import ABBEY, catch_up, code_by_machine, open_little, send

ROADS = SlotCoding(("growth.roads",), "mend", "t-1", 0.75)
PARKS = SlotCoding(("safer.green",), "more", "s-2")


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def send_many(store: Store, count: int) -> None:
    made = made_up(store.campaign, count, random.Random(count))
    accept_many(store, [(one, Way(window="none")) for one in made])


def break_response(store: Store, number: int) -> None:
    """Makes a response unreadable, as no script of ours would."""
    store.text.hset(store.keys.response(number), "m1", "not a coding")


def rows_at(store: Store) -> bytes:
    return bytes(store.raw.get(store.keys.of("rows", 0)) or b"")


@pytest.mark.parametrize(("name", "data", "numbers"), [
    ("response.received", {}, [4]), ("response.erased", {}, [4]), ("wish.coded", {}, [4]), ("campaign.closed", {}, []),
    ("wishes.coded", {"ranges": [[2, 3], [7, 7]]}, [2, 3, 7]), ("event.parked", {}, []), ("log.sealed", {}, []),
])
def test_an_event_tells_which_rows_it_touches(name: str, data: dict[str, object], numbers: list[int]) -> None:
    assert touched([Event(1, name, 1, 0, "public", 4, data)]) == numbers


@pytest.mark.parametrize(("numbers", "ranges"), [
    ([], []), ([5], [[5, 5]]), ([3, 1, 2, 2], [[1, 3]]), ([1, 2, 4, 6, 7], [[1, 2], [4, 4], [6, 7]]),
])
def test_numbers_are_said_as_ranges(numbers: list[int], ranges: list[list[int]]) -> None:
    assert ranges_of(numbers) == ranges


def test_catching_up_counts_every_response_and_moves_the_cursor(store: Store) -> None:
    send_many(store, 300)
    assert (tally_batch(store), tally_batch(store)) == (301, 0)
    assert (cursor(store, TALLIES), behind(store, TALLIES), caught_up(store)) == (last_event(store), 0, True)
    assert catch_up(store).total() == 300


def test_every_kind_of_change_is_in_the_rows_once(store: Store) -> None:
    for n in range(8):
        send(store, f"wish {n}", "another")
    catch_up(store)
    code_by_machine(store, 1, 1, ROADS)
    code_wish(store, _now(store, 2), 1, PARKS)
    moderate_wish(store, _now(store, 3), 1, CLEARED, "s-1")
    revise_wishes(store, _now(store, 4), ("one only",))
    place(store, 5, ABBEY, "s-1")
    withdraw(store, 6)
    erase(store, 7)
    standing = catch_up(store)
    assert (standing.total(), standing.total("wishes"), standing.event) == (6, 11, last_event(store))
    assert standing.counts("code") == {"growth.roads": 1, "safer.green": 1}
    assert standing.counts("ward") == {"Abbey": 1, "not given": 5}
    assert standing.counts("coder", "wishes") == {"machine": 1, "person": 1, "waiting": 9}
    assert differences(store, RowTable()) == []


def _now(store: Store, number: int) -> Response:
    response = get_response(store, number)
    assert response
    return response


def test_doing_a_batch_again_changes_nothing(store: Store) -> None:
    send_many(store, 50)
    tally_batch(store)
    rows = rows_at(store)
    store.text.set(store.keys.of("cursor", TALLIES), 3)
    tally_batch(store)
    assert rows_at(store) == rows


def test_whoever_comes_second_finds_the_cursor_moved_and_does_nothing(store: Store) -> None:
    send_many(store, 20)
    at = cursor(store, TALLIES)
    assert tally_batch(store) == 21
    rows, version = rows_at(store), store.text.hgetall(store.keys.of("rows", "versions"))
    withdraw(store, 1)
    assert not write_rows(store, range(1, 21), at, 21)
    assert (rows_at(store), store.text.hgetall(store.keys.of("rows", "versions"))) == (rows, version)
    assert cursor(store, TALLIES) == 21


def test_four_workers_at_once_count_as_one(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(send, store, f"wish {n}") for n in range(200)]
        working = [pool.submit(catch_up, store) for _ in range(4)]
        for one in [*sending, *working]:
            one.result()
    assert catch_up(store).total() == 200
    assert differences(store, RowTable()) == []
    assert parked(store) == []


@pytest.mark.parametrize(("sizes", "most", "taken"), [
    ([], 5, 0), ([9], 5, 1), ([2, 3], 5, 2), ([2, 3, 1], 5, 2), ([9, 1], 5, 1), ([0, 9, 0], 5, 1), ([1] * 8, 5, 5),
    ([0] * 8, 5, 8),
])
def test_a_batch_touches_no_more_rows_than_are_written_at_once(sizes: list[int], most: int, taken: int) -> None:
    events = [
        Event(n, "wishes.coded", 1, 0, "job:coding", 0, {"ranges": [[100 * n + 1, 100 * n + size]] if size else []})
        for n, size in enumerate(sizes)
    ]
    assert len(not_too_many(events, most)) == taken


def test_rows_go_over_the_edge_of_a_block(store: Store) -> None:
    store.text.hset(store.keys.of("head"), "responses", ROW_BLOCK - 5)  # as if so many had come before
    send_many(store, 8)
    assert catch_up(store).total() == 8
    width = store.layout.width
    blocks = [store.raw.get(store.keys.of("rows", block)) for block in (0, 1)]
    assert [len(block) for block in blocks] == [ROW_BLOCK * width] * 2  # whole from the first, so that none grows
    assert any(blocks[1][3 * width:4 * width]) and not any(blocks[1][4 * width:])
    erase(store, ROW_BLOCK)
    assert (catch_up(store).total(), differences(store, RowTable())) == (7, [])


@pytest.mark.parametrize("tamper", [
    lambda s, width: s.raw.setrange(s.keys.of("rows", 0), 3 * width, b"\x00"),
    lambda s, width: s.raw.setrange(s.keys.of("rows", 0), 3 * width + 4, b"\x09"),
    lambda s, width: s.raw.setrange(s.keys.of("rows", 0), 4 * width - 1, b"\x01"),
])
def test_a_row_that_was_tampered_with_is_found_and_made_right(store: Store, tamper: Callable[[Store, int], object]) -> None:
    send_many(store, 10)
    catch_up(store)
    right = rows_at(store)
    tamper(store, store.layout.width)
    store.text.hincrby(store.keys.of("rows", "versions"), "0", 1)
    assert differences(store, RowTable()) == [3]
    assert rebuild(store, RowTable()) == 10
    assert (differences(store, RowTable()), rows_at(store)) == ([], right)


@pytest.mark.parametrize("number", [0, 11, 500, ROW_BLOCK + 1])
def test_a_row_of_no_response_is_found_and_emptied(store: Store, number: int) -> None:
    send_many(store, 10)
    catch_up(store)
    block, place_in_block = divmod(number, ROW_BLOCK)
    store.raw.setrange(store.keys.of("rows", block), place_in_block * store.layout.width, dict(rows_of(store, [1]))[1])
    store.text.hincrby(store.keys.of("rows", "versions"), block, 1)
    assert differences(store, RowTable()) == [number]
    rebuild(store, RowTable())
    assert (differences(store, RowTable()), read_standing(store).total()) == ([], 10)


def test_rows_lost_altogether_are_found_and_made_again(store: Store) -> None:
    send_many(store, 10)
    catch_up(store)
    store.text.delete(store.keys.of("rows", 0), store.keys.of("rows", "versions"))
    assert differences(store, RowTable()) == list(range(1, 11))
    rebuild(store, RowTable())
    assert (differences(store, RowTable()), read_standing(store).total()) == ([], 10)


def test_a_cursor_beyond_the_log_keeps_no_response_from_being_counted(store: Store) -> None:
    catch_up(store)
    store.text.set(store.keys.of("cursor", TALLIES), last_event(store) + 1000)
    send(store, "More benches")
    assert tally_batch(store) == 0
    assert behind(store, TALLIES) == last_event(store)
    catch_up(store)
    assert (differences(store, RowTable()), caught_up(store)) == ([], True)


def test_rebuilding_while_responses_come_and_go_leaves_nothing_stale(store: Store) -> None:
    send_many(store, 400)
    catch_up(store)

    def change(number: int) -> None:
        (withdraw if number % 2 else erase)(store, number)
        send(store, "more")
        tally_batch(store)

    with ThreadPoolExecutor(4) as pool:
        changing = [pool.submit(change, number) for number in range(1, 101)]
        rebuilding = [pool.submit(rebuild, store, RowTable()) for _ in range(2)]
        checking = [pool.submit(differences, store, RowTable()) for _ in range(3)]
        for one in [*changing, *rebuilding]:
            one.result()
        assert [check.result() for check in checking] == [[], [], []]
    assert catch_up(store).total() == 400
    assert differences(store, RowTable()) == []


def test_a_response_that_cannot_be_read_is_parked_and_the_rest_go_on(store: Store) -> None:
    send_many(store, 10)
    break_response(store, 4)
    assert catch_up(store).total() == 9
    aside = parked(store)
    assert [(one.consumer, one.response, one.attempts) for one in aside] == [(TALLIES, 4, 1)]
    assert aside[0].why.startswith("ValueError in ")
    parking = next(event for event in read_events(store) if event.name == "event.parked")
    assert (parking.subject, parking.data["consumer"], parking.who) == (4, TALLIES, "job:tallies")
    assert differences(store, RowTable()) == [4]


def test_a_parked_response_that_was_mended_is_counted_again(store: Store) -> None:
    send_many(store, 10)
    break_response(store, 4)
    catch_up(store)
    store.text.hdel(store.keys.response(4), "m1")
    rebuild(store, RowTable())
    assert (read_standing(store).total(), parked(store), differences(store, RowTable())) == (10, [], [])


def test_a_parked_response_that_changes_comes_off_the_list(store: Store) -> None:
    send_many(store, 3)
    break_response(store, 2)
    catch_up(store)
    store.text.hdel(store.keys.response(2), "m1")
    place(store, 2, ABBEY, "s-1")
    assert (catch_up(store).total(), parked(store)) == (3, [])


def test_a_batch_that_ended_its_worker_is_halved_until_it_is_alone(store: Store) -> None:
    send_many(store, 3)
    tried = [begin_batch(store, TALLIES, 0, 8) for _ in range(9)]
    assert tried == [(8, 0), (4, 1), (2, 1), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6)]
    assert begin_batch(store, TALLIES, 5, 8) == (8, 0)


@pytest.mark.parametrize("poison", [2, 7, 21])
def test_what_ends_its_worker_is_parked_after_five_deaths_and_the_rest_counted(store: Store, poison: int) -> None:
    send_many(store, 20)
    deaths = 0
    while not caught_up(store):
        at = cursor(store, TALLIES)
        size, died = begin_batch(store, TALLIES, at, 2000)
        if at < poison <= at + size and died < MOST_DEATHS:
            deaths += 1  # its worker ended here, without a word
        else:
            tally_batch(store)
    assert [(one.consumer, one.response) for one in parked(store)] == [(TALLIES, poison - 1)]
    assert catch_up(store).total() == 19
    assert deaths < 100


def test_a_batch_that_was_done_is_forgotten(store: Store) -> None:
    begin_batch(store, TALLIES, 0, 2000)
    send_many(store, 3)
    tally_batch(store)
    assert not store.text.exists(store.keys.of("trying", TALLIES))


def test_a_worker_late_for_a_campaign_that_was_removed_leaves_nothing(store: Store, connections: Connections) -> None:
    send_many(store, 3)
    catch_up(store)
    forget_campaign(store)
    assert not write_rows(store, [1, 2, 3], 0, 4)
    stand(store, RowTable())
    assert not [key for key in connections.text.scan_iter() if key.startswith("{")]
    again = open_little(connections)
    assert not write_rows(store, [1, 2, 3], 0, 4)
    assert (catch_up(again).total(), response_count(again), read_standing(again).event) == (0, 0, 1)
