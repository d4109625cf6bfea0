"""An upload read to its end: pictures tied to their cards, what cannot be tied left for a person, in spite of kills."""

import pytest

from campaigns.store.cards import card_state
from campaigns.store.connection import Connections
from campaigns.store.pictures import card_picture, get
from campaigns.store.scans import list_items, unread_scans
from campaigns.store.store import Store
from tests.scanning import as_file, outcomes, printed, scanned, upload
from tests.storehouse import open_little


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_little(connections)


def test_the_cards_of_a_page_wait_to_be_keyed_with_their_pictures(store: Store) -> None:
    batch = printed(store)
    scan = upload(store, as_file(scanned(store, batch)))
    assert (scan.state, scan.pages, outcomes(scan)) == ("read", 1, [["tied"] * 4])
    for card in range(batch.first, batch.last + 1):
        assert card_state(store, card) == "waiting"
        assert (get(store, card_picture(store, card)) or b"").startswith(b"\xff\xd8\xff")
    assert (list_items(store), unread_scans(store)) == ([], [])
