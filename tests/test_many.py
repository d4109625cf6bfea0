"""Asking many things at once: answers in order, and none of them left behind for the next to read."""

import pytest
import redis

from campaigns.responses import Submission
from campaigns.store.connection import Connections
from campaigns.store.intake import Way, accept
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.many import as_mapping, ask_ahead, ask_many
from campaigns.store.responses import get_response, get_responses, read_fields, special_answers
from tests.storehouse import open_little, send


def test_answers_come_in_the_order_of_the_questions(connections: Connections) -> None:
    raw = connections.raw
    asked = [("SET", "a", "é"), ("GET", "a"), ("HSET", "h", "x", 1), ("HGETALL", "h")]
    assert ask_many(raw, asked)[:3] == [b"OK", "é".encode(), 1]
    assert as_mapping(ask_many(raw, [("HGETALL", "h")])[0]) == as_mapping([b"x", b"1"]) == {b"x": b"1"}
    assert ask_many(raw, []) == []


def test_batches_are_answered_one_after_another(connections: Connections) -> None:
    raw = connections.raw
    asked = [[("INCR", "n")] * size for size in (2, 0, 3)]
    assert list(ask_ahead(raw, asked)) == [[1, 2], [], [3, 4, 5]]
    assert list(ask_ahead(raw, [])) == []
    for left_early in ask_ahead(raw, asked):
        assert left_early == [6, 7]
        break
    assert raw.echo("whatever was asked ahead, nobody reads its answer for another").startswith(b"whatever")


def test_a_refusal_leaves_nothing_to_be_read_by_the_next(connections: Connections) -> None:
    connections.raw.set("a", "kept")
    with pytest.raises(redis.ResponseError):
        ask_many(connections.raw, [("GET", "a"), ("LPUSH", "a", "x"), ("GET", "a"), ("GET", "a")])
    assert connections.raw.get("b") is None
    assert ask_many(connections.raw, [("GET", "b"), ("GET", "a")]) == [None, b"kept"]


def test_special_answers_are_found_in_any_order_and_block(connections: Connections) -> None:
    store = open_little(connections)
    numbers = [1, 2, 3, ROW_BLOCK - 1, ROW_BLOCK, ROW_BLOCK + 3]
    for number in numbers:
        store.text.hset(store.keys.of("head"), "responses", number - 1)
        accept(store, Submission(("w",), "online", special={"disability": number % 3 + 1} if number != 2 else {}), Way())
    asked = [ROW_BLOCK + 3, 2, 1, ROW_BLOCK, 3, ROW_BLOCK - 1, 7, 3 * ROW_BLOCK]
    right = [bytes([number % 3 + 1, 0]) if number in numbers and number != 2 else b"" for number in asked]
    assert [answers.strip(b"\0") for answers in special_answers(store, asked)] == [answers.strip(b"\0") for answers in right]
    assert special_answers(store, []) == []
    found = get_responses(store, asked)
    assert [one.special.get("disability", 0) for one in found] == [n % 3 + 1 if n != 2 else 0 for n in asked if n in numbers]


def test_fields_are_those_that_a_response_is_read_from(connections: Connections) -> None:
    store = open_little(connections)
    send(store, "a wish")
    fields = read_fields(store, [1, 2])
    assert (list(fields), fields[1][b"w1"].decode()) == ([1], get_response(store, 1).wishes[0].text)  # type: ignore[union-attr]
