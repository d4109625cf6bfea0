"""Accounting for cards by command: reconciling, moving ranges by serial, and the audit draw, read against the log."""

import hashlib
import json
from collections.abc import Callable

import pytest
from click.testing import Result

from campaigns.cards.audit import LONGEST_SEED, MOST_DRAWN, CannotDraw, DrawnCard, check_paper, draw_cards, draw_lots, lot
from campaigns.cards.serials import serial_for
from campaigns.responses import WITHDRAWN
from campaigns.store.cards import Delivery, card_state, move_cards, print_cards
from campaigns.store.changes import withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way
from campaigns.store.log import event_at, last_event, read_events, verify
from campaigns.store.pieces import undo_piece
from campaigns.store.responses import get_response
from campaigns.store.returns import close_batch
from campaigns.store.store import Store
from tests.paper import a_batch, key_piece, put_down
from tests.storehouse import LITTLE, NORMANTON, open_little, send
from web import commands, create_app

Run = Callable[..., Result]


@pytest.fixture
def store(connections: Connections) -> Store:
    made = open_little(connections)
    print_cards(made, 12, NORMANTON, "s-1")
    a_batch(made, 8)
    return made


@pytest.fixture
def run(settings: dict[str, str], store: Store) -> Run:
    """Returns a function that runs a flask command about the cards of the campaign."""
    app = create_app(settings)
    commands.init_app(app)
    return lambda name, *arguments: app.test_cli_runner().invoke(args=["cards", name, LITTLE, *map(str, arguments)])


def range_of(first: int, last: int, why: str = "as told") -> list[str]:
    return ["--from", serial_for(first, LITTLE), "--to", serial_for(last, LITTLE).lower(), "--why", why]


def test_every_figure_of_the_account_is_there(run: Run, store: Store) -> None:
    key_piece(store, 1, "d-1", card=1)
    key_piece(store, 1, "d-2", "on plain paper")
    put_down(store, 1, "d-3", "set aside", 2, "late")
    store.text.setrange(store.keys.of("cards"), 12, "?")
    figures = json.loads(run("reconcile", "--json").stdout)
    assert figures == {
        "held": 0, "destroyed": 0, "out": 9, "undelivered": 0, "waiting": 0, "keyed": 1, "unusable": 0, "duplicate": 0,
        "set_aside": 1, "answered_online": 0, "unnumbered": 1, "unaccounted": 5, "printed": 12, "residual": 1,
        "residual_serials": [serial_for(12, LITTLE)],
    }
    said = run("reconcile").stdout
    assert ["unnumbered", "1"] in [line.split() for line in said.splitlines()]
    assert f"in no state: {serial_for(12, LITTLE)}" in said


def test_the_account_is_what_the_log_tells(run: Run, store: Store) -> None:
    print_cards(store, 3, "", "s-1", Delivery("second", "libraries", 40, "large print"), held=True)
    send(store, card=3)
    send(store, card=4, channel="card", way=Way(card_mark="keyed", who="s-2"))  # as cards were keyed before there were batches
    for card in range(3):
        key_piece(store, 1, f"d-{card}", card=card)
    put_down(store, 1, "d-9", "set aside", 3, "late")
    undo_piece(store, 1, "d-2", "s-1")
    move_cards(store, 8, 14, "held", "as told", "s-1")
    close_batch(store, 1, "s-1", "enough")
    assert (check_paper(store), run("reconcile", "--check").exit_code) == ([], 0)


@pytest.mark.parametrize(("key", "at", "to", "said"), [
    ("cards", 2, b"u", "card 2 is not as the log tells"), ("cards", 1, b"o", "card 1 is not as the log tells"),
    ("cards", 13, b"o", "card 13 is not as the log tells"), ("returned", 4, b"\0\0\0\0", "card 1 is not as the log tells"),
])
def test_a_card_that_was_tampered_with_is_found(run: Run, store: Store, key: str, at: int, to: bytes, said: str) -> None:
    key_piece(store, 1, "d-1", card=1)
    store.raw.setrange(store.keys.of(key), at, to)
    result = run("reconcile", "--check")
    assert (result.exit_code, result.stderr.strip()) == (1, said)


@pytest.mark.parametrize(("key", "field", "said"), [
    ("returns", "1:keyed:", "batch 1 is not as the log tells"), ("returns", "1", "batch 1 is not as the log tells"),
    ("batches", "1", "print batch 1 is not as the log tells"),
])
def test_a_batch_that_was_tampered_with_is_found(store: Store, key: str, field: str, said: str) -> None:
    key_piece(store, 1, "d-1", card=1)
    store.text.hdel(store.keys.of(key), field)
    assert said in check_paper(store)


def test_of_much_that_was_tampered_with_the_first_is_named(store: Store) -> None:
    print_cards(store, 100, "", "s-1")
    store.text.setrange(store.keys.of("cards"), 1, "k" * 112)
    found = check_paper(store)
    assert (len(found), found[-1]) == (21, "92 more cards are not as the log tells")


