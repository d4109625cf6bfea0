"""Joining, signing in and out, and who may open what."""

import pytest
from flask.testing import FlaskClient

from campaigns.store.connection import Connections
from campaigns.store.staff import Invitation, find_person, get_person, invite, read_invitation
from tests.desks import SLUG, Desks, make_desks, post, quick_hash
from web import create_app
from web.account.joining import looks_like_email
from web.account.passwords import hash_password, password_fits, password_problem
from web.account.signing import GUESSES, WRONG, local_path

PASSWORD = "three wishes and a leaf"
JOINING = {"name": "Grace", "email": "grace@derby.example", "password": PASSWORD}


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


@pytest.mark.parametrize(("password", "wanted"), [
    (PASSWORD, ""), ("żółć gęślą jaźń", ""), ("short", "at least 12"), ("x" * 201, "at most 200"),
    ("aaaaaaaaaaaaaaa", "different letters"),
])
def test_what_may_be_a_password(password: str, wanted: str) -> None:
    assert wanted in password_problem(password)
    assert bool(wanted) == bool(password_problem(password))


def test_a_password_is_known_again_and_no_other() -> None:
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert password_fits(kept, PASSWORD)
    assert not password_fits(kept, PASSWORD + " ")
    assert not password_fits("", PASSWORD)
    assert not password_fits("", "nobody's password")
    assert not password_fits("not a hash", PASSWORD)


@pytest.mark.parametrize(("email", "likely"), [
    ("ada@derby.example", True), ("a.b+c@x.co.uk", True), ("ada", False), ("@x.org", False), ("a@b@c.org", False),
    ("a b@c.org", False), ("a@c", False), ("a@c.", False), (f"{'a' * 250}@x.org", False),
])
def test_what_looks_like_an_email_address(email: str, likely: bool) -> None:
    assert looks_like_email(email) is likely


@pytest.mark.parametrize(("wanted", "found"), [
    (f"/officers/{SLUG}/?ward=Abbey", f"/officers/{SLUG}/?ward=Abbey"), ("", "/account/"), ("officers", "/account/"),
    ("https://elsewhere.example/", "/account/"), ("//elsewhere.example/", "/account/"), ("/\\elsewhere.example", "/account/"),
    ("/\t/elsewhere.example", "/account/"), ("/ok\n", "/account/"),
])
def test_signing_in_leads_only_to_pages_of_ours(desks: Desks, wanted: str, found: str) -> None:
    with desks.app.test_request_context():
        assert local_path(wanted) == found


def test_an_invitation_is_taken_up_once(desks: Desks) -> None:
    address = f"/account/invitation/{invite(desks.connections, Invitation(('officer',), campaigns=(SLUG,)))}"
    client = desks.app.test_client()
    assert "engagement officer" in client.get(address).text
    assert post(client, address, JOINING).location == "/account/"
    person = find_person(desks.connections, "GRACE@derby.example")
    assert person
    assert (person.name, person.roles, person.campaigns) == ("Grace", ("officer",), (SLUG,))
    assert PASSWORD not in person.password_hash
    assert "Grace" in client.get("/account/").text
    again = desks.app.test_client().get(address)
    assert (again.status_code, "no longer works" in again.text) == (404, True)


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("name", "  ", "Write your name"), ("email", "grace", "Write an e-mail address"),
    ("password", "too short", "at least 12 letters"),
    ("email", "ada@derby.example", "has this e-mail address already"),
])
def test_a_problem_in_joining_loses_nothing_and_leaves_the_link_good(desks: Desks, field: str, typed: str, said: str) -> None:
    desks.person("officer")
    token = invite(desks.connections, Invitation(("keyer",)))
    answer = post(desks.app.test_client(), f"/account/invitation/{token}", {**JOINING, field: typed})
    assert answer.status_code == 400
    assert said in answer.text
    assert f'id="{field}-problem"' in answer.text
    assert all(f'value="{JOINING[kept]}"' in answer.text for kept in ("name", "email") if kept != field)
    assert PASSWORD not in answer.text
    assert read_invitation(desks.connections, token)


