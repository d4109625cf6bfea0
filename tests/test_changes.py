"""Changing a response: who comes second is told, an erased one stays erased, and nothing of its words is left anywhere."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaigns.responses import CLEARED, ERASED, WITHDRAWN, Response, SlotCoding, fingerprint
from campaigns.store.blocks import RowTable
from campaigns.store.changes import Changed, code_wish, erase, keep_about, moderate_wish, place, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import park, parked
from campaigns.store.intake import Way
from campaigns.store.keys import REWRITE_DUE, ROW_BLOCK
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.responses import get_response
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from tests.storehouse import ABBEY, NORMANTON, catch_up, code_by_machine, every_byte, open_little, send

ROADS = SlotCoding(("growth.roads",), "mend", "t-1", 0.75, (2, 5))
PARKS = SlotCoding(("safer.green", "growth.jobs"), "more", "s-2", at_ms=1278000000000)
Change = Callable[[Store, Response], Changed]
CHANGES: dict[str, Change] = {
    "revise": lambda store, r: revise_wishes(store, r, ("Other words",)),
    "about": lambda store, r: keep_about(store, r, '{"connection":1}', {"faith": 1}),
    "withdraw": lambda store, r: withdraw(store, r.number),
    "place": lambda store, r: place(store, r.number, ABBEY, "s-1"),
    "code": lambda store, r: code_wish(store, r, 1, PARKS),
    "moderate": lambda store, r: moderate_wish(store, r, 1, CLEARED, "s-1"),
}


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def sent(store: Store, *wishes: str, **what: object) -> Response:
    number = send(store, *wishes, **what).number
    return now(store, number)


def now(store: Store, number: int) -> Response:
    response = get_response(store, number)
    assert response
    return response


def texts(response: Response) -> dict[int, str]:
    return {wish.slot: wish.text for wish in response.wishes}


def test_a_revision_puts_other_words_in_place(store: Store) -> None:
    before = sent(store, "trees", "buses", "jobs")
    changed = revise_wishes(store, before, ("trees", "", "work"))
    after = now(store, before.number)
    assert (changed.outcome, changed.revision, after.revision, changed.event) == ("changed", 2, 2, last_event(store))
    assert texts(after) == {1: "trees", 3: "work"}
    event = read_events(store)[-1]
    assert (event.name, event.data["words"][0], event.data["words"][1]) == ("response.revised", before.wishes[0].words, "")
    assert verify(store).problem == ""


def test_codings_moderation_and_vectors_of_words_that_stayed_stay_and_others_go(store: Store) -> None:
    response = sent(store, "trees", "buses")
    for slot in (1, 2):
        code_by_machine(store, response.number, slot, ROADS)
        code_wish(store, now(store, 1), slot, PARKS)
        moderate_wish(store, now(store, 1), slot, CLEARED, "s-1")
    revise_wishes(store, now(store, 1), ("trees", "trams"))
    kept, new = now(store, 1).wishes
    assert (kept.machine, kept.person, kept.moderation) == (ROADS, PARKS, CLEARED)
    assert (new.machine, new.person, new.moderation) == (None, None, 0)
    vectors = store.raw.get(store.keys.of("vectors", 0))[3 * 384:]
    assert (vectors[:384], vectors[384:768]) == (b"\x07" * 384, b"\x00" * 384)


def test_whoever_revises_second_is_told(store: Store) -> None:
    seen = sent(store, "trees")
    assert revise_wishes(store, seen, ("first",)).done
    second = revise_wishes(store, seen, ("second",))
    assert (second.outcome, second.done) == ("conflict", False)
    assert texts(now(store, 1)) == {1: "first"}


def test_of_twenty_who_revise_at_once_one_succeeds(store: Store) -> None:
    seen = sent(store, "trees")
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda n: revise_wishes(store, seen, (f"wish {n}",)).outcome, range(20)))
    assert sorted(outcomes) == ["changed"] + ["conflict"] * 19
    assert (now(store, 1).revision, verify(store).problem) == (2, "")


def test_about_you_answers_are_kept_apart(store: Store) -> None:
    response = sent(store, "trees")
    assert keep_about(store, response, '{"connection":2}', {"disability": 1, "faith": 3}).done
    after = now(store, 1)
    assert (after.answers, after.special) == ({"connection": 2}, {"disability": 1, "faith": 3})
    assert verify(store).problem == ""
    assert read_events(store)[-1].data == {"answers": True}


def test_a_withdrawn_response_is_counted_nowhere_and_keeps_its_words(store: Store) -> None:
    sent(store, "trees")
    sent(store, "buses")
    assert withdraw(store, 1).done
    assert (now(store, 1).state, texts(now(store, 1))) == (WITHDRAWN, {1: "trees"})
    assert catch_up(store).total() == 1


def test_a_response_is_placed_by_an_officer(store: Store) -> None:
    sent(store, "trees", area="not in our table", outward="NG1")
    assert place(store, 1, ABBEY, "s-4").done
    assert now(store, 1).area == ABBEY
    assert (read_events(store)[-1].who, read_events(store)[-1].data) == ("s-4", {"area": ABBEY})
    assert catch_up(store).counts("ward") == {"Abbey": 1}


def test_a_persons_coding_counts_and_the_machines_is_kept_beside_it(store: Store) -> None:
    sent(store, "trees")
    assert code_wish(store, now(store, 1), 1, PARKS).done
    assert code_by_machine(store, 1, 1, ROADS)[:2] == ["coded", 1]
    wish = now(store, 1).wishes[0]
    assert (wish.coding, wish.machine) == (PARKS, ROADS)
    standing = catch_up(store)
    assert (standing.counts("code"), standing.counts("coder")) == ({"safer.green": 1, "growth.jobs": 1}, {"person": 1})


def test_a_coding_of_words_that_changed_meanwhile_is_refused(store: Store) -> None:
    seen = sent(store, "trees")
    revise_wishes(store, seen, ("parking",))
    late = replace(seen, revision=2)
    assert code_wish(store, late, 1, PARKS).outcome == "words"
    assert moderate_wish(store, late, 1, CLEARED, "s-1").outcome == "words"
    assert (now(store, 1).wishes[0].person, now(store, 1).revision) == (None, 2)


def test_a_coding_of_a_response_that_changed_otherwise_is_a_conflict(store: Store) -> None:
    seen = sent(store, "trees", "buses")
    assert code_wish(store, seen, 2, PARKS).done
    assert code_wish(store, seen, 1, PARKS).outcome == "conflict"


def test_a_slot_without_a_wish_cannot_be_coded(store: Store) -> None:
    seen = sent(store, "trees")
    assert code_wish(store, seen, 3, PARKS).outcome == "words"
    assert moderate_wish(store, seen, 2, CLEARED, "s-1").outcome == "words"


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_withdrawn_or_erased_is_not_changed(store: Store, name: str) -> None:
    for number, (ending, state) in enumerate([(withdraw, WITHDRAWN), (erase, ERASED)], 1):
        seen = sent(store, "trees")
        ending(store, seen.number)
        kept, events = store.text.hgetall(store.keys.response(number)), last_event(store)
        changed = CHANGES[name](store, seen)
        assert (changed.outcome, changed.detail) == ("refused", state)
        assert (store.text.hgetall(store.keys.response(number)), last_event(store)) == (kept, events)


@pytest.mark.parametrize("name", [*CHANGES, "erase"])
def test_what_never_was_is_not_changed(store: Store, name: str) -> None:
    seen = replace(sent(store, "trees"), number=99)
    change = {**CHANGES, "erase": lambda store, r: erase(store, r.number)}[name]
    assert change(store, seen).outcome == "missing"
    assert not store.text.exists(store.keys.response(99))


def full(store: Store) -> Response:
    """Sends a response with everything a response can hold, coded and looked at by everyone."""
    about = {"answers": {"connection": 2}, "special": {"disability": 3, "faith": 3}}
    send(store, "Before it")
    response = sent(
        store, "Zebras please", "Quaggas", "Okapis too", area=NORMANTON, outward="DE23", marks="fast", way=Way(key="k"), **about
    )
    send(store, "After it", special={"faith": 1})
    for slot in (1, 2, 3):
        for number in (1, response.number, 3):
            if slot == 1 or number == response.number:
                code_by_machine(store, number, slot, ROADS)
        code_wish(store, now(store, response.number), slot, replace(PARKS, coder="s-9"))
    moderate_wish(store, now(store, response.number), 1, CLEARED, "s-9")
    park(store, "coding", response.number, ValueError("cannot embed “Okapis too”"))
    catch_up(store)
    return now(store, response.number)


def row(store: Store, number: int) -> bytes:
    width = store.layout.width
    at = number % ROW_BLOCK * width
    return bytes(store.raw.getrange(store.keys.of("rows", number // ROW_BLOCK), at, at + width - 1))


def test_erasing_leaves_nothing_of_the_words_in_any_key(store: Store, connections: Connections) -> None:
    response = full(store)
    secrets = [b"Zebras", b"Quaggas", b"Okapis", response.salt.encode()]
    assert all(said in every_byte(connections) for said in secrets)
    assert erase(store, response.number).done
    catch_up(store)
    held = every_byte(connections)
    assert [said for said in secrets if said in held] == []


def test_erasing_empties_row_answers_vectors_and_response_and_touches_no_other(store: Store) -> None:
    response = full(store)
    n, rows = response.number, [row(store, number) for number in (1, 3)]
    assert any(row(store, n)) and response.special == {"disability": 3, "faith": 3}
    erase(store, n)
    assert not any(row(store, n))
    assert [row(store, number) for number in (1, 3)] == rows
    assert store.raw.getrange(store.keys.of("answers", 0), n * 2, n * 2 + 3) == bytes([0, 0, 0, 1])
    vectors = store.raw.get(store.keys.of("vectors", 0))
    lit = {place // 384 for place, byte in enumerate(vectors) if byte}
    assert lit == {1 * 3, 3 * 3}
    assert set(store.text.hgetall(store.keys.response(n))) == {"l", "v", "t"}
    assert parked(store) == []
    assert (now(store, n).state, now(store, n).wishes) == (ERASED, ())


def test_what_is_erased_is_counted_nowhere_at_once(store: Store) -> None:
    response, table = full(store), RowTable()
    table.refresh(store)
    query = ask_for(store.layout, ["code"], None, "mentions")
    before = table.count(store, query)
    erase(store, response.number)
    table.refresh(store)
    assert (before.total, table.count(store, query).cells) == (8, {("growth.roads",): 2})
    assert catch_up(store).total() == 2


def test_what_is_erased_stays_erased_whatever_was_under_way(store: Store) -> None:
    response = full(store)
    erase(store, response.number)
    late = store.scripts.run("code", {
        "expected": int(store.text.get(store.keys.of("cursor", "coding"))), "cursor": last_event(store), "slots": 3,
        "bell_ms": 1, "born": store.born,
        "event": "wishes.coded/1", "who": "job:coding", "data": "{}",
        "codings": [[response.number, 1, fingerprint(response.wishes[0].text), "1|more|t-1|50||"]],
    }, b"\x09" * 384)
    assert late[:2] == ["coded", 0]
    assert send(store, "Zebras please", "Quaggas", "Okapis too", way=Way(key="k")).number == response.number
    assert (now(store, response.number).state, erase(store, response.number).detail) == (ERASED, ERASED)
    assert b"\x09" not in store.raw.get(store.keys.of("vectors", 0))


def test_a_withdrawn_response_can_be_erased_and_the_log_still_fits(store: Store) -> None:
    response = full(store)
    assert withdraw(store, response.number).done
    assert erase(store, response.number).done
    assert verify(store).problem == ""
    assert read_events(store)[-1].data == {}


def test_erasing_has_the_file_on_disk_rewritten(store: Store, connections: Connections) -> None:
    sent(store, "trees")
    assert not connections.text.exists(REWRITE_DUE)
    erase(store, 1)
    assert connections.text.exists(REWRITE_DUE)


def test_erasing_before_any_row_was_made_leaves_an_empty_one(store: Store) -> None:
    sent(store, "trees")
    erase(store, 1)
    assert catch_up(store).total() == 0
