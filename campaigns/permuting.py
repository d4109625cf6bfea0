"""A keyed permutation of numbers, so that a code can stand for a number with nothing stored and nothing to guess by.

A Feistel network over pairs permutes exactly the words of so many letters, without walking cycles; where the letters
are odd in number the two halves differ by one, which the network allows since each turn moves one half by the other.
"""

import hashlib
import hmac

from campaigns.alphabet import BASE

_ROUNDS = 8


def permute(number: int, letters: int, name: bytes, secret: bytes) -> int:
    """Returns where a number below 31^letters lands, under a name (what the code is for) and a secret."""
    moduli = _halves(letters)
    halves = list(divmod(number, moduli[1]))
    for turn in range(_ROUNDS):
        side = turn % 2
        halves[side] = (halves[side] + _scramble(name, turn, halves[1 - side], secret)) % moduli[side]
    return halves[0] * moduli[1] + halves[1]


def permute_back(number: int, letters: int, name: bytes, secret: bytes) -> int:
    """Returns the number that ``permute`` puts here."""
    moduli = _halves(letters)
    halves = list(divmod(number, moduli[1]))
    for turn in reversed(range(_ROUNDS)):
        side = turn % 2
        halves[side] = (halves[side] - _scramble(name, turn, halves[1 - side], secret)) % moduli[side]
    return halves[0] * moduli[1] + halves[1]


def _halves(letters: int) -> tuple[int, int]:
    right: int = BASE ** (letters // 2)
    return BASE**letters // right, right


def _scramble(name: bytes, turn: int, half: int, secret: bytes) -> int:
    digest = hmac.digest(secret, b"%s %d %d" % (name, turn, half), hashlib.sha256)
    return int.from_bytes(digest[:16], "big")
