"""What the tests of keeping and forgetting share: a campaign that ended long ago, with responses of every kind."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.responses import CLEARED, Response, SlotCoding
from campaigns.store.changes import code_wish, erase, moderate_wish, withdraw
from campaigns.store.connection import Connections
from campaigns.store.intake import Way
from campaigns.store.opening import open_campaign
from campaigns.store.responses import get_response
from campaigns.store.store import Store, load_campaign
from tests.storehouse import ABBEY, LITTLE, NORMANTON, campaign_text, catch_up, code_by_machine, send, window_around

MACHINE = SlotCoding(("growth.roads",), "mend", "t-1", 0.75, (2, 5))
PERSON = SlotCoding(("safer.green", "growth.jobs"), "more", "s-2", at_ms=1278000000000)
TODAY = datetime.now(ZoneInfo("Europe/London")).date()
SECRETS = [b"Zebras", b"Quaggas", b"Okapis", b"DE23"]


def kept_for(months: int = 0, days: int = 0, daily: bool = False) -> str:
    """Returns the little campaign's file with its retention in numbers."""
    numbers = f"words_kept_months = {months}\nwithdrawn_kept_days = {days}\nexpire_daily = {str(daily).lower()}"
    return campaign_text().replace('retention = "Two years"', f'retention = "Two years"\n{numbers}')


def opened(connections: Connections, months: int, days: int = 0, daily: bool = False) -> Store:
    """Returns the little campaign, whose last day for cards was a year ago and more, with five responses of every kind."""
    load_campaign(connections, LITTLE, kept_for(months, days, daily))
    store = open_campaign(connections, LITTLE, "s-1", window_around(TODAY - timedelta(days=400)))
    by_staff = Way(window="none")
    about = {"answers": {"connection": 2}, "special": {"disability": 3, "faith": 2}}
    send(store, "Zebras please", "Quaggas", "Okapis too", way=by_staff, area=NORMANTON, outward="DE23", **about)
    send(store, "Zebras", "", "Okapis", way=by_staff, area=ABBEY, special={"faith": 1})
    send(store, "Quaggas", way=by_staff, answers={"connection": 1})
    send(store, "Okapis", way=by_staff)
    send(store, "Zebras", way=by_staff, outward="DE23")
    for number, slot in ((1, 1), (1, 2), (2, 3), (3, 1)):
        code_by_machine(store, number, slot, MACHINE)
    code_wish(store, now(store, 1), 2, PERSON)
    moderate_wish(store, now(store, 1), 1, CLEARED, "s-2")
    withdraw(store, 3)
    erase(store, 4)
    catch_up(store)
    return store


def now(store: Store, number: int) -> Response:
    response = get_response(store, number)
    assert response
    return response
