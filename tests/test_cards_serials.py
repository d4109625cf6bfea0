"""Serials: read back, forgiving, and deaf to slips and to other campaigns' cards."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.alphabet import ALPHABET
from campaigns.cards.serials import HIGHEST_CARD, card_of, serial_for

SLUG = "derby-2026"
SOME_CARDS = [1, 2, 31, 100_000, HIGHEST_CARD, *random.Random(3).sample(range(1, HIGHEST_CARD), 45)]


@given(st.integers(1, HIGHEST_CARD), st.text(max_size=40))
def test_serial_gives_its_card_back(card: int, slug: str) -> None:
    serial = serial_for(card, slug)
    assert re.fullmatch(rf"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", serial)
    assert card_of(serial, slug) == card


@pytest.mark.parametrize("card", SOME_CARDS)
def test_every_wrong_letter_and_every_swap_is_caught(card: int) -> None:
    right = serial_for(card, SLUG).replace("-", "")
    slips = {right[:place] + wrong + right[place + 1 :] for place in range(6) for wrong in ALPHABET}
    slips |= {right[:place] + right[place + 1] + right[place] + right[place + 2 :] for place in range(5)}
    assert {slip for slip in slips if card_of(slip, SLUG)} == {right}


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}", "{3}"])
def test_serial_is_read_however_it_is_typed(typed: str) -> None:
    serial = serial_for(42, SLUG)
    ways = (serial, serial.lower(), serial.replace("-", ""), serial.replace("-", " – "))
    assert card_of(typed.format(*ways), SLUG) == 42


def test_a_hundred_thousand_cards_have_as_many_serials() -> None:
    assert len({serial_for(card, SLUG) for card in range(1, 100_001)}) == 100_000


def test_another_campaigns_serial_hardly_ever_looks_like_a_printed_card() -> None:
    others = [card_of(serial_for(card, "durham-2011"), SLUG) for card in range(1, 20_001)]
    assert sum(card is not None for card in others) < 20_000 / 20
    assert sum(card is not None and card <= 100_000 for card in others) < 20


def test_two_slips_hardly_ever_look_like_a_printed_card() -> None:
    chance = random.Random(5)
    found = 0
    for card in range(1, 10_001):
        letters = list(serial_for(card, SLUG).replace("-", ""))
        for place in chance.sample(range(6), 2):
            letters[place] = chance.choice(ALPHABET)
        other = card_of("".join(letters), SLUG)
        found += other is not None and other != card and other <= 100_000
    assert found < 10


@pytest.mark.parametrize("card", [-1, 0, HIGHEST_CARD + 1])
def test_cards_out_of_range_are_refused(card: int) -> None:
    with pytest.raises(ValueError, match="cards are numbered from 1"):
        serial_for(card, SLUG)


@pytest.mark.parametrize("typed", ["", "ABC", "ABC-DEFG", "0O1-ILL", "💚💚💚-💚💚💚", "A" * 10_000])
def test_nonsense_is_no_serial(typed: str) -> None:
    assert card_of(typed, SLUG) is None
