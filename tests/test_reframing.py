"""A living frame: adopted in one step, coded again, people's codings carried; a split merged back restores every count."""

from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.coding.kept import tagger_for
from campaigns.coding.revising import CannotRevise, merge, retire, split
from campaigns.consumers.coding import Coder, code_batch
from campaigns.consumers.recoding import recode
from campaigns.consumers.reframing import carried_over, preview, reframe
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish
from campaigns.store.connection import Connections
from campaigns.store.frames import (
    CannotAdopt,
    add_code,
    adopt_frame,
    adopted_versions,
    begun,
    draft_of,
    drop_draft,
    keep_draft,
    led_to,
    revise,
)
from campaigns.store.log import read_events, verify
from campaigns.store.reframing import keep_preview, kept_preview, reframed
from campaigns.store.responses import get_response
from campaigns.store.store import NoSuchCampaign, Store, open_store
from tests.coders import little_coder
from tests.storehouse import LITTLE, catch_up, open_little, send

WISHES = ("Mend the holes in Mill Lane", "More jobs for young people", "Trees along the river", "More benches in the park",
          "Fill the potholes in our street", "A bus to the hospital", "asdf qwer", "Less litter in the square")
ROADS = "growth.roads"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tagger")


@pytest.fixture(scope="module")
def coder(model_folder: Path, folder: Path) -> Coder:
    return little_coder(model_folder, folder)


@pytest.fixture
def store(connections: Connections, coder: Coder) -> Store:
    store = open_little(connections)
    for text in WISHES:
        send(store, text)
    while code_batch(store, coder).events:
        pass
    return store


def again(store: Store) -> Store:
    return open_store(store.connections, LITTLE)


def adopted(store: Store, coder: Coder, folder: Path) -> Store:
    """Adopts the draft and codes everything again, as the job does."""
    adopt_frame(again(store), begun(again(store)).revision, "s-1")
    store = again(store)
    for _ in reframe(store, Coder(coder.embedder, tagger_for(store.campaign.frame, folder, coder.embedder))):
        pass
    return store


def halved(store: Store) -> None:
    texts = [one.text for one in store.campaign.frame.examples if ROADS in one.codes]
    revise(store, lambda draft: split(draft, ROADS, [("Holes", "Mending", ()), ("Traffic", "Cars", texts[::2])]))


def test_a_split_merged_back_restores_every_table(store: Store, coder: Coder, folder: Path) -> None:
    response = get_response(store, 1)
    assert response and code_wish(store, response, 1, SlotCoding((ROADS,), "mend", "s-1", at_ms=1)).done
    before = catch_up(store).tables
    halved(store)
    divided = adopted(store, coder, folder)
    tables = catch_up(divided).tables
    assert tables != before and tables["code:wishes"][ROADS] == 1, "what a person coded waits for one to say which part"
    assert led_to(divided) == {ROADS: ("growth.holes", "growth.traffic")}
    assert verify(divided).problem == ""
    revise(divided, lambda draft: merge(draft, "growth.traffic", "growth.holes"))
    back = adopted(divided, coder, folder)
    assert (catch_up(back).tables, back.campaign.frame.sha256) == (before, store.campaign.frame.sha256)
    assert [one.codes for one in adopted_versions(back)] == [len(store.campaign.frame.codes) + n for n in (0, 1)]
    assert verify(back).problem == ""


def test_people_s_codings_are_carried_and_stay_theirs(store: Store, coder: Coder, folder: Path) -> None:
    for number, codes in ((1, (ROADS, "safer.green")), (2, (ROADS,))):
        response = get_response(store, number)
        assert response and code_wish(store, response, 1, SlotCoding(codes, "mend", "s-7", at_ms=5)).done
    catch_up(store)
    revise(store, lambda draft: retire(draft, ROADS))
    store = adopted(store, coder, folder)
    kept = [get_response(store, number).wishes[0].person for number in (1, 2)]  # type: ignore[union-attr]
    assert [(one.codes, one.coder, one.at_ms) for one in kept if one] == [(("safer.green",), "s-7", 5), (("other",), "s-7", 5)]
    assert ROADS not in catch_up(store).tables["code:wishes"]
    assert [event.name for event in read_events(store)].count("wish.carried") == 2
    done = reframed(store)
    assert done and (done.carried, done.upto, done.ended_ms > 0) == (2, len(WISHES), True)


def test_what_was_begun_before_an_adoption_writes_nothing_after_it(store: Store, coder: Coder) -> None:
    halved(store)
    send(store, "A late wish")
    adopt_frame(again(store), begun(store).revision, "s-1")
    assert code_batch(store, coder).events == 0
    with pytest.raises(NoSuchCampaign):
        list(recode(store, Coder(coder.embedder, replace(coder.tagger, version="another"))))
    response = get_response(again(store), len(WISHES) + 1)
    assert response and response.wishes[0].machine is None


def test_a_preview_tells_what_would_move_and_changes_nothing(store: Store, coder: Coder, folder: Path) -> None:
    before = catch_up(store).tables
    halved(store)
    draft = draft_of(store)
    assert draft
    made = preview(store, draft, tagger_for(draft.frame, folder, coder.embedder))
    assert (made.looked, made.of) == (len(WISHES), len(WISHES))
    assert {was for was, _, _ in made.moves} >= {ROADS} and ROADS not in made.codes
    keep_preview(store, made)
    assert kept_preview(store) == made
    assert catch_up(store).tables == before
    add_code(store, "growth", "Trams", "Rails", [(f"A tram to {n}", "more") for n in range(5)])
    assert kept_preview(store) is None, "the draft is another now"


def test_nobody_writes_over_anothers_draft(store: Store) -> None:
    draft = begun(store)
    assert keep_draft(store, retire(draft, ROADS), 0) and not keep_draft(store, retire(draft, "safer.green"), 0)
    with pytest.raises(CannotAdopt, match="Somebody changed"):
        adopt_frame(store, 0, "s-1")
    assert not drop_draft(store, 0) and drop_draft(store, 1)
    assert draft_of(store) is None
    with pytest.raises(CannotRevise):
        revise(store, lambda draft: retire(draft, "nowhere"))


def test_a_code_with_too_few_examples_is_not_adopted(store: Store) -> None:
    code = add_code(store, "growth", "Trams", "Rails", [])
    assert code == "growth.trams"
    with pytest.raises(CannotAdopt, match="“Trams” has 0 examples"):
        adopt_frame(store, begun(store).revision, "s-1")


@pytest.mark.parametrize(("codes", "led", "carried"), [
    (("a.x",), {}, None), (("a.x",), {"a.x": ("a.y",)}, ("a.y",)), (("a.x", "a.y"), {"a.x": ("a.y",)}, ("a.y",)),
    (("a.x",), {"a.x": ("a.y", "a.z")}, None), (("a.x", "b.x"), {"a.x": ("other",)}, ("b.x",)),
    (("a.x",), {"a.x": ("other",)}, ("other",)),
])
def test_where_a_persons_codes_lead(
    codes: tuple[str, ...], led: dict[str, tuple[str, ...]], carried: tuple[str, ...] | None
) -> None:
    made = carried_over(SlotCoding(codes, "more", "s-1"), led)
    assert (made.codes if made else None) == carried
