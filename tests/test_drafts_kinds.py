"""Every kind of draft from a real store: its numbers found again by recount, its blanks left blank, its outline its own."""

import random
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pypdfium2
import pytest

from campaigns.campaign_file import MistakesInFile, read_campaign
from campaigns.definition import Outline
from campaigns.drafts.document import Blank, Boxed, Draft, Grid, Link, Part, Section, Share, Text
from campaigns.drafts.evidence import Figure, Quotes, Table
from campaigns.drafts.kinds import KINDS, PARTS
from campaigns.drafts.markdown import as_markdown
from campaigns.drafts.outline import BUILDERS
from campaigns.drafts.pdf import as_pdf
from campaigns.drafts.saving import WRITERS, save_draft
from campaigns.drafts.tracing import ALL, HEADING
from campaigns.drafts.writing import CannotWrite, write_draft
from campaigns.responses import LIVE, Response
from campaigns.small_cells import SMALLEST_SHOWN
from campaigns.store.blocks import RowTable
from campaigns.store.indicators import keep_indicators
from campaigns.store.log import last_event, seal
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from tests.storehouse import LITTLE, campaign_text
from tests.test_drafts import (
    code_by_machine,
    every_response,
    look_at_some,
    recount,
    store,  # noqa: F401 - a fixture
    take_in,
)
from tests.test_indicators import MADE_UP_CSV, read_derby


@pytest.fixture
def filled(store: Store) -> Store:  # noqa: F811
    chance = random.Random(11)
    take_in(store, 140, chance)
    code_by_machine(store, chance, leave=3)
    look_at_some(store, chance)
    keep_indicators(store, read_derby(MADE_UP_CSV), "s-1")
    seal(store)
    return store


def draft_of(store: Store, kind: str, only: str = "", outline: Outline | None = None) -> Draft:  # noqa: F811
    if outline:
        store = replace(store, campaign=replace(store.campaign, outlines=(outline,)))
    return write_draft(store, RowTable(), kind, 1, "https://wishes.example", only)


def parts_in(parts: tuple[Part, ...]) -> list[Part]:
    return [one for part in parts for one in (part, *(parts_in(part.parts) if isinstance(part, Boxed) else []))]


def every_part(draft: Draft) -> list[Part]:
    def under(section: Section) -> list[Part]:
        return [*parts_in(section.parts), *(part for one in section.sections for part in under(one))]
    return [*parts_in(draft.opening), *(part for section in draft.sections for part in under(section))]


def test_every_part_that_can_be_named_can_be_built() -> None:
    assert set(PARTS) == set(BUILDERS)
    assert {part for kind in KINDS.values() for part in kind.parts} | {"actions"} == set(PARTS)


def test_every_number_of_every_kind_is_found_again_and_led_to(filled: Store) -> None:
    counted = {}
    for kind in KINDS:
        draft = draft_of(filled, kind)
        assert draft.event == last_event(filled)
        counted.update(draft.evidence.blocks)
        check_appendix(filled, draft)
        check_traces(draft)
    own = {name: block for name, block in counted.items() if not name.startswith("answer ")}
    assert {"ward and theme, responses", "ward and code, wishes", "theme and ask, wishes"} <= set(own)
    for block in own.values():
        cells, total = recount(filled, block)
        if isinstance(block, Table):
            assert (block.name, {cell: n for cell, n in block.cells.items() if all(cell)}) == (block.name, cells)
        elif isinstance(block, Figure):
            assert (block.name, block.number) == (block.name, total)
        else:
            assert isinstance(block, Quotes) and block.cleared == total


def check_appendix(filled: Store, draft: Draft) -> None:
    """Holds each row of the appendix to what the address beside it opens."""
    appendix = draft.sections[-1]
    grid = appendix.parts[1]
    assert appendix.id == "figures" and isinstance(grid, Grid) and len(grid.anchors) == len(grid.rows)
    table = RowTable()
    table.refresh(filled)
    for number, _, responses, wishes, link in grid.rows:
        assert isinstance(link, Link) and link.address.startswith("https://wishes.example/officers/derby-2026/wishes")
        where = {facet: (value,) for facet, value in parse_qsl(link.address.partition("?")[2])}
        for base, shown in (("responses", responses), ("wishes", wishes)):
            if shown != "–":
                assert shown == table.count(filled, ask_for(filled.layout, (), where, base)).total, (number, where, base)
    assert any(shown != "–" for row in grid.rows for shown in row[2:4])


