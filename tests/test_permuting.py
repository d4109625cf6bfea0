"""A keyed permutation: every number lands somewhere of its own and is found again, under its own name and secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.permuting import permute, permute_back

SECRET = bytes(range(32))


@pytest.mark.parametrize("letters", [1, 2])
def test_a_permutation_fills_its_range_and_leads_back(letters: int) -> None:
    words = range(31**letters)
    landed = [permute(number, letters, b"test", SECRET) for number in words]
    assert sorted(landed) == list(words)
    assert [permute_back(number, letters, b"test", SECRET) for number in landed] == list(words)


@given(st.integers(1, 20), st.data())
def test_what_is_permuted_comes_back(letters: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, 31**letters - 1))
    landed = permute(number, letters, b"test", SECRET)
    assert 0 <= landed < 31**letters
    assert permute_back(landed, letters, b"test", SECRET) == number


@pytest.mark.parametrize(("name", "secret"), [(b"other", SECRET), (b"test", b"other")])
def test_another_name_or_secret_is_another_permutation(name: bytes, secret: bytes) -> None:
    assert [permute(n, 12, b"test", SECRET) for n in range(50)] != [permute(n, 12, name, secret) for n in range(50)]
