"""Where words are no longer kept, pages say so, and go on showing what is counted."""


import pytest
from flask.testing import FlaskClient

from campaigns.keeping.expiring import expire
from campaigns.responses import SlotCoding
from campaigns.store.changes import code_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.store import Store
from tests.desks import SLUG, Desks, make_desks
from tests.visitors import kept_by, open_asking, open_page, reference_in, send_form, send_wishes
from web import create_app

CODING = SlotCoding(("growth.roads",), "mend", "s-1")


@pytest.fixture
def store(connections: Connections) -> Store:
    return open_asking(connections)


@pytest.mark.parametrize(("withdrawn", "said", "never"), [
    (False, "Your wishes are still counted: which theme they were about, and from which ward.", "Change your wishes"),
    (True, "You withdrew these wishes.", "still counted"),
])
def test_the_receipt_says_that_the_words_are_no_longer_kept(
    resident: FlaskClient, store: Store, withdrawn: bool, said: str, never: str
) -> None:
    sent = send_wishes(resident, "Mend Mill Lane", "", "Trees")
    response = kept_by(store, sent)
    code_wish(store, response, 1, CODING)
    if withdrawn:
        withdraw(store, response.number)
    expire(store, [response.number])
    receipt = f"/receipt/{reference_in(sent)}"
    page = open_page(resident, receipt)
    words = " ".join(page.words.split())
    assert (page.status, said in words, never in words, "Mill Lane" in words) == (200, True, False, False)
    assert words.count("The words of this wish are no longer kept.") == 2
    assert "The time we said we would keep them is over" in words
    assert open_page(resident, f"/thank-you/{reference_in(sent)}").status == 200
    assert send_form(resident, open_page(resident, f"{receipt}/erase"), f"{receipt}/erase").status == 303
    assert open_page(resident, receipt).status == 410


def test_the_officers_list_says_so_and_offers_nothing_to_do(settings: dict[str, str], connections: Connections) -> None:
    desks: Desks = make_desks(create_app(settings), connections)
    number, kept = desks.send("Mend Mill Lane", ward="Abbey"), desks.send("Trees for Abbey")
    desks.count()
    expire(desks.store, [number])
    page = desks.signed_in("officer").get(f"/officers/{SLUG}/wishes").text
    assert ("Mill Lane" in page, "Trees for Abbey" in page, page.count("The words are no longer kept.")) == (False, True, 1)
    assert (f"/wishes/{number}/" in page, f"/wishes/{kept}/" in page) == (False, True)
