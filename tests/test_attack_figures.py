"""Figures that nobody types: numbers of thousands of digits, and words where a number belongs, are answered in words."""

from pathlib import Path

import pytest

from campaigns.store.cards import print_cards
from campaigns.store.connection import Connections
from tests.desks import SLUG, Desks, make_desks, post
from tests.keying import sit_down
from web import create_app

LONG = "9" * 5000
LIST = f"/officers/{SLUG}/cards/ledger/list"
KEYING = f"/keying/{SLUG}"


@pytest.fixture
def desks(settings: dict[str, str], connections: Connections, tmp_path: Path) -> Desks:
    made = make_desks(create_app(settings | {"PICTURES_URL": f"file://{tmp_path}/pictures"}), connections)
    print_cards(made.store, 4, "", "s-1")
    return made


def test_addresses_that_somebody_wrote_break_nothing(desks: Desks) -> None:
    someone = desks.signed_in("officer", "keyer")
    for address in (
        f"{LIST}?page={LONG}", f"{LIST}?page=x", *(f"{LIST}?by={by}&value={LONG}" for by in ("batch", "returned", "day", "ward")),
        f"{LIST}?by=day&value=abc", f"{LIST}?by=batch&value=-", f"{KEYING}/scan/{LONG}", f"{KEYING}/again?number={LONG}",
        f"{KEYING}/third?after={LONG}", f"{KEYING}/{LONG}", f"{KEYING}/look?serial={LONG}", f"/officers/{SLUG}/letters/{LONG}",
    ):
        assert someone.get(address).status_code < 500, address[:90]


@pytest.mark.parametrize(("address", "form"), [
    (f"/officers/{SLUG}/cards/draws", {"count": LONG, "seed": "1 2 3"}),
    (f"/officers/{SLUG}/cards/print", {"count": LONG, "paper": "sheets"}),
    (f"{KEYING}/", {"counted": LONG, "channel": "card", "day": "2010-07-12"}),
])
def test_a_count_of_thousands_of_digits_is_said_to_be_none(desks: Desks, address: str, form: dict[str, object]) -> None:
    answer = post(desks.signed_in("officer", "keyer"), address, form)
    assert (answer.status_code, "from 1 to" in answer.text) == (400, True)


@pytest.mark.parametrize("batch", [LONG, "9" * 12])
def test_a_piece_of_the_tray_is_counted_in_no_batch_of_thousands_of_digits(desks: Desks, batch: str) -> None:
    keyer, tray = sit_down(desks), f"{KEYING}/tray"
    lost = keyer.item(0, "Trees", serial="ABC-DEF")
    keyer.say(lost)
    form: dict[str, object] = {"as": "unnumbered", "batch": batch}
    answer = post(desks.signed_in("officer", name="Olive"), f"{tray}/{lost['piece']}", form, page=tray)
    assert (answer.status_code, "There is no such batch." in answer.text) == (400, True)
