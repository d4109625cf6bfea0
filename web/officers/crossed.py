"""Tables that an officer puts together: any facet, or any two crossed, under any filters, on three bases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.crossing import SHARES, Grid, in_order, lay_out
from campaigns.definition import NO_AREA, Campaign
from campaigns.facets import facet_names, facets_of
from campaigns.geographies import NOT_KNOWN
from campaigns.sampling.reckoning import Ranged
from campaigns.small_cells import Shown, hide_column, hide_named
from campaigns.store.blocks import RowTable
from campaigns.store.store import Store
from campaigns.tallies import Tally, UnknownFacet, ask_for
from web.context import campaign_store, row_table
from web.officers.addresses import Addresses
from web.officers.counts import moment_of
from web.officers.filters import Filters, names_of, phrases, read_filters
from web.officers.panels import carried, choices
from web.ranges import ranges_for

FEWEST = 10  # of a special category
MOST_LISTED = 24  # names that stand in a table even where nothing is counted
CALLED = {
    "theme": "theme", "code": "code", "ask": "which way it asks", "coder": "who coded it",
    "sureness": "how sure the machine is", "moderation": "clearing for quoting",
    "channel": "channel", "source": "source", "day": "day", "hour": "hour of receipt",
}
EMPTY = {"source": "no source named", "theme": "not coded", "code": "not coded", "ask": "not coded"}


@dataclass(frozen=True)
class Asked:
    """What a table's address asks for."""

    by: tuple[str, ...]
    shares: str
    across: bool

    def query(self) -> dict[str, Any]:
        """Returns what stands in the address for it."""
        given: dict[str, Any] = {"by": list(self.by), "shares": self.shares if self.shares != SHARES[0] else None}
        return {**given, "across": "1" if self.across else None}


def crossed(slug: str) -> ResponseReturnValue:
    """Shows one facet, or two crossed, with the filters as a sentence and every cell leading to its wishes."""
    store, filters, table = campaign_store(slug), read_filters(), row_table(slug)
    asked = read_asked(store)
    special = [facet for facet in asked.by if _is_special(store.campaign, facet)]
    refused = _refusal(store.campaign, special, filters, asked)
    event = table.refresh(store)
    grid = None if refused else make_grid(store, table, asked, filters, bool(special))
    offered = choices(store.campaign, of_wishes=True)
    return render_template(
        "officers/crossed.html", store=store, campaign=store.campaign, filters=filters, asked=asked, grid=grid, refused=refused,
        facets=facet_words(store), phrases=phrases(filters, store.campaign), choices=offered, to=Addresses(slug, filters),
        kept=[*carried(filters, offered), *_fields(asked)],
        all_filters=carried(filters, []), event=event, fewest=FEWEST if special else 0,
        as_of=moment_of(store, event), called=_labels(store, asked.by),
        leaving=lambda left: url_for("officers.tables", slug=slug, **left.query(), **asked.query()),
        ranged=(ranged := ranges_for(store)), ranges=ranges_beside(ranged, asked, filters),
        leads=not (any(_is_answer(store.campaign, facet) for facet in asked.by) or asked.across),
    )


def read_asked(store: Store) -> Asked:
    """Returns which facets an address crosses and how; raises UnknownFacet in words."""
    by = tuple(dict.fromkeys(facet for facet in request.args.getlist("by") if facet))[:2] or ("theme", "ward")
    known = facets_of(store.layout)
    if strange := [facet for facet in by if facet not in known]:
        raise UnknownFacet(f"“{strange[0][:60]}” is not something wishes are counted by. Choose from {', '.join(known)}.")
    shares = request.args.get("shares") or SHARES[0]
    return Asked(by, shares if shares in SHARES else SHARES[0], bool(request.args.get("across")))


