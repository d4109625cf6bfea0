"""Taking responses in: each outcome, once for each key, within the window and the limits, with cards and imports."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import pairwise

import pytest

from campaigns.responses import Submission
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import card_state, print_cards
from campaigns.store.connection import Connections
from campaigns.store.intake import KEY_SECONDS, Way, accept, accept_many, body_hash
from campaigns.store.log import last_event, read_events
from campaigns.store.opening import close_campaign, open_campaign
from campaigns.store.responses import get_response, response_count
from campaigns.store.store import Store, forget_campaign, load_campaign
from tests.storehouse import (
    ABBEY,
    LITTLE,
    NORMANTON,
    campaign_text,
    every_byte,
    loaded_little,
    open_little,
    send,
    window_around,
)

TODAY = date.today()
TABLE = ["postcode,ward\n", f"DE1 1AA,{ABBEY}\n"]


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def test_a_response_is_kept_whole_with_its_event(store: Store) -> None:
    about = {"answers": {"connection": 2}, "special": {"faith": 3}}
    taken = send(store, "trees 🌳", "", "Wód|ka", channel="card", source="libraries", area=NORMANTON, outward="DE23", **about)
    assert (taken.outcome, taken.number, taken.kept, taken.ring) == ("accepted", 1, True, True)
    response = get_response(store, 1)
    assert response
    assert [(wish.slot, wish.text) for wish in response.wishes] == [(1, "trees 🌳"), (3, "Wód|ka")]
    assert (response.channel, response.source, response.area, response.outward) == ("card", "libraries", NORMANTON, "DE23")
    assert (response.answers, response.special) == ({"connection": 2}, {"faith": 3})
    event = read_events(store)[-1]
    assert (event.number, event.name, event.subject, event.at_ms) == (taken.event, "response.received", 1, taken.received_ms)
    assert event.data["words"] == [response.wishes[0].words, "", response.wishes[1].words]


def test_the_log_holds_no_words_and_no_place(store: Store) -> None:
    send(store, "Zebras for Normanton", area=NORMANTON, outward="DE23", answers={"connection": 2}, special={"faith": 3})
    log = every_byte(store.connections, lambda key: key.endswith(":log"))
    assert not any(told in log for told in (b"Zebras", NORMANTON.encode(), b"DE23", b"connection", b"faith"))


@pytest.mark.parametrize(("postcode", "area"), [("DE11AA", ABBEY), ("DE19ZZ", "not in our table")])
def test_a_postcode_is_looked_up_as_the_response_goes_in_and_not_kept(store: Store, postcode: str, area: str) -> None:
    load_postcodes(store, TABLE, "s-1")
    send(store, "a", area="not in our table", outward="DE1", postcode=postcode, way=Way(key="k"))
    response = get_response(store, 1)
    assert response and (response.area, response.outward) == (area, "DE1")
    assert postcode.encode() not in every_byte(store.connections, lambda key: not key.endswith(":areas"))


def test_a_repeat_is_one_though_the_table_of_postcodes_is_another_by_then(store: Store) -> None:
    sent = {"area": "not in our table", "outward": "DE1", "postcode": "DE11AA"}
    first = send(store, "a", way=Way(key="k"), **sent)
    load_postcodes(store, TABLE, "s-1")
    again = send(store, "a", way=Way(key="k"), **sent)
    assert (again.outcome, again.number) == ("same", first.number)
    assert send(store, "a", way=Way(key="k"), **{**sent, "postcode": "DE11AB"}).outcome == "conflict"


def test_special_answers_are_in_no_response(store: Store) -> None:
    send(store, "a", special={"disability": 2, "faith": 1})
    assert "faith" not in str(store.text.hgetall(store.keys.response(1)))
    assert store.raw.getrange(store.keys.of("answers", 0), 2, 3) == bytes([2, 1])


def test_a_response_without_special_answers_reads_none(store: Store) -> None:
    send(store, "a")
    send(store, "b", special={"faith": 1})
    send(store, "c")
    read = [get_response(store, number) for number in (1, 2, 3)]
    assert [one.special for one in read if one] == [{}, {"faith": 1}, {}]


def test_the_same_key_and_body_get_the_same_answer(store: Store) -> None:
    first = send(store, "a", way=Way(key="k"))
    again = send(store, "a", way=Way(key="k"))
    assert (again.outcome, again.number, again.received_ms, again.kept, again.ring) == ("same", 1, first.received_ms, True, False)
    assert (response_count(store), last_event(store)) == (1, first.event)


@pytest.mark.parametrize("other", [
    {"channel": "card"}, {"area": NORMANTON}, {"answers": {"connection": 1}}, {"special": {"faith": 1}},
])
def test_the_same_key_with_another_body_is_a_conflict(store: Store, other: dict[str, object]) -> None:
    send(store, "a", way=Way(key="k"))
    assert send(store, "b", way=Way(key="k")).outcome == "conflict"
    taken = send(store, "a", way=Way(key="k"), **other)
    assert (taken.outcome, taken.number, taken.kept) == ("conflict", 1, False)
    assert response_count(store) == 1


def test_the_same_words_under_another_key_or_none_are_another_response(store: Store) -> None:
    assert [send(store, "a", way=Way(key=key)).number for key in ("k", "l", "", "")] == [1, 2, 3, 4]


def test_marks_do_not_make_another_body(store: Store) -> None:
    send(store, "a", way=Way(key="k"), marks="fast")
    assert send(store, "a", way=Way(key="k")).outcome == "same"


def test_a_hundred_at_once_with_one_key_make_one_response(store: Store) -> None:
    with ThreadPoolExecutor(100) as pool:
        taken = list(pool.map(lambda _: send(store, "a", "b", way=Way(key="k")), range(100)))
    assert sorted(one.outcome for one in taken) == ["accepted"] + ["same"] * 99
    assert {(one.number, one.received_ms) for one in taken} == {(1, taken[0].received_ms)}
    assert (response_count(store), sum(event.name == "response.received" for event in read_events(store))) == (1, 1)


def test_a_hundred_at_once_with_keys_of_their_own_make_a_hundred(store: Store) -> None:
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda n: send(store, f"wish {n}", way=Way(key=f"k{n}")), range(100)))
    assert sorted(one.number for one in taken) == list(range(1, 101))
    events = read_events(store)
    assert all(after.number == before.number + 1 for before, after in pairwise(events))
    assert [event.subject for event in events if event.name == "response.received"] == list(range(1, 101))
    assert sum(one.ring for one in taken) == 1


@pytest.mark.parametrize("days_ago", [-1, 0, 1, 2])  # -1: the clock was set back over midnight, or two machines' clocks differ
def test_a_key_is_known_for_forty_eight_hours_at_least(store: Store, days_ago: int) -> None:
    send(store, "a", way=Way(key="k"))
    day = next(iter(store.text.scan_iter(match=f"{store.keys.of('accepted')}:*")))
    assert store.text.ttl(day) >= KEY_SECONDS + 24 * 3600 - 60  # it began with the day's first key; the last comes a day later
    aged = store.keys.of("accepted", f"{_days_before(day.rpartition(':')[2], days_ago)}")
    if days_ago:
        store.text.rename(day, aged)
    assert send(store, "a", way=Way(key="k")).outcome == "same"


def _days_before(day: str, days: int) -> str:
    return f"{date.fromordinal(date.fromisoformat(day).toordinal() - days):%Y%m%d}"


def test_a_desks_key_does_not_run_out(store: Store) -> None:
    send(store, "a", way=Way(key="desk-1:17", desk=True))
    assert store.text.ttl(store.keys.of("accepted", "desk")) == -1
    assert send(store, "a", way=Way(key="desk-1:17", desk=True)).outcome == "same"
    assert send(store, "a", way=Way(key="desk-1:18", desk=True)).outcome == "accepted"


def test_what_tells_a_repeat_cannot_be_guessed_from_the_words(store: Store, connections: Connections) -> None:
    submission = Submission(("Trees",), "online")
    assert body_hash(submission, b"one installation") != body_hash(submission, b"another")
    assert body_hash(submission, b"one") == body_hash(Submission(("Trees",), "online", marks="fast"), b"one")


@pytest.mark.parametrize(("window", "way", "outcome"), [
    ((2, 9, 9), "public", "early"), ((2, 9, 9), "cards", "early"), ((2, 9, 9), "none", "accepted"),
    ((-9, -2, -2), "public", "late"), ((-9, -2, 2), "public", "late"), ((-9, -2, 2), "cards", "accepted"),
    ((-9, -5, -2), "cards", "late"), ((-9, -5, -2), "none", "accepted"), ((-2, 2, 2), "public", "accepted"),
])
def test_the_window_holds_for_each_way_in(
    connections: Connections, window: tuple[int, int, int], way: str, outcome: str
) -> None:
    store = open_little(connections, window_around(TODAY, *window))
    assert send(store, way=Way(window=way)).outcome == outcome
    assert response_count(store) == (outcome == "accepted")


def test_the_window_ends_by_the_servers_clock_to_the_millisecond(store: Store) -> None:
    seconds, micros = store.text.time()
    now = seconds * 1000 + micros // 1000
    later = now + 3_600_000
    for field, moment, outcome in (
        ("ends", now, "late"), ("ends", later, "accepted"), ("starts", later, "early"), ("starts", now, "accepted"),
    ):
        store.text.hset(store.keys.of("state"), field, moment)
        assert send(store).outcome == outcome


@pytest.mark.parametrize("way", [Way(), Way(window="cards"), Way(window="none"), Way(imported=("f", "1"), window="none")])
def test_a_campaign_that_is_not_open_takes_nothing_by_any_way(connections: Connections, way: Way) -> None:
    loaded = loaded_little(connections)
    assert (send(loaded, way=way).outcome, send(loaded, way=way).detail) == ("closed", "none")
    store = open_campaign(connections, loaded.slug, "s-1", window_around(TODAY))
    close_campaign(connections, store.slug, "s-1", "the end")
    assert (send(store, way=way).outcome, send(store, way=way).detail) == ("closed", "closed")
    store.text.hset(store.keys.of("state"), "state", "paused")
    assert send(store, way=way).detail == "paused"
    assert response_count(store) == 0


def test_a_repeat_after_closing_is_still_answered(store: Store, connections: Connections) -> None:
    send(store, "a", way=Way(key="k"))
    close_campaign(connections, store.slug, "s-1")
    assert send(store, "a", way=Way(key="k")).outcome == "same"


def test_a_limit_bounds_what_one_address_sends(store: Store) -> None:
    way = Way(limits=(("address", 3, 600),))
    taken = [send(store, f"wish {n}", way=way) for n in range(5)]
    assert [one.outcome for one in taken] == ["accepted"] * 3 + ["limited"] * 2
    assert 0 < int(taken[-1].detail) <= 600
    assert send(store, way=Way(limits=(("another", 3, 600),))).outcome == "accepted"
    assert response_count(store) == 4


def test_repeats_and_refusals_do_not_use_up_a_limit(store: Store) -> None:
    way = Way(key="k", limits=(("address", 2, 600),))
    for _ in range(5):
        assert send(store, "a", way=way).kept
    assert send(store, card=99, way=Way(limits=way.limits)).outcome == "card"
    assert send(store, "b", way=Way(limits=way.limits)).outcome == "accepted"
    assert send(store, "c", way=Way(limits=way.limits)).outcome == "limited"
    assert send(store, "a", way=way).outcome == "same"


def test_every_limit_must_hold(store: Store) -> None:
    assert send(store, way=Way(limits=(("a", 1, 60), ("b", 2, 60)))).outcome == "accepted"
    assert send(store, way=Way(limits=(("a", 1, 60), ("b", 2, 60)))).outcome == "limited"
    assert send(store, way=Way(limits=(("b", 2, 60),))).outcome == "accepted"


def test_a_card_is_keyed_once(store: Store) -> None:
    print_cards(store, 2, NORMANTON, "s-1")
    keyed = Way(window="cards", card_mark="keyed")
    assert send(store, "a", channel="card", card=1, way=keyed).outcome == "accepted"
    again = send(store, "b", channel="card", card=1, way=keyed)
    assert (again.outcome, again.detail, again.kept) == ("card", "k", False)
    assert (card_state(store, 1), card_state(store, 2)) == ("keyed", "out")
    assert read_events(store)[-1].data["card"] == 1


@pytest.mark.parametrize("card", [3, 99_999, 1_000_000_000])
@pytest.mark.parametrize("mark", ["keyed", "online"])
def test_a_card_that_was_not_printed_is_refused(store: Store, card: int, mark: str) -> None:
    print_cards(store, 2, "", "s-1")
    taken = send(store, "a", card=card, way=Way(card_mark=mark))
    assert (taken.outcome, taken.detail) == ("card", "unknown")
    assert store.text.strlen(store.keys.of("cards")) == 3


def test_a_card_answered_online_can_still_be_keyed_and_others_of_the_household_answer(store: Store) -> None:
    print_cards(store, 1, "", "s-1")
    assert [send(store, f"wish {n}", card=1).outcome for n in range(3)] == ["accepted"] * 3
    assert (card_state(store, 1), store.text.getrange(store.keys.of("cards"), 1, 1)) == ("out", "O")
    assert send(store, "d", card=1, channel="card", way=Way(card_mark="keyed")).outcome == "accepted"
    assert (card_state(store, 1), store.text.getrange(store.keys.of("cards"), 1, 1)) == ("keyed", "K")
    assert send(store, "e", card=1).outcome == "accepted"


@pytest.mark.parametrize(("byte", "state"), [("x", "x"), ("u", "u"), ("S", "s"), ("d", "d")])
def test_a_card_in_another_state_is_said_and_left(store: Store, byte: str, state: str) -> None:
    print_cards(store, 1, "", "s-1")
    store.text.setrange(store.keys.of("cards"), 1, byte)
    taken = send(store, card=1, way=Way(card_mark="keyed"))
    assert (taken.outcome, taken.detail) == ("card", state)
    assert store.text.getrange(store.keys.of("cards"), 1, 1) == byte


def test_a_card_keyed_again_under_its_own_key_is_the_same(store: Store) -> None:
    print_cards(store, 1, "", "s-1")
    way = Way(key="desk:1", desk=True, card_mark="keyed")
    assert [send(store, "a", card=1, way=way).outcome for _ in range(3)] == ["accepted", "same", "same"]


def test_a_row_of_a_file_goes_in_once(store: Store) -> None:
    for file, row, outcome in (("f", "1", "accepted"), ("f", "1", "done"), ("f", "2", "accepted"), ("g", "1", "accepted")):
        assert send(store, "a", way=Way(window="none", imported=(file, row))).outcome == outcome
    assert response_count(store) == 3
    assert read_events(store)[-1].data["import"] == "g:1"


def test_many_go_in_together_each_a_step_of_its_own(store: Store) -> None:
    print_cards(store, 1, "", "s-1")
    one = Submission(("a",), "online")
    card = Submission(("a",), "card", card=1)
    keyed = Way(card_mark="keyed")
    handed_in = [(one, Way(key="k")), (one, Way(key="k")), (card, keyed), (card, keyed), (one, Way())]
    taken = accept_many(store, handed_in)
    assert [(t.outcome, t.number) for t in taken] == [("accepted", 1), ("same", 1), ("accepted", 2), ("card", 0), ("accepted", 3)]
    assert accept_many(store, []) == []


def test_the_bell_is_rung_once_until_it_is_silent(store: Store) -> None:
    assert [send(store, f"wish {n}").ring for n in range(3)] == [True, False, False]
    store.text.delete(store.keys.of("bell", "tallies"))
    assert send(store).ring


def test_the_longest_wishes_go_in_whole(store: Store) -> None:
    longest = "🌳" * 5000
    send(store, longest, longest, longest)
    response = get_response(store, 1)
    assert response and [wish.text for wish in response.wishes] == [longest] * 3


def test_a_response_refused_for_its_window_leaves_nothing_behind(connections: Connections) -> None:
    store = open_little(connections, window_around(TODAY, -9, -2, -2))

    def ours(key: str) -> bool:
        return key.startswith("{")

    before = every_byte(connections, ours)
    way = Way(key="k", limits=(("address", 9, 60),), imported=("f", "1"))
    assert accept(store, Submission(("Zebras",), "online", special={"faith": 1}), way).outcome == "late"
    assert every_byte(connections, ours) == before


@pytest.mark.parametrize("cards_until", ["2010-08-06", "2010-08-07"])
def test_nothing_goes_into_a_campaign_set_up_anew_since_it_was_read(
    store: Store, connections: Connections, cards_until: str
) -> None:
    forget_campaign(store)
    load_campaign(connections, LITTLE, campaign_text().replace("2010-08-06", cards_until))
    again = open_campaign(connections, LITTLE, "s-1", window_around(TODAY))
    refused = send(store, "Zebras", way=Way(key="k"))
    assert (refused.outcome, refused.detail, response_count(again)) == ("closed", "anew", 0)
    assert send(again, "Zebras", way=Way(key="k")).outcome == "accepted"
