"""Loading, opening and closing: what is open is frozen, numbers are handed out once, and nobody opens what is not ready."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from campaigns.campaign_file import MistakesInFile
from campaigns.store.connection import Connections
from campaigns.store.log import read_events
from campaigns.store.opening import CannotOpen, close_campaign, open_campaign
from campaigns.store.store import (
    Frozen,
    NoSuchCampaign,
    definition_hash,
    forget_campaign,
    load_campaign,
    loaded_slugs,
    open_store,
)
from tests.storehouse import LITTLE, campaign_text, catch_up, loaded_little, open_little, send, window_around

TODAY = date.today()


def test_a_loaded_campaign_is_found_and_not_yet_open(connections: Connections) -> None:
    store = loaded_little(connections)
    assert (loaded_slugs(connections), store.slug, store.campaign.title) == ([LITTLE], LITTLE, "Wishes for a little town")
    assert ("state" in store.state, store.demonstration, read_events(store)) == (False, False, [])


@pytest.mark.parametrize("slug", ["atlantis", "", "little", "{x}"])
def test_a_campaign_that_was_not_loaded_is_none(connections: Connections, slug: str) -> None:
    loaded_little(connections)
    with pytest.raises(NoSuchCampaign):
        open_store(connections, slug)


def test_opening_freezes_the_definition_and_says_so_in_the_log(connections: Connections) -> None:
    loaded_little(connections)
    store = open_campaign(connections, LITTLE, "s-9")
    event = read_events(store)[0]
    assert (event.number, event.name, event.who) == (1, "campaign.opened", "s-9")
    assert event.data == {
        "definition": definition_hash(campaign_text()), "opens": "2010-06-28", "closes": "2010-07-30", "demonstration": False
    }
    assert (store.state["state"], store.campaign.window.closes) == ("open", date(2010, 7, 30))


def test_an_open_campaigns_definition_cannot_be_replaced(connections: Connections) -> None:
    store = open_little(connections)
    load_campaign(connections, LITTLE, campaign_text())
    changed = campaign_text().replace("What do you wish for?", "What would you like?")
    for _ in range(2):
        with pytest.raises(Frozen, match="Put the file back"):
            load_campaign(connections, LITTLE, changed)
        close_campaign(connections, LITTLE, "s-1") if store.state["state"] == "open" else None
        store = open_store(connections, LITTLE)
    assert store.campaign.question == "What do you wish for?"


def with_another_code() -> str:
    """Returns the little campaign's file with a theme and its code before all others."""
    theme = '[[frame.themes]]\nid = "culture"\nname = "Culture"\nanswers = "The arts board"\n'
    arts = "".join(f'  "Music in street {n}",\n' for n in range(5))
    code = f'[[frame.codes]]\nid = "culture.arts"\nname = "Arts"\ndefinition = "Arts."\n[frame.codes.examples]\nmore = [{arts}]\n'
    return campaign_text().replace("[[frame.codes]]", theme + code + "[[frame.codes]]", 1)


def test_a_campaign_loaded_after_a_removal_reads_its_own_numbers(connections: Connections) -> None:
    forget_campaign(loaded_little(connections))
    load_campaign(connections, LITTLE, with_another_code())
    kept = loaded_little(connections).layout.ids["code"]
    assert {name: str(number) for name, number in kept.items()} == connections.text.hgetall(f"{{{LITTLE}}}:ids:code")
    assert kept["culture.arts"] == 1


def test_until_it_opens_a_definition_can_be_replaced_and_numbers_stay(connections: Connections) -> None:
    before = loaded_little(connections).layout.ids
    load_campaign(connections, LITTLE, with_another_code())
    store = open_store(connections, LITTLE)
    assert store.layout.ids["code"] == {**before["code"], "culture.arts": len(before["code"])}
    load_campaign(connections, LITTLE, campaign_text())
    assert open_store(connections, LITTLE).campaign.frame.codes[0].id == "growth.roads"
    assert open_store(connections, LITTLE).layout.ids["code"].items() >= before["code"].items()
    opened = open_campaign(connections, LITTLE, "s-1", window_around(TODAY))
    send(opened)
    assert catch_up(opened).total() == 1  # though a numbered code has left the frame


def test_a_file_with_mistakes_is_not_loaded(connections: Connections) -> None:
    with pytest.raises(MistakesInFile):
        load_campaign(connections, LITTLE, campaign_text().replace("title", "tittle", 1))
    assert loaded_slugs(connections) == []


@pytest.mark.parametrize("lacking", ['controller = "Little Town Council"', 'name = "A Person"', 'impact_assessment = "DPIA-1"'])
def test_what_is_not_ready_is_not_opened(connections: Connections, lacking: str) -> None:
    load_campaign(connections, LITTLE, campaign_text().replace(lacking, ""))
    with pytest.raises(CannotOpen, match="before opening"):
        open_campaign(connections, LITTLE, "s-1")
    assert read_events(open_store(connections, LITTLE)) == []


def test_of_ten_who_open_at_once_one_does(connections: Connections) -> None:
    loaded_little(connections)

    def opened(n: int) -> bool:
        try:
            return bool(open_campaign(connections, LITTLE, f"s-{n}"))
        except CannotOpen:
            return False

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(opened, range(10))) == 1
    assert len(read_events(open_store(connections, LITTLE))) == 1


def test_a_campaign_closes_and_opens_again_and_both_are_in_the_log(connections: Connections) -> None:
    open_little(connections)
    close_campaign(connections, LITTLE, "s-2", "snow")
    with pytest.raises(CannotOpen, match="not open, so it cannot be closed"):
        close_campaign(connections, LITTLE, "s-2")
    store = open_campaign(connections, LITTLE, "s-2", window_around(TODAY))
    with pytest.raises(CannotOpen, match="open already"):
        open_campaign(connections, LITTLE, "s-2", window_around(TODAY))
    assert [(event.name, event.data.get("why", "")) for event in read_events(store)] == [
        ("campaign.opened", ""), ("campaign.closed", "snow"), ("campaign.opened", "")
    ]


def test_what_was_never_opened_cannot_be_closed(connections: Connections) -> None:
    loaded_little(connections)
    with pytest.raises(CannotOpen):
        close_campaign(connections, LITTLE, "s-1")


def test_two_campaigns_share_nothing(connections: Connections) -> None:
    one, two = open_little(connections), open_little(connections, slug="little-town-2")
    assert loaded_slugs(connections) == ["little-town", "little-town-2"]
    assert not {key for key in connections.text.scan_iter() if key.startswith("{little-town}")} & {two.keys.of("log")}
    assert one.born != two.born
