"""Looking by meaning: nearest first, under the filters, what is like a wish; and what went is found no more and lies nowhere."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from campaigns.coding.embedding import to_int8
from campaigns.responses import SlotCoding
from campaigns.searching import meaning
from campaigns.searching.index import FOLDER, keep_up, opened
from campaigns.searching.meaning import MOST, meaning_of, nearest, vectors_of
from campaigns.searching.signs import Signs, signs_of
from campaigns.searching.words import CannotLook
from campaigns.store.changes import erase, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.responses import get_response
from campaigns.store.staff import change_person
from campaigns.store.store import record
from tests.desks import SLUG, Desks, make_desks
from tests.storehouse import code_by_machine
from web import create_app
from web.officers.finding import MODEL

PAGE = f"/officers/{SLUG}/wishes"
MACHINE = SlotCoding(("growth.transport",), "more", "t-1", 0.75)
Vectors = NDArray[np.float32]


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, tmp_path: Path, model_folder: Path) -> Desks:
    (tmp_path / MODEL).symlink_to(model_folder)
    return make_desks(create_app({**settings, "DATA_DIR": str(tmp_path)}), connections)


def made_up(many: int, seed: int = 1) -> Vectors:
    """Returns vectors of length 1 that point anywhere."""
    drawn = np.random.default_rng(seed).standard_normal((many, 384)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def towards(target: Vectors, share: float, seed: int) -> bytes:
    """Returns the stored form of a vector that points towards another, so far."""
    mixed = share * target + (1 - share) * made_up(1, seed)[0]
    return to_int8(np.asarray([mixed / np.linalg.norm(mixed)], np.float32)).tobytes()


def send(desks: Desks, vector: bytes, text: str = "Something", **what: str) -> int:
    """Returns the number of a new response whose first wish is coded with a vector."""
    number = desks.send(text, **what)
    code_by_machine(desks.store, number, 1, MACHINE, vector)
    return number


def found(desks: Desks, data: Path, vector: Vectors, signs: Signs | None = None) -> list[tuple[int, int]]:
    """Returns the wishes of all live responses that are nearest to a vector, nearest first."""
    signs = signs or Signs()
    with opened(data, desks.store) as index:
        signs.refresh(index.connection, index.life, 3)
    numbers = range(1, int(desks.store.text.hget(desks.store.keys.of("head"), "responses") or 0) + 1)
    places = np.array([(number, slot) for number in numbers for slot in (1, 2, 3)], np.int64)
    return [near.place for near in nearest(desks.store, places, vector, signs)]


def test_the_nearest_stand_first_and_of_equals_the_newer(desks: Desks, tmp_path: Path) -> None:
    target = made_up(1)[0]
    far, near, half = (send(desks, towards(target, share, 2)) for share in (0.1, 0.9, 0.5))
    again = send(desks, towards(target, 0.9, 2))
    desks.send("Not coded yet")
    assert found(desks, tmp_path, target) == [(again, 1), (near, 1), (half, 1), (far, 1)]


def test_a_shortlist_by_signs_finds_what_all_vectors_would(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "SHORTLIST", 12)
    monkeypatch.setattr("campaigns.searching.signs.TOGETHER", 1)
    target = made_up(1)[0]
    numbers = [send(desks, towards(target, 0.9 - 0.02 * place, 7 + place)) for place in range(40)]
    assert [number for number, _ in found(desks, tmp_path, target)][:6] == numbers[:6]
    signs = Signs()
    assert len(found(desks, tmp_path, target, signs)) == 12
    withdraw(desks.store, numbers[-1])
    newest = send(desks, towards(target, 0.95, 99))
    assert found(desks, tmp_path, target, signs)[0] == (numbers[0], 1)  # what may have gone is left to a job
    keep_up(tmp_path, desks.store)
    assert found(desks, tmp_path, target, signs)[0] == (newest, 1)


@pytest.mark.parametrize("many", [1, 255, 256, 300])
def test_signs_tell_how_many_of_384_differ(many: int) -> None:
    vectors, target = made_up(many), made_up(1, seed=9)[0]
    planes = np.zeros((2, 6, 768), np.uint64)
    planes[0, :, :many] = signs_of(to_int8(vectors))
    apart = Signs(planes=planes).distances(target)
    assert apart[:many].tolist() == ((to_int8(vectors) > 0) != (target > 0)).sum(axis=1).tolist()
    assert apart.shape == (1536,)


def test_erased_and_revised_wishes_leave_no_sign(desks: Desks, tmp_path: Path) -> None:
    target, other = made_up(2)
    stored = [towards(vector, 1, 3) for vector in (target, other)]
    gone, changed, stays = send(desks, stored[0]), send(desks, stored[0]), send(desks, stored[1])
    keep_up(tmp_path, desks.store)
    kept = {vector: [word.tobytes() for word in signs_of(np.frombuffer(vector, np.int8)[None, :])] for vector in stored}
    assert all(word in _bytes(tmp_path) for words in kept.values() for word in words)
    erase(desks.store, gone)
    response = get_response(desks.store, changed)
    assert response and revise_wishes(desks.store, response, ("Something else",)).done
    keep_up(tmp_path, desks.store)
    assert not any(word in _bytes(tmp_path) for word in kept[stored[0]])
    assert all(word in _bytes(tmp_path) for word in kept[stored[1]])
    assert found(desks, tmp_path, target) == [(stays, 1)]
    assert not vectors_of(desks.store, [(gone, 1), (changed, 1)]).any()


def _bytes(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (data / FOLDER).iterdir())


def test_another_log_under_the_name_is_gone_through_anew(desks: Desks, tmp_path: Path) -> None:
    target, signs = made_up(1)[0], Signs()
    number = send(desks, towards(target, 1, 3))
    assert found(desks, tmp_path, target, signs) == [(number, 1)]
    life = signs.life
    log = desks.store.keys.of("log")
    last = desks.store.raw.xrevrange(log, count=1)[0]
    desks.store.raw.xdel(log, last[0])  # as after a restore: another event of that number
    desks.store.raw.xadd(log, {b"e": last[1][b"e"], b"l": b"\x01" * 20}, id=b"%b" % last[0].replace(b"-0", b"-1"))
    assert found(desks, tmp_path, target, signs) == [(number, 1)]
    assert signs.life != life
    record(desks.connections, SLUG, None, hashes={"state": {"born": "another"}})
    assert found(desks, tmp_path, target, signs) == [(number, 1)]


@pytest.fixture
def talked(desks: Desks, model_folder: Path) -> Desks:
    """Gives three wishes with the vectors that the model gives them."""
    said = ("Buses that run late in the evening", "A playground for small children", "Swings in the park")
    for text, ward in zip(said, ("Abbey", "Boulton", "Abbey"), strict=True):
        send(desks, to_int8(meaning_of(model_folder, text)[None, :]).tobytes(), text, ward=ward)
    desks.count()
    return desks


@pytest.mark.parametrize(("address", "order"), [
    ("?q=somewhere+for+kids+to+play&how=meaning", [2, 3, 1]), ("?q=public+transport+at+night&how=meaning", [1]),
    ("?q=somewhere+for+kids+to+play&how=meaning&ward=Abbey", [3, 1]), ("?like=3-1", [2, 1]), ("?like=3-1&ward=Abbey", [1]),
])
def test_the_page_lists_them_nearest_first_under_the_filters(talked: Desks, address: str, order: list[int]) -> None:
    page = talked.signed_in("officer").get(PAGE + address)
    at = [page.text.find(f'id="w-{number}-1"') for number in order]
    assert page.status_code == 200 and -1 not in at and at == sorted(at)
    assert "Nearest first" in page.text and 'class="near"' in page.text
    assert ("w-2-1" in page.text) == ("Abbey" not in address)


def test_further_ones_follow_without_gap_or_repeat(talked: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.officers.wishes.PAGE", 2)
    officer, address = talked.signed_in("officer"), f"{PAGE}?q=somewhere+for+kids+to+play&how=meaning"
    first = officer.get(address).text
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = officer.get(older).text
    shown = [[f'id="w-{number}-1"' in page for number in (1, 2, 3)] for page in (first, second)]
    assert shown == [[False, True, True], [True, False, False]]
    assert "3 to 3 of 3" in second and "how=meaning" in older


@pytest.mark.parametrize(("address", "said"), [
    ("?q=***&how=meaning", "in words of your own"), ("?like=99-1", "not there any more"), ("?like=1-2", "not there any more"),
    ("?like=x", "Newest first"), ("?q=bus&how=nonsense", "Newest first"), ("?q=play&how=meaning&before=~~", "Nearest first"),
    ("?q=" + "play " * 1500 + "&how=meaning", "Nearest first"), ("?q=%00play&how=meaning", "Nearest first"),
])
def test_what_cannot_be_looked_for_is_said_in_words(talked: Desks, address: str, said: str) -> None:
    page = talked.signed_in("officer").get(PAGE + address)
    assert (page.status_code, said in page.text) == (200, True)


def test_a_machine_without_the_model_says_so(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.coding.graph.PACKAGE", "no_such_package")
    meaning._embedder.cache_clear()
    with pytest.raises(CannotLook, match="lacks the model"):
        meaning_of(tmp_path, "anything that was never asked before")
    meaning._embedder.cache_clear()


def test_a_member_is_told_only_of_their_wards(talked: Desks) -> None:
    person = talked.person("member", name="Mo")
    change_person(talked.connections, person.id, wards={SLUG: ("Abbey",)})
    member = talked.signed_in("member", name="Mo")
    assert "A playground" not in member.get(f"{PAGE}?q=somewhere+to+play&how=meaning").text
    assert "not there any more" in member.get(f"{PAGE}?like=2-1").text
    assert MOST == 500
