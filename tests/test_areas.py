"""Postcodes as people type them, the tables they are looked up in, and what stays unknown."""

from datetime import date
from pathlib import Path

import pytest

from campaigns.areas import Postcode, TableLine, UnreadableTable, read_postcode, read_postcode_table
from campaigns.campaign_file import read_file
from campaigns.store.areas import Placed, load_postcodes, place_named, place_postcode, table_loaded
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from campaigns.store.log import read_events
from campaigns.store.opening import demonstration_window, open_campaign
from campaigns.store.responses import get_responses
from campaigns.store.store import Store, load_campaign, open_store
from campaigns.tallies import ask_for
from tests.storehouse import ABBEY, NORMANTON, catch_up, open_little, send

TABLE = ["postcode,ward_code\n", f"DE1 1AA,{ABBEY}\n", f"de238hh,{NORMANTON}\n", "NG1 1AA,E05009999\n"]


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.mark.parametrize(("typed", "whole", "outward"), [
    ("DE1 2FS", "DE12FS", "DE1"), ("de12fs", "DE12FS", "DE1"), ("  D E 1 2 F S ", "DE12FS", "DE1"), ("DE1-2FS.", "DE12FS", "DE1"),
    ("DE23 8HH", "DE238HH", "DE23"), ("SW1A 1AA", "SW1A1AA", "SW1A"), ("W1A1AA", "W1A1AA", "W1A"), ("M1 1AE", "M11AE", "M1"),
    ("B33 8TH", "B338TH", "B33"), ("DE1", "", "DE1"), ("DE23", "", "DE23"), ("DE23 8", "", "DE23"), ("DE1 2F", "", "DE1"),
    ("DE1 2", "", "DE1"), ("DE12", "", "DE12"), ("DE12 7", "", "DE12"), ("DE", "", ""), ("Normanton", "", ""), ("", "", ""),
    ("12345", "", ""), ("DE1 2FS 9", "", ""), ("²", "", ""), ("DE1 2FS" * 1000, "", ""),
])
def test_a_postcode_is_read_as_people_type_it(typed: str, whole: str, outward: str) -> None:
    assert read_postcode(typed) == Postcode(whole, outward)


@pytest.mark.parametrize("heads", [
    "postcode,postcode_nospace,ward_code", "pcds,oseast1m,osward", "PCD,WD24CD", "\ufeffpcd7,wd21cd", "Postcode,Admin_ward_code",
    " postcode , area ",
])
def test_the_tables_people_hold_are_read(heads: str) -> None:
    count = heads.count(",")
    row = {1: f"DE1 1AA,{ABBEY}", 2: f"DE1 1AA,DE11AA,{ABBEY}"}[count]
    table = [heads + "\n", row + "\n", "not a postcode" + "," * count + "\n"]
    assert list(read_postcode_table(table)) == [TableLine("DE11AA", ABBEY)]


def test_code_point_open_is_read_though_it_has_no_heading() -> None:
    line = f'"DE1 1AA",10,435996,335424,"E92000001","E19000001","E18000003","","E06000015","{ABBEY}"\n'
    assert list(read_postcode_table([line, line.replace("1AA", "1AB")])) == [
        TableLine("DE11AA", ABBEY), TableLine("DE11AB", ABBEY),
    ]


@pytest.mark.parametrize(("lines", "said"), [
    (["town,ward_code\n"], "postcodes"), (["postcode,colour\n"], "ward codes"), ([], "found: none"),
])
def test_a_table_that_cannot_be_read_says_which_column_it_lacks(lines: list[str], said: str) -> None:
    with pytest.raises(UnreadableTable, match=said):
        list(read_postcode_table(lines))


@pytest.mark.parametrize(("typed", "placed"), [
    ("DE1 1AA", Placed(ABBEY, "DE1")), ("de23 8hh", Placed(NORMANTON, "DE23")), ("", Placed("not given", "")),
    ("   ", Placed("not given", "")), ("DE23", Placed("part postcode", "DE23")), ("NG1 1AA", Placed("not in our table", "NG1")),
    ("DE1 9ZZ", Placed("not in our table", "DE1")), ("by the pond", Placed("not in our table", "")),
])
def test_a_postcode_gives_its_area_or_its_kind_of_unknown(store: Store, typed: str, placed: Placed) -> None:
    assert load_postcodes(store, TABLE, "s-1") == (2, 1)
    assert place_postcode(store, typed) == placed


