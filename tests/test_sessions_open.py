"""Open sessions: how long they last, where they are, and ending them."""

import json
from time import time

import pytest

from campaigns.store.connection import Connections
from campaigns.store.keys import session_key, sessions_key
from tests.desks import Desks, make_desks, post, quick_hash
from web import create_app
from web.account.signing import browser_words
from web.sessions import seconds_left

PASSWORD = "three wishes and a leaf"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
SETTINGS = {"IDLE_MINUTES": 30, "SESSION_HOURS": 12}
MINUTE, HOUR = 60, 3600


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


@pytest.mark.parametrize(("agent", "words"), [
    (WINDOWS, "Chrome on Windows"), (f"{WINDOWS} Edg/120.0", "Edge on Windows"), ("", "A browser"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari on iPhone"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox on Linux"),
    ("<script>alert(1)</script>", "A browser"),
])
def test_browsers_are_called_what_people_call_them(agent: str, words: str) -> None:
    assert browser_words(agent) == words


@pytest.mark.parametrize(("keying", "begun", "seen", "left"), [
    (False, 0, 0, 30 * MINUTE), (True, 0, 0, 8 * HOUR), (False, 2 * HOUR, 10 * MINUTE, 20 * MINUTE),
    (False, 12 * HOUR - MINUTE, 0, MINUTE), (True, 7 * HOUR, 0, 5 * HOUR), (True, 13 * HOUR, 0, 1), (False, HOUR, HOUR, 1),
])
def test_a_session_ends_when_idle_and_after_a_day_s_work(keying: bool, begun: int, seen: int, left: int) -> None:
    now = time()
    held = {"keying": keying, "begun": now - begun, "seen": now - seen}
    assert abs(seconds_left(held, SETTINGS) - left) <= 1  # type: ignore[arg-type]


def age(desks: Desks, person: str, **by: int) -> str:
    """Moves somebody's one session back in time; returns its key."""
    key = session_key(next(iter(desks.connections.text.smembers(sessions_key(person)))))
    held = json.loads(desks.connections.text.get(key) or "")
    desks.connections.text.set(key, json.dumps({**held, **{name: held[name] - some for name, some in by.items()}}), ex=9999)
    return key


def test_opening_pages_keeps_it_and_polling_does_not(desks: Desks) -> None:
    client, who = desks.signed_in("officer"), desks.person("officer").id
    key = age(desks, who, begun=HOUR, seen=20 * MINUTE)
    store = desks.connections.text
    client.get("/account/", headers={"Sec-Fetch-Dest": "empty"})
    assert time() - json.loads(store.get(key) or "")["seen"] > 19 * MINUTE
    client.get("/account/")
    assert time() - json.loads(store.get(key) or "")["seen"] < MINUTE and 29 * MINUTE < store.ttl(key) <= 30 * MINUTE
    age(desks, who, begun=12 * HOUR - 5 * MINUTE - HOUR, seen=20 * MINUTE)
    client.get("/account/")
    assert store.ttl(key) <= 5 * MINUTE


def test_someone_sees_where_they_are_signed_in_and_ends_it(desks: Desks) -> None:
    desks.person("officer", password_hash=quick_hash(PASSWORD))
    clients = [desks.app.test_client() for _ in range(4)]
    for client in clients:
        form = {"email": "ada@derby.example", "password": PASSWORD}
        client.environ_base["HTTP_USER_AGENT"] = WINDOWS
        assert post(client, "/account/sign-in", form).status_code == 303
    desks.signed_in("keyer", name="Grace")
    page = clients[0].get("/account/sessions").text
    assert (page.count("Chrome on Windows</th>"), page.count("this one")) == (4, 1)
    one = page.split('name="session" value="')[1].split('"')[0]
    assert post(clients[0], "/account/sessions", {"session": one}).status_code == 303
    assert sorted(client.get("/account/").status_code for client in clients) == [200, 200, 200, 302]
    assert post(clients[0], "/account/sessions", {"session": "others"}).status_code == 303
    assert [client.get("/account/").status_code for client in clients] == [200, 302, 302, 302]
    assert "signed in nowhere else" in clients[0].get("/account/sessions").text
    grace = next(iter(desks.connections.text.smembers(sessions_key(desks.person(name="Grace").id))))
    post(clients[0], "/account/sessions", {"session": grace})
    assert desks.connections.text.exists(session_key(grace))
