"""Bulk entry: every row accepted, refused with its line and reason, or in already; killed and run again without a double."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from campaigns.importing import Columns, Outcome, UnreadableFile, count_rows, import_wishes
from campaigns.store.areas import load_postcodes
from campaigns.store.connection import Connections
from campaigns.store.opening import close_campaign
from campaigns.store.responses import get_response, get_responses, response_count
from campaigns.store.store import Store
from tests.storehouse import ABBEY, catch_up, open_little, send

TEXT = Columns(("text",))
TakeIn = Callable[..., Outcome]


class Killed(Exception):
    """What a test stops an import with."""


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def taken_in(store: Store, tmp_path: Path) -> TakeIn:
    """Returns a function that imports a file of that text."""
    def take(text: str | bytes, columns: Columns = TEXT, channel: str = "letter", source: str = "") -> Outcome:
        path = tmp_path / "wishes.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        outcome = import_wishes(store, path, columns, channel, source)
        assert outcome.rows == count_rows(path) == outcome.accepted + outcome.already + len(outcome.refused)
        return outcome
    return take


def wishes_in(store: Store) -> list[list[str]]:
    return [[wish.text for wish in one.wishes] for one in get_responses(store, range(1, response_count(store) + 1))]


def figures(outcome: Outcome) -> tuple[int, int, int, list[int]]:
    return outcome.rows, outcome.accepted, outcome.already, [line for line, _ in outcome.refused]


def test_every_row_is_accepted_or_refused_with_its_line_and_reason(store: Store, taken_in: TakeIn) -> None:
    text = 'id,text\n1,Trees\n2,\n3,"two\nlines, and ""quotes"""\n4,   \n\n5,Buses\n' + f"6,{'x' * 5001}\n"
    outcome = taken_in(text)
    assert figures(outcome) == (6, 3, 0, [3, 6, 9])
    assert [reason.split(".")[0] for _, reason in outcome.refused] == [
        "Write at least one wish", "Write at least one wish", "Wish 1 is 5,001 letters long"
    ]
    assert wishes_in(store) == [["Trees"], ['two\nlines, and "quotes"'], ["Buses"]]


def test_the_same_file_again_adds_nothing(store: Store, taken_in: TakeIn) -> None:
    text = "text\nTrees\n\nBuses\n"
    assert figures(taken_in(text)) == (2, 2, 0, [])
    assert figures(taken_in(text)) == (2, 0, 2, [])
    assert response_count(store) == 2


def test_the_same_words_twice_are_two_wishes(store: Store, taken_in: TakeIn) -> None:
    assert figures(taken_in("text\nTrees\nTrees\n")) == (2, 2, 0, [])
    assert figures(taken_in("text\nTrees\nTrees\nBuses\n")) == (3, 3, 0, [])
    assert response_count(store) == 5


def test_up_to_three_columns_of_wishes_postcode_and_day(store: Store, taken_in: TakeIn) -> None:
    load_postcodes(store, ["postcode,ward\n", f"DE1 1AA,{ABBEY}\n"], "s-1")
    columns = Columns(("one", "two", "three"), "where", "when")
    text = "when,one,two,three,where\n2010-07-01,a,,c,de11aa\n2010-07-02T10:00,,b,,DE1\n,a,,,\n12/07/2010,a,,,\n"
    outcome = taken_in(text, columns, "card", "libraries")
    assert figures(outcome) == (4, 3, 0, [5])
    assert outcome.refused[0][1] == "“12/07/2010” is not a date such as 2010-07-12."
    first, second, third = get_responses(store, [1, 2, 3])
    assert ([wish.slot for wish in first.wishes], first.area, first.outward, first.day) == ([1, 3], ABBEY, "DE1", "2010-07-01")
    assert ([wish.slot for wish in second.wishes], second.area, second.day) == ([2], "part postcode", "2010-07-02")
    assert (third.area, third.day, third.channel, third.source) == ("not given", "", "card", "libraries")


@pytest.mark.parametrize(("text", "wishes"), [
    ("\ufefftext\nzażółć 🌳\n", ["zażółć 🌳"]), ("text\nCaf\xe9 £5\n".encode("cp1252"), ["Café £5"]), (" text ,id\na,1\n", ["a"]),
    ("text\r\na\r\nb\r\n", ["a", "b"]), ("text\na", ["a"]), ("id,text,\n1,a,\n", ["a"]), ("text\na,,,\n", ["a"]),
    (",text\n0,a\n1,b\n", ["a", "b"]), ("id,text\n1\n2,b\n", ["b"]),
])
def test_files_are_read_as_people_save_them(store: Store, taken_in: TakeIn, text: str | bytes, wishes: list[str]) -> None:
    taken_in(text)
    assert [texts[0] for texts in wishes_in(store)] == wishes


@pytest.mark.parametrize(("text", "lines", "wishes"), [
    ("text,id\nTrees, and buses, please,1\nB,2\n", [2], ["B"]),
    ('text,id\n"Trees" and "buses",1\nB,2\n', [2], ["B"]),
    ('text,id\nA,1\n"Never closed,2\nC,3\nD,4\n', [3], ["A"]),
])
def test_a_row_whose_cells_cannot_be_told_apart_is_refused_and_not_cut_short(
    store: Store, taken_in: TakeIn, text: str, lines: list[int], wishes: list[str]
) -> None:
    outcome = taken_in(text)
    assert ([line for line, _ in outcome.refused], [texts[0] for texts in wishes_in(store)]) == (lines, wishes)
    assert "quotation mark" in outcome.refused[0][1]


