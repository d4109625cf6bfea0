"""Revising a frame: each step, where codes go, and a code that is split and merged back. Pure."""

import pytest

from campaigns.campaign_file import read_campaign, read_file
from campaigns.coding.revising import (
    CannotRevise,
    Draft,
    add_code,
    begin,
    describe,
    from_json,
    merge,
    move,
    read_examples,
    retire,
    shortcomings,
    split,
    to_json,
)

FRAME = read_campaign("derby-2026", read_file("derby-2026")).frame
TRAMS, ROADS, PARKS = "growth.transport", "growth.roads", "safer.green"
HALF = [example.text for example in FRAME.examples if TRAMS in example.codes][::2]
FIVE = [(f"Example {n}", "more") for n in range(5)]


def parted(draft: Draft | None = None) -> Draft:
    return split(draft or begin(FRAME), TRAMS, [("Buses", "By bus", ()), ("Trains", "By rail", HALF)])


def texts(draft: Draft, code: str) -> set[str]:
    return {example.text for example in draft.frame.examples if code in example.codes}


def test_nothing_done_changes_nothing() -> None:
    draft = begin(FRAME)
    assert (draft.changes, draft.frame.sha256, shortcomings(draft)) == ({}, FRAME.sha256, [])
    assert from_json(to_json(draft)) == draft


def test_a_code_is_added_with_examples_taken_from_where_they_stood() -> None:
    taken = sorted(texts(begin(FRAME), ROADS))[0]
    draft, new = add_code(begin(FRAME), "growth", "Trams & light rail!", "Rails in the street", [*FIVE, (taken, "more")])
    assert (new, len(texts(draft, new)), taken in texts(draft, ROADS)) == ("growth.trams-light-rail", 6, False)
    assert (draft.changes, shortcomings(draft)) == ({}, [])
    with pytest.raises(CannotRevise, match="stands under this theme already"):
        add_code(draft, "growth", "Trams & light rail!", "", ())
    lone, code = add_code(draft, "growth", "Another", "", ())
    assert shortcomings(lone) == ["“Another” has 0 examples. Give it 5 or more to be learnt from."]
    assert code == "growth.another"


def test_words_and_examples_are_put_anew() -> None:
    code = FRAME.code(ROADS)
    draft = describe(begin(FRAME), code, FIVE)
    assert {text for text, _ in FIVE} <= texts(draft, ROADS)
    assert all(len(one.codes) > 1 or one.text.startswith("Example") for one in draft.frame.examples if ROADS in one.codes)


def test_a_merged_code_leads_into_the_other_with_its_examples() -> None:
    before = begin(FRAME)
    draft = merge(before, TRAMS, ROADS)
    assert draft.changes == {TRAMS: (ROADS,)}
    assert texts(draft, ROADS) == texts(before, ROADS) | texts(before, TRAMS)
    assert FRAME.names[TRAMS] == draft.frame.names[TRAMS], "it keeps its name for older codings"
    for code, into in ((TRAMS, TRAMS), (TRAMS, "other"), ("other", TRAMS), ("nowhere", ROADS)):
        with pytest.raises(CannotRevise):
            merge(before, code, into)


def test_a_moved_code_has_another_id_and_the_same_examples() -> None:
    draft, new = move(begin(FRAME), TRAMS, "safer")
    assert (new, draft.changes) == ("safer.transport", {TRAMS: ("safer.transport",)})
    assert texts(draft, new) == texts(begin(FRAME), TRAMS)
    back, again = move(draft, new, "growth")
    assert back.changes[TRAMS] == (again,)


def test_a_retired_code_goes_to_other() -> None:
    draft = retire(begin(FRAME), TRAMS)
    assert draft.changes == {TRAMS: ("other",)} and texts(draft, TRAMS) == set()
    with pytest.raises(CannotRevise, match="must stay"):
        retire(draft, "none")


def test_a_split_divides_the_examples_and_is_unclear_to_people() -> None:
    draft = parted()
    assert draft.unclear == {TRAMS: ("growth.buses", "growth.trains")}
    assert texts(draft, "growth.trains") == set(HALF)
    assert texts(draft, "growth.buses") | set(HALF) == texts(begin(FRAME), TRAMS)


def test_split_and_merged_back_is_the_same_frame_in_one_draft_and_in_two() -> None:
    once = merge(parted(), "growth.trains", "growth.buses")
    assert (once.frame.sha256, once.frame.codes) == (FRAME.sha256, FRAME.codes)
    adopted = parted()
    twice = merge(begin(adopted.frame, adopted), "growth.trains", "growth.buses")
    assert twice.frame.sha256 == FRAME.sha256
    assert {code: twice.goes[code] for code in (TRAMS, "growth.buses", "growth.trains")} == dict.fromkeys(
        (TRAMS, "growth.buses", "growth.trains"), (TRAMS,))
    assert from_json(to_json(twice)) == twice


@pytest.mark.parametrize(("typed", "found", "wrong"), [
    ("More trams\n\n Fewer cars | less ", [("More trams", "more"), ("Fewer cars", "less")], False),
    ("Trams | sideways", [("Trams", "sideways")], True), ("a\nA", [("a", "more"), ("A", "more")], True), ("", [], False),
])
def test_examples_are_read_a_line_each(typed: str, found: list[tuple[str, str]], wrong: bool) -> None:
    read, problem = read_examples(typed)
    assert (read, bool(problem)) == (found, wrong)
