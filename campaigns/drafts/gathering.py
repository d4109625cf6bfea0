"""Gathering a draft's evidence: every count it needs, as of one event, and quotes that people have cleared."""

from collections.abc import Iterable

from campaigns.drafts.evidence import Block, Evidence, Figure, Quotes, Seal, Standing, Table, Taggers
from campaigns.drafts.quoting import choose, cleared_wishes
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import CODING, TALLIES, behind, parked
from campaigns.store.log import last_seal
from campaigns.store.responses import tagger_versions
from campaigns.store.store import Store
from campaigns.tallies import BASES, Query, Where, ask_for

BOTH = ("responses", "wishes")
# What the vision states, and on which bases: each base of each is a pass over every row.
FIGURES: dict[str, tuple[Where, tuple[str, ...]]] = {
    "all": ({}, BOTH),
    "coded": ({"coder": ("machine", "person")}, BASES),
    "waiting": ({"coder": ("waiting",)}, ("wishes",)),
    "machine": ({"coder": ("machine",)}, ("wishes",)),
    "person": ({"coder": ("person",)}, ("wishes",)),
}
TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "channel": (("channel",), BOTH), "ward": (("ward",), BOTH), "day": (("day",), BOTH), "theme": (("theme",), BASES),
    "code": (("code",), BOTH), "code and ask": (("code", "ask"), ("wishes",)),
}
VERSIONS_FROM = 6000


def gather(store: Store, table: RowTable, at_ms: int) -> Evidence:
    """Returns everything the vision states, counted from rows as of one event.

    ``standing.moved`` tells how many events reached the rows while it was counted: 0 means that all is as of one event.
    """
    event = table.refresh(store)
    blocks: dict[str, Block] = {block.name: block for block in (*_figures(store, table, event), *_tables(store, table, event))}
    blocks.update((block.name, block) for block in _quotes(store, table, event, blocks))
    taggers = _taggers(store, table)
    standing = Standing(
        behind(store, TALLIES), behind(store, CODING), table.refresh(store) - event,
        sum(one.consumer == CODING for one in parked(store)),
    )
    return Evidence(event, at_ms, store.state["definition"], Seal(*last_seal(store)), standing, taggers, blocks)


def _figures(store: Store, table: RowTable, event: int) -> Iterable[Figure]:
    for name, (where, bases) in FIGURES.items():
        for base in bases:
            query = ask_for(store.layout, (), where, base)
            yield Figure(f"{name}, {base}", query, event, table.count(store, query).total)


def _tables(store: Store, table: RowTable, event: int) -> Iterable[Table]:
    for name, (by, bases) in TABLES.items():
        for base in bases:
            query = ask_for(store.layout, by, None, base)
            tally = table.count(store, query)
            yield Table(f"{name}, {base}", query, event, tally.cells, tally.total)


def _quotes(store: Store, table: RowTable, event: int, blocks: dict[str, Block]) -> Iterable[Quotes]:
    wards = blocks["ward, responses"]
    assert isinstance(wards, Table)
    found = cleared_wishes(store, table)
    themes = list(dict.fromkeys(store.campaign.frame.theme_of(code.id) for code in store.campaign.frame.codes))
    by_theme = {theme: [one for one in found if theme in one.themes] for theme in themes}
    chosen = choose(by_theme, wards.counts())
    for theme in themes:
        query = _cleared_of(store, theme)
        yield Quotes(f"quotes {theme}", query, event, chosen[theme], table.count(store, query).total)


def _cleared_of(store: Store, theme: str) -> Query:
    return ask_for(store.layout, (), {"theme": (theme,), "moderation": ("cleared",)}, "wishes")


def _taggers(store: Store, table: RowTable) -> Taggers:
    """Reads the versions from the codings themselves; of very many, from an even spread."""
    coded = table.places(store, ask_for(store.layout, (), {"coder": ("machine",)}, "wishes"))
    wanted = [(number, slot) for number, slot in coded[::max(-(-len(coded) // VERSIONS_FROM), 1)].tolist()]
    versions = tagger_versions(store, wanted)
    return Taggers(tuple(sorted(versions)), len(wanted), len(coded))
