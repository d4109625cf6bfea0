"""Words for counts and ways of asking: tables of what is said for what is counted."""

from datetime import date, timedelta

import pytest

from campaigns.drafts.periods import periods, unit_for
from campaigns.drafts.prose import (
    both_bases,
    days_between,
    extremes,
    first_places,
    graded,
    in_sentence,
    listed,
    percent,
    rank,
    share_of,
)
from campaigns.drafts.quoting import Candidate, choose, cut_short, spread
from campaigns.drafts.ways import Direction, first_wording, say_direction


@pytest.mark.parametrize(("part", "whole", "said"), [
    (0, 0, "–"), (0, 9, "0%"), (1, 1000, "<1%"), (1, 3, "33%"), (1, 8, "13%"), (999, 1000, ">99%"), (9, 9, "100%"),
    (1204, 4152, "29%"),
])
def test_shares_in_per_cent_never_round_to_none_or_all(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said


@pytest.mark.parametrize(("thousandths", "word"), [
    (0, "none"), (1, "a few"), (19, "a few"), (20, "some"), (74, "some"), (75, "about one in ten"), (149, "about one in ten"),
    (150, "about two in ten"), (250, "about three in ten"), (350, "about four in ten"), (449, "about four in ten"),
    (450, "about half"), (549, "about half"), (550, "more than half"), (599, "more than half"), (600, "most"), (949, "most"),
    (950, "nearly all"), (999, "nearly all"), (1000, "all"),
])
def test_every_share_has_its_word(thousandths: int, word: str) -> None:
    assert graded(thousandths, 1000) == word


@pytest.mark.parametrize(("part", "whole", "said"), [
    (29, 29, "29 of 29 responses"), (1, 1, "1 of 1 response"), (30, 30, "all responses (30 of 30, 100%)"),
    (1204, 2980, "about four in ten responses (1,204 of 2,980, 40%)"), (15, 30, "about half of the responses (15 of 30, 50%)"),
    (0, 30, "none of the responses (0 of 30, 0%)"), (700, 1000, "most responses (700 of 1,000, 70%)"),
])
def test_shares_are_said_with_their_counts(part: int, whole: int, said: str) -> None:
    assert share_of(part, whole, "response") == said


def test_both_bases_stand_together() -> None:
    assert both_bases(1204, 4152, 1530) == "in 1,204 responses (29%), in 1,530 wishes"
    assert both_bases(1, 4, 1) == "in 1 response (25%), in 1 wish"


@pytest.mark.parametrize(("numbers", "places"), [
    ({"a": 5, "b": 9, "c": 1}, ["b: most asked", "a: second most asked", "c: third most asked"]),
    ({"a": 5, "b": 5, "c": 4}, ["a: joint most asked", "b: joint most asked", "c: third most asked"]),
    ({"a": 9, "b": 5, "c": 5, "d": 0}, ["a: most asked", "b: joint second most asked", "c: joint second most asked"]),
    ({}, []),
])
def test_ties_are_said_as_ties(numbers: dict[str, int], places: list[str]) -> None:
    assert [f"{one.name}: {one.words}" for one in rank(numbers)] == places


def test_a_tie_at_the_last_place_is_taken_whole() -> None:
    ranked = rank({"a": 9, "b": 5, "c": 5, "d": 5, "e": 1})
    assert [one.name for one in first_places(ranked, 3)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("items", "said"), [
    ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
    (["1,200 for more", "4 for less"], "1,200 for more and 4 for less"),
    (["roads, traffic and parking", "parks"], "roads, traffic and parking; and parks"),
])
def test_lists_read_as_people_say_them(items: list[str], said: str) -> None:
    assert listed(items) == said


@pytest.mark.parametrize(("name", "said"), [("City Growth", "city Growth"), ("NHS dentists", "NHS dentists"), ("", "")])
def test_names_lose_their_capital_within_a_sentence(name: str, said: str) -> None:
    assert in_sentence(name) == said


@pytest.mark.parametrize(("numbers", "said"), [
    ({"Abbey": 3, "Darley": 9}, "The most came from Darley (9), and the fewest from Abbey (3)."),
    ({"Abbey": 9, "Darley": 9, "Sinfin": 0}, "The most came from Abbey and Darley (9 each); none came from Sinfin."),
    ({"Abbey": 4, "Darley": 4}, "Every ward sent the same number, 4."),
    ({"a": 1, **dict.fromkeys("bcdef", 0)}, "The most came from a (1); none came from 5 wards of 6."),
    ({"Abbey": 4}, ""), ({}, ""), ({"a": 0, "b": 0}, ""),
])
def test_most_and_fewest_say_ties(numbers: dict[str, int], said: str) -> None:
    assert extremes(numbers, "ward") == said


@pytest.mark.parametrize(("first", "last", "said"), [
    ("2010-06-28", "2010-06-28", "on 28 June 2010"), ("2010-06-02", "2010-06-28", "from 2 to 28 June 2010"),
    ("2010-06-28", "2010-07-30", "from 28 June to 30 July 2010"),
    ("2010-12-28", "2011-01-03", "from 28 December 2010 to 3 January 2011"),
])
def test_stretches_of_days(first: str, last: str, said: str) -> None:
    assert days_between(date.fromisoformat(first), date.fromisoformat(last)) == said


@pytest.mark.parametrize(("asks", "said"), [
    ({}, "No direction is told."), ({"unclear": 4}, "No direction is told."),
    ({"more": 1}, "It asks for more."), ({"mend": 12}, "All ask to mend."),
    ({"more": 700, "mend": 120, "less": 20, "unclear": 60},
     "They mostly ask for more: 700 for more, 120 to mend and 20 for less; 60 tell no direction."),
    ({"more": 40, "mend": 40, "keep": 11}, "They mostly ask for more or to mend: 40 for more, 40 to mend and 11 to keep."),
    ({"more": 10, "mend": 5, "keep": 5}, "They ask: 10 for more, 5 to keep and 5 to mend."),
    ({"more": 10, "unclear": 2}, "They ask: 10 for more; 2 tell no direction."),
    ({"more": 212, "less": 40}, "They ask both ways: 212 for more, but 40 for less."),
    ({"more": 90, "less": 10}, "They ask both ways: 90 for more, but 10 for less."),
    ({"more": 91, "less": 9}, "They mostly ask for more: 91 for more and 9 for less."),
    ({"less": 90, "keep": 10}, "They ask both ways: 90 for less, but 10 to keep."),
    ({"more": 5, "less": 1, "unclear": 6}, "Half or more tell no direction (6); the others ask 5 for more and 1 for less."),
])
def test_which_way_a_code_asks(asks: dict[str, int], said: str) -> None:
    assert say_direction(asks) == said


@pytest.mark.parametrize(("asks", "wording", "behind"), [
    ({"more": 9, "keep": 1}, "does more about parks, trees and wildlife", "9 of 10 wishes"),
    ({"mend": 5}, "puts right what was wrong with parks, trees and wildlife", "5 of 5 wishes"),
    ({"keep": 3, "mend": 3}, "keeps what is good about and puts right what was wrong with parks, trees and wildlife",
     "6 of 6 wishes"),
    ({"less": 19, "more": 1}, "has less of what was not wanted in parks, trees and wildlife", "19 of 20 wishes"),
    ({"more": 212, "less": 40}, "does more about parks, trees and wildlife, and weighs the wishes for less",
     "212 for more, but 40 for less, of 252 wishes"),
    ({"less": 8, "more": 1, "keep": 1},
     "has less of what was not wanted in parks, trees and wildlife, and weighs the wishes for more or to keep",
     "8 for less, but 1 for more and 1 to keep, of 10 wishes"),
    ({"more": 69, "mend": 65, "keep": 14, "less": 92}, "weighs up parks, trees and wildlife, on which wishes ask both ways",
     "69 for more, 65 to mend and 14 to keep, but 92 for less, of 240 wishes"),
    ({"more": 3, "mend": 3, "keep": 3},
     "does more about, keeps what is good about and puts right what was wrong with parks, trees and wildlife", "9 of 9 wishes"),
    ({"more": 6, "less": 4}, "weighs up parks, trees and wildlife, on which wishes ask both ways",
     "6 for more, but 4 for less, of 10 wishes"),
])
def test_first_wording_says_both_ways_from_a_tenth(asks: dict[str, int], wording: str, behind: str) -> None:
    assert first_wording("Parks, trees and wildlife", asks) == (wording, behind)


@pytest.mark.parametrize("asks", [{}, {"more": 4}, {"more": 5, "unclear": 5}, {"unclear": 50}])
def test_too_little_is_not_worded(asks: dict[str, int]) -> None:
    assert first_wording("Parks", asks) is None


def test_every_code_with_a_tenth_the_other_way_says_both() -> None:
    for less in range(101):
        direction = Direction({"more": 60 - less * 6 // 10, "mend": 40 - less * 4 // 10, "less": less})
        smaller = min(less, direction.told - less)
        said = first_wording("Parks", direction.asks)
        assert said is not None
        assert ("for less" in said[1] and "but" in said[1]) == (smaller * 10 >= direction.told)


@pytest.mark.parametrize(("days", "unit"), [
    (1, "day"), (15, "day"), (16, "week"), (105, "week"), (106, "month"), (450, "month"), (451, "year"),
])
def test_tables_of_days_stay_short(days: int, unit: str) -> None:
    assert unit_for(date(2010, 1, 1), date(2010, 1, 1) + timedelta(days=days - 1)) == unit


def test_periods_leave_no_gap_and_lose_nothing() -> None:
    counts = {"2010-06-28": 5, "2010-07-20": 2, "2010-07-30": 1}
    found = periods(counts, {"2010-06-28": 9, "2010-07-20": 4, "2010-07-30": 1})
    assert [(one.label, one.responses, one.wishes) for one in found] == [
        ("Week of 28 June", 5, 9), ("Week of 5 July", 0, 0), ("Week of 12 July", 0, 0), ("Week of 19 July", 2, 4),
        ("Week of 26 July", 1, 1),
    ]
    assert periods({}, {}) == []


def cleared(number: int, ask: str = "more", area: str = "Abbey", words: str = "Trees", order: str = "") -> Candidate:
    return Candidate(number, 1, words, ask, frozenset({"safer"}), area, "card", order or f"{number:05}")


def quoted(*candidates: Candidate, areas: dict[str, int] | None = None) -> list[tuple[int, str, str]]:
    wide = areas or {one.area: 50 for one in candidates}
    return [(quote.number, quote.ask, quote.area) for quote in choose({"safer": candidates}, wide)["safer"]]


def test_quotes_come_from_different_wards_and_opposing_ones_are_heard() -> None:
    found = quoted(
        cleared(1), cleared(2), cleared(3, area="Darley"), cleared(4, area="Sinfin"), cleared(5, "less", "Oakwood"),
        cleared(6, "less", "Abbey"),
    )
    assert found == [(1, "more", "Abbey"), (5, "less", "Oakwood"), (3, "more", "Darley")]


def test_a_response_is_quoted_once_in_a_whole_draft() -> None:
    two = {"culture": [cleared(1), cleared(2, area="Darley")], "safer": [cleared(1)]}
    assert {theme: [one.number for one in quotes] for theme, quotes in choose(two, {}).items()} == {"culture": [2], "safer": [1]}


def test_a_ward_with_few_responses_is_not_named() -> None:
    assert quoted(cleared(1), cleared(2, area=""), areas={"Abbey": 4}) == [(1, "more", ""), (2, "more", "")]


def test_long_wishes_come_last_and_are_cut_at_a_word() -> None:
    long = cleared(1, words="more " * 200, order="0")
    chosen = choose({"safer": [long, cleared(2, area="Darley")]}, {})["safer"]
    assert [(one.number, one.cut, len(one.words) <= 300) for one in chosen] == [(2, False, True), (1, True, True)]
    assert chosen[1].words.endswith("more")


@pytest.mark.parametrize(("words", "longest", "cut"), [
    ("one two", 7, "one two"), ("one two three", 7, "one two"), ("one two three", 9, "one two"), ("abcdefgh", 4, "abcd"),
    ("", 4, ""),
])
def test_cutting_short(words: str, longest: int, cut: str) -> None:
    assert cut_short(words, longest) == cut


@pytest.mark.parametrize(("length", "most", "kept"), [(0, 3, 0), (3, 3, 3), (4, 3, 2), (10, 3, 3), (100, 100, 100)])
def test_a_spread_is_even_and_never_too_long(length: int, most: int, kept: int) -> None:
    assert len(spread([(n, 1) for n in range(length)], most)) == kept
