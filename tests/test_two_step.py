"""The second step of signing in: codes from a telephone, each once, one-time codes, and bounds on guessing."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape
from time import time

import pyotp
import pytest
from flask.testing import FlaskClient

from campaigns.store.connection import Connections
from campaigns.store.staff import Invitation, invite
from campaigns.store.two_step import CODES, STEP_SECONDS, code_fits, codes_left, has_two_step, new_key, set_two_step, step_of
from tests.desks import SLUG, Desks, make_desks, post, quick_hash
from tests.storehouse import every_byte
from web import create_app
from web.account.signing import GUESSES

PASSWORD = "three wishes and a leaf"
ADA = {"email": "ada@derby.example", "password": PASSWORD}
KEY, NOW = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 1_278_000_000.0


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def code(key: str, after: int = 0, now: float | None = None) -> str:
    return pyotp.TOTP(key).at(int(time() if now is None else now) + after * STEP_SECONDS)


@pytest.mark.parametrize(("after", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_out(after: int, fits: bool) -> None:
    typed = code(KEY, after, NOW)
    assert (step_of(KEY, f" {typed[:3]} {typed[3:]}", NOW) == int(NOW) // STEP_SECONDS + after) is fits
    assert step_of(KEY, "", NOW) == step_of(KEY, "żółć12", NOW) == 0


def test_no_code_fits_twice_even_sent_together(desks: Desks) -> None:
    store, who, key = desks.connections, desks.person("officer").id, new_key()
    assert set_two_step(store, who, key, "000", NOW) == [] and not has_two_step(store, who)
    codes = set_two_step(store, who, key, code(key, now=NOW), NOW)
    assert len(set(codes)) == CODES and not code_fits(store, who, code(key, now=NOW), NOW)
    kept = every_byte(store)
    assert not any(one.encode() in kept for one in codes)
    for typed in (code(key, 1, NOW), codes[0]):
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(lambda _, typed=typed: code_fits(store, who, typed, NOW), range(8))) == 1
    assert codes_left(store, who) == CODES - 1
    assert code_fits(store, who, codes[1].lower().replace("-", " "), NOW)
    assert not code_fits(store, "s-nobody", "", NOW)


def set_up(desks: Desks, client: FlaskClient) -> tuple[str, list[str]]:
    page = client.get("/account/two-step").text
    key = page.split("Key: <code>")[1].split("</code>")[0].replace(" ", "")
    assert "<svg" in page and key in client.get("/account/two-step").text.replace(" ", "")
    assert post(client, "/account/two-step", {"code": "123"}).status_code == 400
    done = unescape(post(client, "/account/two-step", {"code": code(key)}).text)
    return key, [part.split("</code>")[0] for part in done.split("<li><code>")[1:]]


def test_signing_in_asks_for_the_code_after_the_password(desks: Desks) -> None:
    who = desks.person("officer", password_hash=quick_hash(PASSWORD))
    key, codes = set_up(desks, desks.signed_in())
    assert len(codes) == CODES
    client = desks.app.test_client()
    assert post(client, "/account/sign-in", {**ADA, "next": f"/officers/{SLUG}/"}).location == "/account/code"
    assert client.get("/account/").status_code == 302
    assert post(client, "/account/code", {"code": "wrong"}).status_code == 400
    assert post(client, "/account/code", {"code": code(key, 1)}).location == f"/officers/{SLUG}/"
    assert client.get("/account/").status_code == 200
    again = desks.app.test_client()
    post(again, "/account/sign-in", ADA)
    assert post(again, "/account/code", {"code": code(key, 1)}).status_code == 400
    assert post(again, "/account/code", {"code": codes[3]}).status_code == 303
    assert f"{CODES - 1} one-time codes left" in again.get("/account/two-step").text
    link = f"/account/invitation/{invite(desks.connections, Invitation((), 'Ada', 'ada@derby.example', person=who.id))}"
    third = desks.app.test_client()
    assert post(third, link, {"password": "another wish and a leaf"}).location == "/account/code"
    assert desks.app.test_client().get("/account/code").location == "/account/sign-in"


def test_guessing_codes_is_bounded(desks: Desks) -> None:
    desks.person("officer", password_hash=quick_hash(PASSWORD))
    key, _ = set_up(desks, desks.signed_in())
    client = desks.app.test_client()
    post(client, "/account/sign-in", ADA)
    for _ in range(GUESSES):
        assert "not the code now" in post(client, "/account/code", {"code": "nothing"}).text
    assert "too many tries" in post(client, "/account/code", {"code": code(key, 1)}).text


def test_an_administrator_ends_it_for_someone_and_their_sessions(desks: Desks) -> None:
    who, admin = desks.person("officer"), desks.signed_in("administrator", name="Root")
    client = desks.signed_in()
    set_up(desks, client)
    assert "End their second step" in admin.get(f"/account/people/{who.id}").text
    answer = post(admin, f"/account/people/{who.id}/end-two-step", {}, page=f"/account/people/{who.id}")
    assert answer.status_code == 303 and not has_two_step(desks.connections, who.id)
    assert client.get("/account/").status_code == 302


def test_whoever_must_have_it_cannot_go_on_without(settings: dict[str, str], connections: Connections) -> None:
    asked = make_desks(create_app(settings), connections)
    required = Desks(create_app({**settings, "TWO_STEP": "required"}), connections)
    asked.signed_in("officer")
    assert "Add a second step" in asked.signed_in().get(f"/officers/{SLUG}/").text
    client = required.signed_in()
    assert client.get(f"/officers/{SLUG}/").location == "/account/two-step"
    set_up(required, client)
    page = client.get(f"/officers/{SLUG}/")
    assert (page.status_code, "Add a second step" in page.text) == (200, False)
    assert required.signed_in("keyer", name="Kay").get("/account/").status_code == 200
