"""The reference a resident gets for a response: its number under a keyed permutation, so nothing is stored.

A Feistel network over pairs of numbers below 31^6 permutes exactly the 31^12 (2^59.4) words of 12 letters, without
walking cycles. Only numbers below 2^40 are taken for responses, so one made-up reference in 716,000 reads as a number
at all; and with 100,000 responses sent, one guess in 7.9 million million finds one of them.
"""

import hashlib
import hmac

from campaigns.alphabet import BASE, check_letter, fits_check, number_spelt, read_letters, spell_number

LETTERS = 12
HIGHEST = 2**40

_HALF: int = BASE ** (LETTERS // 2)
_ROUNDS = 8


def reference_for(number: int, secret: bytes) -> str:
    """Returns the reference to print for a response, as XXXX-XXXX-XXXX-X, the last a check letter."""
    if not 0 <= number < HIGHEST:
        raise ValueError(f"no response has the number {number}")
    left, right = divmod(number, _HALF)
    for turn in range(_ROUNDS):
        left, right = right, (left + _scramble(turn, right, secret)) % _HALF
    letters = spell_number(left * _HALF + right, LETTERS)
    return "-".join((letters[:4], letters[4:8], letters[8:], check_letter(letters)))


def number_of(reference: str, secret: bytes) -> int | None:
    """Returns the response number a reference stands for, or None where it was mistyped or made up.

    Lower case, spaces and dashes are read; one wrong letter or two swapped never give another response.
    """
    letters = read_letters(reference, LETTERS + 1)
    if letters is None or not fits_check(letters):
        return None
    left, right = divmod(number_spelt(letters[:-1]), _HALF)
    for turn in reversed(range(_ROUNDS)):
        left, right = (right - _scramble(turn, left, secret)) % _HALF, left
    number = left * _HALF + right
    return number if number < HIGHEST else None


def could_be(reference: str) -> bool:
    """Tells whether a reference is written as ours are, its check letter among them: no slip of the pen is."""
    letters = read_letters(reference, LETTERS + 1)
    return letters is not None and fits_check(letters)


def _scramble(turn: int, half: int, secret: bytes) -> int:
    digest = hmac.digest(secret, b"reference %d %d" % (turn, half), hashlib.sha256)
    return int.from_bytes(digest[:16], "big") % _HALF
