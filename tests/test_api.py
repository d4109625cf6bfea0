"""The programs' door: each status with its words, the same answer for the same key, and tables that pick nobody out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaigns.references import number_of
from campaigns.responses import SlotCoding
from campaigns.store.areas import load_postcodes
from campaigns.store.changes import withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import TALLIES
from campaigns.store.opening import close_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.secrets import receipt_secret
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.store import Store, forget_campaign
from tests.storehouse import ABBEY, LITTLE, NORMANTON, catch_up, code_by_machine, loaded_little, open_little, send
from web import create_app
from web.limits import MOST
from workers.queues import waiting_jobs

SUBMISSIONS = f"/api/v1/campaigns/{LITTLE}/submissions"
TALLIES_PATH = f"/api/v1/campaigns/{LITTLE}/tallies"


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@pytest.fixture
def client(store: Store, settings: dict[str, str]) -> FlaskClient:
    return create_app(settings).test_client()


def post(client: FlaskClient, body: Any, key: str = "", path: str = SUBMISSIONS) -> tuple[int, Any]:  # noqa: ANN401
    answer = client.post(path, json=body, headers={"Idempotency-Key": key} if key else {}, buffered=True)
    return answer.status_code, answer.get_json()


def test_a_submission_is_taken_and_answered_with_its_reference(client: FlaskClient, store: Store) -> None:
    load_postcodes(store, ["postcode,ward\n", f"DE1 1AA,{ABBEY}\n"], "s-1")
    about = {"connection": "I visit", "faith": "1"}
    sent = {"wishes": ["Trees 🌳", "", "Buses"], "postcode": "de1 1aa", "about": about, "source": "libraries"}
    status, body = post(client, sent)
    assert (status, body["number"]) == (201, 1)
    assert number_of(body["reference"], receipt_secret(store)) == 1
    assert body["received_at"].endswith("+00:00")
    response = get_response(store, 1)
    assert response and [(wish.slot, wish.text) for wish in response.wishes] == [(1, "Trees 🌳"), (3, "Buses")]
    assert (response.area, response.outward, response.channel, response.source) == (ABBEY, "DE1", "online", "libraries")
    assert (response.answers, response.special) == ({"connection": 3}, {"faith": 1})


def test_the_same_key_and_body_get_the_same_answer_and_another_body_none(client: FlaskClient, store: Store) -> None:
    first = post(client, {"wishes": ["Trees"]}, "k")
    assert post(client, {"wishes": ["Trees"]}, "k") == first
    assert post(client, {"wishes": [" Trees "], "about": {}}, "k") == first
    status, body = post(client, {"wishes": ["Buses"]}, "k")
    assert (status, "another body" in body["error"]) == (422, True)
    assert post(client, {"wishes": ["Trees"]})[1]["number"] == 2
    assert response_count(store) == 2


@pytest.mark.parametrize(("body", "fields"), [
    (None, {"body"}), ([], {"body"}), ("Trees", {"body"}), ({}, {"wishes"}), ({"wishes": "Trees"}, {"wishes"}),
    ({"wishes": [1]}, {"wishes"}), ({"wishes": [None]}, {"wishes"}), ({"wishes": []}, {"wish1"}),
    ({"wishes": ["", " "]}, {"wish1"}), ({"wishes": ["a"] * 4}, {"wishes"}), ({"wishes": ["a", "x" * 5001]}, {"wish2"}),
    ({"wishes": ["a"], "postcode": 7}, {"postcode"}), ({"wishes": ["a"], "about": ["x"]}, {"about"}),
    ({"wishes": ["a"], "about": {"connection": 1}}, {"about"}), ({"wishes": ["a"], "about": {"shoe": "9"}}, {"about"}),
    ({"wishes": ["a"], "about": {"connection": "9" * 5000}}, {"about"}), ({"wishes": ["a"], "name": "me"}, {"name"}),
    ({"wishes": ["a"], "channel": "card"}, {"channel"}), ({"wish": "a", "postcode": 1}, {"wishes", "wish", "postcode"}),
])
def test_what_is_wrong_is_listed_field_by_field(client: FlaskClient, store: Store, body: Any, fields: set[str]) -> None:  # noqa: ANN401
    status, answer = post(client, body)
    assert (status, {one["field"] for one in answer["fields"]}) == (400, fields)
    assert all(one["problem"].endswith((".", "}")) for one in answer["fields"])
    assert response_count(store) == 0


@pytest.mark.parametrize(("data", "kind"), [
    (b"wishes=Trees", "application/x-www-form-urlencoded"), (b"{", "application/json"), (b"", "application/json"),
    (b'{"wishes": ["Trees"]}', "text/plain"), (b"\xff\xfe", "application/json"), (b"[" * 100_000, "application/json"),
])
def test_what_is_not_json_is_refused_in_words(client: FlaskClient, data: bytes, kind: str) -> None:
    answer = client.post(SUBMISSIONS, data=data, content_type=kind)
    assert (answer.status_code, answer.get_json()["fields"][0]["field"]) == (400, "body")


def test_a_key_too_long_is_refused(client: FlaskClient) -> None:
    status, answer = post(client, {"wishes": ["a"]}, "k" * 201)
    assert (status, answer["fields"][0]["field"]) == (400, "Idempotency-Key")


def test_outside_the_window_and_after_closing_it_is_gone(
    client: FlaskClient, store: Store, connections: Connections
) -> None:
    state = store.keys.of("state")
    kept = store.text.hgetall(state)
    for field, value, said in (
        ("starts", "99999999999999", "not opened yet"), ("ends", "1", "last day"), ("state", "paused", "paused"),
    ):
        store.text.hset(state, field, value)
        status, answer = post(client, {"wishes": ["a"]})
        assert (status, said in answer["error"]) == (410, True), answer
        store.text.hset(state, mapping=kept)
    close_campaign(connections, LITTLE, "s-1")
    assert post(client, {"wishes": ["a"]}) == (410, {"error": "This campaign has closed, so it takes no more wishes."})
    loaded_little(connections, "next-town")
    status, answer = post(client, {"wishes": ["a"]}, path="/api/v1/campaigns/next-town/submissions")
    assert (status, answer["error"]) == (410, "This campaign has not opened.")
    assert response_count(store) == 0


def test_past_the_limit_it_says_when_to_try_again(store: Store, settings: dict[str, str]) -> None:
    client = create_app({**settings, "RATE_LIMIT": "on"}).test_client()
    statuses = [client.post(SUBMISSIONS, json={"wishes": [f"wish {n}"]}).status_code for n in range(MOST + 1)]
    assert statuses == [201] * MOST + [429]
    answer = client.post(SUBMISSIONS, json={"wishes": ["one more"]})
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert "Try again in" in answer.get_json()["error"]
    elsewhere = client.post(SUBMISSIONS, json={"wishes": ["from elsewhere"]}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 201


def test_no_address_is_kept(store: Store, settings: dict[str, str], connections: Connections) -> None:
    client = create_app({**settings, "RATE_LIMIT": "on"}).test_client()
    client.post(SUBMISSIONS, json={"wishes": ["a"]}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert not any("192.0.2.7" in key for key in connections.text.scan_iter())
    assert "192.0.2.7" not in str(store.text.hgetall(store.keys.response(1)))


@pytest.mark.parametrize(("method", "path", "status"), [
    ("POST", "/api/v1/campaigns/atlantis/submissions", 404), ("GET", "/api/v1/campaigns/atlantis/tallies", 404),
    ("GET", SUBMISSIONS, 405), ("POST", TALLIES_PATH, 405), ("GET", "/api/v1/nothing", 404),
])
def test_errors_are_json_in_words(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, json={"wishes": ["a"]} if method == "POST" else None)
    assert answer.status_code == status
    assert answer.get_json()["error"] and answer.get_json()["remedy"]


def test_a_body_too_large_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post(SUBMISSIONS, json={"wishes": ["x" * 1_100_000]})
    assert (answer.status_code, answer.get_json()["error"]) == (413, "That is too much at once")


def test_a_response_rings_for_the_tallies_after_the_reply(client: FlaskClient, connections: Connections) -> None:
    for n in range(3):
        post(client, {"wishes": [f"wish {n}"]})
    assert waiting_jobs(connections, TALLIES) == 1


def test_a_lost_store_is_said_and_nothing_called_kept(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    app = create_app({"REDIS_URL": server.start(), "RATE_LIMIT": "off"})
    open_little(app.extensions["surroundings"].connections)
    server.stop()
    status, answer = post(app.test_client(), {"wishes": ["a"]}, "k")
    assert (status, "Try again" in answer["remedy"]) == (503, True)
    app.extensions["surroundings"].connections.close()


def tally(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"{TALLIES_PATH}?{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def counts(body: dict[str, Any], *facets: str) -> dict[Any, int | None]:
    names = [tuple(cell[facet] for facet in facets) for cell in body["cells"]]
    return {name if len(name) > 1 else name[0]: cell["count"] for name, cell in zip(names, body["cells"], strict=True)}


@pytest.fixture
def fill(store: Store) -> Callable[..., None]:
    """Returns a function that sends so many responses of a kind and catches up."""
    def send_many(count: int, **what: object) -> None:
        for _ in range(count):
            taken = send(store, "Trees", **what)
            code_by_machine(store, taken.number, 1, SlotCoding(("safer.green", "growth.jobs"), "more", "t-1", 0.8))
        catch_up(store)
    return send_many


def test_a_table_says_count_base_and_the_event_it_is_as_of(client: FlaskClient, fill: Callable[..., None], store: Store) -> None:
    fill(2, channel="card")
    fill(1)
    body = tally(client, "by=channel")
    assert counts(body, "channel") == {"card": 2, "online": 1}
    assert (body["total"], body["base"], body["as_of"], body["demonstration"]) == (3, "responses", catch_up(store).event, True)
    assert body["cells"][0] == {"channel": "online", "count": 1, "base": "responses", "interval": None, "suppressed": False}


@pytest.mark.parametrize(("base", "total"), [("responses", 3), ("wishes", 3), ("mentions", 6)])
def test_bases_and_filters(client: FlaskClient, fill: Callable[..., None], base: str, total: int) -> None:
    fill(3, channel="card")
    fill(2)
    body = tally(client, f"by=theme&by=ask&channel=card&base={base}")
    assert counts(body, "theme", "ask") == {("growth", "more"): 3, ("safer", "more"): 3}
    assert body["total"] == total
    assert body["where"] == {"channel": ["card"]}


@pytest.mark.parametrize(("query", "said"), [
    ("by=colour", "colour"), ("base=people", "people"), ("ward=Atlantis", "Atlantis"), ("by=", "“”"),
    ("by=ward&colour=red", "“colour” is not a filter"), ("day=yesterday", "“yesterday” is not a day"),
    ("channel=pigeon", "pigeon"), ("by=day&by=day", "each once"), ("by=day&by=ward&by=code&by=ask&by=channel", "at most 4"),
])
def test_what_cannot_be_counted_is_refused_in_words(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"{TALLIES_PATH}?{query}")
    assert (answer.status_code, said in answer.get_json()["error"]) == (400, True), answer.get_json()


def test_small_cells_of_places_are_withheld_and_none_alone(client: FlaskClient, fill: Callable[..., None]) -> None:
    fill(7, area=ABBEY)
    fill(3, area=NORMANTON)
    fill(6)
    body = tally(client, "by=ward")
    assert counts(body, "ward") == {"Abbey": 7, "Normanton": None, "not given": None}
    assert (body["total"], {cell["ward"] for cell in body["cells"] if cell["suppressed"]}) == (16, {"Normanton", "not given"})


def test_several_small_cells_are_enough_to_hide_each_other(client: FlaskClient, fill: Callable[..., None]) -> None:
    fill(7, area=ABBEY)
    fill(3, area=NORMANTON)
    fill(2)
    assert counts(tally(client, "by=ward"), "ward") == {"Abbey": 7, "Normanton": None, "not given": None}


@pytest.mark.parametrize("query", [
    "ward=Normanton", "by=theme&ward=Normanton", "by=channel&day=2010-07-01", "by=faith", "by=source",
])
def test_a_look_into_places_days_or_answers_withholds_what_is_small(
    client: FlaskClient, fill: Callable[..., None], query: str
) -> None:
    fill(3, area=NORMANTON, day="2010-07-01", special={"faith": 2}, source="libraries", channel="card")
    body = tally(client, query)
    assert body["total"] is None
    assert all(cell["count"] is None for cell in body["cells"])


def test_small_cells_of_themes_and_channels_are_shown(client: FlaskClient, fill: Callable[..., None]) -> None:
    fill(1)
    shown = counts(tally(client, "by=code&by=channel"), "code", "channel")
    assert shown == {("growth.jobs", "online"): 1, ("safer.green", "online"): 1}


def test_a_table_that_did_not_move_costs_a_304(client: FlaskClient, fill: Callable[..., None], store: Store) -> None:
    fill(1)
    first = client.get(f"{TALLIES_PATH}?by=channel")
    again = client.get(f"{TALLIES_PATH}?by=channel", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    withdraw(store, 1)
    catch_up(store)
    moved = client.get(f"{TALLIES_PATH}?by=channel", headers={"If-None-Match": first.headers["ETag"]})
    assert (moved.status_code, moved.get_json()["total"]) == (200, 0)


def test_a_campaign_loaded_anew_is_not_taken_for_the_one_before(
    client: FlaskClient, fill: Callable[..., None], store: Store, connections: Connections
) -> None:
    fill(1)
    first = client.get(TALLIES_PATH)
    forget_campaign(store)
    again = open_little(connections)
    send(again)
    code_by_machine(again, 1, 1, SlotCoding(("other",), "more", "t-1"))
    catch_up(again)
    assert client.get(TALLIES_PATH, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_empty_campaign_answers_with_an_empty_table(client: FlaskClient) -> None:
    body = tally(client, "by=theme&base=mentions")
    assert (body["cells"], body["total"], body["as_of"]) == ([], 0, 0)


def test_each_visitor_behind_a_trusted_proxy_has_a_limit_of_their_own(store: Store, settings: dict[str, str]) -> None:
    client = create_app({**settings, "RATE_LIMIT": "on", "TRUSTED_PROXIES": "1"}).test_client()
    seen = [
        client.post(SUBMISSIONS, json={"wishes": ["a"]}, headers={"X-Forwarded-For": visitor}).status_code
        for visitor in [*["192.0.2.1"] * (MOST + 1), "192.0.2.2"]
    ]
    assert seen == [201] * MOST + [429, 201]


def test_nobody_escapes_the_limit_by_claiming_an_address(store: Store, settings: dict[str, str]) -> None:
    client = create_app({**settings, "RATE_LIMIT": "on"}).test_client()
    seen = [
        client.post(SUBMISSIONS, json={"wishes": ["a"]}, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
        for n in range(MOST + 1)
    ]
    assert seen[-1] == 429