def sign_in(client: FlaskClient, email: str = "ada@derby.example", password: str = PASSWORD, where: str = "") -> object:
    return post(client, f"/account/sign-in{where}", {"email": email, "password": password, "next": where[6:]})


def test_signing_in_gives_a_session_of_its_own_and_signing_out_ends_it(desks: Desks) -> None:
    desks.person("officer", password_hash=quick_hash(PASSWORD))
    client = desks.app.test_client()
    client.get("/account/sign-in")
    planted = client.get_cookie("session")
    answer = sign_in(client, " Ada@Derby.example ", where=f"?next=/officers/{SLUG}/")
    assert answer.location == f"/officers/{SLUG}/"
    given = client.get_cookie("session")
    assert planted and given and planted.value != given.value
    assert client.get("/account/").status_code == 200
    assert post(client, "/account/sign-out", {}, page="/account/").status_code == 303
    client.set_cookie("session", given.value)
    assert client.get("/account/").location.startswith("/account/sign-in")


@pytest.mark.parametrize(("email", "password"), [("ada@derby.example", "wrong"), ("nobody@derby.example", PASSWORD), ("", "")])
def test_a_wrong_pair_is_told_alike_whoever_exists(desks: Desks, email: str, password: str) -> None:
    desks.person("officer", password_hash=quick_hash(PASSWORD))
    answer = sign_in(desks.app.test_client(), email, password)
    assert answer.status_code == 400
    assert WRONG in answer.text


def test_guessing_is_stopped_and_a_right_password_starts_the_count_again(desks: Desks) -> None:
    desks.person("officer", password_hash=quick_hash(PASSWORD))
    for _ in range(GUESSES - 1):
        assert sign_in(desks.app.test_client(), password="a wrong guess").status_code == 400
    assert sign_in(desks.app.test_client()).status_code == 303
    for _ in range(GUESSES):
        assert sign_in(desks.app.test_client(), password="a wrong guess").status_code == 400
    stopped = sign_in(desks.app.test_client())
    assert (stopped.status_code, "That was too many tries. Wait 15 minutes" in stopped.text) == (429, True)


OPEN, CLOSED, ASKS = 200, 403, 302
# What each page answers an administrator, an officer, a supervisor of keyers, a keyer, and who is not signed in.
STAFF, OFFICERS = (OPEN, OPEN, OPEN, OPEN, ASKS), (OPEN, OPEN, CLOSED, CLOSED, ASKS)
KEYERS, SUPERVISORS = (OPEN, CLOSED, OPEN, OPEN, ASKS), (OPEN, CLOSED, OPEN, CLOSED, ASKS)
ROUTES = {
    "/account/": STAFF, "/account/people": (OPEN, CLOSED, CLOSED, CLOSED, ASKS),
    "/officers/": OFFICERS, f"/officers/{SLUG}/": OFFICERS,
    f"/officers/{SLUG}/wishes": OFFICERS, f"/officers/{SLUG}/wishes/1/1": OFFICERS,
    f"/officers/{SLUG}/cards/print": OFFICERS, f"/officers/{SLUG}/cards/ledger": OFFICERS,
    f"/officers/{SLUG}/cards/draws": OFFICERS, f"/officers/{SLUG}/draft": OFFICERS, f"/officers/{SLUG}/drafts": OFFICERS,
    "/officers/draft.css": OFFICERS,
    "/keying/": KEYERS, f"/keying/{SLUG}/": KEYERS, f"/keying/{SLUG}/again": KEYERS,
    f"/keying/{SLUG}/third": KEYERS, f"/keying/{SLUG}/mine": KEYERS,
    f"/keying/{SLUG}/quality": SUPERVISORS, f"/keying/{SLUG}/repeats": SUPERVISORS,
    "/partners/": OFFICERS, f"/partners/{SLUG}/": OFFICERS, f"/partners/{SLUG}/libraries.svg": OFFICERS,
    "/account/sign-in": (ASKS, ASKS, ASKS, ASKS, OPEN),
}


def test_every_page_opens_to_its_roles_alone(desks: Desks) -> None:
    desks.send("A wish")
    desks.count()
    roles = ("administrator", "officer", "supervisor", "keyer")
    clients = [*(desks.signed_in(role, name=role) for role in roles), desks.app.test_client()]
    for address, wanted in ROUTES.items():
        assert tuple(client.get(address).status_code for client in clients) == wanted, address


