"""Cards keyed at the desk: kept once, everything that stands in the way said in words, nothing typed lost."""

import re

import pytest

from campaigns.cards.serials import serial_for
from campaigns.cards.tokens import token_for
from campaigns.responses import Response, Submission
from campaigns.store.areas import load_postcodes
from campaigns.store.cards import STATES, card_state, print_cards, reconcile
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept
from campaigns.store.opening import close_campaign
from campaigns.store.repeats import possible_repeats
from campaigns.store.responses import get_response, response_count
from campaigns.store.secrets import card_secret
from campaigns.store.store import record
from campaigns.store.tray import in_tray
from tests.desks import SLUG, Desks, make_desks
from tests.keying import Keyer, sit_down
from web import create_app
from web.keying.words import ASIDE, CLOSED, ELSEWHERE, EMPTY, MISSING, NEVER_PRINTED, NO_SERIAL, NOT_OURS, OTHER_CAMPAIGN, REPEAT

NORMANTON, ABBEY = "E05001780", "E05001767"
POSTCODES = ["postcode,ward_code", f"DE1 2FS,{ABBEY}", "NG1 1AA,E05009999"]


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections) -> Desks:
    made = make_desks(create_app(settings), connections)
    print_cards(made.store, 4, NORMANTON, "s-1")
    return made


@pytest.fixture
def keyer(desks: Desks) -> Keyer:
    return sit_down(desks)


def kept(keyer: Keyer, number: int = 1) -> Response:
    response = get_response(keyer.store, number)
    assert response
    return response


def counts(keyer: Keyer) -> dict[str, int]:
    """Returns what became of the batch's pieces, what did not occur left out."""
    return {name: many for name, many in keyer.batch.counts.items() if many}


def put_card(keyer: Keyer, card: int, letter: str) -> None:
    """Puts a card in a state by its letter."""
    keyer.store.text.setrange(keyer.store.keys.of("cards"), card, letter)


def test_a_card_is_kept_word_for_word(keyer: Keyer) -> None:
    typed = keyer.item(2, "more bus’s  at nite", "", "Keep the Libary", **{"q-connection": "2", "mark-o": "1"})
    typed["serial"] = typed["serial"].lower()
    answer = keyer.send(typed).get_json()
    assert answer == {"answers": [{"outcome": "saved", "words": ""}], "strip": "Batch 0001 · 1 of 5", "full": False}
    response = kept(keyer)
    assert [(wish.slot, wish.text) for wish in response.wishes] == [(1, "more bus’s  at nite"), (3, "Keep the Libary")]
    assert (response.channel, response.card, response.area, response.marks) == ("card", 2, NORMANTON, "o")
    assert (response.answers, response.day) == ({"connection": 2}, keyer.batch.day)
    assert card_state(keyer.store, 2) == "keyed"


def test_a_scanned_code_does_as_well_as_a_serial(keyer: Keyer) -> None:
    token = token_for(3, card_secret(keyer.store))
    for address in (f"HTTPS://WISHES.EXAMPLE/{SLUG.upper()}/C/{token}", f"https://wishes.example/{SLUG}/c/{token.lower()}"):
        keyer.say(keyer.item(0, "A pool", serial=address))
    assert (response_count(keyer.store), kept(keyer).card, counts(keyer)) == (1, 3, {"keyed": 1, "set aside": 1})


REFUSED = [
    ("", ("A wish",), NO_SERIAL, "unknown serial"), ("ABC-DEF", ("A wish",), NOT_OURS, "unknown serial"),
    (serial_for(5, SLUG), ("A wish",), NEVER_PRINTED, "unknown serial"),
    (serial_for(1, SLUG), (), EMPTY, "for a person"),
    (serial_for(1, SLUG), ("A", "x" * 5001), "5,001 letters long", "for a person"),
    ("https://x.example/derby-2026/c/ABC", ("A",), NOT_OURS, "unknown serial"),
    ("https://x.example/durham-2011/c/ABC", ("A",), OTHER_CAMPAIGN, "another campaign"),
]


@pytest.mark.parametrize(("serial", "wishes", "said", "why"), REFUSED)
def test_what_cannot_be_keyed_is_kept_for_a_person_and_counted_as_set_aside(
    keyer: Keyer, serial: str, wishes: tuple[str, ...], said: str, why: str
) -> None:
    typed = keyer.item(0, *wishes, serial=serial)
    [(outcome, words)] = keyer.say(typed)
    assert (outcome, said in words, ASIDE in words) == ("aside", True, True)
    [lying] = in_tray(keyer.store)
    boxes = {name: value for name, value in typed.items() if name[:4] in ("wish", "seri") and value}
    assert (lying.typed, lying.why, lying.batch) == (boxes, why, keyer.number)
    assert (response_count(keyer.store), keyer.batch.reasons) == (0, {("set aside", why): 1})
    assert keyer.say(typed) == [(outcome, words)]
    assert (len(in_tray(keyer.store)), counts(keyer)) == (1, {"set aside": 1})