@pytest.mark.parametrize(("text", "columns", "said"), [
    ("id,words\n1,a\n", TEXT, "has no column “text”. It has: id, words."), ("", TEXT, "It has: nothing"),
    ("text\na\n", Columns(("text",), "postcode"), "no column “postcode”"), ("text\na\n", Columns(("text",), "", "day"), "“day”"),
    ("text,text\na,b\n", TEXT, "two columns “text”"), ('"text\na\n', TEXT, "cannot be read"),
])
def test_a_file_that_cannot_be_taken_in_says_why(store: Store, taken_in: TakeIn, text: str, columns: Columns, said: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        taken_in(text, columns)
    assert said in str(refused.value)
    assert response_count(store) == 0


def test_a_channel_the_campaign_does_not_have_refuses_every_row(taken_in: TakeIn) -> None:
    outcome = taken_in("text\na\nb\n", channel="pigeon")
    assert [reason for _, reason in outcome.refused] == ["This campaign takes no wishes by pigeon."] * 2


@pytest.mark.parametrize("killed_after", [1, 2, 3])
def test_an_import_that_was_killed_goes_on_where_it_was(store: Store, tmp_path: Path, killed_after: int) -> None:
    path = tmp_path / "many.csv"
    path.write_text("text\n" + "".join(f"wish {n % 100}\n" if n % 50 else "  \n" for n in range(1, 701)))
    calls = 0

    def stop(outcome: Outcome) -> None:
        nonlocal calls
        calls += 1
        if calls == killed_after:
            raise Killed

    with pytest.raises(Killed):
        import_wishes(store, path, TEXT, "letter", "", stop)
    before = response_count(store)
    assert before == 200 * killed_after
    again = import_wishes(store, path, TEXT, "letter", "")
    assert (again.rows, again.accepted, again.already, len(again.refused)) == (700, 686 - before, before, 14)
    assert (response_count(store), catch_up(store).total("wishes")) == (686, 686)
    assert wishes_in(store) == [[f"wish {n % 100}"] for n in range(1, 701) if n % 50]


def test_a_batch_cut_off_half_way_is_made_whole(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("text\n" + "".join(f"wish {n}\n" for n in range(10)))
    import_wishes(store, path, TEXT, "letter", "")
    key = next(key for key in store.text.scan_iter() if ":import:" in key)
    store.text.srem(key, "3", "7")  # as if these two had not been reached
    again = import_wishes(store, path, TEXT, "letter", "")
    assert (again.accepted, again.already, response_count(store)) == (2, 8, 12)


def test_a_campaign_that_closes_meanwhile_stops_the_import_and_says_what_stays(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("text\n" + "".join(f"wish {n}\n" for n in range(500)))
    with pytest.raises(UnreadableFile, match="What was taken in stays"):
        import_wishes(store, path, TEXT, "letter", "", lambda _: close_campaign(store.connections, store.slug, "s-1"))
    assert response_count(store) == 200


def test_imports_stand_beside_what_people_send(store: Store, taken_in: TakeIn) -> None:
    send(store, "Trees")
    taken_in("text\nTrees\n")
    response = get_response(store, 2)
    assert response and response.channel == "letter"
    assert catch_up(store).counts("channel") == {"online": 1, "letter": 1}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "rows"), [("bowling-green.csv", 628), ("austin.csv", 1569)])
def test_real_comments_with_derby_postcodes_dealt_out_all_add_up(
    store: Store, shared_data: Path, tmp_path: Path, name: str, rows: int
) -> None:
    with (shared_data / "geo/derby_postcode_ward_2014.csv").open(encoding="utf-8-sig", newline="") as table:
        known = list(csv.DictReader(table))
    load_postcodes(store, ["postcode,ward_code\n", *(f"{row['postcode']},{row['ward_code']}\n" for row in known)], "s-1")
    path = tmp_path / name
    with (shared_data / "comments" / name).open(encoding="utf-8-sig", newline="") as lines, path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["comment", "postcode"])
        texts = [row["text"] for row in csv.DictReader(lines)]
        writer.writerows([text, known[n * 37 % len(known)]["postcode"]] for n, text in enumerate(texts))
    columns = Columns(("comment",), "postcode")
    first = import_wishes(store, path, columns, "letter", "")
    again = import_wishes(store, path, columns, "letter", "")
    assert first.rows == again.rows == rows == first.accepted + len(first.refused)
    assert (again.accepted, again.already, again.refused) == (0, first.accepted, first.refused)
    standing = catch_up(store)
    assert standing.total() == standing.total("wishes") == first.accepted > 0.99 * rows
    assert sum(standing.counts("ward").values()) == first.accepted


@pytest.mark.parametrize(("day", "taken"), [("2030-01-01", False), ("1999-12-31", False), ("2010-07-12", True)])
def test_a_day_that_cannot_be_is_refused(taken_in: TakeIn, day: str, taken: bool) -> None:
    outcome = taken_in(f"comment,date\nA park,{day}\n", Columns(("comment",), "", "date"))
    assert (outcome.accepted, len(outcome.refused)) == ((1, 0) if taken else (0, 1))


@pytest.mark.parametrize(("encoding", "between"), [("utf-16", ","), ("utf-8", ";"), ("utf-8-sig", "\t"), ("cp1252", ",")])
def test_what_spreadsheets_save_is_read(taken_in: TakeIn, store: Store, encoding: str, between: str) -> None:
    sheet = f"comment{between}town\r\n\"A café; with seats\"{between}Derby\r\n".encode(encoding)
    assert taken_in(sheet, Columns(("comment",))).accepted == 1
    response = get_response(store, 1)
    assert response and response.wishes[0].text == "A café; with seats"
