"""Rows and tables: pure, against a recount by hand."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from campaigns.campaign_file import read_campaign, read_file
from campaigns.columns import columns_of
from campaigns.responses import CLEARED, ERASED, WITHDRAWN, Response, SlotCoding, Wish
from campaigns.rows import Layout, first_ids, make_row
from campaigns.tallies import BASES, Tally, UnknownFacet, ask_for, count, count_cells, find, in_numbers, merge

CAMPAIGN = read_campaign("derby-2026", read_file("derby-2026"))
LAYOUT = Layout(CAMPAIGN, {f: {n: i for i, n in enumerate(names)} for f, names in first_ids(CAMPAIGN).items()})
MIDSUMMER_2010 = 1278000000000


def wish(slot: int, codes: tuple[str, ...] = (), ask: str = "more", person: bool = False) -> Wish:
    coding = SlotCoding(codes, ask, "s-1" if person else "t1") if codes else None
    return Wish(slot, f"wish {slot}", "w", None if person else coding, coding if person else None)


def response(number: int, *wishes: Wish, **what: object) -> Response:
    return replace(Response(number, MIDSUMMER_2010, "live", 1, channel="online", wishes=wishes), **what)  # type: ignore[arg-type]


def made_up(seed: int, how_many: int = 400) -> list[Response]:
    """Returns responses dealt at random over every facet and state."""
    chance = random.Random(seed)
    codes = [code.id for code in CAMPAIGN.frame.codes if "." in code.id]
    made = []
    for number in range(1, how_many + 1):
        wishes = []
        for slot in sorted(chance.sample((1, 2, 3), chance.randint(1, 3))):
            some = tuple(chance.sample(codes, chance.choice((0, 1, 1, 2, 3)))) or chance.choice([(), ("other",), ("none",)])
            wishes.append(wish(slot, some, chance.choice(("more", "keep", "mend", "less", "unclear")), chance.random() < 0.2))
        made.append(response(
            number, *wishes,
            state=chance.choices(("live", WITHDRAWN, ERASED), (18, 1, 1))[0],
            channel=chance.choice(CAMPAIGN.channels), area=chance.choice([a.id for a in CAMPAIGN.areas] + ["not given"]),
            source=chance.choice(["", "libraries"]), day=f"2010-07-{chance.randint(1, 28):02}",
            answers={"connection": chance.randint(0, 6)}, special={"disability": chance.randint(0, 4)},
        ))
    return made


def rows_of(responses: list[Response]) -> np.ndarray:
    return np.frombuffer(b"".join(make_row(one, LAYOUT) for one in responses), LAYOUT.dtype)


def units(one: Response, base: str) -> Iterator[list[tuple[Wish, str]]]:
    """Yields the (wish, code) pairs of each unit of a base; a wish without a code has the pair (wish, "")."""
    pairs = [[(w, c) for c in (w.coding.codes if w.coding else ("",))] for w in one.wishes]
    if base == "responses":
        yield [pair for each in pairs for pair in each]
    elif base == "wishes":
        yield from pairs
    else:
        yield from ([pair] for each in pairs for pair in each if pair[1])


def value(one: Response, pair: tuple[Wish, str], facet: str) -> str:
    wish, code = pair
    area = next((a.name for a in CAMPAIGN.areas if a.id == one.area), one.area)
    question = CAMPAIGN.question_called(facet)
    if question:
        return question.answer({**one.answers, **one.special}.get(facet, 0)) or "not given"
    return {
        "theme": code.partition(".")[0], "code": code, "ask": wish.coding.ask if wish.coding else "",
        "coder": "person" if wish.person else "machine" if wish.machine else "waiting",
        "ward": area, "channel": one.channel, "source": one.source, "day": one.day,
    }[facet]


def recount(responses: list[Response], by: tuple[str, ...], where: dict[str, str], base: str) -> tuple[Counter, int]:
    """Counts with loops, as anyone would by hand."""
    cells: Counter[tuple[str, ...]] = Counter()
    total = 0
    deep = {"theme", "code"} & {*by, *where}
    for one in responses:
        if one.state != "live":
            continue
        for unit in units(one, base):
            passing = [p for p in unit if (p[1] or not deep) and all(value(one, p, f) == v for f, v in where.items())]
            total += bool(passing)
            cells.update({tuple(value(one, pair, facet) for facet in by) for pair in passing})
    return cells, total


BYS = [(), ("theme",), ("code",), ("ask",), ("ward",), ("day",), ("channel", "source"), ("theme", "ask"), ("code", "ward"),
       ("coder",), ("connection", "theme"), ("disability",), ("ward", "day")]
WHERES = [
    {}, {"channel": "card"}, {"theme": "growth"}, {"ask": "less", "ward": "Normanton"},
    {"code": "safer.green", "coder": "machine"}, {"channel": "card", "theme": "growth"},
]


@pytest.mark.parametrize(("by", "where", "base"), list(itertools.product(BYS, WHERES, BASES)))
def test_every_table_equals_a_recount_by_hand(by: tuple[str, ...], where: dict[str, str], base: str) -> None:
    responses = made_up(7)
    tally = count(rows_of(responses), LAYOUT, ask_for(LAYOUT, by, {f: [v] for f, v in where.items()}, base))
    cells, total = recount(responses, by, where, base)
    assert tally.total == total
    if by:
        assert tally.cells == dict(cells)


def somewhere(one: Response, where: dict[str, str]) -> bool:
    """Tells whether a response has, for each filter, some wish and code that pass it."""
    pairs = [pair for unit in units(one, "responses") for pair in unit]
    return all(any((p[1] or f not in ("theme", "code")) and value(one, p, f) == v for p in pairs) for f, v in where.items())


@pytest.mark.parametrize(("by", "where", "base"), list(itertools.product(BYS, WHERES[1:], BASES)))
def test_filters_may_hold_anywhere_in_a_response(by: tuple[str, ...], where: dict[str, str], base: str) -> None:
    responses = made_up(11)
    tally = count(rows_of(responses), LAYOUT, ask_for(LAYOUT, by, {f: [v] for f, v in where.items()}, base, across=True))
    cells, total = recount([one for one in responses if somewhere(one, where)], by, {}, base)
    assert tally.total == total
    if by:
        assert tally.cells == dict(cells)


def test_tables_of_blocks_add_up_to_the_table_of_all() -> None:
    rows = rows_of(made_up(3))
    query = ask_for(LAYOUT, ("theme", "ward"))
    parts = [count_cells(columns_of(some, LAYOUT), in_numbers(query, LAYOUT)) for some in (rows[:100], rows[100:])]
    assert merge(query, LAYOUT, parts) == count(rows, LAYOUT, query)


@pytest.mark.parametrize(("by", "base"), list(itertools.product([(), ("theme",), ("code", "ward"), ("day",)], BASES)))
def test_a_table_of_no_rows_is_empty(by: tuple[str, ...], base: str) -> None:
    assert count(rows_of([]), LAYOUT, ask_for(LAYOUT, by, {"ask": ["more"]}, base)) == Tally(by, base, {}, 0)


def test_making_a_row_again_changes_nothing() -> None:
    for one in made_up(1, 50):
        assert make_row(one, LAYOUT) == make_row(one, LAYOUT)
        assert len(make_row(one, LAYOUT)) == LAYOUT.width


def test_an_erased_response_leaves_an_empty_row() -> None:
    assert not any(make_row(response(1, wish(1, ("growth.jobs",)), state=ERASED), LAYOUT))


def test_a_persons_coding_counts_before_the_machines() -> None:
    both = Wish(1, "x", "w", SlotCoding(("growth.jobs",), "more", "t1"), SlotCoding(("safer.green",), "keep", "s-1"), CLEARED)
    tally = count(rows_of([response(1, both)]), LAYOUT, ask_for(LAYOUT, ("code", "ask", "coder", "moderation")))
    assert tally.cells == {("safer.green", "keep", "person", "cleared"): 1}


def test_a_response_with_two_codes_of_a_theme_counts_once_in_it() -> None:
    rows = rows_of([response(1, wish(1, ("growth.jobs", "growth.roads")), wish(2, ("growth.jobs",)))])
    counted = {base: count(rows, LAYOUT, ask_for(LAYOUT, ("theme",), None, base)).cells for base in BASES}
    assert counted == {"responses": {("growth",): 1}, "wishes": {("growth",): 2}, "mentions": {("growth",): 3}}


def test_finding_gives_the_wishes_behind_a_count_newest_first() -> None:
    responses = [response(1, wish(1, ("growth.jobs",))), response(2, wish(1), wish(3, ("growth.jobs",)))]
    asked = in_numbers(ask_for(LAYOUT, (), {"code": ["growth.jobs"]}), LAYOUT)
    found = find(columns_of(rows_of(responses), LAYOUT), asked)
    assert found.tolist() == [[1, 3], [0, 1]]


@pytest.mark.parametrize(("by", "where", "base", "said"), [
    (("colour",), {}, "responses", "colour"), ((), {"ward": ["Atlantis"]}, "responses", "Atlantis"),
    ((), {}, "people", "people"), ((), {"code": ["growth.moon"]}, "wishes", "growth.moon"),
])
def test_what_cannot_be_counted_is_refused_in_words(by: tuple[str, ...], where: dict, base: str, said: str) -> None:
    with pytest.raises(UnknownFacet, match=said):
        ask_for(LAYOUT, by, where, base)
