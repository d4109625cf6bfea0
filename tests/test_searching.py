"""Looking for words: forms, phrases, accents and filters; what came, changed and went; and whatever people may type."""

import sqlite3
from pathlib import Path

import pytest

from campaigns.responses import Redaction
from campaigns.searching.index import index_file, is_behind, keep_up, opened, sweep_removed
from campaigns.searching.words import CannotLook, NothingToLookFor, as_query, holding
from campaigns.store.changes import erase, redact_wish, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from campaigns.store.staff import change_person
from campaigns.store.store import record
from tests.desks import SLUG, Desks, make_desks
from web import create_app
from web.context import Surroundings
from web.following import bring_to_hand, catch_up_where_stuck

PAGE = f"/officers/{SLUG}/wishes"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    made.send("More buses to the station", "Cafés by the river", ward="Abbey")
    made.send("A bus station with a roof", ward="Boulton")
    made.send("Keep the station bus", "Stop the running of cars", ward="Abbey", channel="card")
    made.count()
    return made


def found(desks: Desks, data: Path, typed: str) -> list[tuple[int, int]]:
    with opened(data, desks.store) as index:
        return sorted(divmod(int(one), 16) for one in holding(index.connection, as_query(typed)))


@pytest.mark.parametrize(("typed", "wanted"), [
    ("bus", [(1, 1), (2, 1), (3, 1)]), ("BUSES station", [(1, 1), (2, 1), (3, 1)]), ('"bus station"', [(2, 1)]),
    ("cafe", [(1, 2)]), ("CAFÉ river", [(1, 2)]), ("run", [(3, 2)]), ("tram", []), ('"bus station" roof', [(2, 1)]),
    ("station -bus", [(1, 1), (2, 1), (3, 1)]), ("bus OR tram", []), ("text:bus", []), ("bus*", [(1, 1), (2, 1), (3, 1)]),
    ('"bus', [(1, 1), (2, 1), (3, 1)]), ("bus\x00", [(1, 1), (2, 1), (3, 1)]), ("NEAR(bus station)", []),
    ("bus " * 5000, [(1, 1), (2, 1), (3, 1)]),
    ("🚌 bus", [(1, 1), (2, 1), (3, 1)]), ("\u202ebus", [(1, 1), (2, 1), (3, 1)]),
])
def test_words_are_found_in_any_form(desks: Desks, tmp_path: Path, typed: str, wanted: list[tuple[int, int]]) -> None:
    assert found(desks, tmp_path, typed) == wanted


@pytest.mark.parametrize("typed", ["", "  ", '"', '""', "***", "- -", "🚌", "\u202e", "\x00"])
def test_nothing_to_look_for_is_said_in_words(typed: str) -> None:
    with pytest.raises(NothingToLookFor, match="Type a word"):
        as_query(typed)


def test_what_changed_and_went_is_found_no_more_and_lies_nowhere(desks: Desks, tmp_path: Path) -> None:
    desks.send("Qxzyvorp for everyone", "Hjukwimb")
    assert not is_behind(tmp_path, desks.store)  # there is none yet
    assert found(desks, tmp_path, "qxzyvorp") == [(4, 1)]
    response = get_response(desks.store, 1)
    assert response
    revise_wishes(desks.store, response, ("Trams to the station",))
    withdraw(desks.store, 2)
    erase(desks.store, 4)
    assert is_behind(tmp_path, desks.store)
    assert keep_up(tmp_path, desks.store) == 0
    assert [found(desks, tmp_path, word) for word in ("bus", "tram", "hjukwimb")] == [[(3, 1)], [(1, 1)], []]
    held = b"".join(path.read_bytes().lower() for path in tmp_path.rglob("*") if path.is_file())
    assert b"qxzyvorp" not in held and b"hjukwimb" not in held and b"vorp" not in held
    assert b"tram" in held
    assert index_file(tmp_path, SLUG).stat().st_mode & 0o077 == 0


def test_another_campaign_of_the_name_begins_afresh(desks: Desks, tmp_path: Path) -> None:
    assert found(desks, tmp_path, "bus")
    record(desks.connections, SLUG, None, hashes={"state": {"born": "another"}})
    keep_up(tmp_path, desks.store)
    assert found(desks, tmp_path, "bus") == [(1, 1), (2, 1), (3, 1)]


