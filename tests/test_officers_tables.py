"""The officers' tables, needs, filters and choices: pure, as tables of input and output."""

from dataclasses import replace
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from campaigns.campaign_file import read_campaign, read_file
from campaigns.reach import compare
from campaigns.responses import CLEARED, HELD, SlotCoding, Wish
from campaigns.tallies import UnknownFacet
from web.officers.choosing import Choice, check_choice, choice_of, read_choice, seen_coding, seen_moderation
from web.officers.filters import Filters, phrases, read_filters
from web.officers.finding import read_place
from web.officers.needs import heard_words, least_heard, time_left
from web.officers.tables import Line, Segment, largest_first, plain_lines, ranked, theme_lines

CAMPAIGN = read_campaign("derby-2026", read_file("derby-2026"))
TRAMS, PARKS = ("growth.transport",), ("safer.green", "culture.events")


@pytest.mark.parametrize(("counts", "wanted"), [
    ([5, 9, 1], ["1", "2", "3"]), ([4, 7, 4, 2], ["1", "2=", "2=", "4"]), ([3, 3], ["1=", "1="]), ([1, 0, 0], ["1", "", ""]),
    ([], []),
])
def test_places_are_shared_by_those_that_tie(counts: list[int], wanted: list[str]) -> None:
    lines = ranked(Line(str(place), "", count) for place, count in enumerate(counts))
    assert [line.rank for line in lines] == wanted
    assert [line.count for line in lines] == sorted(counts, reverse=True)


def test_themes_come_by_their_count_and_other_and_none_last_without_a_place() -> None:
    counts = {
        "theme": {"growth": 4, "safer": 8, "other": 9, "none": 1},
        "code": {"growth.roads": 3, "growth.jobs": 1, "safer.crime": 8},
    }
    crossed = {
        "theme": {("safer", "less"): 6, ("safer", "more"): 6, ("growth", "mend"): 4}, "code": {("growth.roads", "mend"): 3},
    }
    lines = theme_lines(CAMPAIGN, counts, crossed, 20)
    assert [(line.key, line.rank) for line in lines[:2]] == [("safer", "1"), ("growth", "2")]
    assert [(line.key, line.rank, line.codes) for line in lines[-2:]] == [("other", "", ()), ("none", "", ())]
    assert len(lines) == 7
    assert [code.key for code in lines[1].codes][:2] == ["growth.roads", "growth.jobs"]
    assert (lines[0].share, dict(lines[0].asks)["less"]) == ("40%", 6)
    assert lines[0].bar == (Segment("more", 0.0, 44.44), Segment("less", 44.44, 44.44))


def test_lines_without_a_count_are_kept_unless_the_facet_is_narrowed() -> None:
    called = {"Abbey": "Abbey", "Darley": "Darley", "not given": "Not given"}
    lines = plain_lines(called, {"Darley": 3, "not given": 5, "Elsewhere": 2}, 10)
    assert [(line.name, line.count, line.share) for line in largest_first(lines)] == [
        ("Darley", 3, "30%"), ("Elsewhere", 2, "20%"), ("Abbey", 0, "0%"), ("Not given", 5, "50%"),
    ]
    assert [line.key for line in plain_lines(called, {"Darley": 3}, 10, keep_empty=False)] == ["Darley"]


ALIKE = {"Abbey": 1, "Darley": 1, "Spondon": 1}


@pytest.mark.parametrize(("people", "counted", "counts", "wanted"), [
    (ALIKE, "", {"Abbey": 10, "Darley": 100, "Spondon": 100}, "10 responses; a ward sends 70 on average"),
    (ALIKE, "", {"Darley": 100, "Spondon": 100}, "nobody yet; a ward sends 67 on average"),
    (ALIKE, "", {"Abbey": 1}, ""), (ALIKE, "", {"Abbey": 90, "Darley": 100, "Spondon": 110}, ""),
    ({"Abbey": 1}, "", {"Abbey": 500}, ""),
    ({"Abbey": 1000, "Darley": 1000}, "households", {"Abbey": 20, "Darley": 80},
     "20.0% of the replies that say, and 50.0% of the households"),
    ({"16 to 24": 150, "older": 850}, "people", {"16 to 24": 5, "older": 95},
     "5.0% of the replies that say, and 15.0% of the people"),
])
def test_who_is_heard_least_is_named_once_there_is_enough_to_compare(
    people: dict[str, int], counted: str, counts: dict[str, int], wanted: str
) -> None:
    heard = least_heard("ward", counted, compare(counts, people))
    assert (heard_words(heard, "ward") if heard else "") == wanted


