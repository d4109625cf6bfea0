"""A backup is of one moment, restores to the very same store, and what cannot be restored is refused in words."""

import json
import random
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.keeping.archive import BODY, MANIFEST, NotABackup, check_archive
from campaigns.keeping.backing_up import NoRoomForIt, back_up
from campaigns.keeping.journal import Journal
from campaigns.keeping.restoring import BUNDLES_AHEAD, UNKNOWN_AHEAD, NotEmpty, restore
from campaigns.responses import SlotCoding
from campaigns.store.backups import all_backups, newest_backup
from campaigns.store.cards import card_state, print_cards, reconcile
from campaigns.store.changes import code_wish, withdraw
from campaigns.store.connection import Connections, connect
from campaigns.store.copying import READ
from campaigns.store.errors import Unreachable
from campaigns.store.intake import Way
from campaigns.store.keys import RESTORING, guessing_key, lasts, session_key
from campaigns.store.log import last_event, read_lines, verify
from campaigns.store.opening import open_campaign
from campaigns.store.responses import get_response
from campaigns.store.room import Room
from campaigns.store.secrets import secret
from campaigns.store.server.embedded import EmbeddedServer, running_url
from campaigns.store.server.scratch import Busy, workroom
from campaigns.store.staff import Invitation, add_person, all_people, invite, read_invitation
from campaigns.store.store import Store, loaded_slugs, open_store
from tests.keeping import now
from tests.paper import a_batch, key_piece, put_down
from tests.storehouse import LITTLE, catch_up, code_by_machine, loaded_little, open_little, send

HOUSE = Path(__file__).parents[1]
CODED = SlotCoding(("growth.roads",), "mend", "t-1", 0.75, (2, 5))
BY_DESK = Way(window="none", key="k" * 20, desk=True)


@pytest.fixture(scope="module")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Returns a second server, to restore into."""
    server = EmbeddedServer(tmp_path_factory.mktemp("other"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def other(other_server: EmbeddedServer) -> Iterator[Connections]:
    """Returns clients on a second store, which is empty."""
    made = connect({"REDIS_URL": other_server.url})
    made.raw.flushall()
    yield made
    made.close()


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Returns the data folder of the machine that is backed up."""
    return tmp_path / "here"


def fill(connections: Connections) -> Store:
    """Returns the little campaign with something under every kind of key, among what no backup keeps."""
    store = open_little(connections)
    print_cards(store, 40, "", "s-1", key="a")
    for n in range(11):
        about = {"special": {"faith": 1 + n % 3}, "answers": {"connection": 1}, "card": n % 3}
        send(store, f"wish {n}", f"another {n}", way=Way(key=f"{n:020}"), **about)
    key_piece(store, a_batch(store, key="b").number, "d-2", "wish 11", "another 11", card=2)
    for n in range(12):
        code_by_machine(store, n + 1, 1, CODED)
    code_wish(store, now(store, 3), 2, CODED)
    withdraw(store, 5)
    put_down(store, 1, "d-1", card=7)
    store.text.sadd(store.keys.of("import", "abc"), *range(2500))
    store.text.hset(store.keys.of("areas"), mapping={f"DE1{n}": LITTLE for n in range(2500)})
    add_person(connections, "A", "a@little.example", "hash", ["officer"])
    connections.text.set(session_key("abc"), "s", ex=1000)
    connections.text.set(guessing_key("abc"), 1)
    connections.text.set("another application's", "x")
    catch_up(store)
    return store


def held(connections: Connections) -> dict[str, object]:
    """Returns all that a backup keeps, without what a catch-up moves: versions of rows, standing tables and their cursor."""
    raw, found = connections.raw, {}
    for key in (key for key in connections.text.scan_iter(count=1000) if lasts(key)):
        kind = raw.type(key)
        found[key] = raw.xrange(key) if kind == b"stream" else READ[kind](raw, key)
    return {key: value for key, value in found.items() if not key.endswith((":versions", ":standing", ":cursor:tallies"))}


