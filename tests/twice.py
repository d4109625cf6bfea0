"""Cards keyed twice in tests: a little campaign with an open batch, and keyings of its cards in the fewest words."""

from dataclasses import replace

from campaigns.responses import Submission
from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from campaigns.store.pieces import Piece, get_piece
from campaigns.store.second import keep_second
from campaigns.store.store import Store
from campaigns.store.third import LEFT, RIGHT, Pair, get_pair
from tests.paper import a_batch, key_piece
from tests.storehouse import NORMANTON, open_little

FIRST, SECOND_KEYER, THIRD = "s-1", "s-2", "s-3"


def with_a_batch(connections: Connections, cards: int = 6) -> Store:
    """Returns the little campaign with cards out and a batch of returns open."""
    made = open_little(connections)
    print_cards(made, cards, NORMANTON, "s-9")
    a_batch(made, 9)
    return made


def keyed(store: Store, *wishes: str, card: int = 1, who: str = FIRST) -> Piece:
    """Returns the piece of a card that was keyed the first time; a keyer's first hundred are all to be keyed again."""
    key_piece(store, 1, f"d-{card}", *wishes, card=card, who=who)
    piece = get_piece(store, 1, f"d-{card}")
    assert piece and piece.marks == "2"
    return piece


def said(*wishes: str, card: int = 1, **what: object) -> Submission:
    """Returns what a second keying of a card says."""
    return replace(Submission(wishes, "card", area=NORMANTON, card=card), **what)


def two_apart(store: Store, first: str = "More buses", second: str = "Zebra crossings", card: int = 1, **what: object) -> Pair:
    """Returns two keyings of a card that differ, as a third person finds them."""
    piece = keyed(store, first, card=card)
    keep_second(store, piece, said(second, card=card, **what), SECOND_KEYER)
    found = get_pair(store, piece.response, THIRD)
    assert isinstance(found, Pair)
    return found


def side_of(pair: Pair, text: str) -> str:
    """Returns on which side a wish stands."""
    left = pair.fields[0].left
    return LEFT if left and left.text == text else RIGHT
