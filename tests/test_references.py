"""References: an exact permutation of numbers, read forgivingly, and hopeless to guess."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.alphabet import ALPHABET, check_letter
from campaigns.references import HIGHEST, number_of, reference_for

SECRET = bytes(range(32))
NUMBERS = st.integers(0, HIGHEST - 1)


@given(NUMBERS, st.binary(min_size=1, max_size=64))
def test_reference_gives_its_number_back(number: int, secret: bytes) -> None:
    reference = reference_for(number, secret)
    assert re.fullmatch(rf"(?:[{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]", reference)
    assert number_of(reference, secret) == number


@given(NUMBERS)
def test_reference_is_read_however_it_is_typed(number: int) -> None:
    reference = reference_for(number, SECRET)
    for typed in (reference.lower(), reference.replace("-", ""), reference.replace("-", " – "), f" {reference}\n"):
        assert number_of(typed, SECRET) == number


@given(NUMBERS, st.integers(0, 12), st.sampled_from(ALPHABET))
def test_one_wrong_letter_never_finds_another_response(number: int, place: int, wrong: str) -> None:
    letters = reference_for(number, SECRET).replace("-", "")
    typed = letters[:place] + wrong + letters[place + 1 :]
    assert number_of(typed, SECRET) == (number if typed == letters else None)


@given(NUMBERS, st.integers(0, 11))
def test_neighbours_swapped_never_find_another_response(number: int, place: int) -> None:
    letters = reference_for(number, SECRET).replace("-", "")
    typed = letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
    assert number_of(typed, SECRET) == (number if typed == letters else None)


def test_numbers_in_a_row_get_references_that_share_nothing() -> None:
    made = [reference_for(number, SECRET) for number in range(2000)]
    assert len(set(made)) == 2000
    for place in (0, 5, 10):
        assert len({reference[place] for reference in made}) == len(ALPHABET)


def test_a_made_up_reference_is_no_response() -> None:
    chance = random.Random(1)
    guesses = ["".join(chance.choices(ALPHABET, k=12)) for _ in range(2000)]
    found = [number_of(guess + check_letter(guess), SECRET) for guess in guesses]
    assert found == [None] * 2000


def test_another_secret_reads_nothing() -> None:
    made = [reference_for(number, SECRET) for number in range(500)]
    assert {number_of(reference, b"another") for reference in made} == {None}


@pytest.mark.parametrize("number", [-1, HIGHEST])
def test_numbers_no_response_can_have_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no response has the number"):
        reference_for(number, SECRET)


@pytest.mark.parametrize("typed", ["", "hello", "XXXX-XXXX-XXXX", "0000-0000-0000-0", "💚" * 13, "A" * 10_000])
def test_nonsense_is_no_reference(typed: str) -> None:
    assert number_of(typed, SECRET) is None