def check_traces(draft: Draft) -> None:
    """Holds each number in brackets to a row of the appendix, and each row to a number."""
    parts = every_part(draft)
    texts = [text for part in parts for text in ((part,) if isinstance(part, Text) else getattr(part, "items", ()))]
    traced = {text.trace for text in texts} | {trace for part in parts if isinstance(part, Grid) for trace in part.traces}
    anchors = {name for part in parts if isinstance(part, Grid) for name in part.anchors}
    assert {f"figure-{number}" for number in traced if number} == anchors
    assert ALL not in traced and not any("=" in number for number in traced)


def test_a_kind_can_be_saved_in_every_form(filled: Store, tmp_path: Path) -> None:
    for kind in ("plan", "committee"):
        draft = draft_of(filled, kind)
        for ending in WRITERS:
            save_draft(draft, tmp_path / f"a{ending}")
            assert (tmp_path / f"a{ending}").stat().st_size > 1000
        assert "Demonstration" in as_markdown(draft)
    assert len(pypdfium2.PdfDocument(as_pdf(draft_of(filled, "plan")))) == 2  # the plan, and the figures behind it


def test_every_kind_of_nothing_says_so(store: Store) -> None:  # noqa: F811
    for kind in KINDS:
        draft = draft_of(store, kind)
        said = as_markdown(draft)
        assert not re.search(r"None(?! has been coded)|\bnan\b", said), kind
        assert said.startswith("# ")


def test_a_strategy_has_a_chapter_for_each_theme(filled: Store) -> None:
    draft = draft_of(filled, "strategy")
    chapters = {section.heading: section for section in draft.sections if section.id.startswith("chapter-")}
    assert set(chapters) == {theme.name for theme in filled.campaign.frame.themes}
    for chapter in chapters.values():
        assert chapter.new_page
        assert [under.heading for under in chapter.sections] == [
            "What people said", "Who and where", "How sure this is", "Which way people ask", "What the indicators say",
            "Priorities", "Actions"]
        priorities, actions = chapter.sections[-2:]
        assert all(isinstance(part, Blank) for part in priorities.parts)
        assert isinstance(actions.parts[0], Grid)


def themes_of(response: Response) -> set[str]:
    return {code.partition(".")[0] for wish in response.wishes if wish.coding for code in wish.coding.codes}


def test_no_small_count_of_an_area_is_shown_or_traced(filled: Store) -> None:
    live = [one for one in every_response(filled) if one.state == LIVE]
    names = filled.campaign.area_names
    for kind in ("strategy", "area"):
        draft = draft_of(filled, kind)
        for part in every_part(draft):
            if isinstance(part, Grid) and any("ward=" in query for query in part.traces):
                raise AssertionError("a query was left without its number")
        appendix = draft.sections[-1].parts[1]
        assert isinstance(appendix, Grid)
        for row in appendix.rows:
            where = dict(parse_qsl(str(row[4].address).partition("?")[2])) if isinstance(row[4], Link) else {}
            if set(where) == {"ward", "theme"}:
                behind = [one for one in live if names.get(one.area) == where["ward"] and where["theme"] in themes_of(one)]
                assert len(behind) == row[2] and len(behind) >= SMALLEST_SHOWN


def test_an_area_is_compared_and_kept_to_itself(filled: Store) -> None:
    name = filled.campaign.areas[0].name
    draft = draft_of(filled, "area", only=name.upper())
    assert draft.sections[0].heading == name
    grid = next(part for part in draft.sections[0].parts if isinstance(part, Grid))
    assert grid.columns[1] == f"Responses from {name}"
    assert all(isinstance(cell, Share | str) for row in grid.rows for cell in row)


def test_a_pack_keeps_to_its_theme(filled: Store) -> None:
    draft = draft_of(filled, "theme", only="growth")
    assert [section.id for section in draft.sections] == ["chapter-growth", "limits", "as-of", "figures"]


