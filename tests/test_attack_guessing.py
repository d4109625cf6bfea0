"""A hundred at once against every bound there is: each holds to the very number, and shuts out nobody it need not."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import Random

import pytest
from flask.testing import FlaskClient

from campaigns.alphabet import ALPHABET, check_letter
from campaigns.cards.tokens import LETTERS, PROOF_LETTERS, token_for
from campaigns.references import reference_for
from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from campaigns.store.guesses import Bound, count_wrong, forget_wrong, seconds_to_wait
from campaigns.store.keys import guessing_key
from campaigns.store.responses import response_count
from campaigns.store.secrets import card_secret, receipt_secret
from campaigns.store.staff import Invitation, invite
from tests.desks import SLUG, TOKEN, Desks, make_desks, quick_hash
from web import create_app
from web.account import passwords
from web.account.password import NOT_IT
from web.account.signing import A_DAY, BUSY, GUESSES
from web.limits import MOST, MOST_WRONG, network_of

PASSWORD = "three wishes and a leaf"
HASH = quick_hash(PASSWORD)
ADA = "ada@derby.example"
AT_ONCE = 100
chance = Random(2026)


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    assert settings["RATE_LIMIT"] == "off"  # which lifts no bound on guessing
    return make_desks(create_app(settings), connections)


def at_once(what: Callable[[int], int], threads: int = AT_ONCE) -> Counter[int]:
    """Returns how often each status came, of a hundred requests sent side by side."""
    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(what, range(AT_ONCE)))


def made_up_reference(_: int = 0) -> str:
    """Returns a reference that is written as ours are and was never given out."""
    letters = "".join(chance.choices(ALPHABET, k=12))
    return letters + check_letter(letters)


def made_up_token() -> str:
    return "".join(chance.choices(ALPHABET, k=LETTERS + PROOF_LETTERS))


def visit(desks: Desks, address: str, home: str = "192.0.2.1", **form: str) -> int:
    """Returns the status somebody at an address gets, with a form if there is one."""
    how = {"data": form, "method": "POST"} if form else {"method": "GET"}
    return desks.app.test_client().open(address, environ_base={"REMOTE_ADDR": home}, **how).status_code


def test_made_up_references_are_answered_so_many_times_an_hour(desks: Desks) -> None:
    desks.send("A wish")
    right = reference_for(1, receipt_secret(desks.store))
    guesses = [made_up_reference() for _ in range(AT_ONCE)]
    ways = ("receipt/{}", "thank-you/{}", "receipt/{}/change", "about/{}", "receipt/{}/erase", "receipt")

    def open_one(way: int, reference: str, home: str) -> int:
        typed = {"reference": reference} if ways[way] == "receipt" else {}
        return visit(desks, f"/{SLUG}/{ways[way]}".format(reference), home, **typed)

    for way in range(len(ways)):
        no, yes = (422, 303) if ways[way] == "receipt" else (404, 200)
        home = f"192.0.2.{way + 10}"
        seen = at_once(lambda n, way=way, home=home: open_one(way, guesses[n], home))
        assert seen == {no: MOST_WRONG, 429: AT_ONCE - MOST_WRONG}, ways[way]
        assert (open_one(way, right, home), open_one(way, right, "192.0.2.1")) == (429, yes), ways[way]


def test_right_references_and_slips_of_the_pen_count_for_nothing(desks: Desks) -> None:
    desks.send("A wish")
    right = reference_for(1, receipt_secret(desks.store))
    slip = right[:-1] + ALPHABET[(ALPHABET.index(right[-1]) + 1) % len(ALPHABET)]
    assert at_once(lambda n: visit(desks, f"/{SLUG}/receipt/{(right, slip)[n % 2]}")) == {200: 50, 404: 50}
    assert list(desks.connections.text.scan_iter(match=guessing_key("*"))) == []


def test_a_hundred_guesses_among_which_one_is_right_tell_no_more_than_their_bound(desks: Desks) -> None:
    desks.send("A wish")
    guesses = [made_up_reference() for _ in range(AT_ONCE)]
    guesses[60] = reference_for(1, receipt_secret(desks.store))
    seen = at_once(lambda n: visit(desks, f"/{SLUG}/receipt/{guesses[n]}"))
    assert seen[404] == MOST_WRONG
    assert seen[200] <= 1


def test_made_up_cards_are_answered_so_many_times_an_hour(desks: Desks) -> None:
    print_cards(desks.store, 4, "", "s-1")
    guesses = [made_up_token() for _ in range(AT_ONCE)]
    assert at_once(lambda n: visit(desks, f"/{SLUG}/c/{guesses[n]}")) == {404: MOST_WRONG, 429: AT_ONCE - MOST_WRONG}
    right = f"/{SLUG}/c/{token_for(1, card_secret(desks.store))}"
    assert (visit(desks, right), visit(desks, right, "192.0.2.2")) == (429, 200)


def test_made_up_invitations_are_answered_so_many_times_an_hour(desks: Desks) -> None:
    right = f"/account/invitation/{invite(desks.connections, Invitation(('keyer',)))}"
    seen = at_once(lambda n: visit(desks, f"/account/invitation/made-up-{n}"))
    assert seen == {404: MOST_WRONG, 429: AT_ONCE - MOST_WRONG}
    assert (visit(desks, right), visit(desks, right, "192.0.2.2")) == (429, 200)


def test_one_address_may_send_so_much_and_no_more(settings: dict[str, str], connections: Connections) -> None:
    desks = make_desks(create_app({**settings, "RATE_LIMIT": "on"}), connections)
    address = f"/api/v1/campaigns/{SLUG}/submissions"

    def send(n: int, home: str = "192.0.2.1") -> int:
        sent = desks.app.test_client().post(address, json={"wishes": [f"Wish {n}"]}, environ_base={"REMOTE_ADDR": home})
        return sent.status_code

    assert at_once(send) == {201: MOST, 429: AT_ONCE - MOST}
    assert response_count(desks.store) == MOST
    assert (send(0), send(0, "192.0.2.2")) == (429, 201)


class Door:
    """The sign-in form, tried from one browser after another."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        page = desks.app.test_client().get("/account/sign-in")
        found = TOKEN.search(page.text)
        assert found
        self._token, self._cookie = found[1], page.headers["Set-Cookie"].partition(";")[0]

    def try_(self, password: str, home: str = "192.0.2.1", email: str = ADA, device: str = "") -> tuple[int, str, str]:
        """Returns the status, the page and the browser's mark; tries again while too many are at the door."""
        while True:
            client = FlaskClient(self._desks.app, use_cookies=False)
            answer = client.post(
                "/account/sign-in", data={"csrf_token": self._token, "email": email, "password": password},
                environ_base={"REMOTE_ADDR": home, "HTTP_COOKIE": f"{self._cookie}; {device}"},
            )
            if answer.status_code != 503:
                break
        marks = [cookie.partition(";")[0] for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("device")]
        return answer.status_code, answer.text, "".join(marks)


