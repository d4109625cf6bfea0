"""Words that the desk keeps beside responses: in worries and in the tray, they go with what they became, and in due time."""

import pytest

from campaigns.cards.serials import serial_for
from campaigns.keeping.expiring import expire
from campaigns.keeping.retention import retain, words_go
from campaigns.responses import WITHDRAWN
from campaigns.store.cards import print_cards
from campaigns.store.changes import erase, withdraw
from campaigns.store.connection import Connections
from campaigns.store.pausing import paused
from campaigns.store.tray import in_tray
from campaigns.store.worries import open_worries
from tests.desks import SLUG, make_desks
from tests.keying import Keyer, sit_down
from tests.storehouse import every_byte
from web import create_app
from web.keying.entry import read_entry
from web.keying.keyed import keep_entry


@pytest.fixture
def keyer(settings: dict[str, str], connections: Connections) -> Keyer:
    desks = make_desks(create_app(settings), connections)
    print_cards(desks.store, 4, "", "s-1")
    return sit_down(desks)


@pytest.mark.parametrize("kind", ["piece", "worry", "undo"])
@pytest.mark.parametrize("typed", [{}, {"serial": "ABC-DEF"}, {"outcome": "unusable", "why": "torn"}])
def test_nothing_is_taken_in_that_a_restore_would_take_away(keyer: Keyer, kind: str, typed: dict[str, str]) -> None:
    item = keyer.item(2, "Trees", kind=kind, **typed)
    with paused(keyer.desks.connections):
        assert keyer.send(item).status_code == 503
    assert keyer.send(item).status_code == 200  # its browser sends it again


@pytest.mark.parametrize("serial", [{}, {"outcome": "unnumbered"}])
def test_erasing_a_response_takes_its_words_out_of_the_worry_too(keyer: Keyer, serial: dict[str, str]) -> None:
    typed = keyer.item(0 if serial else 2, "Canary words", **serial)
    keyer.say(typed | {"kind": "worry"}, typed)
    assert b"Canary" in every_byte(keyer.desks.connections)
    erase(keyer.store, 1)
    assert b"Canary" not in every_byte(keyer.desks.connections)
    assert len(open_worries(keyer.store)) == 1


def test_words_of_who_took_them_back_leave_the_worry_in_their_time(keyer: Keyer) -> None:
    typed = keyer.item(2, "Canary words")
    keyer.say(typed | {"kind": "worry"}, typed)
    withdraw(keyer.store, 1)
    expire(keyer.store, [1], (WITHDRAWN,))
    assert b"Canary" not in every_byte(keyer.desks.connections)
    assert len(open_worries(keyer.store)) == 1


def test_erasing_reaches_the_tray_of_a_settling_that_was_killed_half_way(keyer: Keyer) -> None:
    typed = keyer.item(0, "Canary words", serial="ABC-DEF")
    keyer.say(typed)
    assert keep_entry(keyer.store, read_entry(keyer.store.campaign, typed | {"serial": serial_for(2, SLUG)}), "s-1").saved
    assert len(in_tray(keyer.store)) == 1
    erase(keyer.store, 1)
    assert b"Canary" not in every_byte(keyer.desks.connections)


def test_all_that_is_held_goes_when_the_words_time_is_up(keyer: Keyer) -> None:
    typed = keyer.item(2, "Canary in a worry")
    keyer.say(typed | {"kind": "worry"}, keyer.item(0, "Canary in the tray", serial="ABC-DEF"))
    go = words_go(keyer.store.campaign)
    assert go
    retain(keyer.store, go)
    assert b"Canary" not in every_byte(keyer.desks.connections)
