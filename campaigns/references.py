"""The reference a resident gets for a response: its number under a keyed permutation, so nothing is stored.

The 31^12 (2^59.4) words of 12 letters are permuted. Only numbers below 2^40 are taken for responses, so one made-up
reference in 716,000 reads as a number at all; and with 100,000 responses sent, one guess in 7.9 million million finds
one of them.
"""

from campaigns.alphabet import check_letter, fits_check, number_spelt, read_letters, spell_number
from campaigns.permuting import permute, permute_back

LETTERS = 12
HIGHEST = 2**40

_NAME = b"reference"


def reference_for(number: int, secret: bytes) -> str:
    """Returns the reference to print for a response, as XXXX-XXXX-XXXX-X, the last a check letter."""
    if not 0 <= number < HIGHEST:
        raise ValueError(f"no response has the number {number}")
    letters = spell_number(permute(number, LETTERS, _NAME, secret), LETTERS)
    return "-".join((letters[:4], letters[4:8], letters[8:], check_letter(letters)))


def number_of(reference: str, secret: bytes) -> int | None:
    """Returns the response number a reference stands for, or None where it was mistyped or made up.

    Lower case, spaces and dashes are read; one wrong letter or two swapped never give another response.
    """
    letters = read_letters(reference, LETTERS + 1)
    if letters is None or not fits_check(letters):
        return None
    number = permute_back(number_spelt(letters[:-1]), LETTERS, _NAME, secret)
    return number if number < HIGHEST else None


def could_be(reference: str) -> bool:
    """Tells whether a reference is written as ours are, its check letter among them: no slip of the pen is."""
    letters = read_letters(reference, LETTERS + 1)
    return letters is not None and fits_check(letters)
