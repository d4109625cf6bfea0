"""Cards that come back by the sackful with every fault there is: each is named, none is lost, and the residual is nought."""

from campaigns.cards.audit import check_paper
from campaigns.cards.ledger import residual_cards
from campaigns.store.cards import read_paper
from campaigns.store.connection import Connections
from campaigns.store.log import verify
from tests.accounted import unaccounted
from tests.returning import FAULTS, LOST, Return
from tests.storehouse import catch_up, open_little


def test_whatever_is_wrong_with_the_cards_that_come_back_each_is_accounted_for(connections: Connections) -> None:
    store = open_little(connections)
    expected = Return(store, 2400, share=0.2).all_comes_back(2000)
    assert all(expected.faults[name] for name in FAULTS)
    assert unaccounted(store, expected) == []
    assert {batch.why for batch in read_paper(store).returns if batch.short} == {LOST}
    assert (catch_up(store).total(), verify(store).problem, check_paper(store)) == (expected.live, "", [])


def test_a_card_that_goes_missing_is_found(connections: Connections) -> None:
    store = open_little(connections)
    expected = Return(store, 60).all_comes_back(50)
    store.text.setrange(store.keys.of("cards"), 7, "?")
    assert residual_cards(read_paper(store)) == [7]
    assert unaccounted(store, expected)[0].startswith("card 7 is None, and should be ")