def test_without_a_table_the_area_is_chosen_by_name(store: Store) -> None:
    assert not table_loaded(store)
    assert [place_named(store, name) for name in ("Abbey", " normanton ", ABBEY, "", "Atlantis")] == [
        Placed(ABBEY, ""), Placed(NORMANTON, ""), Placed(ABBEY, ""), Placed("not given", ""), Placed("not given", ""),
    ]


def test_a_table_loaded_again_takes_the_place_of_the_one_before(store: Store) -> None:
    load_postcodes(store, TABLE, "s-1")
    assert load_postcodes(store, ["postcode,ward\n", f"DE1 1AB,{ABBEY}\n"], "s-1") == (1, 0)
    assert place_postcode(store, "DE1 1AA") == Placed("not in our table", "DE1")
    assert place_postcode(store, "DE1 1AB").area == ABBEY


def test_a_table_of_another_place_leaves_the_right_one_in_place(store: Store) -> None:
    load_postcodes(store, TABLE, "s-1")
    assert load_postcodes(store, ["postcode,ward\n", "NG1 1AA,E05009999\n"], "s-1") == (0, 1)
    assert place_postcode(store, "DE1 1AA").area == ABBEY


def test_loading_says_in_the_log_how_many_and_which(store: Store) -> None:
    load_postcodes(store, TABLE, "s-7")
    last = read_events(store)[-1]
    assert (last.name, last.who, last.data["postcodes"]) == ("areas.loaded", "s-7", 2)
    assert len(last.data["sha256"]) == 64


@pytest.mark.shared
def test_derbys_own_table_places_every_ward(connections: Connections, shared_data: Path) -> None:
    load_campaign(connections, "derby-2026", read_file("derby-2026"))
    window = demonstration_window(open_store(connections, "derby-2026").campaign.window, date.today())
    store = open_campaign(connections, "derby-2026", "s-1", window)
    with (shared_data / "geo/derby_postcode_ward_2014.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert load_postcodes(store, lines, "s-1") == (5445, 0)
    assert {*store.text.hvals(store.keys.of("areas"))} == {area.id for area in store.campaign.areas}
    assert store.campaign.area_named("Arboretum") and place_postcode(store, "de1 2fs").area == "E05001770"


def test_a_postcode_tells_the_other_geographies(store: Store) -> None:
    told = {"DE1 1AA": "1", "DE1 1AB": "5", "DE1 1AC": "3", "DE1 1AD": ""}
    lines = ["Postcode,Ward_code,IMD fifth", *(f"{postcode},{ABBEY},{fifth}" for postcode, fifth in told.items())]
    assert load_postcodes(store, lines, "s-1") == (4, 0)
    assert [place_postcode(store, f"DE1 1A{last}").geography for last in "ABCD"] == ["1", "2", "", ""]
    for last in "ABCD":
        send(store, postcode=f"DE11A{last}", area="not in our table")
    assert [response.area for response in get_responses(store, [1, 2, 3, 4])] == [ABBEY] * 4
    catch_up(store)
    table = RowTable()
    table.refresh(store)
    assert table.count(store, ask_for(store.layout, ["fifth"])).column() == {
        "not known": 2, "Most deprived": 1, "Least deprived": 1,
    }
    assert table.count(store, ask_for(store.layout, ["side"], {"fifth": ["Most deprived"]})).column() == {"North side": 1}


def test_a_table_without_the_column_tells_the_area_alone(store: Store) -> None:
    assert load_postcodes(store, ["postcode,area", f"DE1 1AA,{ABBEY}"], "s-1") == (1, 0)
    assert place_postcode(store, "DE1 1AA") == Placed(ABBEY, "DE1")