def test_what_is_restored_is_what_was_backed_up(connections: Connections, other: Connections, here: Path, tmp_path: Path) -> None:
    fill(connections)
    token = invite(connections, Invitation(("keyer",)))
    back_up(connections, here, tmp_path / "earlier.zip")
    made = back_up(connections, here, tmp_path / "b.zip")
    before = held(connections)
    done = restore(other, tmp_path / "there", tmp_path / "b.zip")
    assert {Path(one.path).name for one in all_backups(other)} == {"b.zip", "earlier.zip"}
    assert held(other) == before
    store, stands = open_store(other, LITTLE), made.campaigns[LITTLE]
    assert (last_event(store), stands["responses"], verify(store).problem) == (stands["event"], 12, "")
    assert (done.erased_again, done.before) == (0, None)
    assert done.lines == [f"{LITTLE}: {stands['event']:,} events fit, 12 responses are those they commit to, no row differs."]
    assert 0 < other.text.ttl(f"staff:invitation:{_hash(connections, token)}") <= 7 * 24 * 3600
    assert read_invitation(other, token) == Invitation(("keyer",))
    assert {key.partition(":")[0] for key in other.text.scan_iter()} == {"site", "staff", f"{{{LITTLE}}}"}


def _hash(connections: Connections, token: str) -> str:
    return next(key.rpartition(":")[2] for key in connections.text.scan_iter(match="staff:invitation:*"))


def test_a_backup_says_of_itself_what_it_is_and_who_may_read_it(connections: Connections, here: Path, tmp_path: Path) -> None:
    store = fill(connections)
    made = back_up(connections, here, tmp_path / "b.zip")
    manifest = check_archive(tmp_path / "b.zip")
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    head = store.text.hgetall(store.keys.of("head"))
    assert {name: str(value) for name, value in manifest.campaigns[LITTLE].items()} == {
        "born": store.born, "event": head["event"], "link": head["link"], "seal": head["seal"], "sealed": head["sealed"],
        "responses": "12", "cards": "40",
    }
    assert head["seal"] and newest_backup(connections) == made
    assert (made.size, made.path, made.sha256) == ((tmp_path / "b.zip").stat().st_size, str(tmp_path / "b.zip"), manifest.sha256)
    assert b"another application" not in zipfile.ZipFile(tmp_path / "b.zip").read(BODY)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []
    assert [path.name for path in (here / "keeping").iterdir()] == ["lock"]


