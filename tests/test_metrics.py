"""The figures Prometheus reads: right for all processes together, and for nobody without the token."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from campaigns.store.backups import Backup, note_backup
from campaigns.store.connection import Connections, connect
from campaigns.store.consumers import CODING, TALLIES, park
from campaigns.store.log import seal
from tests.storehouse import LITTLE, catch_up, open_little, send
from web import create_app, metrics
from web.counting import Counts
from web.guards import OPEN
from web.metrics import BUCKETS, REASONS, TOKEN, metrics_token
from web.observing import observe
from workers.queues import ring

Wait = Callable[..., object]
SEND = f"/api/v1/campaigns/{LITTLE}/submissions"
GIVEN = "a-token-given"
NONCE = re.compile(r'nonce="[^"]+"')


@pytest.fixture
def app(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Returns an application that is observed, and has counted nothing yet."""
    monkeypatch.setattr(metrics, "COUNTS", Counts())
    return observe(create_app(settings), settings | {"METRICS_TOKEN": GIVEN})


def scrape(app: Flask) -> dict[str, float]:
    """Returns the figures by name and labels, as ``name{label=value}``."""
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {GIVEN}"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), answer.text
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name.removeprefix('three_wishes_')}{{{labels}}}"] = sample.value
    return found


@pytest.mark.parametrize("asked", [
    {}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"Authorization": "Bearer another"}, {"Authorization": GIVEN},
    {"Authorization": f"Basic {GIVEN}"}, {"Authorization": "Bearer żółw"}, {"X-Forwarded-For": "127.0.0.1"},
])
def test_without_the_token_there_is_no_such_page(app: Flask, asked: dict[str, str]) -> None:
    client = app.test_client()
    page = client.get("/metrics", headers=asked)
    assert page.status_code == 404
    other = client.get("/no/such/page/anywhere")
    assert NONCE.sub("", page.text) == NONCE.sub("", other.text) and set(page.headers.keys()) == set(other.headers.keys())


@pytest.mark.parametrize("given", ["off", ""])
def test_it_can_be_off(settings: dict[str, str], tmp_path: Path, given: str) -> None:
    env = settings | {"METRICS_TOKEN": given, "DATA_DIR": str(tmp_path / "not there")}
    client = observe(create_app(settings), env).test_client()
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_a_token_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path)}
    made = metrics_token(env)
    assert len(made) > 40 and made == metrics_token(env) == (tmp_path / TOKEN).read_text().strip()
    assert (tmp_path / TOKEN).stat().st_mode & 0o777 == 0o600
    assert metrics_token(env | {"METRICS_TOKEN": GIVEN}) == GIVEN
    assert metrics_token(env | {"METRICS_TOKEN": "off"}) == ""
    assert [path.name for path in tmp_path.iterdir()] == [TOKEN]


def test_the_state_of_things_is_shown(app: Flask, connections: Connections) -> None:
    store = open_little(connections)
    for channel in ("online", "card", "card"):
        send(store, channel=channel)
    catch_up(store)
    send(store)
    park(store, CODING, 1, ValueError())
    ring(store, TALLIES)
    note_backup(connections, Backup("b-1", 0, "host", "path", 1, "sha"))
    found = scrape(app)
    behind = found[f"behind_events{{campaign={LITTLE}}}"]
    assert behind >= 2 and found[f"coding_behind_events{{campaign={LITTLE}}}"] > behind
    assert {name: found[name] for name in (
        "store_up{}", f"responses{{campaign={LITTLE},channel=online}}", f"responses{{campaign={LITTLE},channel=card}}",
        f"parked{{campaign={LITTLE}}}", "jobs_waiting{queue=tallies}", "jobs_waiting{queue=slow}", "workers{queue=coding}",
    )} == dict(zip((
        "store_up{}", f"responses{{campaign={LITTLE},channel=online}}", f"responses{{campaign={LITTLE},channel=card}}",
        f"parked{{campaign={LITTLE}}}", "jobs_waiting{queue=tallies}", "jobs_waiting{queue=slow}", "workers{queue=coding}",
    ), (1, 1, 2, 1, 1, 0, 0), strict=True))
    for name in ("store_memory_bytes{}", "store_aof_bytes{}", "disk_free_bytes{}", f"events{{campaign={LITTLE}}}"):
        assert found[name] > 0
    assert 0 <= found["oldest_job_seconds{}"] < 600 and found["backup_age_seconds{}"] > 10**9


def test_the_age_of_the_seal_is_that_of_the_newest(app: Flask, connections: Connections) -> None:
    name, store = f"seal_age_seconds{{campaign={LITTLE}}}", open_little(connections)
    unsealed = scrape(app)[name]
    assert unsealed >= 0  # since the campaign's first event
    send(store)
    seal(store)
    send(store)
    assert 0 <= scrape(app)[name] <= unsealed + 600