def test_taking_in_twice_or_in_parts_changes_nothing(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.searching.index.EVENTS", 2)
    assert keep_up(tmp_path, desks.store) == 0
    assert keep_up(tmp_path, desks.store) == 0
    assert found(desks, tmp_path, "station") == [(1, 1), (2, 1), (3, 1)]


@pytest.mark.parametrize(("address", "said"), [
    ("?q=bus", "3 wishes"), ("?q=bus&ward=Abbey", "2 wishes"), ("?q=bus&ward=Abbey&channel=card", "1 wish"),
    ("?q=tram", "0 wishes"), ("?q=***", "Type a word to look for"), ("?q=%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;"),
    ("?q=" + "x" * 9000, "0 wishes"),
])
def test_the_page_looks_under_the_filters(desks: Desks, address: str, said: str) -> None:
    answer = desks.signed_in("officer").get(PAGE + address)
    assert (answer.status_code, said in answer.text, "<script>alert" in answer.text) == (200, True, False)


def test_older_ones_follow_without_gap_or_repeat(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.officers.wishes.PAGE", 2)
    officer = desks.signed_in("officer")
    first, second = officer.get(f"{PAGE}?q=station").text, officer.get(f"{PAGE}?q=station&before=2-1").text
    assert [first.count(f'id="w-{n}-1"') for n in (3, 2, 1)] == [1, 1, 0]
    assert [second.count(f'id="w-{n}-1"') for n in (3, 2, 1)] == [0, 0, 1]
    assert "q=station" in first.split('rel="next"')[0].rsplit("<a", 1)[1]


def test_a_member_finds_only_what_their_wards_hold(desks: Desks) -> None:
    person = desks.person("member", name="Mo")
    change_person(desks.connections, person.id, wards={SLUG: ("E05001767",)})
    member = desks.signed_in("member", name="Mo")
    page = member.get(f"{PAGE}?q=bus").text
    assert "2 wishes" in page and "A bus station with a roof" not in page
    assert "A bus station with a roof" not in member.get(f"{PAGE}?q=bus&ward=Boulton").text


def test_what_was_redacted_is_found_by_those_alone_who_may_read_it(desks: Desks) -> None:
    number = desks.send("A bus for Zebedee", "Trams", ward="Abbey")
    response = get_response(desks.store, number)
    assert response and redact_wish(desks.store, response, 1, [Redaction(10, 17, "name")], "s-1").done
    desks.count()
    change_person(desks.connections, desks.person("member", name="Mo").id, wards={SLUG: ("Abbey",)})
    clients = desks.signed_in("member", name="Mo"), desks.signed_in("officer")
    found_by = [["1 wish" in client.get(f"{PAGE}?q={word}").text for word in ("zebedee", "trams")] for client in clients]
    assert found_by == [[False, True], [True, True]]
    assert ["Zebedee" in client.get(f"{PAGE}/{number}/2").text for client in clients] == [False, True]
    history = clients[1].get(f"{PAGE}/{number}/1").text
    assert "Redacted: name, by someone no longer on the staff" in " ".join(history.split())


def test_a_damaged_index_is_made_again(desks: Desks, tmp_path: Path) -> None:
    found(desks, tmp_path, "bus")
    index_file(tmp_path, SLUG).write_bytes(b"no database" * 500)
    with pytest.raises(CannotLook, match="damaged"):
        found(desks, tmp_path, "bus")
    assert found(desks, tmp_path, "bus") == [(1, 1), (2, 1), (3, 1)]


def test_a_machine_that_can_keep_no_index_still_shows_its_wishes(desks: Desks, tmp_path: Path) -> None:
    desks.app.config["DATA_DIR"] = tmp_path / "shut"
    (tmp_path / "shut").write_bytes(b"a file, where a folder should be")
    officer = desks.signed_in("officer")
    assert "No index can be kept on this machine" in officer.get(f"{PAGE}?q=bus").text
    assert "No index can be kept on this machine" in officer.get(f"{PAGE}/1/1").text


def test_an_index_somebody_holds_is_told_in_words(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.searching.index.PATIENCE_SECONDS", 0.01)
    found(desks, tmp_path, "bus")
    holding = sqlite3.connect(index_file(tmp_path, SLUG), isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CannotLook, match="Look again"):
        found(desks, tmp_path, "bus")
    assert not is_behind(tmp_path, desks.store)
    holding.close()
    assert found(desks, tmp_path, "bus")


def test_the_index_of_a_removed_campaign_goes(desks: Desks, tmp_path: Path) -> None:
    found(desks, tmp_path, "bus")
    sweep_removed(tmp_path, [SLUG])
    assert index_file(tmp_path, SLUG).exists()
    sweep_removed(tmp_path, ["another"])
    assert not index_file(tmp_path, SLUG).exists()


def test_where_no_worker_is_at_it_this_machine_keeps_itself_up(desks: Desks, tmp_path: Path) -> None:
    found(desks, tmp_path, "bus")
    erase(desks.store, 2)
    first = catch_up_where_stuck(desks.connections, tmp_path, {})
    assert is_behind(tmp_path, desks.store)  # it may be moving: one more look tells
    assert catch_up_where_stuck(desks.connections, tmp_path, first) == {SLUG: first[SLUG] + 1}
    assert not is_behind(tmp_path, desks.store)
    assert b"roof" not in index_file(tmp_path, SLUG).read_bytes()


def test_rows_and_signs_are_at_hand_before_anybody_asks(desks: Desks, tmp_path: Path) -> None:
    held = Surroundings(desks.connections)
    bring_to_hand(held, tmp_path)
    assert (held.tables[SLUG].row(1) != b"", held.signs) == (True, {})
    found(desks, tmp_path, "bus")
    bring_to_hand(held, tmp_path)
    assert held.signs[SLUG].life


def test_a_machine_where_nobody_looked_keeps_nothing(desks: Desks, tmp_path: Path) -> None:
    assert catch_up_where_stuck(desks.connections, tmp_path, {}) == {}
    assert not index_file(tmp_path, SLUG).exists()


def test_a_page_takes_in_little_and_leaves_what_goes_to_others(
    desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(desks, tmp_path, "bus")
    erase(desks.store, 2)
    desks.send("Another bus")
    assert found(desks, tmp_path, "bus") == [(1, 1), (2, 1), (3, 1)]  # the page holds these against the rows
    desks.count()
    page = desks.signed_in("officer").get(f"{PAGE}?q=bus").text
    assert "2 wishes" in page and "A bus station" not in page and "not looked through yet" in page
    keep_up(tmp_path, desks.store)
    assert found(desks, tmp_path, "bus") == [(1, 1), (3, 1), (4, 1)]
    monkeypatch.setattr("campaigns.searching.index.LITTLE_SECONDS", -1)
    desks.send("Yet another bus")
    with opened(tmp_path, desks.store) as index:
        assert index.behind == 1
