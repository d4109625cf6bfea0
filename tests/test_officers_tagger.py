"""The record of the algorithm is filled from what was measured, and names who may overrule it."""

import json

import pytest
from flask.testing import FlaskClient

from campaigns.consumers.measuring import measure_by_people
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.store.taught import MEASURED, TRIED, note
from tests.desks import Desks, make_desks
from tests.storehouse import LITTLE, code_by_machine, open_little, send
from web import create_app


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def officer(settings: dict[str, str], store: Store, connections: Connections) -> FlaskClient:
    desks: Desks = make_desks(create_app(settings), connections)
    return desks.signed_in("officer")


def read(client: FlaskClient) -> str:
    answer = client.get(f"/officers/{LITTLE}/tagger")
    assert answer.status_code == 200
    return answer.text


def coded_twelve(store: Store) -> None:
    for number in range(1, 13):
        send(store, f"Mend the holes {number}")
        code_by_machine(store, number, 1, SlotCoding(("safer.green",), "more", "t-1", 0.75))
        right = SlotCoding(("safer.green" if number > 3 else "growth.roads",), "mend", "s-1", at_ms=9)
        assert code_wish(store, get_responses(store, [number])[0], 1, right).done


def test_nothing_measured_yet_is_said(officer: FlaskClient) -> None:
    page = read(officer)
    assert "nobody has coded a wish" in page
    assert "Little Town Council" in page
    assert "The tagger that the frame teaches codes since the beginning" in page


def test_figures_come_from_what_people_coded(officer: FlaskClient, store: Store) -> None:
    coded_twelve(store)
    told = measure_by_people(store)
    assert told
    note(store, MEASURED, told)
    page = read(officer)
    assert "12 wishes that people coded" in page
    assert "0.75 over all" in page
    assert "not in the log" not in page
    whole = json.loads(officer.get(f"/officers/{LITTLE}/tagger.json").data)
    assert whole["measured"]["report"]["confusions"] == [{"people": "growth.roads", "tagger": "safer.green", "wishes": 3}]
    assert ["Name", "The tagger of Three Wishes"] in whole["Owner and purpose"]


def test_versions_and_the_last_trial_are_listed(officer: FlaskClient, store: Store) -> None:
    about = {"at_ms": 1_800_000_000_000, "learnt_from": 80, "who": "job:teaching", "judged": 60, "f1": 0.81, "f1_before": 0.7}
    store.text.hset(store.keys.of("taggers"), "abc", json.dumps(about))
    store.text.hset(store.keys.of("state"), "tagger", "abc")
    note(store, TRIED, {"coded": 80, "outcome": "no better", "judged": 60, "f1": 0.7, "f1_before": 0.81})
    page = read(officer)
    assert "abc (codes now)" in page
    assert "F1 by code 0.81, before 0.70, on 60 wishes that neither had learnt from" in page
    assert "80 codings by people" in page
    assert "no better (F1 by code 0.70, of the present one 0.81)" in page


def test_everyone_may_read_the_record(settings: dict[str, str], store: Store, connections: Connections) -> None:
    desks: Desks = make_desks(create_app(settings), connections)
    coded_twelve(store)
    told = measure_by_people(store)
    assert told
    note(store, MEASURED, told)
    anyone = desks.app.test_client()
    page = anyone.get(f"/{LITTLE}/how-wishes-are-sorted").text
    assert "12 wishes that people coded" in page and "Any officer or reviewer" in page
    assert json.loads(anyone.get(f"/{LITTLE}/how-wishes-are-sorted.json").data)["How good it is"][0][0] == "Measured on"
    assert "how-wishes-are-sorted" in anyone.get(f"/{LITTLE}/results").text and "/data" in anyone.get(f"/{LITTLE}/results").text
