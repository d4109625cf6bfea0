"""Actions and answers, pure: what may be kept, how far they have come, and what people are told they said."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.answering import (
    CANNOT,
    DONE,
    LONGEST,
    Action,
    Heard,
    Progress,
    answers_to,
    check_action,
    first_year,
    heard_words,
    late,
    publish,
    read_action,
    write_action,
)

KNOWN = ["growth.roads", "safer.green"]
TREES = Action(1, ("safer.green",), what="We plant 400 trees.", due="2011-03-31")
HEARD = Heard(40, 200, {"more": 30, "keep": 10}, 900)


@pytest.mark.parametrize(("changes", "field"), [
    ({}, ""), ({"codes": ()}, "codes"), ({"codes": ("gone.code",)}, "codes"), ({"what": ""}, "what"),
    ({"state": CANNOT}, "because"),
    ({"state": CANNOT, "because": "The land is not ours."}, ""), ({"due": "soon"}, "due"), ({"due": ""}, ""),
    ({"what": "x" * (LONGEST + 1)}, "what"), ({"body": "x" * 201}, "body"),
])
def test_what_lacks_something_is_not_kept(changes: dict[str, object], field: str) -> None:
    assert list(check_action(replace(TREES, **changes), KNOWN)) == ([field] if field else [])  # type: ignore[arg-type]


def test_what_is_kept_is_read_again() -> None:
    for action in (TREES, publish(TREES, HEARD, 1278000000000)):
        assert read_action(write_action(action)) == action


def test_a_published_answer_is_stale_once_the_action_says_something_else() -> None:
    told = publish(TREES, HEARD, 1)
    assert [one.stale for one in (TREES, told, replace(told, what="We plant 300."), replace(told, owner="J"))] == [
        False, False, True, False,
    ]


def test_progress_is_of_what_is_due_in_the_first_year() -> None:
    actions = [
        TREES, replace(TREES, state=DONE), replace(TREES, due="2012-01-01"), replace(TREES, due=""), replace(TREES, state=CANNOT),
    ]
    assert first_year(actions, date(2010, 7, 30)) == Progress(2, 1)
    assert [late(action, date(2011, 4, 1)) for action in actions] == [True, False, False, False, False]


def test_answers_to_the_main_code_come_first() -> None:
    roads = publish(replace(TREES, number=2, codes=("growth.roads",)), HEARD, 1)
    told = publish(TREES, HEARD, 1)
    assert answers_to([told, roads, replace(TREES, number=3)], ["growth.roads", "safer.green"]) == [roads, told]
    assert answers_to([told], ["growth.roads"]) == []


@pytest.mark.parametrize(("heard", "wanted"), [
    (HEARD, "40 of 200 responses wished for something about Parks: 30 for more and 10 to keep it."),
    (Heard(40, 200, {"more": 38, "less": 3}, 1), "40 of 200 responses wished for something about Parks: 38 for more."),
    (Heard(1200, 2000, {"more": 900, "less": 250, "mend": 120}, 1),
     "1,200 of 2,000 responses wished for something about Parks: 900 for more, 250 for less and 120 to mend it."),
    (Heard(2, 2, {"unclear": 2}, 1), "2 of 2 responses wished for something about Parks."),
])
def test_people_are_told_both_ways_from_a_tenth_on(heard: Heard, wanted: str) -> None:
    assert heard_words(heard, ["Parks"]) == wanted
