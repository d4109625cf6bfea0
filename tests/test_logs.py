"""The logs: one JSON line an event, tied together by the request's id, and nobody's words in any of them."""

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from rq.job import Job
from rq.serializers import JSONSerializer
from structlog.contextvars import clear_contextvars
from werkzeug.routing import Rule

from campaigns.observing import FIELDS, begin_request, configure, kind_and_place
from campaigns.references import reference_for
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES
from campaigns.store.keys import Keys
from campaigns.store.secrets import receipt_secret
from campaigns.store.server.disk import MEGABYTE, free_bytes
from tests.desks import SLUG, make_desks
from tests.full import files_of_at_most
from tests.storehouse import LITTLE, open_little
from tests.visitors import Page
from web import create_app
from web.observing import HEADER, observe
from workers import jobs
from workers.asides import put_aside
from workers.observing import Staying
from workers.queues import REQUEST_ID, SLOW, enqueue_slow, queue, ring

CANARY = "Wagtail"
SENT = {
    "wish": f"{CANARY} wishes", "postcode": "QQ9 7ZZ", "email": "wagtail@feather.example", "address": "203.0.113.77",
    "token": "tok-Wagtail-en", "name": "Ann Wagtail",
}
SECRET = ("wagtail", "qq9", "7zz", "feather", "203.0.113")
ODD = {
    "User-Agent": CANARY, "Referer": f"https://{CANARY}.example/", "X-Forwarded-For": SENT["address"],
    HEADER: f"{CANARY}-{CANARY}", "Authorization": f"Bearer {CANARY}", "Idempotency-Key": CANARY,
}
FIELDS_TYPED = (
    "wish1", "wish2", "wish3", "postcode", "area", "card", "source", "key", "name", "email", "password", "code", "reference",
    "words", "why", "reason", "serial", "count", "ward", "moderation", "codes", "ask", "connection", "disability",
)


@dataclass
class Logged:
    """A log being written, and what stands in it."""

    path: Path

    @property
    def text(self) -> str:
        """Returns it whole."""
        return self.path.read_text()

    @property
    def events(self) -> list[dict[str, object]]:
        """Returns its lines, each of which must be JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    def last(self) -> dict[str, object]:
        """Returns the newest line."""
        return self.events[-1]


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Logged]:
    """Returns the log that everything said meanwhile goes to."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook, sys.unraisablehook)
    handlers, level = list(root.handlers), root.level
    with (tmp_path / "test.log").open("w", buffering=1) as to:
        clear_contextvars()
        root.handlers.clear()  # so that those of the test run are put aside and not closed
        configure("test", to)
        yield Logged(tmp_path / "test.log")
        root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    structlog.reset_defaults()
    clear_contextvars()


@pytest.fixture
def app(settings: dict[str, str]) -> Flask:
    """Returns an application that is observed."""
    return observe(create_app(settings), settings)


def breaking(app: Flask) -> Flask:
    """Returns an application one of whose pages breaks over what it was sent."""
    app.add_url_rule("/<slug>/breaks/<what>", "residents.breaks", lambda slug, what: int(f"{what} {SENT['wish']}"))
    return app


def test_a_line_holds_only_known_fields_in_their_order(logged: Logged) -> None:
    structlog.get_logger().info("a test", status=200, wish=CANARY, path=f"/{CANARY}", route="/<slug>/wish", reference=CANARY)
    event, = logged.events
    assert [name for name in FIELDS if name in event] == list(event)
    assert {name: event[name] for name in ("level", "event", "process", "route", "status")} == {
        "level": "info", "event": "a test", "process": "test", "route": "/<slug>/wish", "status": 200,
    }
    assert str(event["time"]).endswith("Z") and CANARY not in logged.text


def broken(words: str) -> None:
    """Fails twice over, with words in each message."""
    try:
        int(words)
    except ValueError as failure:
        raise KeyError(words) from failure


def test_of_a_failure_only_kind_and_place_are_told(logged: Logged) -> None:
    try:
        broken(CANARY)
    except KeyError:
        structlog.get_logger().exception("it broke")
        logging.getLogger("campaigns.test").exception("it broke again")
        logging.getLogger("somebody.else").error(f"sent {CANARY} and %s", CANARY, exc_info=True)
    for event in logged.events:
        assert (event["level"], event["failure"]) == ("error", "KeyError")
        assert str(event["at"]).startswith("tests/test_logs.py:") and str(event["at"]).endswith(" broken")
        assert str(event["cause"]).startswith("ValueError at tests/test_logs.py:")
    assert [event["event"] for event in logged.events] == ["it broke", "it broke again", "a library reports"]
    assert str(logged.last()["said_at"]).endswith(" test_of_a_failure_only_kind_and_place_are_told")
    assert CANARY not in logged.text and str(Path(__file__).parents[1]) not in logged.text