def test_requests_are_counted_by_rule_and_never_by_what_was_asked(app: Flask, connections: Connections) -> None:
    open_little(connections)
    client = app.test_client()
    for number in range(3):
        client.get(f"/{LITTLE}/receipt/made-up-{number}")
        client.get(f"/nowhere/at-{number}/all")
        client.open("/", method=f"ODD{number}")
    client.post(SEND, json={"wishes": ["Trees"]})
    found = scrape(app)
    counted = {name: number for name, number in found.items() if name.startswith("requests_total")}
    assert counted == {
        "requests_total{method=GET,route=/<slug>/receipt/<reference>,status=4xx}": 3,
        "requests_total{method=GET,route=none,status=4xx}": 3,
        "requests_total{method=OTHER,route=none,status=4xx}": 3,
        "requests_total{method=POST,route=/api/v1/campaigns/<slug>/submissions,status=2xx}": 1,
    }
    assert not [name for name in found if "made-up" in name or "at-" in name]


def test_every_label_has_only_so_many_values(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()} | {"none", "/"}
    for name in scrape(app):
        assert {value for label, value in re.findall(r"(\w+)=([^,}]+)", name) if label == "route"} <= rules


@pytest.mark.parametrize(("body", "path", "reason"), [
    ({"wishes": "Trees"}, SEND, 400), ({"wishes": [""]}, SEND, 400), ({"wishes": ["Trees"]}, SEND.replace(LITTLE, "none"), 404),
])
def test_refusals_are_counted_by_reason(
    app: Flask, connections: Connections, body: dict[str, object], path: str, reason: int
) -> None:
    open_little(connections)
    assert app.test_client().post(path, json=body).status_code == reason
    assert scrape(app)[f"responses_refused_total{{reason={REASONS[reason]}}}"] == 1


def test_a_form_that_is_to_be_put_right_is_counted(app: Flask, connections: Connections) -> None:
    open_little(connections)
    app.test_client().post(f"/{LITTLE}/wish", data={"wish1": ""})
    assert scrape(app)[f"responses_refused_total{{reason={REASONS[422]}}}"] == 1


@pytest.mark.parametrize(("seconds", "first"), [(0.001, "0.005"), (0.005, "0.005"), (0.2, "0.25"), (5.0, "5.0"), (60.0, "+Inf")])
def test_times_fall_into_their_buckets(app: Flask, seconds: float, first: str) -> None:
    metrics.count_request("/", "GET", 200, seconds)
    found = scrape(app)
    bounds = [*map(str, BUCKETS), "+Inf"]
    counts = [found[f"request_seconds_bucket{{le={bound},route=/}}"] for bound in bounds]
    assert counts == [float(place >= bounds.index(first)) for place in range(len(bounds))]
    assert (found["request_seconds_count{route=/}"], found["request_seconds_sum{route=/}"]) == (1, seconds)


def test_without_the_store_what_was_counted_is_still_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Flask("nowhere")
    monkeypatch.setattr(metrics, "COUNTS", Counts())
    monkeypatch.setattr(metrics, "connections", lambda: connect({"REDIS_URL": "unix:///nowhere/redis.sock"}))
    metrics.init_app(nowhere, {"METRICS_TOKEN": GIVEN, "DATA_DIR": str(tmp_path)})
    metrics.count_request("/", "GET", 503, 0.01)
    found = scrape(nowhere)
    assert found["store_up{}"] == 0 and found["requests_total{method=GET,route=/,status=5xx}"] == 1


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Counts]:
    """Returns counts that are shared with other processes."""
    made = Counts()
    made.share(tmp_path / "metrics")
    yield made


COUNTING = """
import sys, pathlib
from web.counting import Counts
counts = Counts()
counts.share(pathlib.Path(sys.argv[1]))
counts.add((("requests", "/"), 2), (("seconds", "/"), 0.5))
counts.write()
print("counted", flush=True)
sys.stdin.read()
"""


def test_processes_answer_for_each_other_and_for_those_that_ended(shared: Counts, tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    shared.add((("requests", "/"), 1))
    for ended in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", COUNTING, str(folder)], cwd=Path(__file__).parents[1], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        ) as other:
            assert other.stdout and other.stdout.readline() == "counted\n"
            assert shared.everyones() == {("requests", "/"): 1 + 2 * (ended + 1), ("seconds", "/"): 0.5 * (ended + 1)}
    assert len(list(folder.glob("[0-9]*.json"))) <= 2  # ours and the last one's; what the others left has been added up


def test_counts_left_under_our_own_number_are_not_lost(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / f"{os.getpid()}.json").write_text('[[["requests", "/"], 5]]')
    (tmp_path / "123456789.json").write_text("half wri")
    made = Counts()
    made.share(tmp_path)
    made.add((("requests", "/"), 1))
    assert made.everyones() == {("requests", "/"): 6}


def test_counts_are_written_by_themselves(shared: Counts, tmp_path: Path, wait_for: Wait) -> None:
    shared.add((("requests", "/"), 1))
    wait_for((tmp_path / "metrics" / f"{os.getpid()}.json").exists, seconds=120)


def test_the_page_is_open_by_name(app: Flask) -> None:
    assert "metrics" in OPEN
