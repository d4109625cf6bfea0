"""The first start: the demonstration is there and open once, whoever else starts at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from campaigns.first_start import DEMONSTRATION, prepare
from campaigns.store.connection import Connections
from campaigns.store.log import read_events
from campaigns.store.store import forget_campaign, open_store


def test_starts_at_the_same_moment_open_the_demonstration_once(connections: Connections) -> None:
    for _ in range(5):
        together = Barrier(8)

        def start(together: Barrier = together) -> list[str]:
            together.wait()
            return prepare(connections, False, "http://here")

        with ThreadPoolExecutor(8) as pool:
            lines = [one.result() for one in [pool.submit(start) for _ in range(8)]]
        assert all("http://here/account/invitation/" in said[0] for said in lines)
        store = open_store(connections, DEMONSTRATION)
        assert [event.name for event in read_events(store)] == ["campaign.opened"]
        forget_campaign(store)
