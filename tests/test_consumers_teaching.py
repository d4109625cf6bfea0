"""Learning from what people coded: when enough is new, where it is better, harmless to cut short, none of their words kept."""

from pathlib import Path
from typing import Any

import pytest

from campaigns.coding.tagger import Tagger
from campaigns.consumers.coded import people_coded, sample_coded
from campaigns.consumers.coding import Coder, code_batch
from campaigns.consumers.measuring import measure_by_people
from campaigns.consumers.teaching import Taught, teach
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase
from campaigns.store.connection import Connections
from campaigns.store.log import read_events, verify
from campaigns.store.responses import get_responses
from campaigns.store.sample import draw_sample, read_sample
from campaigns.store.store import Store, open_store
from campaigns.store.taggers import adopted
from campaigns.store.taught import MEASURED, TRIED, history, note, noted, worth_a_look
from campaigns.store.turns import keep_coding, left_for
from tests.coders import little_coder
from tests.sampled import ONE, OTHER, said
from tests.storehouse import LITTLE, catch_up, open_little, send

PLACES = ("Mill Lane", "the square", "our street", "the bridge", "the school", "the river", "the market", "the station")
# What people here mean by these words no frame could know.
TURNS = ("soon", "please", "now", "again")
WISHES = [(f"A glimmerstone for {place} {turn}", "safer.green") for turn in TURNS for place in PLACES]
WISHES += [(f"Pottering on {place} {turn}", "growth.jobs") for turn in TURNS for place in PLACES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tagger")


@pytest.fixture(scope="module")
def coder(model_folder: Path, folder: Path) -> Coder:
    return little_coder(model_folder, folder)


@pytest.fixture
def store(connections: Connections, coder: Coder) -> Store:
    store = open_little(connections)
    for text, _ in WISHES:
        send(store, text)
    while code_batch(store, coder).events:
        pass
    return store


def code_by_people(store: Store, first: int = 1, last: int = len(WISHES)) -> None:
    for response in get_responses(store, range(first, last + 1)):
        codes = (WISHES[response.number - 1][1],)
        assert code_wish(store, response, 1, SlotCoding(codes, "more", "s-2", at_ms=5)).done


def learn(store: Store, coder: Coder, folder: Path) -> Taught:
    return teach(store, coder.tagger, coder.embedder, folder)


def test_too_few_codings_teach_nothing(store: Store, coder: Coder, folder: Path) -> None:
    code_by_people(store, 1, 49)
    assert learn(store, coder, folder).outcome == "too few are new"
    assert (adopted(store), noted(store, TRIED)) == (None, None)


def test_a_better_tagger_takes_over_and_the_log_says_so(
    store: Store, coder: Coder, folder: Path, connections: Connections,
) -> None:
    code_by_people(store)
    taught = learn(store, coder, folder)
    assert (taught.outcome, taught.judged) == ("adopted", len(WISHES))
    assert taught.f1 > taught.f1_before
    store = open_store(connections, LITTLE)
    newer = adopted(store)
    assert newer and newer.version in history(store)
    event = read_events(store, 0)[-1]
    assert (event.name, event.who, event.data["tagger"]) == ("tagger.adopted", "job:teaching", newer.version)
    assert (event.data["learnt_from"], verify(store).problem) == (len(WISHES), "")
    vectors = coder.embedder.embed(["A glimmerstone for the park"])
    assert newer.code(vectors, ["A glimmerstone for the park"])[0].codes[0] == "safer.green"
    assert b"glimmerstone" not in newer.to_bytes() and "glimmerstone" not in newer.lexicon.known
    assert not any("glimmerstone" in gram for gram in newer.ask_model.grams.listed)
    assert learn(store, Coder(coder.embedder, newer), folder).outcome == "too few are new"


def test_one_that_is_no_better_does_not(store: Store, coder: Coder, folder: Path) -> None:
    for response in get_responses(store, range(1, len(WISHES) + 1)):
        machine = response.wishes[0].machine
        assert machine and code_wish(store, response, 1, SlotCoding(machine.codes, machine.ask, "s-2", at_ms=5)).done
    taught = learn(store, coder, folder)
    assert (taught.outcome, taught.f1_before) == ("no better", 1)
    assert (adopted(store), (noted(store, TRIED) or {})["outcome"]) == (None, "no better")


def settle_as(store: Store, right: bool) -> None:
    """Has two people settle a sample of every wish: by what the words mean here, or by what the machine gave."""
    draw_sample(store, RowTable(), 2 * len(WISHES), "4 1 6 6 2", "s-1")
    for who in (ONE, OTHER):
        while left := left_for(read_sample(store), who):
            one = left[0]
            codes = (WISHES[one.number - 1][1],) if right else one.wish.machine.codes  # type: ignore[union-attr]
            assert keep_coding(store, one, said(codes, "more", who)).done


@pytest.mark.parametrize(("right", "outcome"), [(True, "adopted"), (False, "no better")])
def test_the_sample_judges_once_it_is_settled(store: Store, coder: Coder, folder: Path, right: bool, outcome: str) -> None:
    catch_up(store)
    settle_as(store, right)
    for text, _ in WISHES[:60]:  # what people correct on their desks: other wishes, in nearly the same words
        send(store, f"{text}, thanks")
    while code_batch(store, coder).events:
        pass
    for response in get_responses(store, range(len(WISHES) + 1, len(WISHES) + 61)):
        codes = (WISHES[response.number - len(WISHES) - 1][1],)
        assert code_wish(store, response, 1, SlotCoding(codes, "more", "s-2", at_ms=5)).done
    taught = learn(store, coder, folder)
    assert (taught.outcome, taught.by_sample, taught.judged) == (outcome, True, len(sample_coded(store)))
    told = measure_by_people(store)
    assert told and (told["by_sample"], told["people"]["code"]) == (True, 1)


class Killed(Tagger):
    """A tagger whose worker ends while it is being compared."""

    def code(self, vectors: Any, texts: Any) -> Any:  # noqa: ANN401 - as the tagger has it
        raise SystemExit


def test_one_that_was_cut_short_begins_again(store: Store, coder: Coder, folder: Path) -> None:
    code_by_people(store)
    fields = {name: getattr(coder.tagger, name) for name in coder.tagger.__dataclass_fields__}
    with pytest.raises(SystemExit):
        teach(store, Killed(**fields), coder.embedder, folder)
    assert (adopted(store), noted(store, TRIED)) == (None, None)
    assert learn(store, coder, folder).outcome == "adopted"


def test_it_is_judged_only_by_what_neither_has_met(store: Store, coder: Coder, folder: Path) -> None:
    code_by_people(store)
    store.text.hset(store.keys.of("taggers"), coder.tagger.version, '{"at_ms": 6, "learnt_from": 64}')
    assert learn(store, coder, folder) == Taught("too few to judge by", len(WISHES), 0)
    assert measure_by_people(store) is None


def test_a_look_is_worth_it_once_people_coded(store: Store, coder: Coder, folder: Path) -> None:
    catch_up(store)
    assert not worth_a_look(store)
    code_by_people(store, 1, 50)
    catch_up(store)
    assert worth_a_look(store)
    note(store, MEASURED, {})
    assert worth_a_look(store), "fifty are new"
    learn(store, coder, folder)
    assert not worth_a_look(store)


def test_the_erased_are_not_learnt_from(store: Store, coder: Coder, folder: Path) -> None:
    code_by_people(store)
    for number in range(1, 16):
        erase(store, number)
    assert len(list(people_coded(store))) == len(WISHES) - 15
    assert learn(store, coder, folder).outcome == "too few are new"


def test_the_machine_is_measured_by_people(store: Store, coder: Coder) -> None:
    assert measure_by_people(store) is None
    code_by_people(store)
    told = measure_by_people(store)
    assert told and (told["wishes"], told["report"]["wishes"]) == (len(WISHES), len(WISHES))
    assert [one["wishes"] for one in told["channels"].values()] == [len(WISHES)]
    assert "glimmerstone" not in str(told)
    note(store, MEASURED, told)
    assert (noted(store, MEASURED) or {})["wishes"] == len(WISHES)