@pytest.mark.parametrize(("before", "name", "after", "said"), [
    ("h", "release", "out", "3 moved to out."), ("o", "undeliver", "undelivered", "3 moved to undelivered."),
    ("n", "destroy", "destroyed", "3 moved to destroyed."), ("o", "hold", "held", "3 moved to held."),
    ("h", "hold", "held", "0 moved to held.\n3 were held already."),
])
def test_a_range_of_cards_is_moved_by_serial(run: Run, store: Store, before: str, name: str, after: str, said: str) -> None:
    store.text.setrange(store.keys.of("cards"), 4, before * 3)
    assert run(name, *range_of(4, 6)).stdout.strip() == said
    assert [card_state(store, card) for card in (3, 4, 5, 6, 7)] == ["out", after, after, after, "out"]


def test_cards_that_may_not_be_moved_are_listed(run: Run, store: Store) -> None:
    store.text.setrange(store.keys.of("cards"), 4, "kos")
    said = run("destroy", *range_of(4, 6)).stdout.splitlines()
    assert said[:2] == ["1 moved to destroyed.", "2 stay where they are, because of the state they are in:"]
    assert [line.split(maxsplit=1) for line in said[2:]] == [
        [serial_for(4, LITTLE), "keyed"], [serial_for(6, LITTLE), "set aside"],
    ]


@pytest.mark.parametrize(("arguments", "said"), [
    (["--from", "AAA-AAA", "--to", "AAA-AAA", "--why", "x"], "“AAA-AAA” is not a serial"),
    (range_of(6, 4), "no range"), (range_of(4, 13), "beyond the last printed, which is 12"), (range_of(4, 6, " "), "Say why"),
])
def test_a_range_that_is_none_is_said_in_words(run: Run, store: Store, arguments: list[str], said: str) -> None:
    result = run("destroy", *arguments)
    assert (result.exit_code, said in result.stderr, "Traceback" in result.output) == (1, True, False)
    assert card_state(store, 4) == "out"


def test_a_draw_is_the_same_for_the_same_seed_and_can_be_made_by_hand(store: Store) -> None:
    assert lot("4 1 6", 17) == hashlib.sha256(b"4 1 6 17").hexdigest()
    drawn = draw_lots(range(1, 101), 10, "4 1 6")
    assert drawn == draw_lots(reversed(range(1, 101)), 10, "4 1 6") == draw_lots(range(1, 101), 20, "4 1 6")[:10]
    assert (len({*drawn}), drawn != draw_lots(range(1, 101), 10, "4 1 7")) == (10, True)
    assert sorted(draw_lots([3, 1, 2], 9, "x")) == [1, 2, 3]


def test_drawn_cards_are_read_against_the_log(run: Run, store: Store) -> None:
    taken = {card: key_piece(store, 1, f"d-{card}", f"wish {card}", "", "more", card=card) for card in range(1, 6)}
    put_down(store, 1, "d-6", "unusable", 6)
    withdraw(store, taken[2].number)
    before = last_event(store)
    drawn = json.loads(run("draw", "--count", 20, "--seed", "4 1 6", "--json").stdout)
    assert [one["card"] for one in drawn["cards"]] == draw_lots(range(1, 6), 5, "4 1 6")
    assert (drawn["seed"], drawn["of"], drawn["up_to"], drawn["event"]) == ("4 1 6", 5, before, before + 1)
    for one in drawn["cards"]:
        number = taken[one["card"]].number
        response, event = get_response(store, number), event_at(store, one["event"])
        assert response and event and (event.subject, event.data["card"]) == (number, one["card"])
        assert (one["serial"], one["batch"], one["piece"]) == (serial_for(one["card"], LITTLE), 1, f"d-{one['card']}")
        assert (one["response"], one["state"]) == (number, WITHDRAWN if one["card"] == 2 else "live")
        assert one["commitments"] == [wish.words for wish in response.wishes]
    assert "wish" not in json.dumps(drawn)


def test_the_log_notes_each_draw(run: Run, store: Store) -> None:
    for card in range(1, 6):
        key_piece(store, 1, f"d-{card}", card=card)
    said = run("draw", "--count", 2, "--seed", "dice").stdout
    numbers = draw_lots(range(1, 6), 2, "dice")
    digest = hashlib.sha256("\n".join(map(str, numbers)).encode()).hexdigest()
    event = read_events(store)[-1]
    assert (event.name, event.data) == ("cards.drawn", {"count": 2, "of": 5, "seed": "dice", "sha256": digest})
    assert digest in said and all(serial_for(card, LITTLE) in said for card in numbers)
    assert verify(store).problem == ""


def test_cards_keyed_without_a_batch_are_drawn_as_well(store: Store) -> None:
    taken = key_piece(store, 1, "d-1", card=1)
    store.text.delete(store.keys.of("returned"))
    drawn = draw_cards(store, 1, "x", "s-1").cards[0]
    assert drawn == DrawnCard(1, serial_for(1, LITTLE), 0, "", taken.number, "live", 0, [])


@pytest.mark.parametrize(("count", "seed", "said"), [
    (0, "x", "from 1 to 1,000"), (MOST_DRAWN + 1, "x", "from 1 to 1,000"), (1, "", "Give a seed"),
    (1, "x", "No card has been keyed"), (1, "x" * (LONGEST_SEED + 1), "Give a seed"),
    (1, "a\nb", "Give a seed"), (1, "é", "Give a seed"),
])
def test_a_draw_that_cannot_be_is_said_in_words(store: Store, count: int, seed: str, said: str) -> None:
    with pytest.raises(CannotDraw, match=said):
        draw_cards(store, count, seed, "s-1")
    assert read_events(store)[-1].name == "batch.opened"
