"""A reader's copy of the rows: only what moved is fetched again, and what was counted once is not counted anew."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns.consumers.tallying import tally_batch
from campaigns.responses import SlotCoding
from campaigns.store.blocks import Page, RowTable
from campaigns.store.changes import erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.store import Store, forget_campaign
from campaigns.tallies import Query, Tally, ask_for
from tests.storehouse import catch_up, code_by_machine, open_little, send

ROADS = SlotCoding(("growth.roads",), "mend", "t-1", 0.75)


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def table() -> RowTable:
    return RowTable()


def by_channel(store: Store) -> Query:
    return ask_for(store.layout, ["channel"])


def over_the_edge(store: Store, count: int) -> None:
    """Sends so many responses as if all but two of a block's had come before."""
    store.text.hset(store.keys.of("head"), "responses", ROW_BLOCK - 3)
    for n in range(count):
        send(store, f"wish {n}", channel=("online", "card")[n % 2])


def fetched(store: Store) -> int:
    """Returns how many blocks the server has been asked for; the cursor comes with the layout's mark, by MGET."""
    return int(store.text.info("commandstats").get("cmdstat_get", {}).get("calls", 0))


def test_an_empty_campaign_has_no_rows(store: Store, table: RowTable) -> None:
    assert table.refresh(store) == 0
    assert table.count(store, by_channel(store)).total == 0
    assert table.find(store, Query((), (("code", ("other",)),))) == []
    assert table.page(store, Query((), (("code", ("other",)),)), 50) == Page([], 0, False)
    assert (list(table.row_bytes()), table.row(1)) == ([], b"")


def test_a_refresh_says_the_event_the_rows_are_as_of(store: Store, table: RowTable) -> None:
    send(store)
    assert table.refresh(store) == 0
    catch_up(store)
    send(store)
    assert table.refresh(store) == 2


def test_counts_go_over_all_blocks(store: Store, table: RowTable) -> None:
    over_the_edge(store, 5)
    catch_up(store)
    table.refresh(store)
    assert [number for number, _ in table.row_bytes()] == [0, 1]
    assert table.count(store, by_channel(store)) == Tally(
        ("channel",), "responses", {("online",): 3, ("card",): 2}, 5
    )


def test_finding_gives_numbers_newest_first_over_blocks(store: Store, table: RowTable) -> None:
    over_the_edge(store, 4)
    for number in (ROW_BLOCK - 2, ROW_BLOCK + 1):
        code_by_machine(store, number, 1, ROADS)
    catch_up(store)
    table.refresh(store)
    found = table.find(store, ask_for(store.layout, (), {"code": ["growth.roads"]}))
    assert found == [(ROW_BLOCK + 1, 1), (ROW_BLOCK - 2, 1)]


@pytest.mark.parametrize("where", [{}, {"channel": ["card"]}, {"code": ["growth.roads"]}, {"day": ["2010-07-01"]}])
@pytest.mark.parametrize("most", [1, 2, 50])
def test_pages_follow_each_other_through_all_that_is_found(
    store: Store, table: RowTable, where: dict[str, list[str]], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.store.blocks.STRETCH", 1)
    over_the_edge(store, 6)
    code_by_machine(store, ROW_BLOCK, 1, ROADS)
    catch_up(store)
    table.refresh(store)
    query = ask_for(store.layout, (), where)
    found, before, read = table.find(store, query), None, []
    while True:
        page = table.page(store, query, most, before)
        assert (page.newer, page.more) == (len(read), len(read) + len(page.places) < len(found))
        read += page.places
        if not page.more:
            break
        before = page.places[-1]
    assert read == found
    assert table.page(store, query, most, (1, 1)) == Page([], len(found), False)
    assert table.page(store, query, most, (10**9, 1)).places == found[:most]


def test_only_blocks_that_moved_are_fetched_again(store: Store, table: RowTable) -> None:
    over_the_edge(store, 5)
    catch_up(store)
    table.refresh(store)
    before = fetched(store)
    table.refresh(store)
    assert fetched(store) == before
    withdraw(store, ROW_BLOCK + 1)
    catch_up(store)
    before = fetched(store)
    table.refresh(store)
    assert fetched(store) - before == 1  # one block of two
    assert table.count(store, by_channel(store)).total == 4


def test_an_erasure_is_seen_before_any_catching_up(store: Store, table: RowTable) -> None:
    for _ in range(3):
        send(store)
    catch_up(store)
    table.refresh(store)
    assert table.count(store, by_channel(store)).total == 3
    erase(store, 2)
    table.refresh(store)
    assert table.count(store, by_channel(store)).total == 2


def test_rows_of_a_campaign_that_was_removed_are_not_kept(store: Store, table: RowTable, connections: Connections) -> None:
    for _ in range(3):
        send(store)
    catch_up(store)
    table.refresh(store)
    assert table.count(store, by_channel(store)).total == 3
    forget_campaign(store)
    again = open_little(connections)
    send(again, channel="card")
    catch_up(again)
    table.refresh(again)
    assert table.count(again, by_channel(again)).cells == {("card",): 1}


def test_more_questions_than_are_remembered_are_answered_right(store: Store, table: RowTable) -> None:
    send(store, channel="card")
    catch_up(store)
    table.refresh(store)
    days = [f"2010-07-{day:02}" for day in range(1, 32)] + [f"2010-08-{day:02}" for day in range(1, 32)]
    queries = [ask_for(store.layout, (), {"day": [day], "channel": ["card"]}) for day in days * 3]
    assert {table.count(store, query).total for query in queries} == {0}
    assert table.count(store, by_channel(store)).total == 1


def test_threads_may_share_a_table(store: Store, table: RowTable) -> None:
    def look(_: int) -> int:
        table.refresh(store)
        return table.count(store, by_channel(store)).total

    for _ in range(10):
        send(store)
    with ThreadPoolExecutor(8) as pool:
        looking = [pool.submit(look, n) for n in range(60)]
        catch_up(store)
        totals = [one.result() for one in looking]
    assert set(totals) <= {0, 10}
    assert look(0) == 10


def test_rows_are_exactly_as_of_the_event_they_say(store: Store) -> None:
    def look(_: int) -> tuple[int, int]:
        mine = RowTable()
        return mine.refresh(store), mine.count(store, by_channel(store)).total

    with ThreadPoolExecutor(6) as pool:
        sending = [pool.submit(send, store) for _ in range(150)]
        counting = [pool.submit(tally_batch, store) for _ in range(100)]
        looks = [pool.submit(look, n) for n in range(150)]
        seen = {one.result() for one in looks}
        assert all(one.result() is not None for one in [*sending, *counting])
    assert all(total == max(event - 1, 0) for event, total in seen)  # the first event opened the campaign


def test_half_a_row_at_the_end_of_a_block_is_left_out(store: Store, table: RowTable) -> None:
    send(store)
    catch_up(store)
    store.raw.append(store.keys.of("rows", 0), b"\x01")
    table.refresh(store)
    assert table.count(store, by_channel(store)).total == 1