def test_what_nobody_catches_is_told_the_same_way(logged: Logged) -> None:
    thread = threading.Thread(target=broken, args=(CANARY,))
    thread.start()
    thread.join()
    assert (logged.last()["event"], logged.last()["failure"]) == ("nobody caught this", "KeyError")
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(logged.events) == 1 and CANARY not in logged.text


def test_a_failure_without_a_place_has_none() -> None:
    assert kind_and_place(ValueError(CANARY)) == {"failure": "ValueError", "at": "", "trail": []}


@pytest.mark.parametrize(("proxies", "given", "taken"), [
    ("0", "abcdef123456", False), ("", "abcdef123456", False), ("1", "abcdef123456", True), ("1", "short", False),
    ("1", "with a space in it", False), ("1", "a" * 65, False), ("1", "", False),
])
def test_only_a_proxy_of_ours_numbers_requests(settings: dict[str, str], proxies: str, given: str, taken: bool) -> None:
    settings = settings | {"TRUSTED_PROXIES": proxies}
    answer = observe(create_app(settings), settings).test_client().get("/", headers={HEADER: given} if given else {})
    assert (answer.headers[HEADER] == given) is taken
    assert len(answer.headers[HEADER]) == 12


def test_a_request_is_told_by_the_rule_of_its_address(app: Flask, connections: Connections, logged: Logged) -> None:
    open_little(connections)
    client = app.test_client()
    answer = client.get(f"/{LITTLE}/receipt/{CANARY}?q={CANARY}")
    told = logged.last()
    assert (told["event"], told["route"], told["method"], told["status"]) == (
        "request", "/<slug>/receipt/<reference>", "GET", answer.status_code
    )
    assert told["request_id"] == answer.headers[HEADER] and isinstance(told["ms"], float) and "slug" not in told
    client.get(f"/{LITTLE}/")
    assert logged.last()["slug"] == LITTLE
    client.open(f"/{CANARY}/no/such/place", method=CANARY.upper())
    assert (logged.last()["route"], logged.last()["method"]) == ("none", "OTHER")
    before = len(logged.events)
    client.get("/healthz")
    assert len(logged.events) == before and CANARY not in logged.text


def test_what_broke_can_be_quoted_and_found(app: Flask, logged: Logged) -> None:
    page = Page(breaking(app).test_client().get(f"/{LITTLE}/breaks/{CANARY}"))
    number = page.answer.headers[HEADER]
    assert page.status == 500 and f"quote {number}." in page.words
    told = [event for event in logged.events if event["request_id"] == number]
    assert [(event["event"], event.get("failure")) for event in told] == [
        ("a page broke", "ValueError"), ("request", None)
    ]
    assert CANARY not in logged.text


def work(connections: Connections, name: str) -> None:
    """Does every job that waits in a queue."""
    worker = Staying([queue(connections, name)], connection=connections.queue, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="WARNING")


