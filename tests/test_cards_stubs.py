"""Receipt codes on stubs: read back, unguessable, deaf to slips, never taken for a response's reference."""

import math
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.alphabet import ALPHABET
from campaigns.cards.serials import HIGHEST_CARD
from campaigns.cards.stubs import LETTERS, card_of_stub, could_be_stub, stub_code_for
from campaigns.references import could_be, number_of, reference_for

SECRET = bytes(range(32))
CARDS = st.integers(1, HIGHEST_CARD)
SOME_CARDS = [1, 2, 100_000, HIGHEST_CARD, *random.Random(4).sample(range(1, HIGHEST_CARD), 16)]


@given(CARDS, st.binary(min_size=1, max_size=64))
def test_a_stub_gives_its_card_back(card: int, secret: bytes) -> None:
    code = stub_code_for(card, secret)
    assert re.fullmatch(rf"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{4}}", code)
    assert card_of_stub(code, secret) == card
    assert card_of_stub(f" {code.lower().replace('-', ' – ')} ", secret) == card


def test_a_code_holds_sixty_bits_that_cannot_be_guessed() -> None:
    assert LETTERS * math.log2(len(ALPHABET)) >= 60


@pytest.mark.parametrize("card", SOME_CARDS)
def test_every_wrong_letter_and_every_swap_is_caught(card: int) -> None:
    right = stub_code_for(card, SECRET).replace("-", "")
    slips = {right[:place] + wrong + right[place + 1 :] for place in range(16) for wrong in ALPHABET}
    slips |= {right[:place] + right[place + 1] + right[place] + right[place + 2 :] for place in range(15)}
    assert {slip for slip in slips if could_be_stub(slip)} == {right}


@given(CARDS)
def test_a_stub_and_a_reference_are_never_taken_for_each_other(card: int) -> None:
    code, reference = stub_code_for(card, SECRET), reference_for(card, SECRET)
    assert (could_be_stub(code), could_be(code), number_of(code, SECRET)) == (True, False, None)
    assert (could_be_stub(reference), could_be(reference), card_of_stub(reference, SECRET)) == (False, True, None)


def test_another_campaigns_stubs_lead_nowhere() -> None:
    assert {card_of_stub(stub_code_for(card, b"another"), SECRET) for card in range(1, 2001)} == {None}


def test_neighbours_look_nothing_alike() -> None:
    codes = [stub_code_for(card, SECRET) for card in range(1, 1001)]
    assert len(set(codes)) == len({code[:9] for code in codes}) == 1000


@pytest.mark.parametrize("card", [-1, 0, HIGHEST_CARD + 1])
def test_cards_out_of_range_are_refused(card: int) -> None:
    with pytest.raises(ValueError, match="cards are numbered from 1"):
        stub_code_for(card, SECRET)


@pytest.mark.parametrize("code", ["", "ABC", "0" * 16, "2" * 17, "💚" * 16, "A" * 100_000])
def test_nonsense_is_no_stub(code: str) -> None:
    assert card_of_stub(code, SECRET) is None