def test_a_role_holds_only_in_the_campaigns_it_is_given_for(desks: Desks) -> None:
    elsewhere = desks.signed_in("officer", "keyer", campaigns=("durham-2011",))
    for address in (f"/officers/{SLUG}/", f"/officers/{SLUG}/wishes", f"/keying/{SLUG}/", f"/partners/{SLUG}/"):
        assert elsewhere.get(address).status_code == 403
    assert "No campaign is open to you yet" in elsewhere.get("/account/").text
    assert "No campaign is open to you yet" in elsewhere.get("/officers/").text


@pytest.mark.parametrize("address", ["/account/sign-out", "/account/people", f"/keying/{SLUG}/", f"/officers/{SLUG}/wishes/1/1"])
def test_a_form_without_its_token_is_refused(desks: Desks, address: str) -> None:
    assert desks.signed_in("administrator").post(address, data={}).status_code == 400


def test_staff_pages_are_kept_by_no_cache_and_take_nothing_from_elsewhere(desks: Desks) -> None:
    for address in ("/account/", "/officers/", f"/officers/{SLUG}/wishes", f"/keying/{SLUG}/"):
        headers = desks.signed_in("administrator").get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'self'" in headers["Content-Security-Policy"]


def test_an_administrator_invites_someone_by_a_link_shown_once(desks: Desks) -> None:
    client = desks.signed_in("administrator")
    answer = post(client, "/account/people", {"name": "Grace", "role": ["keyer", "officer"], "campaign": SLUG})
    token = answer.text.split("/account/invitation/")[1].split('"')[0]
    invited = read_invitation(desks.connections, token)
    assert invited == Invitation(("officer", "keyer"), "Grace", "", (SLUG,))
    assert token not in client.get("/account/people").text


@pytest.mark.parametrize(("form", "field"), [
    ({"name": "Grace"}, "role"), ({"role": "emperor"}, "role"), ({"role": "keyer", "email": "grace"}, "email"),
    ({"role": "keyer", "email": "ada@derby.example"}, "email"), ({"role": "keyer"}, "campaign"),
    ({"role": "keyer", "campaign": "removed"}, "campaign"), ({"role": "keyer", "every": "on", "campaign": SLUG}, "campaign"),
])
def test_an_invitation_with_something_missing_is_not_made(desks: Desks, form: dict[str, object], field: str) -> None:
    answer = post(desks.signed_in("administrator"), "/account/people", form)
    assert answer.status_code == 400
    assert f'id="{field}-problem"' in answer.text
    assert "/account/invitation/" not in answer.text


GONE = "removed-demo"


@pytest.mark.parametrize(("before", "form", "status", "after"), [
    ((GONE,), {}, 303, (GONE,)), ((GONE,), {"campaign": SLUG}, 303, (SLUG, GONE)), ((SLUG, GONE), {}, 303, (GONE,)),
    ((GONE,), {"every": "on"}, 303, ()), ((SLUG,), {"every": "on"}, 303, ()), ((SLUG,), {}, 400, (SLUG,)),
    ((SLUG,), {"every": "on", "campaign": SLUG}, 400, (SLUG,)), ((), {}, 303, ()), ((), {"campaign": SLUG}, 303, (SLUG,)),
    ((), {"campaign": GONE}, 400, ()),
])
def test_nobody_is_let_into_every_campaign_unless_that_is_chosen(
    desks: Desks, before: tuple[str, ...], form: dict[str, object], status: int, after: tuple[str, ...]
) -> None:
    who = desks.person("officer", name="Grace", campaigns=before)
    client = desks.signed_in("administrator")
    answer = post(client, f"/account/people/{who.id}", {"role": "officer", **form})
    found = get_person(desks.connections, who.id)
    assert found
    assert (answer.status_code, found.campaigns) == (status, after)
    page = client.get(f"/account/people/{who.id}").text
    assert f'name="campaign" value="{SLUG}"' in page
    assert ('name="every" checked' in page, f"And {GONE}" in page) == (not after, GONE in after)
    assert (GONE in client.get("/account/people").text) is (GONE in after)
