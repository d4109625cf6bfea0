"""Words whose time is up go, all counts stay, the log still fits, and pages say so in words."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from campaigns.campaign_file import MistakesInFile, read_campaign
from campaigns.consumers.rebuilding import differences, rebuild
from campaigns.keeping.expiring import expire
from campaigns.keeping.retention import find_due, months_after, retain
from campaigns.responses import CLEARED, EXPIRED, WITHDRAWN
from campaigns.store.blocks import RowTable
from campaigns.store.changes import code_wish, erase, moderate_wish, place, revise_wishes, withdraw
from campaigns.store.connection import Connections
from campaigns.store.consumers import CODING
from campaigns.store.keys import REWRITE_DUE
from campaigns.store.log import last_event, read_events, verify
from campaigns.store.store import Store
from campaigns.tallies import BASES, ask_for
from tests.keeping import PERSON, SECRETS, TODAY, now, opened
from tests.storehouse import (
    ABBEY,
    LITTLE,
    NORMANTON,
    campaign_text,
    catch_up,
    every_byte,
)

ONE_BY_ONE = ("theme", "ward", "faith", "disability", "connection", "channel", "moderation", "day")
BY = [*((facet,) for facet in ONE_BY_ONE), ("ask", "code")]


def tables(store: Store) -> list[object]:
    """Returns every table there is to be had, on each base."""
    table = RowTable()
    table.refresh(store)
    return [table.count(store, ask_for(store.layout, by, None, base)).cells for by in BY for base in BASES]


def test_words_go_and_every_count_stays(connections: Connections) -> None:
    store = opened(connections, months=1)
    before, salts = tables(store), [now(store, n).salt.encode() for n in (1, 2, 3, 5)]
    assert all(said in every_byte(connections) for said in (*SECRETS, *salts))
    assert retain(store, TODAY) == 4
    held = every_byte(connections)
    assert [said for said in (*SECRETS, *salts) if said in held] == []
    assert tables(store) == before
    catch_up(store)
    assert (tables(store), differences(store, RowTable()), verify(store).problem) == (before, [], "")
    rebuild(store, RowTable())
    assert tables(store) == before
    assert connections.text.exists(REWRITE_DUE)


def test_what_is_left_of_a_response_is_what_was_counted(connections: Connections) -> None:
    store = opened(connections, months=1)
    before = now(store, 1)
    retain(store, TODAY)
    after = now(store, 1)
    assert (after.state, after.salt, after.outward, after.revision) == (EXPIRED, "", "", before.revision + 1)
    assert (after.answers, after.special, after.area) == ({"connection": 2}, {"disability": 3, "faith": 2}, NORMANTON)
    assert after.wishes == tuple(replace(wish, text="") for wish in before.wishes)
    assert (now(store, 3).state, now(store, 3).expired_ms > 0, now(store, 4).expired_ms) == (WITHDRAWN, True, 0)
    assert not any(store.raw.get(store.keys.of("vectors", 0)))
    assert read_events(store)[-1].data == {"ranges": [[1, 3], [5, 5]], "why": "retention"}


def test_it_says_beforehand_what_would_go_and_changes_nothing(connections: Connections) -> None:
    store = opened(connections, months=1, days=30)
    before, events = every_byte(connections), last_event(store)
    due = find_due(store, TODAY)
    assert (due.live, due.withdrawn, due.with_words, due.going) == (3, 1, 4, 4)
    assert due.words_go == months_after(store.campaign.window.cards_until, 1)
    assert (every_byte(connections), last_event(store)) == (before, events)


def test_nothing_goes_a_day_too_soon(connections: Connections) -> None:
    store = opened(connections, months=1, days=30)
    last = months_after(store.campaign.window.cards_until, 1)
    assert (find_due(store, last - timedelta(days=1)).going, retain(store, last - timedelta(days=1))) == (0, 0)
    assert (find_due(store, last).going, retain(store, last), retain(store, last)) == (4, 4, 0)


def test_withdrawn_words_go_in_their_own_time(connections: Connections) -> None:
    store = opened(connections, months=0, days=30)
    at_ms = next(event.at_ms for event in read_events(store) if event.name == "response.withdrawn")
    withdrawn = store.campaign.window.local_day(at_ms)
    assert (retain(store, withdrawn + timedelta(days=30)), find_due(store, withdrawn + timedelta(days=31)).going) == (0, 1)
    assert retain(store, withdrawn + timedelta(days=31)) == 1
    assert (now(store, 3).state, now(store, 3).wishes[0].kept, now(store, 1).wishes[0].kept) == (WITHDRAWN, False, True)
    assert (verify(store).problem, differences(store, RowTable())) == ("", [])


def test_nothing_goes_where_the_file_says_nothing(connections: Connections) -> None:
    store = opened(connections, months=0)
    assert (find_due(store, TODAY + timedelta(days=9999)).going, retain(store, TODAY + timedelta(days=9999))) == (0, 0)


def test_what_was_under_way_does_not_bring_words_or_vectors_back(connections: Connections) -> None:
    store = opened(connections, months=1)
    seen = now(store, 1)
    retain(store, TODAY)
    late = store.scripts.run("code", {
        "expected": int(store.text.get(store.keys.of("cursor", CODING)) or 0), "cursor": last_event(store), "slots": 3,
        "bell_ms": 1, "born": store.born, "event": "wishes.coded/1", "who": "job:coding", "data": "{}",
        "codings": [[1, 1, seen.wishes[0].words, "1|more|t-1|50||"]],
    }, b"\x09" * 384)
    assert late[:2] == ["coded", 0]
    outcomes = [
        revise_wishes(store, seen, ("Zebras again",)), code_wish(store, now(store, 1), 1, PERSON),
        moderate_wish(store, now(store, 1), 1, CLEARED, "s-1"), place(store, 1, ABBEY, "s-1"), withdraw(store, 1),
    ]
    assert {(one.outcome, one.detail) for one in outcomes} == {("refused", EXPIRED)}
    assert b"\x09" not in store.raw.get(store.keys.of("vectors", 0))


def test_a_response_without_words_can_still_be_erased(connections: Connections) -> None:
    store = opened(connections, months=1)
    retain(store, TODAY)
    assert erase(store, 1).done
    assert (verify(store).problem, catch_up(store).total(), differences(store, RowTable())) == ("", 2, [])


def test_it_may_be_stopped_anywhere_and_given_again(connections: Connections) -> None:
    store = opened(connections, months=1)
    assert (expire(store, [2]), retain(store, TODAY), expire(store, range(1, 6))) == (1, 3, 0)
    assert verify(store).problem == ""


def test_the_log_finds_words_that_went_without_an_event_or_stayed_in_spite_of_one(connections: Connections) -> None:
    store = opened(connections, months=1)
    store.text.hset(store.keys.response(1), "e", "1278000000000")
    assert verify(store).problem == "response 1: the log says that its words are kept"
    store.text.hdel(store.keys.response(1), "e")
    kept = store.text.hgetall(store.keys.response(1))
    expire(store, [1])
    store.text.hset(store.keys.response(1), mapping={"l": "live", **kept})
    store.text.hdel(store.keys.response(1), "e")
    assert verify(store).problem == "response 1 is live; the log says it is expired"


@pytest.mark.parametrize(("day", "months", "first_without"), [
    (date(2010, 8, 6), 32, date(2013, 4, 7)), (date(2010, 1, 31), 1, date(2010, 3, 1)), (date(2011, 12, 31), 2, date(2012, 3, 1)),
    (date(2010, 12, 15), 12, date(2011, 12, 16)),
])
def test_months_are_counted_from_a_day_to_the_same_day(day: date, months: int, first_without: date) -> None:
    assert months_after(day, months) == first_without


@pytest.mark.parametrize(("said", "mistake"), [
    ("words_kept_months = -1", "[privacy] words_kept_months must be a number from 1 to 1,200, or left out."),
    ('words_kept_months = "24"', "[privacy] words_kept_months must be a whole number, without quotation marks."),
    ("withdrawn_kept_days = 99999", "[privacy] withdrawn_kept_days must be a number from 1 to 3,650, or left out."),
    ("expire_daily = true", "[privacy] expire_daily needs words_kept_months or withdrawn_kept_days to go by."),
    ("words_keep_months = 3", "[privacy] words_keep_months means nothing here."),
])
def test_mistakes_in_the_retention_are_explained_by_line(said: str, mistake: str) -> None:
    text = campaign_text().replace('retention = "Two years"', f'retention = "Two years"\n{said}')
    line = text.splitlines().index(said) + 1
    with pytest.raises(MistakesInFile) as found:
        read_campaign(LITTLE, text)
    assert found.value.lines[0].startswith(f"Line {line}: {mistake}")
