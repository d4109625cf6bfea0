"""Open data: released by an officer or by plan, frozen, taken by anyone; cleared words alone, and gone when they are erased."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from campaigns.keeping.retention import local_today
from campaigns.open_data.releases import CannotRelease, due, latest, next_day, plan, release
from campaigns.open_data.renewing import Line, Table, renew
from campaigns.responses import CLEARED, HELD, SlotCoding
from campaigns.store.changes import code_wish, erase, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.responses import get_response
from tests.attacking import Attack
from tests.desks import SLUG, Desks, make_desks, post
from web import create_app
from workers import jobs
from workers.queues import SLOW, queue
from workers.schedule import Looks, look

DATA, OFFICERS = f"/{SLUG}/data", f"/officers/{SLUG}/open-data"
SENT = {"Normanton": 30, "Abbey": 3, "Arboretum": 12, "Boulton": 9, "": 20}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


@pytest.fixture
def public(desks: Desks) -> FlaskClient:
    return desks.app.test_client()


def fill(desks: Desks, sent: dict[str, int] = SENT) -> None:
    for ward, many in sent.items():
        for place in range(many):
            desks.send(f"A wish {place} from {ward}", ward=ward, channel="card" if place % 2 else "online")
    desks.count()


def moderate(desks: Desks, number: int, how: int) -> None:
    response = get_response(desks.store, number)
    assert response and moderate_wish(desks.store, response, 1, how, "s-1").done


def rows(public: FlaskClient, name: str) -> list[dict[str, str]]:
    answer = public.get(f"{DATA}/{name}")
    assert answer.status_code == 200 and f"{SLUG}-release-" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def wards(public: FlaskClient) -> dict[str, tuple[str, str]]:
    return {row["value"]: (row["responses"], row["as_of_release"]) for row in rows(public, "tables.csv")
            if row["table"] == "wards" and not row["by_2"]}


def test_nothing_is_there_before_it_is_released_and_then_it_is_frozen(desks: Desks, public: FlaskClient) -> None:
    officer = desks.signed_in("officer")
    assert "Nothing has been released yet." in public.get(DATA).text and public.get(f"{DATA}/tables.csv").status_code == 404
    desks.count()
    assert "nothing to release" in post(officer, OFFICERS, {"do": "release"}).text
    fill(desks)
    assert post(officer, OFFICERS, {"do": "release"}).status_code == 303
    found = wards(public)
    assert found["Normanton"] == ("30", "1") and found["Arboretum"] == ("12", "1")
    assert (found["Abbey"][0], found["Boulton"][0]) == ("", ""), "the next smallest goes with the small one"
    desks.send("One more", ward="Normanton")
    desks.count()
    assert wards(public) == found
    published = [event for event in read_events(desks.store) if event.name == "results.published"]
    assert [event.data["release"] for event in published] == [1] and verify(desks.store).problem == ""
    for said in ("Release 1", "Open Government Licence v3.0", "withheld in this release"):
        assert said in public.get(DATA).text
    assert "Release <strong>1</strong>" in officer.get(OFFICERS).text


def test_a_line_that_moved_a_little_stays_as_it_was(desks: Desks, public: FlaskClient) -> None:
    fill(desks)
    release(desks.store, "s-1")
    fill(desks, {"Normanton": 2, "Arboretum": 9, "": 8})
    release(desks.store, "s-1")
    found = wards(public)
    assert found["Normanton"] == ("30", "1"), "two more are told to nobody"
    assert (found["not given"], found["Arboretum"]) == (("20", "1"), ("21", "2")), "one stays with it, or the sum would tell"
    assert json.loads(public.get(f"{DATA}/tables-1.json").text)["tables"]["wards"]["lines"]["Normanton"]["counts"][0] == 30
    assert public.get(f"{DATA}/tables-3.json").status_code == public.get(f"{DATA}/tables-²x.json").status_code == 404
    assert 'href="/derby-2026/data/tables-1.json"' in public.get(DATA).text


def test_only_cleared_words_are_there_and_they_go_at_once(desks: Desks, public: FlaskClient) -> None:
    texts = ["=1+1 quaggas", "Held zebras", "Unseen okapis", "Cleared gnus", "Cleared kudus"]
    for text in texts:
        desks.send(text, ward="Normanton", channel="card")
    for number, how in ((1, CLEARED), (2, HELD), (4, CLEARED), (5, CLEARED)):
        response = get_response(desks.store, number)
        assert response and code_wish(desks.store, response, 1, SlotCoding(("growth.transport",), "more", "s-1", at_ms=1)).done
        moderate(desks, number, how)
    fill(desks)
    release(desks.store, "s-1")
    assert [row["text"] for row in rows(public, "wishes.csv")] == ["'=1+1 quaggas", "Cleared gnus", "Cleared kudus"]
    told = json.loads(public.get(f"{DATA}/wishes.json").text)
    assert set(told["wishes"][0]) == {"text", "themes", "ask"} and told["licence"]["name"].startswith("Open Government")
    assert {wish["ask"] for wish in told["wishes"]} == {None}, "fewer than five ask for more, so no wish says that it does"
    erase(desks.store, 1)
    moderate(desks, 4, HELD)
    withdraw(desks.store, 5)
    assert rows(public, "wishes.csv") == []
    assert json.loads(public.get(f"{DATA}/wishes.json").text)["wishes"] == []
    assert "quaggas" not in json.dumps(desks.store.text.hgetall(desks.store.keys.of("releases")))


def test_the_files_say_what_they_are(desks: Desks, public: FlaskClient) -> None:
    fill(desks)
    release(desks.store, "s-1")
    package = json.loads(public.get(f"{DATA}/datapackage.json").text)
    for resource in package["resources"]:
        assert [field["name"] for field in resource["schema"]["fields"]] == list(
            csv.DictReader(io.StringIO(public.get(f"{DATA}/{resource['path']}").text)).fieldnames or []
        )
        assert resource["name"].endswith(f"event-{latest(desks.store).event}")  # type: ignore[union-attr]
    assert {row["file"] for row in rows(public, "dictionary.csv")} == {"tables.csv", "wishes.csv"}
    special = {question.id for question in desks.store.campaign.questions if question.special}
    tables = json.loads(public.get(f"{DATA}/tables.json").text)["tables"]
    assert special and {tables[f"answers-{one}"]["withheld_below"] for one in special} == {10}
    assert not any(one in table["by"] for one in special for name, table in tables.items() if not name.startswith("answers-"))


def test_a_release_comes_by_itself_on_its_day(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desks.store
    assert next_day(store) == store.campaign.window.opens + timedelta(days=7)
    assert not due(store, local_today(store.campaign)), "nobody sent anything"
    fill(desks, {"Abbey": 4})
    assert not due(desks.store, local_today(store.campaign)), "too few to tell anything"
    fill(desks)
    assert due(desks.store, local_today(store.campaign))
    monkeypatch.setattr(jobs, "connections", lambda: desks.connections)
    look(desks.connections, Looks())
    desks.count()  # the day's seal
    desks.store.text.set(desks.store.keys.of("cursor", "coding"), last_event(desks.store))
    looks = Looks(sealed={SLUG: datetime.now(UTC).date().isoformat()})
    look(desks.connections, looks)
    look(desks.connections, looks)
    assert queue(desks.connections, SLOW).count == 1
    jobs.release_figures(SLUG)
    jobs.release_figures(SLUG)
    made = latest(desks.store)
    assert made and made.number == 1 and next_day(desks.store) == local_today(store.campaign) + timedelta(days=7)


@pytest.mark.parametrize(("days", "first", "said"), [
    ("x", "", "Type a number of days"), ("400", "", "Type a number of days"), ("7", "", "today or later"),
    ("7", "soon", "Write the day as"), ("7", "2001-01-01", "today or later"),
])
def test_a_plan_that_cannot_be_is_said_in_words(desks: Desks, days: str, first: str, said: str) -> None:
    answer = post(desks.signed_in("officer"), OFFICERS, {"do": "plan", "days": days, "first": first})
    assert answer.status_code == 400 and said in answer.text and f'value="{days}"' in answer.text


def test_an_officer_plans_and_an_auditor_looks(desks: Desks) -> None:
    officer, tomorrow = desks.signed_in("officer"), date.today() + timedelta(days=2)
    assert post(officer, OFFICERS, {"do": "plan", "days": "14", "first": tomorrow.isoformat()}).status_code == 303
    assert next_day(desks.store) == tomorrow
    assert post(officer, OFFICERS, {"do": "plan", "days": "0", "first": ""}).status_code == 303
    assert next_day(desks.store) is None and "No release comes by itself." in officer.get(OFFICERS).text
    assert 'value="release"' not in desks.signed_in("auditor", name="Ivy").get(OFFICERS).text
    plan(desks.store, 7, tomorrow, "s-1")


def test_what_is_behind_is_waited_for(desks: Desks) -> None:
    desks.send("A wish")
    with pytest.raises(CannotRelease, match="still being counted"):
        release(desks.store, "s-1")


def test_sources_of_a_channel_whose_sum_is_told_hide_one_another() -> None:
    groups = {"tree": "tree", "fair": "tree", "libraries": "card", "schools": "card"}
    counted = {"tree": (3,), "fair": (20,), "libraries": (40,), "schools": (50,), "no source named": (60,)}
    table = renew(Table(("source",), (), 5, {}, groups), counted, {}, 1)
    shown = {name: line.public[0] for name, line in table.lines.items()}
    assert shown == {"tree": None, "fair": None, "libraries": 40, "schools": 50, "no source named": 60}
    attack = Attack()
    attack.sees({name: (1, line.public) for name, line in table.lines.items()}, [173])
    attack.groups.append((frozenset({"tree", "fair"}), 0, 23))
    assert attack.width({(0, "tree", 0): 1.0}) >= 4


def test_special_answers_are_hidden_below_ten_and_by_more() -> None:
    table = renew(Table(("faith",), (), 10, {}), {"a": (7,), "b": (12,), "c": (40,), "not given": (90,)}, {}, 1)
    attack = Attack()
    attack.sees({name: (1, line.public) for name, line in table.lines.items()}, [149])
    assert table.lines["a"].public == (None,) and attack.width({(0, "a", 0): 1.0}) >= 9


@pytest.mark.parametrize(("before", "now", "shown", "of"), [
    ((20, 20, 20), (20, 20, 20), (20, 20, 20), 2), ((20, 20, 20), (21, 20, 20), (20, 20, 20), 1),
    ((20, 20, 20), (21, 26, 25), (20, 26, 20), 1), ((20, 20, 20), (25, 26, 30), (25, 26, 30), 2),
    ((20, 3, 20), (25, 3, 25), (None, None, 25), 2),
])
def test_a_line_is_renewed_or_stays(
    before: tuple[int, ...], now: tuple[int, ...], shown: tuple[int | None, ...], of: int
) -> None:
    empty = Table(("ward",), (), 5, {})
    first = renew(empty, {name: (count,) for name, count in zip("abc", before, strict=True)}, {}, 1)
    then = renew(empty, {name: (count,) for name, count in zip("abc", now, strict=True)}, first.lines, 2)
    assert tuple(line.public[0] for line in then.lines.values()) == shown
    assert then.lines["a"].release == of
    assert isinstance(then.lines["a"], Line)