@pytest.mark.parametrize(("kind", "only", "words"), [
    ("vision", "growth", "keeps to no single theme"), ("theme", "wealth", "There is no theme called “wealth”"),
    ("area", "Atlantis", "There is no area called “Atlantis”"),
])
def test_what_it_cannot_keep_to_is_told_in_words(store: Store, kind: str, only: str, words: str) -> None:  # noqa: F811
    with pytest.raises(CannotWrite, match=words):
        write_draft(store, RowTable(), kind, 0, only=only)


def test_implications_are_left_to_whoever_is_named(filled: Store) -> None:
    outline = Outline("committee", "To committee", completed_by=("the Chief Executive", "Legal: the Monitoring Officer"))
    for given, legal, others in ((None, "[named officer]", "[named officer]"),
                                 (outline, "the Monitoring Officer", "the Chief Executive")):
        draft = draft_of(filled, "committee", outline=given)
        grid = next(part for part in every_part(draft) if isinstance(part, Grid) and part.columns == ("For", "Implications"))
        told = {str(what): blank.who for what, blank in grid.rows if isinstance(blank, Blank)}
        assert len(told) == len(grid.rows) == 10
        assert told["Legal"] == legal and {who for what, who in told.items() if what != "Legal"} == {others}
        blanks = [part for part in every_part(draft) if isinstance(part, Blank)]
        assert len(blanks) >= 6 and not any(blank.words.endswith("by ") for blank in blanks)


def test_special_categories_are_in_no_draft(filled: Store) -> None:
    draft = draft_of(filled, "committee")
    special = {question.id for question in filled.campaign.questions if question.special}
    assert special and not any(facet in special for block in draft.evidence.blocks.values() for facet in block.query.facets)


def test_a_waterfall_adds_up(filled: Store) -> None:
    draft = draft_of(filled, "report")
    grid = next(part for part in every_part(draft) if isinstance(part, Grid) and part.columns[0] == "Step")
    steps = {str(row[0]): row[1:] for row in grid.rows}
    received, gone, counted = (steps[name][0] for name in (
        "Responses ever received", "Withdrawn, erased or not yet counted", "Counted here"))
    assert (received, gone, counted) == (140, 2, 138)
    machine, person, waiting = (steps[name][1] for name in (
        "coded by machine alone", "coded or put right by a person", "waiting for coding"))
    assert machine + person + waiting == steps["Counted here"][1]  # type: ignore[operator]


def test_an_outline_says_what_goes_where(filled: Store) -> None:
    outline = Outline("report", "What we heard", "For the board alone.", ("limits: How far to trust this", "who"))
    draft = draft_of(filled, "report", outline=outline)
    assert draft.title == "What we heard" and draft.opening[0] == Text("For the board alone.")
    assert [section.heading for section in draft.sections] == ["How far to trust this", PARTS["who"], HEADING]


@pytest.mark.parametrize(("added", "line_with", "said"), [
    ('kind = "poem"\ntitle = "A poem"', 'kind = "poem"', "“poem” cannot be drafted. Use one of vision, strategy"),
    ('kind = "plan"\ntitle = " "', "title", "plan has an empty title"),
    ('kind = "plan"\ntitle = "A"\nparts = ["who", "whence"]', "parts", "there is no part “whence”. Use asked, method"),
    ('kind = "plan"\ntitle = "A"\nparts = ["who", "who: Again"]', "parts", "the part “who” stands twice"),
    ('kind = "plan"\ntitle = "A"\ncompleted_by = ["Legal:"]', "completed_by", "“Legal:” names nobody"),
    ('kind = "plan"\ntitle = "A"\n[[drafts]]\nkind = "plan"\ntitle = "B"', 'kind = "plan"', "outlines “plan” twice"),
    ('kind = "plan"\ntitle = "A"\nofficers = ["x"]', "officers", "officers means nothing here"),
])
def test_a_bad_outline_is_told_by_line_and_remedy(added: str, line_with: str, said: str) -> None:
    text = f"{campaign_text()}\n[[drafts]]\n{added}\n"
    with pytest.raises(MistakesInFile) as refused:
        read_campaign(LITTLE, text)
    told = next(line for line in refused.value.lines if said in line)
    places = [number for number, line in enumerate(text.splitlines(), 1) if line_with in line]
    number = re.match(r"Line (\d+): ", told)
    assert number and int(number[1]) in places