def fill(desks: Desks, bounds: Iterable[Bound]) -> None:
    """Makes wrong guesses until there may be no more."""
    while not count_wrong(desks.connections, list(bounds)):
        pass


def test_wrong_passwords_for_one_account_are_answered_ten_times(desks: Desks) -> None:
    desks.person("officer", password_hash=HASH)
    door, homes = Door(desks), count(1)
    seen = at_once(lambda _: door.try_("a wrong guess", f"198.51.100.{next(homes)}")[0], threads=8)
    assert seen == {400: GUESSES, 429: AT_ONCE - GUESSES}
    assert door.try_(PASSWORD, "203.0.113.1")[0] == 429


TRIED, RIGHT = "That was too many tries.", "Use at least 12 letters"


class Desk:
    """The form for a new password at a desk left open; the new one is always too short, so that nothing changes."""

    def __init__(self, desks: Desks) -> None:
        self.person = desks.person("officer", password_hash=HASH)
        client = desks.signed_in("officer")
        token = TOKEN.search(client.get("/account/password").text)
        cookie = client.get_cookie("session")
        assert token and cookie
        self._app, self._token, self._cookie = desks.app, token[1], f"{cookie.key}={cookie.value}"

    def try_(self, password: str) -> str:
        """Returns what the form says; tries again while too many are at the door."""
        said = BUSY
        while said == BUSY:
            page = FlaskClient(self._app, use_cookies=False).post(
                "/account/password", data={"csrf_token": self._token, "now": password, "new": "short"},
                environ_base={"HTTP_COOKIE": self._cookie},
            ).text
            said = next(words for words in (NOT_IT, TRIED, RIGHT, BUSY) if words in page)
        return said