@pytest.mark.parametrize(("letter", "state"), [(letter, state) for letter, state in STATES.items() if state in ELSEWHERE])
def test_a_card_that_cannot_come_back_is_said_in_words(keyer: Keyer, letter: str, state: str) -> None:
    put_card(keyer, 1, letter)
    [(outcome, words)] = keyer.say(keyer.item(1, "A wish"))
    assert (outcome, ELSEWHERE[state] in words, serial_for(1, SLUG) in words) == ("aside", True, True)
    assert (response_count(keyer.store), card_state(keyer.store, 1)) == (0, state)
    assert in_tray(keyer.store)[0].card == 1


@pytest.mark.parametrize("letter", ["o", "w", "n", "O"])
def test_a_card_that_may_come_back_is_keyed(keyer: Keyer, letter: str) -> None:
    put_card(keyer, 1, letter)
    assert keyer.say(keyer.item(1, "A wish")) == [("saved", "")]
    ledger = reconcile(keyer.store)
    assert (ledger.states["keyed"], ledger.answered_online, ledger.residual) == (1, letter.isupper(), 0)


@pytest.mark.parametrize(("keyed", "said"), [("more  TREES!", True), ("A pool and a library", False)])
def test_the_same_wishes_as_online_may_be_a_repeat_and_others_another_person(keyer: Keyer, keyed: str, said: bool) -> None:
    accept(keyer.store, Submission(("More trees",), "online", card=1), Way(window="none"))
    [(became, words)] = keyer.say(keyer.item(1, keyed))
    assert (became, REPEAT in words, len(possible_repeats(keyer.store))) == ("saved", said, int(said))


def test_a_piece_sent_again_is_the_same_piece(keyer: Keyer) -> None:
    unusable = keyer.item(2, outcome="unusable", why="torn")
    items = [keyer.item(1, "A pool"), keyer.item(0, "A tram", outcome="unnumbered"), unusable]
    answers = [keyer.say(*items), keyer.say(*items), keyer.say(items[0])]
    assert answers == [[("saved", "")] * 3, [("saved", "")] * 3, [("saved", "")]]
    assert keyer.say(items[0] | {"wish1": "Two pools"}) == [("saved", "")]
    assert (response_count(keyer.store), kept(keyer).wishes[0].text) == (2, "A pool")
    assert counts(keyer) == {"keyed": 1, "unnumbered": 1, "unusable": 1}


@pytest.mark.parametrize(("typed", "outcome", "said"), [
    ({"mark-b": "1"}, {"unusable": 1}, []), ({"mark-b": "1", "wish2": "Trams"}, {"keyed": 1}, ["Trams"]),
    ({"mark-d": "1"}, {"keyed": 1}, ["[drawing]"]), ({"mark-l": "1"}, {"keyed": 1}, ["[other language]"]),
    ({"outcome": "unusable", "why": "torn"}, {"unusable": 1}, []),
    ({"outcome": "set aside", "why": "late"}, {"set aside": 1}, []),
])
def test_marks_and_commands_say_what_a_card_is(
    keyer: Keyer, typed: dict[str, str], outcome: dict[str, int], said: list[str]
) -> None:
    assert keyer.say(keyer.item(1, **typed)) == [("saved", "")]
    assert counts(keyer) == outcome
    assert [wish.text for wish in kept(keyer).wishes] == said if said else response_count(keyer.store) == 0


def test_undoing_takes_a_card_back_and_it_can_be_keyed_again(keyer: Keyer) -> None:
    first, aside = keyer.item(1, "A pol"), keyer.item(0, "Lost", serial="ABC-DEF")
    keyer.say(first, aside)
    undone = [{"kind": "undo", "piece": one["piece"], "batch": keyer.number} for one in (first, aside)]
    assert keyer.say(*undone, *undone) == [("undone", "")] * 4
    assert (counts(keyer), card_state(keyer.store, 1), in_tray(keyer.store)) == ({}, "out", [])
    assert keyer.say(keyer.item(1, "A pool")) == [("saved", "")]
    assert (kept(keyer, 1).state, kept(keyer, 2).wishes[0].text) == ("withdrawn", "A pool")


@pytest.mark.parametrize(("number", "closed", "said"), [(1, True, CLOSED), (7, False, MISSING)])
def test_a_batch_that_takes_no_more_keeps_what_was_typed_for_a_person(
    keyer: Keyer, number: int, closed: bool, said: str
) -> None:
    if closed:
        page = keyer.client.get(f"{keyer.address}/end").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        keyer.client.post(f"{keyer.address}/end", data={"csrf_token": token[1], "do": "close", "why": "lost at the post office"})
    [(outcome, words)] = keyer.say(keyer.item(1, "Typed offline") | {"batch": number})
    assert (outcome, said in words) == ("aside", True)
    assert [one.typed["wish1"] for one in in_tray(keyer.store)] == ["Typed offline"]


