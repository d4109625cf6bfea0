"""Closed questions: answers by their words or their place, and nothing that is not on the list."""

import pytest

from campaigns.questions import Question, read_answers

AGE = Question("age", "How old are you?", ("Under 16", "16 to 64", "65 or over"))
FAITH = Question("faith", "What is your religion?", ("None", "One"), special=True)


@pytest.mark.parametrize(("answer", "place"), [
    ("Under 16", 1), ("65 or over", 3), ("1", 1), ("3", 3), ("0", 0), ("4", 0), ("-1", 0), ("", 0), ("under 16", 0),
    ("²", 0), ("01", 0), ("1.0", 0), ("9" * 5000, 0),
])
def test_an_answer_is_kept_as_its_place(answer: str, place: int) -> None:
    assert AGE.place(answer) == place


@pytest.mark.parametrize(("place", "words"), [(1, "Under 16"), (3, "65 or over"), (0, ""), (4, ""), (-1, "")])
def test_a_place_reads_back_as_its_words(place: int, words: str) -> None:
    assert AGE.answer(place) == words


@pytest.mark.parametrize(("sent", "places", "said"), [
    ({}, {}, []),
    ({"age": "2", "faith": "None"}, {"age": 2, "faith": 1}, []),
    ({"age": ""}, {}, []),
    ({"age": "100"}, {}, ["“100” is not one of the answers to “How old are you?”."]),
    ({"shoe-size": "9"}, {}, ["There is no question called “shoe-size”."]),
    ({"age": "old", "faith": "2"}, {"faith": 2}, ["“old” is not one of the answers to “How old are you?”."]),
])
def test_answers_are_read_and_strange_ones_named(sent: dict[str, str], places: dict[str, int], said: list[str]) -> None:
    assert read_answers((AGE, FAITH), sent) == (places, said)
