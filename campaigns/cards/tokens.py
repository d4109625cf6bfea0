"""The unguessable token in a card's QR address, checked by working it out again and never by looking it up.

Five letters spell the card's number and 26 its HMAC-SHA256 under the campaign's secret, taken modulo 31^26: 128.8 bits.
Addresses are in capitals throughout, which a QR symbol packs into 5.5 bits a letter and not 8.
"""

import hashlib
import hmac

from campaigns.alphabet import BASE, number_spelt, read_letters, spell_number
from campaigns.cards.serials import HIGHEST_CARD, LETTERS

PROOF_LETTERS = 26


def token_for(card: int, secret: bytes) -> str:
    """Returns the 31 letters that open a card's form, by its number (from 1) and the campaign's secret."""
    if not 1 <= card <= HIGHEST_CARD:
        raise ValueError(f"cards are numbered from 1 to {HIGHEST_CARD:,}, not {card:,}")
    digest = hmac.digest(secret, b"card token %d" % card, hashlib.sha256)
    proof = int.from_bytes(digest, "big") % BASE**PROOF_LETTERS
    return spell_number(card, LETTERS) + spell_number(proof, PROOF_LETTERS)


def card_from(token: str, secret: bytes) -> int | None:
    """Returns the number of the card a token was made for, or None where it was not made with this secret."""
    letters = read_letters(token, LETTERS + PROOF_LETTERS)
    card = number_spelt(letters[:LETTERS]) if letters else 0
    if letters is None or card < 1:
        return None
    return card if hmac.compare_digest(letters, token_for(card, secret)) else None


def could_be_token(token: str) -> bool:
    """Tells whether a token is written as ours are; whether it opens a card, only the secret tells."""
    return read_letters(token, LETTERS + PROOF_LETTERS) is not None


def card_address(site: str, campaign: str, token: str) -> str:
    """Returns the address to put in a card's QR symbol: HTTPS://SITE/SLUG/C/TOKEN, all in capitals.

    ``site`` is scheme and host, as in https://wishes.example.org; the web side takes paths in either case.
    """
    return f"{site.rstrip('/')}/{campaign}/c/{token}".upper()