@pytest.mark.parametrize(("loaded", "typed", "area", "outward"), [
    (False, {}, NORMANTON, ""), (False, {"ward": ABBEY}, ABBEY, ""), (False, {"ward": "Atlantis"}, NORMANTON, ""),
    (True, {"postcode": ""}, NORMANTON, ""), (True, {"postcode": "de12fs"}, ABBEY, "DE1"),
    (True, {"postcode": "DE1"}, NORMANTON, "DE1"),
    (True, {"postcode": "NG1 1AA"}, "not in our table", "NG1"), (True, {"postcode": "can't read"}, NORMANTON, ""),
])
def test_a_card_comes_from_where_it_says_or_else_where_it_was_delivered(
    keyer: Keyer, loaded: bool, typed: dict[str, str], area: str, outward: str
) -> None:
    if loaded:
        load_postcodes(keyer.store, POSTCODES, "s-1")
    keyer.say(keyer.item(1, "A wish", **typed))
    assert (kept(keyer).area, kept(keyer).outward) == (area, outward)


def test_what_came_back_in_time_is_keyed_however_late(keyer: Keyer) -> None:
    record(keyer.desks.connections, SLUG, None, hashes={"state": {"ends": "1", "cards_end": "1"}})
    assert keyer.say(keyer.item(1, "A wish")) == [("saved", "")]
    close_campaign(keyer.desks.connections, SLUG, "s-1")
    [(outcome, words)] = keyer.say(keyer.item(2, "A wish"))
    assert (outcome, "has closed" in words, len(in_tray(keyer.store))) == ("aside", True, 1)


@pytest.mark.parametrize("strange", [
    {}, {"piece": "x"}, {"piece": "tab1-9"}, {"piece": "tab1-9", "batch": "all"}, {"piece": "tab1 9"},
    {"outcome": "lost"}, {"outcome": "duplicate", "why": "other"}, {"outcome": "unusable", "why": "because"},
    {"outcome": "unusable"}, {"kind": "steal"}, {"kind": ["piece"]},
])
def test_what_no_desk_sends_is_refused_in_words_and_holds_nothing_up(keyer: Keyer, strange: dict[str, object]) -> None:
    whole = {"kind": "piece", "piece": "tab1-9", "batch": 1} if set(strange) & {"outcome", "kind"} else {"batch": 1}
    answers = keyer.say(whole | strange if strange else {}, keyer.item(1, "A pool"))
    assert [outcome for outcome, _ in answers] == ["refused", "saved"]
    assert answers[0][1].endswith(".")


@pytest.mark.parametrize(("beside", "status"), [({"by": "s-other"}, 409), ({"items": "all"}, 400), ({"items": [1]}, 400)])
def test_a_queue_is_taken_only_whole_and_from_who_is_signed_in(keyer: Keyer, beside: dict[str, object], status: int) -> None:
    assert keyer.send(keyer.item(1, "A pool"), **beside).status_code == status  # type: ignore[arg-type]
    assert response_count(keyer.store) == 0


# ---- Without JavaScript


def test_the_plain_form_saves_a_card_and_shows_the_next(keyer: Keyer) -> None:
    answer = keyer.by_form(1, "A pool")
    assert (answer.status_code, answer.location) == (303, keyer.address)
    page = keyer.client.get(keyer.address).text
    assert "Batch 0001 · 1 of 5" in page and "All saved" in page and "A pool" not in page


def test_the_plain_form_says_what_is_wrong_under_its_field_and_loses_nothing(keyer: Keyer) -> None:
    answer = keyer.by_form(0, "A wish", "x" * 5001, serial="ABC-DEF", ward=ABBEY)
    assert answer.status_code == 400
    assert re.search(rf'data-problem="serial">{NOT_OURS[:30]}', answer.text)
    assert 'value="ABC-DEF"' in answer.text and "x" * 5001 in answer.text and f'value="{ABBEY}" selected' in answer.text
    assert ("Not saved yet" in answer.text, counts(keyer)) == (True, {})
    assert keyer.by_form(0, "A wish", serial="ABC-DEF", anyway="1").status_code == 303
    assert (counts(keyer), in_tray(keyer.store)[0].typed["wish1"]) == ({"set aside": 1}, "A wish")


@pytest.mark.parametrize(("outcome", "became"), [
    ("unnumbered", {"unnumbered": 1}), ("unusable:torn", {"unusable": 1}), ("set aside:late", {"set aside": 1}),
])
def test_the_plain_form_counts_a_piece_as_what_was_chosen(keyer: Keyer, outcome: str, became: dict[str, int]) -> None:
    assert keyer.by_form(0, "A wish", outcome=outcome).status_code == 303
    assert counts(keyer) == became


def test_what_was_typed_is_shown_and_never_run(keyer: Keyer) -> None:
    page = keyer.by_form(0, "</textarea><script>alert(2)</script>", serial="\"><script>alert(1)</script>").text
    assert "<script>alert" not in page


def test_the_desk_asks_for_the_ward_only_where_no_table_of_postcodes_is_loaded(keyer: Keyer) -> None:
    assert 'id="ward"' in keyer.client.get(keyer.address).text
    load_postcodes(keyer.store, POSTCODES, "s-1")
    page = keyer.client.get(keyer.address).text
    assert 'id="postcode"' in page and 'id="ward"' not in page
