"""The 31 letters and figures that cards, tokens and references are written in, and their check letter.

No 0 or O, 1, I or L, which people mistake for each other. There are 31 of them, a prime, so that a check letter made
with weights that differ and are none of them zero, modulo 31, catches every single wrong letter and every swap.
"""

import re

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(ALPHABET)

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
# Spaces and dashes of every kind a keyboard, a telephone or a word processor may put between groups.
_BETWEEN = re.compile(r"[\s\-_.\u00ad\u2010-\u2015\u2212]+")


def read_letters(text: str, length: int) -> str | None:
    """Returns what someone typed as ``length`` plain capitals, or None where it cannot be that."""
    letters = _BETWEEN.sub("", text) if len(text) <= 4 * length else ""
    # Only ASCII is put into capitals: Python would make S of a long s and SS of a sharp one.
    letters = letters.upper() if letters.isascii() else ""
    return letters if len(letters) == length and all(letter in _VALUES for letter in letters) else None


def spell_number(number: int, length: int) -> str:
    """Returns a number in ``length`` letters, most significant first; ValueError where it does not fit."""
    if not 0 <= number < BASE**length:
        raise ValueError(f"{number} does not fit in {length} letters")
    letters = []
    for _ in range(length):
        number, value = divmod(number, BASE)
        letters.append(ALPHABET[value])
    return "".join(reversed(letters))


def number_spelt(letters: str) -> int:
    """Returns the number that letters from the alphabet spell."""
    number = 0
    for letter in letters:
        number = number * BASE + _VALUES[letter]
    return number


def check_letter(letters: str, salt: int = 0) -> str:
    """Returns the letter that makes the weighted sum of letters, itself and salt nought modulo 31.

    Weights are 1, 2, 3 ... from the left, the check letter's own being the next; so up to 29 letters.
    """
    if len(letters) > BASE - 2:
        raise ValueError(f"{len(letters)} letters are too many for one check letter")
    total = salt + sum(weight * _VALUES[letter] for weight, letter in enumerate(letters, 1))
    return ALPHABET[-total * pow(len(letters) + 1, -1, BASE) % BASE]


def fits_check(letters: str, salt: int = 0) -> bool:
    """Tells whether the last of these letters is the check letter of those before it."""
    return letters[-1:] == check_letter(letters[:-1], salt)
