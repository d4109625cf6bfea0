"""Every answer there is, errors and files among them: nothing inline, nothing from elsewhere, kept by no wrong cache."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from campaigns.cards.serials import serial_for
from campaigns.cards.tokens import token_for
from campaigns.references import reference_for
from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from campaigns.store.secrets import card_secret, receipt_secret
from campaigns.store.server.embedded import EmbeddedServer
from campaigns.store.staff import Invitation, find_person, invite
from tests.desks import SLUG, Desks, make_desks
from tests.markup import Markup
from tests.scanning import waiting
from web import LARGEST_BODY, create_app
from web.guards import ROLE_OF
from web.headers import HEADERS, STAFF_MAY_KEEP

NONCE = re.compile(r"script-src 'nonce-([\w-]{24})'")
BROKEN = (
    "/no/such/page/here", "/officers/nowhere/at/all", f"/officers/{SLUG}/?ward=Atlantis", "/account/nothing",
    "/no-such-campaign/",
)


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    made.send("A wish")
    made.count()
    print_cards(made.store, 4, "", "s-1")
    return made


def addresses(desks: Desks) -> list[tuple[Rule, str]]:
    """Returns every address of the application, each filled in so that there is something at it."""
    store = desks.store
    desks.person("keyer", name="Grace")
    grace = find_person(desks.connections, "grace@derby.example")
    assert grace
    filled = {
        "slug": SLUG, "reference": reference_for(1, receipt_secret(store)), "code": token_for(1, card_secret(store)),
        "source": "libraries", "number": 1, "slot": 1, "first": 1, "person_id": grace.id, "filename": "style.css",
        "token": invite(desks.connections, Invitation(("keyer",))), "card": 1,
        "serial": serial_for(1, SLUG), "paper": "sheets", "name": "manifest.json", "size": "a4",
        "piece": "tab1-1", "order": "none", "worry": "tab1-1", "view": "none", "kind": "wishes",
        "indicator": "NI 1", "draft": "none", "ending": "md",
        **dict(zip(("scan", "item"), waiting(store), strict=True)),
    }
    with desks.app.test_request_context():
        adapter = desks.app.create_url_adapter(None) or desks.app.url_map.bind("localhost")
        rules = list(desks.app.url_map.iter_rules())
        return [(rule, adapter.build(rule.endpoint, filling(rule, filled))) for rule in rules]


def filling(rule: Rule, filled: dict[str, object]) -> dict[str, object]:
    """Returns what a rule's arguments are filled with; a download's names are its own."""
    own = {"officers.download": f"{SLUG}.csv", "residents.file": "tables.csv"}
    download = {"name": own[rule.endpoint]} if rule.endpoint in own else {}
    return {name: {**filled, **download}[name] for name in rule.arguments}


def check(answer: TestResponse, address: str) -> None:
    """Holds one answer to what all of them must carry."""
    headers = answer.headers
    for name, value in HEADERS.items():
        assert headers[name] == value, address
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy, address
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert part in policy, address
    nonce = NONCE.search(policy)
    page = Markup(answer.text) if answer.mimetype == "text/html" else Markup("")
    answer.close()
    assert page.nonces == ({nonce[1]} if nonce else set()), address
    assert page.faults == [], address
    assert headers.get("Cache-Control"), address


def test_every_address_there_is_carries_them(desks: Desks) -> None:
    administrator, stranger = desks.signed_in("administrator"), desks.app.test_client()
    for rule, address in addresses(desks):
        for client in (administrator, stranger):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                answer = client.open(address, method=method)
                check(answer, f"{method} {address}")
                side = address.split("/")[1]
                if side in ROLE_OF and rule.endpoint not in STAFF_MAY_KEEP:
                    assert answer.headers["Cache-Control"] == "no-store", address
                assert answer.headers["Referrer-Policy"] == ("same-origin" if side in ROLE_OF else "no-referrer"), address


def test_errors_carry_them_each_in_the_frame_of_its_side(desks: Desks) -> None:
    client = desks.signed_in("administrator")
    for address in BROKEN:
        answer = client.get(address)
        assert answer.status_code in (400, 404), address
        check(answer, address)
        staff = address.split("/")[1] in ROLE_OF
        marks = ('class="desk' in answer.text, "Sign out" in answer.text, "Staff sign-in" in answer.text)
        assert marks == (staff, staff, not staff), address


def test_refusals_of_every_kind_carry_them(desks: Desks) -> None:
    client = desks.signed_in("keyer")
    refused = {
        405: client.delete(f"/{SLUG}/wish"), 413: client.post(f"/{SLUG}/wish", data=b"x" * (LARGEST_BODY + 1)),
        403: client.get(f"/officers/{SLUG}/"), 400: client.post(f"/keying/{SLUG}/"),
        302: desks.app.test_client().get("/officers/"),
    }
    assert {status: answer.status_code for status, answer in refused.items()} == {status: status for status in refused}
    for answer in refused.values():
        check(answer, answer.request.path)


def test_they_stand_while_the_store_is_away(tmp_path_factory: pytest.TempPathFactory) -> None:
    server = EmbeddedServer(tmp_path_factory.mktemp("away"))
    app = create_app({"REDIS_URL": server.start(), "RATE_LIMIT": "off"})
    desks = make_desks(app, app.extensions["surroundings"].connections)
    client = desks.signed_in("administrator")
    server.stop()
    answer = client.get("/officers/")
    assert (answer.status_code, 'class="desk' in answer.text) == (503, True)
    check(answer, "/officers/")
    sent = client.post(f"/{SLUG}/wish", data={"wish1": "Typed by someone signed in"})
    assert (sent.status_code, "Typed by someone signed in" in sent.text) == (503, True)
    desks.connections.close()


def test_each_answer_has_a_nonce_of_its_own(desks: Desks) -> None:
    client = desks.app.test_client()
    seen = {NONCE.findall(client.get(f"/{SLUG}/wish").headers["Content-Security-Policy"])[0] for _ in range(5)}
    assert len(seen) == 5


def test_a_page_that_did_not_move_keeps_the_policy_that_came_with_its_body(desks: Desks) -> None:
    client = desks.signed_in("officer")
    first = client.get(f"/officers/{SLUG}/")
    again = client.get(f"/officers/{SLUG}/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Security-Policy" not in again.headers
    assert again.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("more", "asked", "strict"), [
    ({}, {}, False), ({"PUBLIC_URL": "http://wishes.example"}, {}, False), ({"PUBLIC_URL": "https://wishes.example"}, {}, True),
    ({"TRUSTED_PROXIES": "1"}, {"X-Forwarded-Proto": "https"}, True),
    ({"TRUSTED_PROXIES": "1"}, {"X-Forwarded-Proto": "http"}, False), ({}, {"X-Forwarded-Proto": "https"}, False),
])
def test_only_where_visitors_come_by_https_must_they_always(
    settings: dict[str, str], connections: Connections, more: dict[str, str], asked: dict[str, str], strict: bool
) -> None:
    app: Flask = create_app({**settings, **more})
    client: FlaskClient = app.test_client()
    for address in ("/", "/healthz", "/static/style.css", "/nothing", "/account/sign-in"):
        with client.get(address, headers=asked) as answer:
            assert answer.headers.get("Strict-Transport-Security") == ("max-age=31536000" if strict else None), address
