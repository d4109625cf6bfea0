"""The alphabet and its check letter: every single wrong letter and every swap is caught."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.alphabet import ALPHABET, check_letter, fits_check, number_spelt, read_letters, spell_number

WORDS = st.text(ALPHABET, min_size=1, max_size=29)


def test_alphabet_has_31_letters_and_none_that_look_alike() -> None:
    assert len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("01OIL")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ABC234", "ABC234"),
        ("abc-234", "ABC234"),
        (" ab c2 34\n", "ABC234"),
        ("ABC–234", "ABC234"),
        ("ABC\u00a0—\u2009234", "ABC234"),
        ("A.B_C.2-3-4", "ABC234"),
        ("ABC23", None),
        ("ABC2345", None),
        ("ABC23O", None),
        ("ABC230", None),
        ("ABC23ı", None),
        ("ABC2ß", None),
        ("ABCſ23", None),
        ("АBC234", None),
        ("", None),
        ("ABC234" + " " * 18 + "x", None),
    ],
)
def test_reading_forgives_case_spaces_and_dashes_only(text: str, read: str | None) -> None:
    assert read_letters(text, 6) == read


@given(st.integers(0, 31**5 - 1))
def test_numbers_spelt_read_back(number: int) -> None:
    assert number_spelt(spell_number(number, 5)) == number


@pytest.mark.parametrize("number", [-1, 31**5])
def test_numbers_that_do_not_fit_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="does not fit in 5 letters"):
        spell_number(number, 5)


@given(WORDS, st.integers(0, 30))
def test_any_one_wrong_letter_is_caught(letters: str, salt: int) -> None:
    whole = letters + check_letter(letters, salt)
    assert fits_check(whole, salt)
    for place, wrong in product(range(len(whole)), ALPHABET):
        changed = whole[:place] + wrong + whole[place + 1 :]
        assert fits_check(changed, salt) == (changed == whole)


@given(WORDS, st.integers(0, 30))
def test_any_swap_is_caught(letters: str, salt: int) -> None:
    whole = letters + check_letter(letters, salt)
    for here, there in product(range(len(whole)), repeat=2):
        swapped = list(whole)
        swapped[here], swapped[there] = swapped[there], swapped[here]
        assert fits_check("".join(swapped), salt) == (whole[here] == whole[there])


def test_more_letters_than_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        check_letter("A" * 30)
