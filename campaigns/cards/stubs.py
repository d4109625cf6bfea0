"""The receipt code on a card's tear-off stub: the card's number under a keyed permutation, so nothing is stored.

Sixteen letters in fours, the last a check letter, where a response's reference has thirteen: which of the two someone
typed is told by counting. The other fifteen are one of 31^15 (2^74.3) words; with 100,000 cards printed, one guess in
235 thousand million million finds one of them.
"""

from campaigns.alphabet import check_letter, fits_check, number_spelt, read_letters, spell_number
from campaigns.cards.serials import HIGHEST_CARD
from campaigns.permuting import permute, permute_back

LETTERS = 15

_NAME = b"card stub"


def stub_code_for(card: int, secret: bytes) -> str:
    """Returns the receipt code to print on a card's stub, as XXXX-XXXX-XXXX-XXXX, by its number (from 1)."""
    if not 1 <= card <= HIGHEST_CARD:
        raise ValueError(f"cards are numbered from 1 to {HIGHEST_CARD:,}, not {card:,}")
    letters = spell_number(permute(card, LETTERS, _NAME, secret), LETTERS)
    letters += check_letter(letters)
    return "-".join(letters[place : place + 4] for place in range(0, LETTERS + 1, 4))


def card_of_stub(code: str, secret: bytes) -> int | None:
    """Returns the number of the card a stub was torn from, or None where its code was mistyped or made up.

    Lower case, spaces and dashes are read; whether a card of this number was printed is for the caller to check.
    """
    if not could_be_stub(code):
        return None
    letters = read_letters(code, LETTERS + 1) or ""
    card = permute_back(number_spelt(letters[:-1]), LETTERS, _NAME, secret)
    return card if 1 <= card <= HIGHEST_CARD else None


def could_be_stub(code: str) -> bool:
    """Tells whether a code is written as stubs' are, its check letter among them: no reference of a response is."""
    letters = read_letters(code, LETTERS + 1)
    return letters is not None and fits_check(letters)
