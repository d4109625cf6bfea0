"""Tokens: unguessable, checked without looking anything up, and small in a QR symbol."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.alphabet import ALPHABET
from campaigns.cards.serials import HIGHEST_CARD
from campaigns.cards.tokens import PROOF_LETTERS, card_address, card_from, token_for

SECRET = bytes(range(32))
CARDS = st.integers(1, HIGHEST_CARD)


@given(CARDS, st.binary(min_size=1, max_size=64))
def test_token_gives_its_card_back(card: int, secret: bytes) -> None:
    assert card_from(token_for(card, secret), secret) == card


def test_token_holds_128_bits_that_cannot_be_guessed() -> None:
    assert PROOF_LETTERS * math.log2(len(ALPHABET)) >= 128


@given(CARDS, st.integers(0, 30), st.sampled_from(ALPHABET))
def test_a_changed_token_opens_nothing(card: int, place: int, wrong: str) -> None:
    token = token_for(card, SECRET)
    changed = token[:place] + wrong + token[place + 1 :]
    assert card_from(changed, SECRET) == (card if changed == token else None)


def test_another_cards_proof_opens_nothing() -> None:
    assert card_from(token_for(1, SECRET)[:5] + token_for(2, SECRET)[5:], SECRET) is None


@given(CARDS)
def test_another_campaigns_secret_opens_nothing(card: int) -> None:
    assert card_from(token_for(card, b"another"), SECRET) is None


def test_token_is_read_in_lower_case_and_in_groups() -> None:
    token = token_for(7, SECRET)
    assert card_from(token.lower(), SECRET) == 7
    assert card_from("-".join((token[:5], token[5:20], token[20:])), SECRET) == 7


@pytest.mark.parametrize("card", [-1, 0, HIGHEST_CARD + 1])
def test_cards_out_of_range_are_refused(card: int) -> None:
    with pytest.raises(ValueError, match="cards are numbered from 1"):
        token_for(card, SECRET)


@pytest.mark.parametrize("token", ["", "2" * 31, "ABC", "💚" * 31, "é" * 31, "A" * 100_000])
def test_nonsense_opens_nothing(token: str) -> None:
    assert card_from(token, SECRET) is None


@pytest.mark.parametrize("site", ["https://wishes.example.org", "https://wishes.example.org/"])
def test_address_is_in_capitals(site: str) -> None:
    assert card_address(site, "derby-2026", "AB2") == "HTTPS://WISHES.EXAMPLE.ORG/DERBY-2026/C/AB2"
