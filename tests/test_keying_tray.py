"""What the desk keeps for a person: the tray settled in one step each, letters split into wishes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from campaigns.cards.serials import serial_for
from campaigns.keeping.expiring import expire
from campaigns.responses import Response
from campaigns.store.cards import card_state, print_cards
from campaigns.store.changes import erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.letters import unsplit_letters
from campaigns.store.pictures import MOST_ATTACHED
from campaigns.store.responses import get_response, response_count
from campaigns.store.returns import close_batch
from campaigns.store.store import Store
from campaigns.store.tray import get_in_tray, in_tray
from tests.desks import SLUG, Desks, make_desks, post
from tests.keying import Keyer, sit_down
from tests.storehouse import every_byte
from web import create_app
from web.keying.attaching import NOT_KEPT, NOWHERE, STRANGE

TRAY = f"/keying/{SLUG}/tray"
WORRIES = f"/officers/{SLUG}/worries"
LETTERS = f"/officers/{SLUG}/letters"
LONG = "Dear all,\n\nwe wish for " + "a bench in every street, and " * 300 + "trees."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, tmp_path: Path) -> Desks:
    made = make_desks(create_app(settings | {"PICTURES_URL": f"file://{tmp_path}/pictures"}), connections)
    print_cards(made.store, 4, "", "s-1")
    return made


@pytest.fixture
def keyer(desks: Desks) -> Keyer:
    return sit_down(desks)


@pytest.fixture
def officer(desks: Desks) -> FlaskClient:
    return desks.signed_in("officer", name="Olive")


def kept(desks: Desks, number: int = 1) -> Response:
    response = get_response(desks.store, number)
    assert response
    return response


def settle(who: FlaskClient, piece: str, as_what: str, **form: str) -> int:
    """Settles a piece of the tray, and returns what is answered."""
    return post(who, f"{TRAY}/{piece}", {"as": as_what, **form}, page=TRAY).status_code


# ---- The tray

SETTLED = [
    ("keyed", {"serial": serial_for(2, SLUG)}, {"keyed": 1}, 1), ("unnumbered", {}, {"unnumbered": 1}, 1),
    ("duplicate", {}, {"duplicate": 1}, 0), ("unusable", {"why": "not a wish"}, {"unusable": 1}, 0),
]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(("as_what", "form", "counted", "responses"), SETTLED)
def test_each_piece_is_settled_in_one_step_even_after_its_batch_was_closed(
    desks: Desks, keyer: Keyer, as_what: str, form: dict[str, str], counted: dict[str, int], responses: int, closed: bool
) -> None:
    supervisor = desks.signed_in("supervisor", name="Sue")
    lost = keyer.item(0, "More buses at nite", serial="ABC-DEF")
    keyer.say(lost)
    if closed:
        close_batch(desks.store, keyer.number, "s-1", "the rest was lost")
    page = supervisor.get(TRAY).text
    assert "More buses at nite" in page and "ABC-DEF" in page and "serial not known" in page and "typed by Ada" in page
    assert settle(supervisor, lost["piece"], as_what, **form) == 303
    assert {name: many for name, many in keyer.batch.counts.items() if many} == counted
    assert (response_count(desks.store), in_tray(desks.store)) == (responses, [])
    settled = get_in_tray(desks.store, lost["piece"])
    assert settled and (settled.settled, dict(settled.typed)) == (as_what, {})
    keyer.say(lost)  # its browser never heard that it was kept
    assert (in_tray(desks.store), keyer.batch.accounted, response_count(desks.store)) == ([], 1, responses)


def test_a_wrong_settling_is_said_in_words_and_leaves_the_piece(desks: Desks, keyer: Keyer, officer: FlaskClient) -> None:
    lost = keyer.item(0, "More buses", serial="ABC-DEF")
    keyer.say(lost, keyer.item(1, "A pool"))
    keyed = serial_for(1, SLUG)
    for as_what, form in (("keyed", {"serial": "ZZZ-ZZZ"}), ("keyed", {"serial": keyed}), ("unusable", {"why": "x"})):
        assert settle(officer, lost["piece"], as_what, **form) == 400
    assert len(in_tray(desks.store)) == 1
    assert settle(officer, lost["piece"], "unnumbered") == 303
    assert [settle(officer, lost["piece"], what) for what in ("keyed", "lost")] == [409, 404]
    assert "Nothing waits for a person" in officer.get(TRAY).text


def test_a_piece_whose_batch_was_closed_before_it_came_is_counted_in_another(
    desks: Desks, keyer: Keyer, officer: FlaskClient
) -> None:
    close_batch(desks.store, keyer.number, "s-1", "lost in the post")
    late = keyer.item(1, "Typed without a connection")
    keyer.say(late)
    other = sit_down(desks)
    assert "Count it in" in officer.get(TRAY).text
    assert settle(officer, late["piece"], "keyed", serial=late["serial"], batch=str(other.number)) == 303
    assert (other.batch.counts["keyed"], card_state(desks.store, 1)) == (1, "keyed")


@pytest.mark.parametrize(("role", "statuses"), [("keyer", (403, 403)), ("supervisor", (200, 403)), ("officer", (200, 200))])
def test_the_tray_is_for_supervisors_and_officers_and_worries_for_officers(
    desks: Desks, role: str, statuses: tuple[int, int]
) -> None:
    someone = desks.signed_in(role, name="Sam")
    assert (someone.get(TRAY).status_code, someone.get(WORRIES).status_code) == statuses


@pytest.mark.parametrize("kind", ["piece", "worry"])
@pytest.mark.parametrize("name", ["serial", "wish1", "letter", "behalf", "postcode", "q-age"])
def test_half_a_letter_holds_up_nothing_that_was_typed_after_it(keyer: Keyer, name: str, kind: str) -> None:
    keyer.say(keyer.item(0, "Trees", serial="ABC-DEF", kind=kind) | {name: "half \ud83d"})


# ---- Letters


@pytest.fixture
def writer(desks: Desks) -> Keyer:
    return sit_down(desks, channel="letter", name="Lea")


def test_a_letter_is_kept_whole_and_split_by_an_officer(desks: Desks, writer: Keyer, officer: FlaskClient) -> None:
    assert writer.say(writer.item(0, letter=LONG, behalf="Friends of the park")) == [("saved", "")]
    letter = kept(desks)
    assert (letter.letter, letter.behalf, letter.channel, letter.card) == (LONG, "Friends of the park", "letter", 0)
    assert [len(wish.text) for wish in letter.wishes] == [5000]
    assert "1 letter" in officer.get(f"/officers/{SLUG}/").text
    page = officer.get(f"{LETTERS}/1").text
    assert LONG.replace("'", "&#39;") in page and "Friends of the park" in page
    form = {"revision": str(letter.revision), "wish1": "A bench in every street", "wish2": "Trees", "wish3": ""}
    empty = post(officer, f"{LETTERS}/1", {**form, "wish1": "", "wish2": ""})
    assert (empty.status_code, "Write at least one wish" in empty.text) == (400, True)
    assert post(officer, f"{LETTERS}/1", dict(form)).status_code == 303
    assert [wish.text for wish in kept(desks).wishes] == ["A bench in every street", "Trees"]
    assert (kept(desks).letter, unsplit_letters(desks.store)) == (LONG, [])
    late = post(officer, f"{LETTERS}/1", {**form, "wish1": "Something else"})
    assert (late.status_code, "Something else" in late.text) == (409, True)
    assert "No letter waits" in officer.get(LETTERS).text


@pytest.mark.parametrize("how", ["erased", "expired"])
def test_a_letters_whole_text_goes_with_its_response(desks: Desks, writer: Keyer, how: str) -> None:
    writer.say(writer.item(0, letter="Canary " * 30, behalf="Canary and daughters"))
    if how == "erased":
        erase(desks.store, 1)
    else:
        expire(desks.store, [1])
    assert b"Canary" not in every_byte(desks.connections)
    assert unsplit_letters(desks.store) == []


def attach(writer: Keyer, piece: str, content: bytes, name: str = "the letter (1).png") -> tuple[str, str]:
    """Sends a file as the queue does, and returns what is answered."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in (
        ("by", writer.person), ("batch", writer.number), ("piece", piece)
    )]
    parts.append(f'name="file"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'.encode() + content)
    body = b"".join(b"--x\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--x--\r\n"
    answer = writer.client.post(
        f"/keying/{SLUG}/attach", data=body, content_type="multipart/form-data; boundary=x", headers={"X-CSRFToken": writer.token}
    ).get_json()
    return answer["answers"][0]["outcome"], answer["answers"][0]["words"]


def test_a_file_is_kept_with_its_letter_once(desks: Desks, writer: Keyer, officer: FlaskClient) -> None:
    letter = writer.item(0, letter="See the picture")
    assert attach(writer, letter["piece"], PNG) == ("aside", NOWHERE)
    writer.say(letter)
    assert [attach(writer, letter["piece"], PNG) for _ in range(2)] == [("saved", "")] * 2
    assert attach(writer, letter["piece"], b"MZ a program") == ("aside", STRANGE)
    assert attach(writer, letter["piece"], PNG + bytes(10_000_000)) == ("aside", STRANGE)
    assert officer.get(f"{LETTERS}/1").text.count("the letter 1.png") == 1
    answer = officer.get(f"{LETTERS}/1/the letter 1.png")
    assert (answer.data, answer.mimetype) == (PNG, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert officer.get(f"{LETTERS}/1/other.png").status_code == 404


@pytest.mark.parametrize("how", [erase, withdraw])
def test_no_file_comes_to_a_letter_that_was_erased_or_taken_back(
    desks: Desks, writer: Keyer, tmp_path: Path, how: Callable[[Store, int], object]
) -> None:
    letter = writer.item(0, letter="See the picture")
    writer.say(letter)
    how(desks.store, 1)
    assert attach(writer, letter["piece"], PNG) == ("aside", NOT_KEPT["response"])
    assert not any(path.is_file() for path in (tmp_path / "pictures").rglob("*"))


def test_a_letter_has_only_so_many_files(desks: Desks, writer: Keyer) -> None:
    letter = writer.item(0, letter="See the pictures")
    writer.say(letter)
    said = [attach(writer, letter["piece"], PNG, f"page {place}.png")[1] for place in range(MOST_ATTACHED + 1)]
    assert said == [""] * MOST_ATTACHED + [NOT_KEPT["full"]]
