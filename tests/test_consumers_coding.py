"""Catching up the coding, with the real tagger: every wish once, poison parked alone, nothing written over what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from campaigns.coding.embedding import from_int8
from campaigns.coding.tagger import Coding
from campaigns.consumers.coding import Coded, Coder, code_batch
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish, erase, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING, MOST_DEATHS, begin_batch, behind, cursor, parked
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.responses import get_response, get_responses
from campaigns.store.store import Store, forget_campaign
from campaigns.store.taggers import adopt, adopted
from tests.coders import little_coder
from tests.storehouse import LITTLE, catch_up, every_byte, open_little, send

SAID = ("Mend the holes in Mill Lane", "More benches in the park", "More work for young people", "dunno")
PARKS = SlotCoding(("safer.green",), "more", "s-2")


@pytest.fixture(scope="module")
def coder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Coder:
    return little_coder(model_folder, tmp_path_factory.mktemp("tagger"))


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


@dataclass(frozen=True)
class Disturbed(Coder):
    """The coder, with something that happens between reading the wishes and writing their codings."""

    happens: Callable[[Sequence[str]], object] = lambda texts: None

    def code(self, texts: Sequence[str]) -> tuple[list[Coding], NDArray[np.float32]]:
        coded = super().code(texts)
        self.happens(texts)
        return coded


def disturbed(coder: Coder, happens: Callable[[Sequence[str]], object]) -> Disturbed:
    return Disturbed(coder.embedder, coder.tagger, happens)


def poison(texts: Sequence[str]) -> None:
    if any("poison" in text for text in texts):
        raise RuntimeError(f"cannot make anything of {texts}")


def code_all(store: Store, coder: Coder) -> int:
    wishes = 0
    while (done := code_batch(store, coder)).events:
        wishes += done.wishes
    return wishes


def uncoded(store: Store, upto: int) -> list[int]:
    return [one.number for one in get_responses(store, range(1, upto + 1)) for wish in one.wishes if wish.machine is None]


def test_every_wish_is_coded_with_codes_ask_confidence_and_version(store: Store, coder: Coder) -> None:
    send(store, *SAID[:3])
    send(store, "", SAID[3])
    done = code_batch(store, coder)
    assert (done.events, done.wishes, done.ring) == (3, 4, False)
    first = get_response(store, 1)
    assert first
    assert [wish.machine.codes[0] for wish in first.wishes if wish.machine] == ["growth.roads", "safer.green", "growth.jobs"]
    machine = first.wishes[0].machine
    assert machine and machine.coder == coder.tagger.version and 0 < machine.confidence <= 1 and machine.nearest
    assert first.revision == 1
    assert catch_up(store).counts("coder", "wishes") == {"machine": 4}


def test_the_log_says_which_responses_which_tagger_coded(store: Store, coder: Coder) -> None:
    for n in range(3):
        send(store, f"More trees {n}")
    code_all(store, coder)
    event = next(event for event in read_events(store) if event.name == "wishes.coded")
    assert (event.data, event.who) == ({"tagger": coder.tagger.version, "ranges": [[1, 3]]}, "job:coding")
    assert (behind(store, CODING), verify(store).problem) == (0, "")


def test_vectors_are_kept_by_slot(store: Store, coder: Coder) -> None:
    send(store, SAID[0], "", SAID[2])
    code_all(store, coder)
    kept = np.frombuffer(store.raw.get(store.keys.of("vectors", 0)), np.int8).reshape(-1, 384)
    right = coder.embedder.embed([SAID[0], SAID[2]])
    assert [int(place) for place in np.flatnonzero(kept.any(axis=1))] == [3, 5]
    assert np.allclose((from_int8(kept[[3, 5]]) * right).sum(axis=1), 1, atol=1e-3)


def test_nothing_new_codes_nothing(store: Store, coder: Coder) -> None:
    code_all(store, coder)
    assert code_batch(store, coder) == Coded(0)
    send(store, "More trees")
    assert code_all(store, coder) == 1
    events = last_event(store)
    assert (code_all(store, coder), last_event(store)) == (0, events)


def test_a_batch_done_again_codes_nothing_twice(store: Store, coder: Coder) -> None:
    send(store, "More trees")
    code_all(store, coder)
    before = store.text.hgetall(store.keys.response(1))
    store.text.set(store.keys.of("cursor", CODING), 0)
    assert code_all(store, coder) == 0
    assert store.text.hgetall(store.keys.response(1)) == before


def test_only_the_words_that_changed_are_coded_again(store: Store, coder: Coder) -> None:
    send(store, SAID[0], SAID[1])
    code_all(store, coder)
    response = get_response(store, 1)
    assert response
    revise_wishes(store, response, (SAID[0], SAID[2]))
    assert code_all(store, coder) == 1
    after = get_response(store, 1)
    assert after and after.wishes[0].machine == response.wishes[0].machine
    assert after.wishes[1].machine and after.wishes[1].machine.codes == ("growth.jobs",)


def test_a_persons_coding_stays_and_the_machines_is_kept_beside_it(store: Store, coder: Coder) -> None:
    send(store, SAID[0])
    response = get_response(store, 1)
    assert response
    code_wish(store, response, 1, PARKS)
    code_all(store, coder)
    after = get_response(store, 1)
    assert after and after.wishes[0].coding == PARKS
    assert after.wishes[0].machine and after.wishes[0].machine.codes == ("growth.roads",)


def test_what_was_withdrawn_or_erased_is_not_coded(store: Store, coder: Coder) -> None:
    for ending in (withdraw, erase):
        ending(store, send(store, SAID[0]).number)
    assert code_all(store, coder) == 0


def test_what_is_erased_while_it_is_being_coded_stays_erased(store: Store, coder: Coder, connections: Connections) -> None:
    send(store, "Zebras in Mill Lane")
    send(store, SAID[1])
    assert code_batch(store, disturbed(coder, lambda _: erase(store, 1))).wishes == 1
    assert set(store.text.hgetall(store.keys.response(1))) == {"l", "v", "t"}
    kept = np.frombuffer(store.raw.get(store.keys.of("vectors", 0)), np.int8).reshape(-1, 384)
    assert [int(place) for place in np.flatnonzero(kept.any(axis=1))] == [6]
    assert b"Zebras" not in every_byte(connections)


def test_what_is_revised_while_it_is_being_coded_is_coded_anew(store: Store, coder: Coder) -> None:
    send(store, SAID[0])
    seen = get_response(store, 1)
    assert seen
    assert code_batch(store, disturbed(coder, lambda _: revise_wishes(store, seen, (SAID[1],)))).wishes == 0
    assert uncoded(store, 1) == [1]
    assert code_all(store, coder) == 1
    after = get_response(store, 1)
    assert after and after.wishes[0].machine and after.wishes[0].machine.codes[0] == "safer.green"


def test_whoever_comes_second_writes_nothing(store: Store, coder: Coder) -> None:
    send(store, SAID[0])
    done: list[Coded] = []
    assert code_batch(store, disturbed(coder, lambda _: done.append(code_batch(store, coder)))) == Coded(0)
    assert [one.wishes for one in done] == [1]
    assert [event.name for event in read_events(store)].count("wishes.coded") == 1


def test_a_campaign_removed_meanwhile_is_left_alone(store: Store, coder: Coder, connections: Connections) -> None:
    send(store, SAID[0])
    assert code_batch(store, disturbed(coder, lambda _: forget_campaign(store))) == Coded(0)
    assert not [key for key in connections.text.scan_iter() if LITTLE in key]


def test_a_response_that_cannot_be_coded_is_parked_alone_and_without_its_words(
    store: Store, coder: Coder, connections: Connections
) -> None:
    for n in range(6):
        send(store, f"poison number {n}" if n == 3 else SAID[n % 3], "and more")
    assert code_batch(store, disturbed(coder, poison)).wishes == 10
    assert [(one.consumer, one.response) for one in parked(store)] == [(CODING, 4)]
    assert parked(store)[0].why.startswith("RuntimeError in poison")
    assert b"poison number" not in every_byte(connections, lambda key: "response" not in key)
    assert uncoded(store, 6) == [4, 4]


def test_a_response_that_cannot_be_read_is_parked_alone(store: Store, coder: Coder) -> None:
    for n in range(3):
        send(store, SAID[n])
    store.text.hset(store.keys.response(2), "g1", "cleared?")
    assert code_all(store, coder) == 2
    assert [(one.consumer, one.response) for one in parked(store)] == [(CODING, 2)]


def test_a_parked_response_that_is_revised_is_coded_and_comes_off_the_list(store: Store, coder: Coder) -> None:
    send(store, "poison")
    code_all(store, disturbed(coder, poison))
    assert len(parked(store)) == 1
    response = get_response(store, 1)
    assert response
    revise_wishes(store, response, (SAID[1],))
    assert (code_all(store, disturbed(coder, poison)), parked(store)) == (1, [])


def test_what_ends_its_worker_is_parked_after_five_deaths_and_the_rest_coded(store: Store, coder: Coder) -> None:
    for n in range(9):
        send(store, SAID[n % 3], SAID[1])
    while behind(store, CODING):
        at = cursor(store, CODING)
        size, died = begin_batch(store, CODING, at, 200)
        if not at < 6 <= at + size or died >= MOST_DEATHS:  # else its worker ended here, over the sixth event
            code_batch(store, coder)
    assert [(one.consumer, one.response, one.attempts) for one in parked(store)] == [(CODING, 5, 1)]
    assert set(uncoded(store, 9)) == {5}


def test_an_adopted_tagger_reads_back_as_it_was(store: Store, coder: Coder) -> None:
    assert adopted(store) is None
    adopt(store, coder.tagger, 12, "s-1")
    kept = adopted(open_again(store))
    assert kept and kept.version == coder.tagger.version
    assert Coder(coder.embedder, kept).code(SAID)[0] == coder.code(SAID)[0]
    assert read_events(store)[-1].data == {"tagger": coder.tagger.version, "learnt_from": 12}


def open_again(store: Store) -> Store:
    return Store(store.connections, store.campaign, store.layout, store.text.hgetall(store.keys.of("state")))
