"""Sessions: by cookie of this host alone, never planted, ended by whatever ends a person's standing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from campaigns.store.connection import Connections
from campaigns.store.staff import (
    Invitation,
    LastAdministrator,
    add_person,
    all_people,
    change_person,
    find_person,
    get_person,
    invite,
)
from tests.desks import SLUG, Desks, make_desks, post, quick_hash
from tests.scanning import waiting
from web import create_app
from web.guards import PUBLIC

PASSWORD = "three wishes and a leaf"
NEW = "another wish and two leaves"
ADA = "ada@derby.example"
HASH = quick_hash(PASSWORD)
SECURE = {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def join(desks: Desks, *roles: str, name: str = "Ada") -> FlaskClient:
    """Returns a browser in which someone is signed in who has a password."""
    desks.person(*(roles or ("officer",)), name=name, password_hash=HASH)
    return desks.signed_in(name=name)


def sign_in(desks: Desks, email: str = ADA, password: str = PASSWORD) -> FlaskClient:
    client = desks.app.test_client()
    assert post(client, "/account/sign-in", {"email": email, "password": password}).status_code == 303
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize(("more", "asked", "name", "marks"), [
    ({}, {}, "session", {"HttpOnly", "SameSite=Lax", "Path=/"}),
    ({"PUBLIC_URL": "https://wishes.example"}, {}, "__Host-session", SECURE),
    ({"TRUSTED_PROXIES": "1"}, {"X-Forwarded-Proto": "https"}, "__Host-session", SECURE),
])
def test_the_cookie_belongs_to_this_host_alone(
    settings: dict[str, str], connections: Connections, more: dict[str, str], asked: dict[str, str], name: str, marks: set[str]
) -> None:
    desks = make_desks(create_app({**settings, **more}), connections)
    desks.person("officer", password_hash=HASH)
    client = desks.app.test_client()
    page = client.get("/account/sign-in", headers=asked)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = page.headers["Set-Cookie"].partition(";")[0]
    answer = client.post(
        "/account/sign-in", data={"csrf_token": token, "email": ADA, "password": PASSWORD},
        headers={**asked, "Cookie": sent, "Referer": "https://localhost/account/sign-in"},
    )
    assert answer.status_code == 303, answer.text
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {name, name.replace("session", "device")}
    for cookie in cookies:
        said = {part.strip() for part in cookie.split(";")[1:]}
        assert {mark for mark in said if not mark.startswith(("Max-Age", "Expires"))} == marks


def test_asking_for_the_page_writes_nothing(desks: Desks) -> None:
    before = desks.connections.text.dbsize()
    for _ in range(5):
        assert desks.app.test_client().get("/account/sign-in").status_code == 200
    assert desks.connections.text.dbsize() == before


def test_residents_get_no_cookie_even_from_errors(desks: Desks) -> None:
    client = desks.app.test_client()
    for address in ("/", f"/{SLUG}/wish", f"/{SLUG}/receipt", "/nothing", f"/api/v1/campaigns/{SLUG}/tallies"):
        assert "Set-Cookie" not in client.get(address).headers


def test_a_planted_session_is_not_taken_up(desks: Desks) -> None:
    desks.person("officer", password_hash=HASH)
    for planted in ("A" * 43, "eyJwZXJzb24iOiJzLTEifQ.abc.def", ".", "chosen-by-someone-else"):
        client = desks.app.test_client()
        client.set_cookie("session", planted)
        assert not is_in(client)
    assert post(client, "/account/sign-in", {"email": ADA, "password": PASSWORD}).status_code == 303
    given = client.get_cookie("session")
    assert given and given.value != planted


def test_what_was_signed_before_signing_in_lets_nobody_in(desks: Desks) -> None:
    client = desks.app.test_client()
    client.get("/account/sign-in")
    before = client.get_cookie("session")
    join(desks)
    assert before and "." in before.value
    client.set_cookie("session", before.value)
    assert not is_in(client)


CHANGES: dict[str, Callable[[Connections, str], object]] = {
    "a role taken away": lambda store, who: change_person(store, who, roles=("keyer",)),
    "a campaign taken away": lambda store, who: change_person(store, who, campaigns=("durham-2011",)),
    "a closed account": lambda store, who: change_person(store, who, closed=True),
    "a new password": lambda store, who: change_person(store, who, password_hash="another hash"),
    "signing out everywhere": change_person,
}


def test_sessions_end_with_what_they_stood_on(desks: Desks) -> None:
    other = join(desks, "keyer", name="Grace")
    for n, (what, change) in enumerate(CHANGES.items()):
        first, second = join(desks, name=f"Ada{n}"), join(desks, name=f"Ada{n}")
        ada = find_person(desks.connections, f"ada{n}@derby.example")
        assert ada and is_in(first) and is_in(second), what
        change(desks.connections, ada.id)
        assert (is_in(first), is_in(second), is_in(other)) == (False, False, True), what
        assert first.get(f"/officers/{SLUG}/").status_code == 302, what


def test_someone_signs_out_on_every_computer(desks: Desks) -> None:
    first, second = join(desks), join(desks)
    assert post(first, "/account/sign-out-everywhere", {}, page="/account/").status_code == 303
    assert (is_in(first), is_in(second), is_in(sign_in(desks))) == (False, False, True)


def test_a_new_password_keeps_this_computer_and_ends_the_others(desks: Desks) -> None:
    first, second = join(desks), join(desks)
    wrong = {"That is not your password now": {"now": "wrong", "new": NEW}, "at least 12": {"now": PASSWORD, "new": "short"}}
    for said, form in wrong.items():
        answer = post(first, "/account/password", form)
        assert (answer.status_code, said in answer.text, NEW in answer.text) == (400, True, False)
    assert post(first, "/account/password", {"now": PASSWORD, "new": NEW}).location == "/account/?done=password"
    assert (is_in(first), is_in(second), is_in(sign_in(desks, password=NEW))) == (True, False, True)


def test_an_administrator_changes_what_someone_may_do(desks: Desks) -> None:
    administrator, ada = join(desks, "administrator", name="Grace"), join(desks)
    who = find_person(desks.connections, ADA)
    assert who
    page = f"/account/people/{who.id}"
    assert post(administrator, page, {}).status_code == 400
    assert post(administrator, page, {"role": ["keyer"]}).status_code == 303
    assert not is_in(ada)
    changed = get_person(desks.connections, who.id)
    assert changed and (changed.roles, changed.closed) == (("keyer",), False)
    assert post(administrator, page, {"role": ["keyer"], "closed": "on"}).status_code == 303
    closed = post(desks.app.test_client(), "/account/sign-in", {"email": ADA, "password": PASSWORD})
    assert (closed.status_code, "do not go together" in closed.text) == (400, True)
    assert administrator.get("/account/people/s-nobody").status_code == 404


def test_the_last_administrator_stays_one(desks: Desks) -> None:
    grace = join(desks, "administrator", name="Grace")
    who = find_person(desks.connections, "grace@derby.example")
    assert who
    for form in ({"role": ["keyer"]}, {"role": ["administrator"], "closed": "on"}):
        answer = post(grace, f"/account/people/{who.id}", form)
        assert (answer.status_code, "Nobody else is an administrator" in answer.text) == (400, True)
    with pytest.raises(LastAdministrator):
        change_person(desks.connections, who.id, closed=True)
    second = add_person(desks.connections, "Second", "second@derby.example", "-", ["administrator"])
    assert change_person(desks.connections, who.id, roles=("officer",))
    with pytest.raises(LastAdministrator):
        change_person(desks.connections, second.id, roles=("officer",))


def test_a_link_for_a_new_password_works_once_and_ends_what_was_open(desks: Desks) -> None:
    administrator, ada = join(desks, "administrator", name="Grace"), join(desks)
    who = find_person(desks.connections, ADA)
    assert who
    made = post(administrator, f"/account/people/{who.id}/new-password", {}, page=f"/account/people/{who.id}")
    address = "/account/invitation/" + made.text.split("/account/invitation/")[1].split('"')[0]
    assert is_in(ada)
    client = desks.app.test_client()
    assert "Choose a new password" in client.get(address).text
    assert post(client, address, {"password": "short"}).status_code == 400
    assert post(client, address, {"password": NEW, "name": "Eve", "email": "eve@derby.example"}).location == "/account/"
    assert (is_in(client), is_in(ada), is_in(sign_in(desks, password=NEW))) == (True, False, True)
    assert client.get(address).status_code == 404
    assert [(one.id == who.id, one.name) for one in all_people(desks.connections)] == [(True, "Ada"), (False, "Grace")]


def test_only_administrators_change_people(desks: Desks) -> None:
    ada = join(desks)
    who = find_person(desks.connections, ADA)
    assert who
    assert ada.get(f"/account/people/{who.id}").status_code == 403
    for page in ("", "/new-password"):
        assert post(ada, f"/account/people/{who.id}{page}", {}, page="/account/password").status_code == 403


def test_every_form_of_staff_is_refused_without_its_token(desks: Desks) -> None:
    client = desks.signed_in("administrator")
    token = invite(desks.connections, Invitation(("keyer",)))
    filled = {"slug": SLUG, "number": 1, "slot": 1, "token": token, "person_id": "s-1",
              "item": waiting(desks.store)[1], "piece": "d-1", "worry": 1}
    desks.send("A wish")
    forms = [rule for rule in desks.app.url_map.iter_rules() if rule.methods and "POST" in rule.methods]
    guarded = [rule for rule in forms if rule.endpoint.partition(".")[0] not in PUBLIC]
    assert len(guarded) >= 10
    with desks.app.test_request_context():
        adapter = desks.app.url_map.bind("localhost")
        pages = {
            rule.endpoint: adapter.build(rule.endpoint, {n: filled.get(n, "none") for n in rule.arguments}) for rule in guarded
        }
    for endpoint, address in pages.items():
        for form in ({}, {"csrf_token": "made-up"}):
            answer = client.post(address, data=form)
            assert (answer.status_code, "open for a long time" in answer.text) == (400, True), endpoint
