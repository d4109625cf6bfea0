"""Coding again from the vectors that were kept: nothing embedded twice, no person overwritten, begun again where it stopped."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaigns.coding.tagger import Tagger
from campaigns.consumers.coding import Coder, code_batch
from campaigns.consumers.rebuilding import differences
from campaigns.consumers.recoding import Recoded, recode
from campaigns.responses import SlotCoding
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, cursor
from campaigns.store.keys import VECTOR_BLOCK
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.responses import get_response, get_responses
from campaigns.store.store import NoSuchCampaign, Store, forget_campaign
from tests.coders import little_coder
from tests.storehouse import catch_up, open_little, send

SAID = ("Mend the holes in Mill Lane", "More benches in the park", "More work for young people")
PARKS = SlotCoding(("safer.green",), "more", "s-2")
WITHOUT_MODEL: Any = None  # so that embedding anything ends the test


@pytest.fixture(scope="module")
def coder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Coder:
    return little_coder(model_folder, tmp_path_factory.mktemp("tagger"))


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def newer(coder: Coder) -> Coder:
    """Returns another tagger without a model: it gives every wish three codes."""
    model = replace(coder.tagger.code_model, second=-9.0)
    return Coder(WITHOUT_MODEL, replace(coder.tagger, version="t-new", code_model=model))


def code_all(store: Store, coder: Coder) -> None:
    while code_batch(store, coder).events:
        pass


def all_of(steps: Iterator[Recoded]) -> int:
    return sum(step.wishes for step in steps)


def coders(store: Store, number: int) -> list[str]:
    response = get_response(store, number)
    assert response
    return [wish.machine.coder if wish.machine else "" for wish in response.wishes]


def test_every_wish_is_coded_again_without_the_model(store: Store, coder: Coder) -> None:
    send(store, *SAID)
    send(store, "", SAID[1])
    code_all(store, coder)
    vectors, at = store.raw.get(store.keys.of("vectors", 0)), cursor(store, CODING)
    other = newer(coder)
    assert all_of(recode(store, other)) == 4
    assert (coders(store, 1), coders(store, 2)) == (["t-new"] * 3, ["t-new"])
    kept = coder.embedder.embed(SAID)
    assert [wish.machine.codes for wish in get_responses(store, [1])[0].wishes if wish.machine] == [
        coding.codes for coding in other.tagger.code(kept, SAID)
    ]
    assert (store.raw.get(store.keys.of("vectors", 0)), cursor(store, CODING)) == (vectors, at)
    assert read_events(store)[-1].data == {"tagger": "t-new", "ranges": [[1, 2]]}


def test_the_tables_follow_and_the_log_fits(store: Store, coder: Coder) -> None:
    for text in SAID:
        send(store, text)
    code_all(store, coder)
    before = catch_up(store).total("mentions")
    all_of(recode(store, newer(coder)))
    assert (before < catch_up(store).total("mentions"), differences(store, RowTable()), verify(store).problem) == (True, [], "")


def test_what_a_person_coded_stays_as_it_counts(store: Store, coder: Coder) -> None:
    send(store, SAID[0])
    code_all(store, coder)
    code_wish(store, get_responses(store, [1])[0], 1, PARKS)
    assert all_of(recode(store, newer(coder))) == 1
    wish = get_responses(store, [1])[0].wishes[0]
    assert (wish.coding, wish.machine and wish.machine.coder) == (PARKS, "t-new")


def test_it_goes_on_where_it_was_stopped(store: Store, coder: Coder) -> None:
    store.text.hset(store.keys.of("head"), "responses", VECTOR_BLOCK - 2)
    numbers = [send(store, text).number for text in SAID]
    code_all(store, coder)
    steps = recode(store, newer(coder))
    assert next(steps) == Recoded(1, False, VECTOR_BLOCK - 1)  # the bell is rung since the coding
    steps.close()
    assert [coders(store, number)[0] == "t-new" for number in numbers] == [True, False, False]
    again = list(recode(store, newer(coder)))
    assert [(step.wishes, step.upto) for step in again] == [(0, VECTOR_BLOCK - 1), (2, VECTOR_BLOCK + 1)]
    events = last_event(store)
    assert (all_of(recode(store, newer(coder))), last_event(store)) == (0, events)


def test_what_waits_was_withdrawn_or_erased_is_left_alone(store: Store, coder: Coder) -> None:
    for text in SAID:
        send(store, text)
    code_all(store, coder)
    withdraw(store, 1)
    erase(store, 2)
    send(store, "More trees")
    before = [store.text.hgetall(store.keys.response(number)) for number in (1, 2, 4)]
    assert all_of(recode(store, newer(coder))) == 1
    assert [store.text.hgetall(store.keys.response(number)) for number in (1, 2, 4)] == before


def test_a_wish_whose_vector_was_not_kept_is_embedded_and_it_is_kept(store: Store, coder: Coder) -> None:
    send(store, *SAID)
    code_all(store, coder)
    held = store.raw.get(store.keys.of("vectors", 0))
    store.raw.setrange(store.keys.of("vectors", 0), 4 * 384, bytes(384))
    assert all_of(recode(store, Coder(coder.embedder, newer(coder).tagger))) == 3
    was, now = (np.frombuffer(one, np.int8).astype(int) for one in (held, store.raw.get(store.keys.of("vectors", 0))))
    assert np.abs(was - now).max() <= 1
    assert coders(store, 1) == ["t-new"] * 3


@dataclass(frozen=True)
class Meanwhile(Tagger):
    """A tagger while whose work the first response's words are changed."""

    store: Store | None = None

    def code(self, vectors: Any, texts: Any) -> Any:  # noqa: ANN401 - as the tagger has it
        assert self.store
        revise_wishes(self.store, get_responses(self.store, [1])[0], ("Something else",))
        return super().code(vectors, texts)


def test_words_changed_meanwhile_are_left_to_the_coding_worker(store: Store, coder: Coder) -> None:
    for text in SAID:
        send(store, text)
    code_all(store, coder)
    tagger = newer(coder).tagger
    fields = {name: getattr(tagger, name) for name in tagger.__dataclass_fields__}
    assert all_of(recode(store, Coder(WITHOUT_MODEL, Meanwhile(**fields, store=store)))) == 2
    assert [coders(store, number) for number in (1, 2, 3)] == [[""], ["t-new"], ["t-new"]]


def test_a_campaign_removed_meanwhile_is_left_alone(store: Store, coder: Coder, connections: Connections) -> None:
    send(store, SAID[0])
    code_all(store, coder)
    steps = recode(store, newer(coder))
    old = store.text.hgetall(store.keys.response(1))
    forget_campaign(store)
    again = open_little(connections)
    send(again, SAID[1])
    connections.text.hset(again.keys.response(1), mapping={"m1": old["m1"]})
    store.text.hset(store.keys.of("head"), "responses", 1)
    with pytest.raises(NoSuchCampaign):
        list(recode(store, Coder(coder.embedder, newer(coder).tagger)))
    steps.close()
    assert coders(again, 1) == [coder.tagger.version]
