"""The tables that are released, and what is counted for them: responses, since more than one base would tell of another."""

from collections.abc import Iterator

from campaigns.coding.frame import ALONE, ASKS, theme_of
from campaigns.definition import Campaign
from campaigns.facets import facet_names
from campaigns.open_data.renewing import Counts, Table
from campaigns.small_cells import SMALLEST_SHOWN
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import ask_for

BASE = "responses"
LEAST_SPECIAL = 10
NO_SOURCE = "no source named"


def tables_of(campaign: Campaign) -> dict[str, Table]:
    """Returns the campaign's tables by name, still without lines.

    Wards carry the themes and themes the asks, so that no total stands in two tables and is renewed in one of them alone.
    Other geographies are in none: they are put together from the very wards and postcodes whose small counts are withheld.
    """
    themes = tuple(theme.id for theme in campaign.frame.themes)
    plain = {
        "wards": Table(("ward", "theme"), themes, SMALLEST_SHOWN, {}),
        "themes": Table(("theme", "ask"), tuple(ASKS), SMALLEST_SHOWN, {}),
        "codes": Table(("code",), (), SMALLEST_SHOWN, {}, {code.id: theme_of(code.id) for code in campaign.frame.codes}),
        "asks": Table(("ask",), (), SMALLEST_SHOWN, {}),
        "channels": Table(("channel",), (), SMALLEST_SHOWN, {}),
        "sources": Table(("source",), (), SMALLEST_SHOWN, {}, {source.id: source.channel for source in campaign.sources}),
        "days": Table(("day",), (), SMALLEST_SHOWN, {}),
    }
    answers = {
        f"answers-{question.id}": Table((question.id,), (), LEAST_SPECIAL if question.special else SMALLEST_SHOWN, {})
        for question in campaign.questions
    }
    return {**plain, **answers}


def count_for(store: Store, table: RowTable, asked: Table) -> Counts:
    """Returns a table's counts as they now are: each line's total, then what it is crossed with."""
    line, column = asked.by[0], asked.by[1:]
    totals = table.count(store, ask_for(store.layout, [line], base=BASE)).column()
    crossed = table.count(store, ask_for(store.layout, [line, *column], base=BASE)).cells if column else {}
    return {
        called(line, name): (totals.get(name, 0), *(crossed.get((name, other), 0) for other in asked.columns))
        for name in _names(store, line, totals)
    }


def called(facet: str, name: str) -> str:
    """Returns what a line is called in the files: names as the rows have them, and words where these have none."""
    return name or (NO_SOURCE if facet == "source" else "none")


def _names(store: Store, facet: str, counted: dict[str, int]) -> Iterator[str]:
    if facet == "day":
        yield from sorted(counted)
        return
    known = facet_names(store.layout, facet).values()
    unnamed = ("",) if facet == "source" else ()
    skipped = {"", *(ALONE if facet == "theme" else ())}
    yield from dict.fromkeys([*unnamed, *(name for name in [*known, *counted] if name not in skipped)])
