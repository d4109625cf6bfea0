"""Free space: intake closes in words while there is room for what must go on, and nothing typed is lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError

from campaigns.cards.serials import serial_for
from campaigns.consumers.coding import Coded, code_batch
from campaigns.responses import Submission
from campaigns.store.cards import print_cards
from campaigns.store.changes import erase, keep_about, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, TALLIES
from campaigns.store.durability import NotDurable
from campaigns.store.intake import Way, accept_many
from campaigns.store.keys import REWRITE_DUE
from campaigns.store.log import seal
from campaigns.store.opening import close_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.rewriting import rewrite_if_due
from campaigns.store.room import NoRoom, cannot_write
from campaigns.store.server.disk import BALLAST, LAST, LAY_AGAIN, LEAST_MB, MEGABYTE, Room, Steward, room_of, total_bytes
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, make_desks, post
from tests.full import files_of_at_most
from tests.paper import a_batch
from tests.storehouse import LITTLE, catch_up, every_byte, open_little, send
from tests.visitors import open_asking, open_page, send_form
from web import commands, create_app
from web.keying import card
from web.observing import observe
from web.officers.choosing import seen_moderation
from web.residents.rescue import FULL, NOT_SENT
from workers.schedule import Looks, look

ALL_OF_IT = 10**18
TYPED = {"wish1": "Trams & trains", "wish2": "", "wish3": "Längere Wege"}
FULL_SERVER = [("maxmemory", "1"), ("min-replicas-to-write", "1")]


@pytest.fixture
def short(settings: dict[str, str]) -> dict[str, str]:
    """Returns the settings of a service whose reserve is larger than any disk."""
    return {**settings, "MIN_FREE_MB": str(ALL_OF_IT // MEGABYTE)}


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    send(made)
    return made


@pytest.fixture
def closed(store: Store, tmp_path: Path) -> Store:
    """Returns the same campaign as a process sees it whose disk is too full."""
    return replace(store, connections=replace(store.connections, room=Room(tmp_path, ALL_OF_IT)))


CHANGES: dict[str, Callable[[Store], object]] = {
    "accept": send,
    "accept many": lambda store: accept_many(store, [(Submission(("More trees",), "online"), Way())]),
    "about you": lambda store: keep_about(store, get_response(store, 1), "{}", {}),  # type: ignore[arg-type]
    "withdraw": lambda store: withdraw(store, 1),
    "erase": lambda store: erase(store, 1),
    "print cards": lambda store: print_cards(store, 10, "", "s-1"),
    "close": lambda store: close_campaign(store.connections, LITTLE, "s-1"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_is_taken_or_changed_without_room(closed: Store, connections: Connections, name: str) -> None:
    before = every_byte(connections)
    with pytest.raises(NoRoom, match=r"MB free, and below 1,000,000,000,000 MB nothing more is taken in\. Make room"):
        CHANGES[name](closed)
    assert every_byte(connections) == before


def test_what_is_in_is_counted_and_sealed_without_room(closed: Store) -> None:
    assert catch_up(closed).total() == 1
    assert seal(closed)


def test_coding_waits_for_room_and_no_batch_is_blamed(closed: Store, connections: Connections) -> None:
    for _ in range(7):
        assert code_batch(closed, None) == Coded(0)  # type: ignore[arg-type]
    assert not connections.text.exists(closed.keys.of("trying", CODING))
    looks = Looks()
    assert [look(closed.connections, looks) for _ in range(2)] == [[], [(LITTLE, TALLIES)]]


def test_no_rewrite_is_begun_without_room_for_a_second_file(store: Store, closed: Store, tmp_path: Path) -> None:
    erase(store, 1)
    nowhere = Room(tmp_path, 0)
    (tmp_path / "appendonlydir").mkdir()
    with (tmp_path / "appendonlydir" / "large.aof").open("wb") as file:
        file.truncate(10**12)  # a hole: it takes no room, and its copy would
    full = replace(store.connections, room=nowhere)
    assert (rewrite_if_due(full), bool(store.text.exists(REWRITE_DUE))) == (False, True)
    assert rewrite_if_due(store.connections)


def test_a_resident_gets_the_form_back(short: dict[str, str], connections: Connections) -> None:
    store = open_asking(connections)
    visitor = create_app(short).test_client()
    form = open_page(visitor, "/wish")
    assert form.status == 200
    sent = send_form(visitor, form, "/wish", **TYPED)
    assert (sent.status, sent.answer.headers["Retry-After"]) == (503, "600")
    assert NOT_SENT[0] in sent.words and FULL in sent.words
    assert ({name: sent.fields[name] for name in TYPED}, sent.fields["key"]) == (TYPED, form.fields["key"])
    assert response_count(store) == 0


def test_a_program_is_told_when_to_try_again(short: dict[str, str], store: Store) -> None:
    answer = create_app(short).test_client().post(f"/api/v1/campaigns/{LITTLE}/submissions", json={"wishes": ["Trams"]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert answer.get_json()["error"] == "We can take nothing new for a short while"


@pytest.mark.parametrize(("setting", "value"), FULL_SERVER)
def test_a_server_that_takes_no_writes_is_told_the_same_way(
    settings: dict[str, str], store: Store, setting: str, value: str
) -> None:
    visitor = create_app(settings).test_client()
    form = open_page(visitor, "/wish")
    store.text.config_set(setting, value)
    try:
        sent = send_form(visitor, form, "/wish", **TYPED)
        read = open_page(visitor, "/results")
    finally:
        store.text.config_set(setting, "0")
    assert (sent.status, sent.answer.headers["Retry-After"], FULL in sent.words) == (503, "600", True)
    assert ({name: sent.fields[name] for name in TYPED}, read.status) == (TYPED, 200)
    assert send_form(visitor, form, "/wish", **TYPED).status == 303


def test_a_session_that_the_server_will_not_end_is_told_the_same_way(settings: dict[str, str], connections: Connections) -> None:
    visitor = make_desks(observe(create_app(settings), settings), connections).signed_in("officer")
    connections.text.config_set("min-replicas-to-write", "1")
    try:
        answer = post(visitor, "/account/sign-out", {}, page="/account/")
    finally:
        connections.text.config_set("min-replicas-to-write", "0")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")


@pytest.fixture
def desks(short: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(short), connections)
    print_cards(made.store, 4, "E05001780", "s-1")
    return made


def test_a_keyer_gets_the_card_back(desks: Desks) -> None:
    serial = serial_for(2, SLUG)
    batch = a_batch(desks.store)
    typed: dict[str, object] = {"serial": serial, "wish1": "More bus’s", "piece": "web1-1"}
    answer = post(desks.signed_in("keyer"), f"/keying/{SLUG}/{batch.number}", typed)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert card.FULL in answer.text and serial in answer.text and "More bus’s" in answer.text and 'value="web1-1"' in answer.text


def test_an_officer_can_send_the_same_choice_again(desks: Desks) -> None:
    number = desks.send("Something")
    officer, address = desks.signed_in("officer"), f"/officers/{SLUG}/wishes/{number}/1"
    seen = seen_moderation(get_response(desks.store, number).wishes[0])  # type: ignore[union-attr]
    sent = {"moderation": "1", "seen": seen, "reason": "public", "note": "Read twice"}
    answer = post(officer, f"{address}/moderation", sent, page=address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600")
    assert "Send it again" in answer.text and 'name="moderation" value="1"' in answer.text
    assert 'name="reason" value="public"' in answer.text and "Read twice" in answer.text
    assert officer.get(address).status_code == 200


def test_an_import_stops_in_words(short: dict[str, str], store: Store, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text\nMore trees\n")
    app = create_app(short)
    commands.init_app(app)
    said = app.test_cli_runner().invoke(args=["wishes", "import", LITTLE, str(tmp_path / "in.csv"), "--text", "text"])
    assert (said.exit_code, "Make room on it, then try again" in said.stderr) == (1, True)
    assert response_count(store) == 1


@pytest.mark.parametrize(("failure", "so"), [
    (NoRoom(""), True), (OutOfMemoryError("command not allowed"), True), (ReadOnlyError("a replica"), True),
    (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), True),
    (ResponseError("Command # 2 (SET a 3) of pipeline caused error: NOREPLICAS Not enough good replicas to write."), True),
    (ResponseError("WRONGTYPE of a key"), False), (redis.ConnectionError("gone"), False), (NotDurable("late"), False),
    (ValueError("MISCONF"), False),
])
def test_a_store_that_takes_no_writes_is_told_from_one_that_is_away(failure: Exception, so: bool) -> None:
    assert cannot_write(failure) is so


@pytest.mark.parametrize(("asked", "megabytes"), [("500", 500), ("0", 0), ("", None), ("much", None), ("-5", None)])
def test_the_reserve_is_what_was_asked_or_part_of_a_small_disk(tmp_path: Path, asked: str, megabytes: int | None) -> None:
    usual = min(LEAST_MB * MEGABYTE, total_bytes(tmp_path) // 20)
    expected = usual if megabytes is None else megabytes * MEGABYTE
    assert room_of(tmp_path / "not" / "there", {"MIN_FREE_MB": asked}).least == expected


class Disk(Room):
    """A disk with as much room as a test says, less what the ballast takes."""

    at = 0

    def free(self) -> int | None:
        ballast = (self.folder or Path()) / "ballast"
        return Disk.at - (ballast.stat().st_size if ballast.exists() else 0)


def test_the_steward_gives_back_its_ballast_and_then_stops_writes(tmp_path: Path) -> None:
    told: list[bytes] = []
    ballast = tmp_path / "ballast"
    steward = Steward(Disk(tmp_path, 4 * BALLAST), ballast, lambda line: told.append(line) or b"+OK\r\n")  # type: ignore[func-returns-value]
    seen = []
    for free in (10 * BALLAST, 10 * BALLAST, 2 * BALLAST, BALLAST + LAST - 1, LAST - 1, LAST - 1, LAST, 10 * BALLAST):
        Disk.at = free
        steward.look()
        seen.append((ballast.exists(), [line.decode().removeprefix("CONFIG SET ") for line in told]))
        told.clear()
    writes, rewrites = "min-replicas-to-write", "auto-aof-rewrite-percentage"
    assert seen == [
        (True, [f"{writes} 0", f"{rewrites} 20"]), (True, []), (True, [f"{rewrites} 0"]), (False, []),
        (False, [f"{writes} 1"]), (False, []), (False, [f"{writes} 0"]), (True, [f"{rewrites} 20"]),
    ]


def test_a_ballast_that_cannot_be_written_whole_leaves_nothing_and_is_tried_again_later(tmp_path: Path) -> None:
    now = [100.0]
    ballast = tmp_path / "ballast"
    steward = Steward(Disk(tmp_path, BALLAST), ballast, lambda _: b"+OK\r\n", lambda: now[0])
    Disk.at = 10 * BALLAST
    with files_of_at_most(MEGABYTE):
        steward.look()
    seen = []
    for seconds in (0, LAY_AGAIN - 1, 1):
        now[0] += seconds
        steward.look()
        seen.append(ballast.exists())
    assert seen == [False, False, True]


def test_a_new_server_is_told_anew_and_one_that_does_not_listen_again(tmp_path: Path) -> None:
    told: list[bytes] = []
    answers = [b"-LOADING\r\n", b"-LOADING\r\n", b"+OK\r\n", b"+OK\r\n", b"+OK\r\n", b"+OK\r\n"]
    Disk.at = 2 * BALLAST
    steward = Steward(Disk(tmp_path, BALLAST), tmp_path / "ballast", lambda line: told.append(line) or answers.pop(0))  # type: ignore[func-returns-value]
    for times in (2, 2, 0):
        told.clear()
        steward.look()
        assert len(told) == times
    steward.forget()
    steward.look()
    assert (len(told), answers) == (2, [])