def test_guesses_at_ones_own_password_are_answered_ten_times(desks: Desks) -> None:
    desk = Desk(desks)
    with ThreadPoolExecutor(8) as pool:
        seen = Counter(pool.map(desk.try_, ["a wrong guess"] * AT_ONCE))
    assert seen == {NOT_IT: GUESSES, TRIED: AT_ONCE - GUESSES}
    assert desk.try_(PASSWORD) == TRIED


def test_a_right_guess_at_ones_own_password_is_not_told_once_others_spent_the_bound(
    desks: Desks, wait_for: Callable[..., object]
) -> None:
    desk = Desk(desks)
    with ThreadPoolExecutor(1) as pool:
        for _ in range(passwords.AT_ONCE):
            passwords._room.acquire()
        late = pool.submit(desk.try_, PASSWORD)
        try:
            wait_for(lambda: passwords._room._cond._waiters, seconds=120)  # type: ignore[attr-defined]  # let in, not yet judged
            fill(desks, [Bound(f"now:{desk.person.id}", GUESSES, 900)])
        finally:
            passwords._room.release(passwords.AT_ONCE)
        assert late.result() == TRIED


def test_nobody_is_shut_out_of_the_computer_they_work_at(desks: Desks) -> None:
    desks.person("officer", password_hash=HASH)
    door = Door(desks)
    status, _, device = door.try_(PASSWORD)
    assert (status, bool(device)) == (303, True)
    fill(desks, [Bound(f"account:{ADA}", GUESSES, 900)])
    fill(desks, [Bound(f"account for a day:{ADA}", A_DAY, 86400)])
    elsewhere = door.try_(PASSWORD, "203.0.113.1")
    assert (elsewhere[0], "a computer where you have signed in before" in elsewhere[1]) == (429, True)
    assert door.try_(PASSWORD, "203.0.113.1", device=device)[0] == 303
    desks.person("officer", name="Eve", password_hash=HASH)
    fill(desks, [Bound("account:eve@derby.example", GUESSES, 900)])
    assert door.try_(PASSWORD, email="eve@derby.example", device=device)[0] == 429  # it is Ada's computer, not Eve's


def test_who_has_an_account_is_not_told(desks: Desks) -> None:
    desks.person("officer", password_hash=HASH)
    door = Door(desks)
    told = [door.try_("a wrong guess", email=email)[:2] for email in (ADA, "no1@derby.example")]
    fill(desks, [Bound(f"account:{ADA}", GUESSES, 900)])
    fill(desks, [Bound("account:no1@derby.example", GUESSES, 900)])
    told += [door.try_("a wrong guess", email=email)[:2] for email in (ADA, "no1@derby.example")]
    plain = [(status, TOKEN.sub("", page).replace("no1@", "ada@")) for status, page in told]
    for one, other in ((plain[0], plain[1]), (plain[2], plain[3])):
        assert one[0] == other[0]
        assert strip_nonces(one[1]) == strip_nonces(other[1])


def strip_nonces(page: str) -> str:
    return "".join(part.partition('"')[2] for part in page.split('nonce="'))


def test_a_bound_counts_each_apart_ends_by_itself_and_begins_again(connections: Connections) -> None:
    ada, bob = Bound("ada", 10, 900), Bound("bob", 10, 900)
    assert [bool(count_wrong(connections, [ada])) for _ in range(12)] == [False] * 10 + [True] * 2
    assert 0 < seconds_to_wait(connections, [ada]) <= 900
    assert 0 < seconds_to_wait(connections, [bob, ada]) <= 900
    assert seconds_to_wait(connections, [bob]) == 0
    assert int(connections.text.get(ada.key)) == 10
    forget_wrong(connections, ada)
    assert count_wrong(connections, [ada, bob]) == 0
    keys = list(connections.text.scan_iter(match=guessing_key("*")))
    assert len(keys) == 2
    assert all(0 < connections.text.ttl(key) <= 900 for key in keys)


@pytest.mark.parametrize(("address", "network"), [
    ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"), ("2001:db8:1:3::1", "2001:db8:1:3::"), ("fe80::1%eth0", "fe80::"),
    ("::1", "::"), ("", ""), ("unix:", "unix:"),
])
def test_an_address_is_seen_as_whoever_can_change_it_at_will(address: str, network: str) -> None:
    assert network_of(address) == network