def test_a_backup_under_load_is_of_one_moment(connections: Connections, other: Connections, here: Path, tmp_path: Path) -> None:
    store = open_little(connections)
    stop, sent = threading.Event(), []

    def write(seed: int) -> None:
        chance = random.Random(seed)
        while not stop.is_set():
            with suppress(Unreachable):  # on a slow machine an answer may be late
                sent.append(send(store, f"wish {chance.random()}", "another", way=Way(window="none")).number)
                if chance.random() < 0.2:
                    withdraw(store, chance.choice(sent))
                if chance.random() < 0.2:
                    catch_up(store)

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for writer in writers:
        writer.start()
    try:
        made = [back_up(connections, here, tmp_path / f"{n}.zip") for n in range(3)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    for n, one in enumerate(made):
        stands = one.campaigns[LITTLE]
        restore(other, tmp_path / "there", tmp_path / f"{n}.zip", replace=True)
        restored = open_store(other, LITTLE)
        assert (verify(restored).problem, verify(restored).responses) == ("", stands["responses"])
        assert link_at(restored, stands["event"]) == link_at(store, stands["event"]) == stands["link"]
        counted = catch_up(restored)
        living = sum(now(restored, number).state == "live" for number in range(1, stands["responses"] + 1))
        assert counted.total() == sum(counted.counts("channel").values()) == living
    assert made[0].campaigns[LITTLE]["event"] < made[2].campaigns[LITTLE]["event"] < last_event(store)


def link_at(store: Store, event: int) -> str:
    """Returns the link of an event."""
    return read_lines(store, event - 1, 1)[0][2]


def test_a_store_that_is_not_empty_is_left_as_it_is_unless_told(connections: Connections, here: Path, tmp_path: Path) -> None:
    store = fill(connections)
    back_up(connections, here, tmp_path / "b.zip")
    send(store, "later")
    before = held(connections)
    with pytest.raises(NotEmpty, match=r"little-town with 13 responses and 40 cards, 1 member of staff.*--replace"):
        restore(connections, here, tmp_path / "b.zip")
    assert held(connections) == before
    done = restore(connections, here, tmp_path / "b.zip", replace=True)
    assert (get_response(store, 13), catch_up(open_store(connections, LITTLE)).total()) == (None, 11)
    assert done.before and all_backups(connections)[0].id == done.before.id
    restore(connections, here, Path(done.before.path), replace=True)
    assert now(store, 13).wishes[0].text == "later"


def test_what_a_first_start_puts_there_does_not_count(
    connections: Connections, other: Connections, here: Path, tmp_path: Path
) -> None:
    fill(connections)
    back_up(connections, here, tmp_path / "b.zip")
    open_little(other, slug="second-town")
    secret(other, "forms")
    restore(other, tmp_path / "there", tmp_path / "b.zip")
    assert (loaded_slugs(other), len(all_people(other))) == ([LITTLE], 1)


class Stopped(Exception):
    """Stands for the power going."""


def test_a_restore_that_was_stopped_is_given_again(
    connections: Connections, other: Connections, here: Path, tmp_path: Path
) -> None:
    fill(connections)
    made = back_up(connections, here, tmp_path / "b.zip")
    before = held(connections)

    def stop(words: str) -> None:
        if words.startswith("Putting back"):
            raise Stopped

    with pytest.raises(Stopped):
        restore(other, tmp_path / "there", tmp_path / "b.zip", say=stop)
    assert (loaded_slugs(other), other.text.get(RESTORING)) == ([], made.id)
    restore(other, tmp_path / "there", tmp_path / "b.zip")
    assert (held(other), other.text.get(RESTORING)) == (before, None)


def damaged(path: Path) -> None:
    """Turns one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def other_format(path: Path) -> None:
    """Says that the backup was made by a version of the future."""
    with zipfile.ZipFile(path) as kept:
        body, said = kept.read(BODY), json.loads(kept.read(MANIFEST))
    with zipfile.ZipFile(path, "w") as anew:
        anew.writestr(BODY, body)
        anew.writestr(MANIFEST, json.dumps({**said, "format": 99}))


def other_body(path: Path) -> None:
    """Puts another snapshot under the same manifest."""
    with zipfile.ZipFile(path) as kept:
        said = kept.read(MANIFEST)
    with zipfile.ZipFile(path, "w") as anew:
        anew.writestr(BODY, b"REDIS0011")
        anew.writestr(MANIFEST, said)


def outside(path: Path) -> None:
    """Adds a file that would lie outside the data folder."""
    with zipfile.ZipFile(path, "a") as kept:
        kept.writestr("files/../../photo.jpg", b"...")


def foreign_zip(path: Path) -> None:
    """Puts a zip of something else in its place."""
    with zipfile.ZipFile(path, "w") as anew:
        anew.writestr("holiday.jpg", b"...")


@pytest.mark.parametrize(("harm", "said"), [
    (damaged, "damaged"), (other_format, "another version"), (other_body, "is not what was written"),
    (outside, "outside the data folder"),
    (foreign_zip, "no backup made by"), (lambda path: path.write_bytes(b""), "no backup at all"),
    (lambda path: path.write_bytes(path.read_bytes()[:-900]), "no backup at all"),
    (lambda path: path.write_text("wish,ward"), "no backup at all"),
])
def test_a_damaged_or_foreign_file_is_refused_in_words(
    connections: Connections, other: Connections, here: Path, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    loaded_little(connections)
    back_up(connections, here, tmp_path / "b.zip")
    harm(tmp_path / "b.zip")
    with pytest.raises(NotABackup, match=said):
        restore(other, tmp_path / "there", tmp_path / "b.zip")
    assert other.text.dbsize() == 0


def test_no_other_file_is_written_over(connections: Connections, here: Path, tmp_path: Path) -> None:
    loaded_little(connections)
    (tmp_path / "photo.jpg").write_bytes(b"...")
    with pytest.raises(NotABackup, match="left as it is"):
        back_up(connections, here, tmp_path / "photo.jpg")
    assert (tmp_path / "photo.jpg").read_bytes() == b"..."
    (tmp_path / "folder").mkdir()
    first = back_up(connections, here, tmp_path / "b.zip")
    second = back_up(connections, here, tmp_path / "b.zip")
    third = back_up(connections, here, tmp_path / "folder")
    assert first.id not in [one.id for one in all_backups(connections)]
    assert {one.path for one in all_backups(connections)} == {second.path, third.path}
    assert Path(third.path).parent == tmp_path / "folder"


def test_uploaded_files_come_along(connections: Connections, other: Connections, here: Path, tmp_path: Path) -> None:
    loaded_little(connections)
    (here / "files" / "photos").mkdir(parents=True)
    (here / "files" / "photos" / "1.jpg").write_bytes(b"\xff\xd8" * 100)
    back_up(connections, here, tmp_path / "b.zip")
    restore(other, tmp_path / "there", tmp_path / "b.zip")
    assert (tmp_path / "there" / "files" / "photos" / "1.jpg").read_bytes() == b"\xff\xd8" * 100


def test_one_that_is_killed_in_the_midst_leaves_nothing_half(tmp_path: Path) -> None:
    begin = (
        "import os, sys; from pathlib import Path; from campaigns.keeping import archive; "
        "archive.write_archive(Path(sys.argv[1]), archive.Manifest('', 0, '', ''), lambda into: (into.write(b'words' * 9999), "
        "os.kill(os.getpid(), 9)), Path('nowhere'))"
    )
    killed = subprocess.run([sys.executable, "-c", begin, str(tmp_path / "b.zip")], cwd=HOUSE, check=False)
    assert (killed.returncode, list(tmp_path.iterdir())) == (-9, [])


def test_a_backup_leaves_the_store_its_room(connections: Connections, here: Path, tmp_path: Path) -> None:
    loaded_little(connections)
    tight = replace(connections, room=Room(tmp_path, 10 ** 18))
    with pytest.raises(NoRoomForIt, match="MB free; a backup may need"):
        back_up(tight, here, tmp_path / "b.zip")
    assert (list(tmp_path.glob("*.zip")), [path.name for path in (here / "keeping").iterdir()]) == ([], ["lock"])


def test_one_at_a_time(connections: Connections, here: Path, tmp_path: Path) -> None:
    loaded_little(connections)
    with workroom(here), pytest.raises(Busy, match="under way"):
        back_up(connections, here, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


def test_what_a_killed_one_left_goes(here: Path) -> None:
    with workroom(here) as room:
        left = room.parent / "left"
    start = (
        "import os; from pathlib import Path; from campaigns.store.server.embedded import EmbeddedServer as Server; "
        f"Server(Path({str(left / 'server')!r})).start(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", start], cwd=HOUSE, check=False)
    (left / "whole.rdb").write_bytes(b"words")
    assert running_url(left / "server")
    with workroom(here):
        assert not left.exists()
    assert not running_url(left / "server")


def test_a_receipt_or_card_of_after_the_backup_opens_nothing(
    connections: Connections, other: Connections, here: Path, tmp_path: Path
) -> None:
    loaded_little(connections)
    store = open_campaign(connections, LITTLE, "s-1")
    send(store, "before", way=BY_DESK)
    print_cards(store, 10, "", "s-1")
    a_batch(store)
    back_up(connections, here, tmp_path / "b.zip")
    send(store, "lost", way=Way(window="none"))
    Journal(here).sync(connections)
    restore(other, tmp_path / "there", tmp_path / "b.zip")
    elsewhere = open_store(other, LITTLE)
    assert send(elsewhere, "new", way=Way(window="none")).number == 1 + UNKNOWN_AHEAD + 1
    assert print_cards(elsewhere, 5, "", "s-1").first == 10 + UNKNOWN_AHEAD + 1
    assert [a_batch(place).number for place in (store, elsewhere)] == [2, 1 + BUNDLES_AHEAD + 1]
    assert (reconcile(elsewhere).residual, card_state(elsewhere, 11), verify(elsewhere).problem) == (0, "", "")
    restore(connections, here, tmp_path / "b.zip", replace=True)
    beside = open_store(connections, LITTLE)
    assert 2 < send(beside, "new", way=Way(window="none")).number <= 2 + 5000 + 1
    assert (verify(beside).problem, catch_up(beside).total()) == ("", 2)