def make_grid(store: Store, table: RowTable, asked: Asked, filters: Filters, special: bool = False) -> Grid:
    """Returns the table, small counts withheld where it tells of a special category."""
    base = "responses" if special else filters.base

    def counted(by: Sequence[str]) -> Tally:
        return table.count(store, ask_for(store.layout, by, filters.where(), base, asked.across))

    own = [counted([facet]).column() for facet in asked.by]
    names = [_listed(store, facet, counts, filters) for facet, counts in zip(asked.by, own, strict=True)]
    total = counted(()).total
    if len(asked.by) == 1:
        [rows], [counts] = names, own
        shown: dict[str, Shown] = dict(counts)
        if special:
            shown = dict(zip(rows, hide_column([counts.get(name, 0) for name in rows], FEWEST), strict=True))
        return lay_out(rows, (), {}, (shown, {}), total)
    return _crossed(names, counted(asked.by).cells, (own[0], own[1]), total, asked.shares, special)


def _crossed(
    names: list[list[str]], cells: Mapping[tuple[str, ...], int], own: tuple[Mapping[str, int], Mapping[str, int]], total: int,
    shares: str, special: bool,
) -> Grid:
    rows, columns = names
    if not special:
        return lay_out(rows, columns, cells, own, total, shares)
    totals, kept = hide_named(rows, columns, own[0], cells, FEWEST)
    return lay_out(rows, columns, kept, (totals, own[1]), total, shares)


def ranges_beside(ranged: Ranged, asked: Asked, filters: Filters) -> dict[str, str]:
    """Returns the range of each line in words: of a table of themes, codes or asks alone, over everybody."""
    if len(asked.by) > 1 or not filters.plain:
        return {}
    return {name: one.words for name, one in ranged.of(filters.base, asked.by[0]).items()}


def _listed(store: Store, facet: str, counts: Mapping[str, int], filters: Filters) -> list[str]:
    known = [name for name in facet_names(store.layout, facet).values() if name]
    if facet == "channel":
        known = list(store.campaign.channels)
    unknown = NO_AREA if facet == "ward" else (NOT_KNOWN,)
    known.sort(key=lambda name: name in unknown)  # what is not known comes last
    narrowed = facet in filters.values or len(known) > MOST_LISTED
    return in_order(known, counts, keep_empty=not narrowed)


def _is_answer(campaign: Campaign, facet: str) -> bool:
    return campaign.question_called(facet) is not None


def _is_special(campaign: Campaign, facet: str) -> bool:
    question = campaign.question_called(facet)
    return bool(question and question.special)


def _refusal(campaign: Campaign, special: Sequence[str], filters: Filters, asked: Asked) -> str:
    """What keeps a table of a special category from being shown: whatever could pick somebody out by taking tables apart."""
    if not special:
        return ""
    if len(special) == 2:
        return "Two special-category answers are not crossed: their cells would tell of single people. Choose another column."
    if not filters.plain or asked.across:
        return "A special-category answer is counted over everybody, without filters. Leave the filters out."
    if len(asked.by) == 2 and asked.by[1] in special:
        return "Put the special-category answer in the lines of the table, and the other in its columns."
    other = [facet for facet in asked.by if facet not in special]
    if other and other[0] not in ("theme", "ask", "channel"):
        return "A special-category answer is crossed with themes, ways of asking or channels alone, so that nobody stands out."
    return ""


def facet_words(store: Store) -> list[tuple[str, str]]:
    """Returns every facet with what it is called on pages."""
    questions = {question.id: question.text for question in store.campaign.questions}
    geographies = {geography.id: geography.name for geography in store.campaign.geographies}
    called = {**CALLED, "ward": store.campaign.areas_called, **geographies, **questions}
    return [(facet, called.get(facet, facet).capitalize()) for facet in facets_of(store.layout)]


def _labels(store: Store, by: Sequence[str]) -> list[dict[str, str]]:
    """What the names of each facet crossed are called."""
    unknown = {name: name.capitalize() for name in (*NO_AREA, NOT_KNOWN)}
    return [{**unknown, **names_of(facet, store.campaign), "": EMPTY.get(facet, "not given").capitalize()} for facet in by]


def _fields(asked: Asked) -> list[tuple[str, str]]:
    fields = [*(("by", facet) for facet in asked.by), ("shares", asked.shares), ("across", "1" if asked.across else "")]
    return [(name, value) for name, value in fields if value]

