"""What a code says: a card of this campaign's, or what else. Pure; the child process uses the part that needs no secret."""

from campaigns.cards.tokens import card_from, could_be_token

SHAPE = "/c/"


def is_ours_aside(text: str, slug: str) -> bool:
    """Tells whether a code leads into the campaign but to no card: a poster's, or the one on a card's stub."""
    return f"/{slug}/" in text.casefold() and SHAPE not in text.casefold()


def may_be_card(text: str, slug: str) -> bool:
    """Tells whether a code is written as those on this campaign's cards are; whether we made it, only the secret tells."""
    address, _, token = text.strip().casefold().rpartition(SHAPE)
    return address.endswith(f"/{slug}") and could_be_token(token.upper())


def judge(text: str, slug: str, secret: bytes) -> tuple[str, int]:
    """Returns what a code is, by the name of its outcome or "card", and the card's number, 0 for none."""
    token = text.strip().casefold().rpartition(SHAPE)[2].upper()
    card = card_from(token, secret) if SHAPE in text.casefold() else None
    if card:
        return "card", card
    if may_be_card(text, slug):
        return "forged", 0
    return ("another campaign" if SHAPE in text.casefold() and could_be_token(token) else "not ours"), 0