def test_a_requests_id_goes_with_its_jobs_and_theirs(
    app: Flask, connections: Connections, logged: Logged, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_little(connections)
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    answer = app.test_client().post(f"/api/v1/campaigns/{LITTLE}/submissions", json={"wishes": [SENT["wish"]]})
    number = answer.headers[HEADER]
    answer.close()  # it has been sent, and the bell is rung
    clear_contextvars()  # whatever this thread was doing, the worker has only what came with the job
    work(connections, TALLIES)
    done = logged.last()
    assert {name: done.get(name) for name in ("event", "request_id", "queue", "slug", "function")} == {
        "event": "job done", "request_id": number, "queue": TALLIES, "slug": LITTLE, "function": "catch_up_tallies",
    }
    waiting, = queue(connections, CODING).get_job_ids()
    assert Job.fetch(waiting, connections.queue, JSONSerializer).meta == {REQUEST_ID: number}
    assert CANARY not in logged.text


def test_of_a_broken_job_no_word_is_kept(
    connections: Connections, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    begin_request("asked-for-it")
    job = enqueue_slow(connections, "fill_demonstration", [CANARY, CANARY])
    clear_contextvars()
    work(connections, SLOW)
    told = {event["event"]: event for event in logged.events}
    assert {event["request_id"] for event in told.values()} == {"asked-for-it"}
    assert (told["a job broke"]["failure"], told["job failed"]["job"]) == ("NoSuchCampaign", job.id)
    kept = job.latest_result()
    assert kept and str(kept.exc_string).startswith("NoSuchCampaign campaigns/store/store.py:")
    assert CANARY not in logged.text


def test_a_ring_without_a_request_carries_no_id(connections: Connections, logged: Logged) -> None:
    ring(open_little(connections), TALLIES)
    waiting, = queue(connections, TALLIES).get_job_ids()
    assert Job.fetch(waiting, connections.queue, JSONSerializer).meta == {}


@pytest.mark.parametrize(("held", "aside", "left"), [("short", None, "short"), ("rather long", "rather long", "")])
def test_a_log_that_has_grown_large_is_put_aside_whole(tmp_path: Path, held: str, aside: str | None, left: str) -> None:
    log = tmp_path / "web.log"
    with log.open("a") as writing:
        writing.write(held)
        writing.flush()
        assert put_aside(log, 10) is bool(aside)
        assert log.read_text() == left
        writing.write("more")
    assert log.read_text() == f"{left}more"
    kept = tmp_path / "web.log.1"
    assert (kept.read_text() if kept.exists() else None) == aside
    assert not put_aside(tmp_path / "none.log", 10)


def test_a_log_whose_copy_cannot_be_written_is_kept_and_the_copy_is_not(tmp_path: Path) -> None:
    log, copy = tmp_path / "web.log", tmp_path / "web.log.new"
    log.write_text("rather long")
    with files_of_at_most(5):
        assert not put_aside(log, 10)
    assert [path.name for path in tmp_path.iterdir()] == ["web.log"]
    assert log.read_text() == "rather long"
    copy.write_text("not touched")
    os.truncate(log, (free_bytes(tmp_path) or 0) + MEGABYTE)
    with files_of_at_most(5):  # or it would fill the disk, were it begun
        assert not put_aside(log, 10)
    assert copy.read_text() == "not touched"


def address_of(app: Flask, rule: Rule, filled: dict[str, object]) -> str:
    """Returns an address that a rule fits."""
    return app.url_map.bind("localhost").build(rule.endpoint, {name: filled.get(name, CANARY) for name in rule.arguments})


def knock_everywhere(app: Flask, client: FlaskClient, filled: dict[str, object]) -> None:
    """Opens every page, and sends canaries through every form, once with the token of its page and once without."""
    last = ("sign-out", "withdraw", "erase", "people/")  # what ends a session or a response comes when all else is done
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (any(word in rule.rule for word in last), rule.rule))
    for rule in rules:
        address = address_of(app, rule, filled)
        page = Page(client.get(address, query_string={"by": CANARY, "next": f"/{CANARY}"}, headers=ODD))
        typed = dict(zip(FIELDS_TYPED, list(SENT.values()) * 4, strict=True))
        for form in (typed, typed | {"csrf_token": page.fields.get("csrf_token", ""), "key": "k-1"}):
            client.post(address, data=form, headers=ODD)


def knock_oddly(client: FlaskClient) -> None:
    """Asks what nobody should."""
    address = f"/api/v1/campaigns/{SLUG}/submissions"
    client.delete(f"/{CANARY}")
    client.open("/", method=CANARY.upper())
    client.post(address, data=f"{{{CANARY}", content_type="application/json", headers=ODD)
    client.post(address, json={CANARY: CANARY, "wishes": CANARY}, headers=ODD)
    client.post(address, json={"wishes": [SENT["wish"]], "postcode": SENT["postcode"]}, headers=ODD)
    client.post(address, data=CANARY * 200_000, headers=ODD)
    client.get(f"/{SLUG}/breaks/{CANARY}")


def test_a_form_that_meets_a_fault_of_ours_comes_back_with_the_number_to_quote(app: Flask, connections: Connections) -> None:
    desks = make_desks(app, connections)
    number = desks.send("A pool")
    connections.raw.hset(Keys(SLUG).response(number), "t", "no time")  # which nothing can read
    change = f"/{SLUG}/receipt/{reference_for(number, receipt_secret(desks.store))}/change"
    answer = app.test_client().post(change, data={"wish1": "More trees", "revision": "1"})
    assert (answer.status_code, answer.text.count("More trees")) == (500, 1)
    assert f"tell us and quote {answer.headers[HEADER]}." in answer.text


def test_no_form_and_no_fault_puts_anybodys_words_in_the_log(
    app: Flask, connections: Connections, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "connections", lambda: connections)
    desks = make_desks(breaking(app), connections)
    number = desks.send(SENT["wish"], SENT["wish"])
    reference = reference_for(number, receipt_secret(desks.store))
    filled = {"slug": SLUG, "reference": reference, "number": number, "slot": 1, "first": 1, "filename": "style.css"}
    visitors = [app.test_client(), desks.signed_in("administrator"), desks.signed_in("officer", "keyer", name="Grace")]
    for visitor in visitors:
        knock_oddly(visitor)
        knock_everywhere(app, visitor, filled)
    held = Keys(SLUG).response(number)
    connections.raw.hset(held, mapping=dict.fromkeys(connections.raw.hkeys(held), SENT["wish"]))  # which nothing can read
    for visitor in visitors:
        knock_everywhere(app, visitor, filled)
        knock_everywhere(app, visitor, {"number": 1, "slot": 1, "first": 1})
    enqueue_slow(connections, "fill_demonstration", [CANARY, CANARY])
    for name in (TALLIES, SLOW):
        work(connections, name)
    found = {event["status"] for event in logged.events if event["event"] == "request"}
    assert {200, 201, 302, 303, 400, 403, 404, 405, 500} <= found, found
    text = logged.text.lower()
    assert [word for word in (*SECRET, reference.lower()) if word in text] == []