@pytest.mark.parametrize(("today", "words"), [
    (date(2010, 6, 1), "opens on 28 June 2010"), (date(2010, 6, 28), "32 days left"), (date(2010, 7, 29), "1 day left"),
    (date(2010, 7, 30), "last day"), (date(2010, 7, 31), "closed on 30 July 2010"),
])
def test_how_long_is_left(today: date, words: str) -> None:
    assert time_left(CAMPAIGN.window, today) == words


def sentence(**sent: str) -> str:
    return " ".join(f"{p.before} {' or '.join(p.names)}".strip() for p in phrases(read_filters(MultiDict(sent)), CAMPAIGN))


@pytest.mark.parametrize(("sent", "words"), [
    ({}, ""), ({"ward": "Normanton", "channel": "card"}, "from Normanton by card"), ({"channel": "tree"}, "at the wishes tree"),
    ({"ask": "less", "code": "growth.roads"}, "asking for less about Roads, traffic and parking"),
    ({"source": "libraries", "day": "2010-07-01"}, "through Derby libraries on 1 July 2010"),
    ({"source": "-"}, "through no source named"),
    ({"theme": "none", "coder": "machine"}, "about No wish that no person has checked"),
    ({"ward": "E05001780"}, "from Normanton"),
    ({"age": "Under 16", "open": "growth", "ward": ""}, ""),
])
def test_filters_read_as_a_sentence(sent: dict[str, str], words: str) -> None:
    assert sentence(**sent) == words


def test_filters_stand_in_the_address_as_they_were_read() -> None:
    sent = MultiDict([("ward", "Abbey"), ("ward", "Darley"), ("base", "wishes")])
    filters = read_filters(sent)
    assert filters.query() == {"ward": ["Abbey", "Darley"], "base": "wishes"}
    assert filters.without("ward").counted_as("responses") == Filters()
    assert filters.only("ward", "Abbey").where() == {"ward": ("Abbey",)}
    assert Filters({"source": ("-",)}).where() == {"source": ("",)}


@pytest.mark.parametrize("sent", [{"base": "people"}, {"day": "tomorrow"}])
def test_a_filter_that_cannot_be_is_said_in_words(sent: dict[str, str]) -> None:
    with pytest.raises(UnknownFacet, match="“"):
        read_filters(MultiDict(sent))


@pytest.mark.parametrize(("codes", "ask", "wrong"), [
    (("growth.roads",), "mend", set()), (("growth.roads", "safer.green", "other"), "mend", {"code1"}),
    (("none",), "unclear", set()),
    (("other", "none"), "more", {"code1"}), (("growth.roads", "growth.roads"), "more", {"code1"}), ((), "more", {"code1"}),
    (("growth.moon",), "more", {"code1"}), (("growth.roads",), "", {"ask"}), ((), "sideways", {"code1", "ask"}),
])
def test_a_choice_is_checked_before_it_is_kept(codes: tuple[str, ...], ask: str, wrong: set[str]) -> None:
    assert set(check_choice(codes, ask, CAMPAIGN.frame)) == wrong


def test_an_empty_box_between_two_codes_is_passed_over() -> None:
    choice = read_choice({"code1": "", "code2": "growth.roads", "ask": "more"}, CAMPAIGN.frame)
    assert (choice.boxes, choice.codes, choice.problems) == (("", "growth.roads", ""), ("growth.roads",), {})


def test_the_form_begins_with_the_coding_that_counts() -> None:
    machine, person = SlotCoding(TRAMS, "more", "t1", 0.7), SlotCoding(PARKS, "keep", "s-1")
    assert choice_of(Wish(1, "x", "w")) == Choice()
    assert choice_of(Wish(1, "x", "w", machine)) == Choice((*TRAMS, "", ""), "more")
    assert choice_of(Wish(1, "x", "w", machine, person)) == Choice((*PARKS, ""), "keep")


def test_marks_change_with_what_they_stand_for_and_nothing_else() -> None:
    wish, coding = Wish(1, "x", "w"), SlotCoding(TRAMS, "more", "t1")
    assert seen_coding(replace(wish, machine=coding)) == seen_coding(replace(wish, moderation=CLEARED)) == seen_coding(wish)
    assert seen_moderation(replace(wish, person=coding)) == seen_moderation(wish)
    assert len({seen_coding(one) for one in (wish, replace(wish, person=coding), replace(wish, words="v"))}) == 3
    assert len({seen_moderation(one) for one in (wish, replace(wish, moderation=HELD), replace(wish, words="v"))}) == 3


@pytest.mark.parametrize(("before", "place"), [
    ("", None), ("9-2", (9, 2)), ("1204-1", (1204, 1)), ("nonsense", None), ("7-3'--", None), ("7-", None),
    ("1" * 13 + "-1", None),
])
def test_a_page_begins_after_the_place_it_is_asked_for(before: str, place: tuple[int, int] | None) -> None:
    assert read_place(before) == place
