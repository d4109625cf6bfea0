"""What the frame misses: groups by density, words that many share, put by for good, and made a code with their wishes."""

from pathlib import Path

import numpy as np
import pytest

from campaigns.campaign_file import read_campaign, read_file
from campaigns.coding.density import groups_in, telling, typical
from campaigns.coding.embedding import to_int8
from campaigns.coding.kept import tagger_for
from campaigns.consumers.coding import Coder
from campaigns.consumers.missing import look_for_missed
from campaigns.consumers.reframing import reframe
from campaigns.responses import SlotCoding
from campaigns.store.changes import erase
from campaigns.store.connection import Connections
from campaigns.store.frames import add_code, adopt_frame, draft_of
from campaigns.store.missed import Group, bring_back, keep_missed, missed_of, put_away
from campaigns.store.responses import get_response
from campaigns.store.store import Store, open_store
from tests.coders import little_coder
from tests.desks import SLUG, Desks, make_desks, post
from tests.storehouse import LITTLE, catch_up, code_by_machine, open_little, send
from web import create_app

PAGE = f"/officers/{SLUG}/missed"
FIVE = "\n".join(f"A ferry to pier {n}" for n in range(5))
PLACES = (
    "the mill", "our side", "the old town", "the lock", "the weir", "the island", "the boat yard", "the far bank", "town",
    "the quay",
)


def test_groups_lie_close_and_what_lies_alone_is_left_out() -> None:
    chance = np.random.default_rng(3)
    middles = np.eye(3, 64, dtype=np.float32)
    vectors = np.concatenate([middle + 0.05 * chance.standard_normal((20, 64)) for middle in middles])
    vectors = np.concatenate([vectors, chance.standard_normal((40, 64))]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert groups_in(vectors) == [list(range(first, first + 20)) for first in (0, 20, 40)]
    assert groups_in(vectors[:0]) == []
    halves = [at // 2 for at in range(100)]
    assert len(set(typical(vectors, range(20), halves, [str(at) for at in halves]))) == 3
    assert len(typical(vectors, range(20), halves, ["the same words"] * 100)) == 1


def test_words_that_tell_are_shared_by_three() -> None:
    own = ["A ferry to the mill", "Ferry across the river", "More ferries, a ferry at night", "Smith Street ferry"]
    assert telling(own, ["A bus to the mill", "The river is dirty"] * 5)[0] == "ferry"
    assert "smith" not in " ".join(telling(own, []))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tagger")


@pytest.fixture(scope="module")
def coder(model_folder: Path, folder: Path) -> Coder:
    return little_coder(model_folder, folder)


def filled(store: Store, coder: Coder) -> Store:
    """Sends wishes that the machine found no code for, two in three of them about one thing."""
    texts = [*(f"A ferry across the river to {place}" for place in PLACES), "Purple", "asdf", "Thank you", "Twelve", "Hello sky"]
    for text, vector in zip(texts, to_int8(coder.embedder.embed(texts)), strict=True):
        number = send(store, text).number
        code_by_machine(store, number, 1, SlotCoding(("other",), "more", "t-1", 0.3), vector.tobytes())
    catch_up(store)
    return store


def test_what_no_code_fits_is_found_put_by_and_found_again(connections: Connections, coder: Coder) -> None:
    store = filled(open_little(connections), coder)
    assert missed_of(store) is None
    assert look_for_missed(store, coder.tagger.lexicon) == 1
    found = missed_of(store)
    assert found and (found.looked, found.of, len(found.groups)) == (15, 15, 1)
    group = found.groups[0]
    assert [number for number, _ in group.wishes] == list(range(1, len(PLACES) + 1))
    assert "ferry" in " ".join(group.words) and "ferry" not in str(store.text.hget(store.keys.of("missed"), "put by"))
    put_away(store, group)
    look_for_missed(store)
    assert (missed_of(store) or pytest.fail()).groups == ()
    erase(store, 1)
    bring_back(store)
    catch_up(store)
    assert look_for_missed(store) == 1
    assert len((missed_of(store) or pytest.fail()).groups[0].wishes) == len(PLACES) - 1


def test_a_group_becomes_a_code_with_its_wishes(connections: Connections, coder: Coder, folder: Path) -> None:
    store = filled(open_little(connections), coder)
    wishes = tuple((number, 1) for number in range(1, len(PLACES) + 1))
    code = add_code(store, "growth", "Ferries", "Across the river", [(f"A ferry to pier {n}", "more") for n in range(5)], wishes)
    adopt_frame(store, (draft_of(store) or pytest.fail()).revision, "s-7")
    store = open_store(connections, LITTLE)
    for _ in reframe(store, Coder(coder.embedder, tagger_for(store.campaign.frame, folder, coder.embedder))):
        pass
    people = [get_response(store, number).wishes[0].person for number, _ in wishes]  # type: ignore[union-attr]
    assert {(one.codes, one.coder) for one in people if one} == {((code,), "s-7")}
    assert catch_up(store).tables["code:wishes"][code] >= len(PLACES)


def test_a_code_hidden_from_the_frame_comes_back_as_a_group(coder: Coder) -> None:
    frame = read_campaign(SLUG, read_file(SLUG)).frame
    for code in ("children.youth", "growth.housing", "safer.crime"):
        hidden = [one.text for one in frame.examples if one.codes == (code,)][:80]
        others = [one.text for one in frame.examples if code not in one.codes][::40][:60]
        groups = groups_in(coder.embedder.embed(hidden + others))
        best = max(groups, key=lambda group: sum(at < len(hidden) for at in group))
        right = sum(at < len(hidden) for at in best)
        assert (right > 0.7 * len(best), right > 0.25 * len(hidden)) == (True, True), (code, right, len(best))


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    return make_desks(create_app(settings), connections)


def test_an_officer_makes_a_group_a_code_in_one_step(desks: Desks) -> None:
    officer = desks.signed_in("officer")
    assert "Nobody has looked yet." in officer.get(PAGE).text
    numbers = [desks.send(f"A ferry to {place}") for place in PLACES]
    wishes = tuple((number, 1) for number in numbers)
    keep_missed(desks.store, 5, 12, 12, [Group("1-1", wishes, wishes[:3], ("ferry", "river"))])
    page = " ".join(officer.get(PAGE).text.split())
    assert "10 wishes: ferry, river" in page and "A ferry to the mill" in page and 'value="Ferry"' in page
    typed = {"do": "make", "group": "1-1", "theme": "growth", "name": "Ferries", "definition": "Across the river"}
    wrong = post(officer, PAGE, {**typed, "examples": "A ferry"})
    assert (wrong.status_code, "Write 5 or more" in wrong.text, "Across the river" in wrong.text) == (400, True, True)
    assert post(officer, PAGE, {**typed, "examples": FIVE}).location == f"{PAGE}?done=added"
    draft = draft_of(desks.store)
    assert draft and draft.members == {"growth.ferries": wishes}
    assert "No group was found" in officer.get(PAGE).text
    assert post(officer, PAGE, {"do": "back"}).location == f"{PAGE}?done=back"
    assert "10 wishes: ferry, river" in officer.get(PAGE).text
    assert post(officer, PAGE, {"do": "away", "group": "1-1"}).status_code == 303
    assert post(officer, PAGE, {"do": "away", "group": "9-9"}).status_code == 409
    erase(desks.store, numbers[0])
    assert post(officer, PAGE, {"do": "look"}).location == f"{PAGE}?done=looking"
