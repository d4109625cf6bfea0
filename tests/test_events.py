"""Events: every name in one table, nothing carried that its kind does not list, lines that read back."""

import json

import pytest

from campaigns.events import EVENTS, Event, UnknownEvent, full_name, read_event, write_data


def test_every_event_is_a_noun_and_a_past_participle() -> None:
    assert all(name.count(".") == 1 and name == name.lower() for name in EVENTS)


@pytest.mark.parametrize(("name", "data", "written"), [
    ("response.erased", {}, "{}"),
    ("wish.coded", {"slot": 2, "codes": ["growth.roads"], "ask": "more"}, '{"ask":"more","codes":["growth.roads"],"slot":2}'),
    ("log.sealed", {"first": 1, "last": 4, "sha256": "ab", "previous": ""}, '{"first":1,"last":4,"sha256":"ab"}'),
    ("wish.moderated", {"slot": 1, "moderation": 0}, '{"moderation":0,"slot":1}'),
    ("campaign.opened", {"demonstration": False, "opens": None}, '{"demonstration":false}'),
])
def test_an_event_says_what_its_kind_lists(name: str, data: dict[str, object], written: str) -> None:
    assert write_data(name, **data) == written


@pytest.mark.parametrize("data", [{"wish": "More trees"}, {"words": ["x"], "text": "More trees"}, {"postcode": "DE1 1AA"}])
def test_an_event_refuses_what_its_kind_does_not_list(data: dict[str, object]) -> None:
    with pytest.raises(UnknownEvent, match=r"response\.revised does not carry"):
        write_data("response.revised", **data)


def test_an_event_that_nobody_named_is_refused() -> None:
    with pytest.raises(UnknownEvent, match=r"response\.liked"):
        full_name("response.liked")


def test_a_line_reads_back_as_its_event() -> None:
    data = {"why": "rain, wind and “snow”", "x": " two  spaces "}
    event = read_event(f"12 campaign.closed/1 1278000000000 s-1 0 {json.dumps(data)}")
    assert event == Event(12, "campaign.closed", 1, 1278000000000, "s-1", 0, data)
    assert event.at.isoformat() == "2010-07-01T16:00:00+00:00"
