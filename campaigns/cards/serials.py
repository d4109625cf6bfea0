"""The short serial printed on a card, for people who key what came back by post: AB3-K7Q.

Five letters spell the card's number and the sixth is a check. Numbers are spread over all the words of five letters by
a step of the campaign's own, so that neighbours look nothing alike, and a serial that is wrong in more ways than the
check can catch, or is another campaign's, nearly always lands on a number far above any that was printed.
"""

import hashlib
from functools import lru_cache

from campaigns.alphabet import BASE, check_letter, fits_check, number_spelt, read_letters, spell_number

LETTERS = 5
HIGHEST_CARD = BASE**LETTERS - 1


def serial_for(card: int, campaign: str) -> str:
    """Returns the serial to print on a card, by its number (from 1) and the campaign's slug."""
    if not 1 <= card <= HIGHEST_CARD:
        raise ValueError(f"cards are numbered from 1 to {HIGHEST_CARD:,}, not {card:,}")
    step, start, salt = _spread(campaign)
    letters = spell_number((start + card * step) % BASE**LETTERS, LETTERS)
    return f"{letters[:3]}-{letters[3:]}{check_letter(letters, salt)}"


def card_of(serial: str, campaign: str) -> int | None:
    """Returns the number of the card with this serial, or None where the serial cannot be this campaign's.

    Lower case, spaces and dashes are read. Any one wrong letter and any swap is caught; whether a card of
    this number was ever printed is for the caller to check.
    """
    step, start, salt = _spread(campaign)
    letters = read_letters(serial, LETTERS + 1)
    if letters is None or not fits_check(letters, salt):
        return None
    card = (number_spelt(letters[:-1]) - start) * pow(step, -1, BASE**LETTERS) % BASE**LETTERS
    return card or None


def check_salt(campaign: str) -> int:
    """Returns what a campaign's check letters are salted with, so that a page can check a serial as it is typed."""
    return _spread(campaign)[2]


@lru_cache(maxsize=64)
def _spread(campaign: str) -> tuple[int, int, int]:
    digest = hashlib.sha256(f"card serials of {campaign}".encode()).digest()
    step, start, salt = (int.from_bytes(digest[at : at + 8], "big") for at in (0, 8, 16))
    # A step that 31 does not divide visits every word of five letters once before it comes round.
    return step % BASE ** (LETTERS - 1) * BASE + step % (BASE - 1) + 1, start % BASE**LETTERS, salt % BASE
