"""Gathering a draft's evidence: every count it needs, as of one event, and quotes that people have cleared."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from campaigns.drafts.evidence import Block, Evidence, Figure, Quotes, Seal, Standing, Table, Taggers
from campaigns.drafts.kinds import ANSWERS, NEEDS
from campaigns.drafts.quoting import choose, cleared_wishes
from campaigns.sampling.reckoning import ranges_of
from campaigns.store.blocks import RowTable
from campaigns.store.consumers import CODING, TALLIES, behind, parked
from campaigns.store.log import last_seal
from campaigns.store.responses import response_count, tagger_versions
from campaigns.store.store import Store
from campaigns.tallies import BASES, Query, Where, ask_for

BOTH = ("responses", "wishes")
Wanted = tuple[tuple[str, ...], tuple[str, ...]]  # the facets crossed, and the bases
# What the vision states, and on which bases: each base of each is a pass over every row.
FIGURES: dict[str, tuple[Where, tuple[str, ...]]] = {
    "all": ({}, BOTH),
    "coded": ({"coder": ("machine", "person")}, BASES),
    "waiting": ({"coder": ("waiting",)}, ("wishes",)),
    "machine": ({"coder": ("machine",)}, ("wishes",)),
    "person": ({"coder": ("person",)}, ("wishes",)),
    "cleared": ({"moderation": ("cleared",)}, ("wishes",)),
    "held": ({"moderation": ("held",)}, ("wishes",)),
}
TABLES: dict[str, Wanted] = {
    "channel": (("channel",), BOTH), "ward": (("ward",), BOTH), "day": (("day",), BOTH), "theme": (("theme",), BASES),
    "code": (("code",), BOTH), "code and ask": (("code", "ask"), ("wishes",)),
}
# What only some parts state.
CROSSED: dict[str, Wanted] = {
    "ward and theme": (("ward", "theme"), BOTH), "ward and code": (("ward", "code"), BOTH),
    "theme and coder": (("theme", "coder"), ("wishes",)), "theme and ask": (("theme", "ask"), ("wishes",)),
}
VERSIONS_FROM = 6000
Tell = Callable[[int, int], None]


def say_nothing(done: int, total: int) -> None:
    """Tells nobody how far the counting is."""


def gather(store: Store, table: RowTable, at_ms: int, parts: Sequence[str] = (), tell: Tell = say_nothing) -> Evidence:
    """Returns everything that a draft of these parts states, counted from rows as of one event.

    ``standing.moved`` tells how many events reached the rows while it was counted: 0 means that all is as of one event.
    """
    event = table.refresh(store)
    wanted = {**TABLES, **_besides(store, parts)}
    total = sum(len(bases) for _, bases in (*FIGURES.values(), *wanted.values()))
    blocks: dict[str, Block] = {}
    for block in chain[Block](_figures(store, table, event), _tables(store, table, event, wanted)):
        blocks[block.name] = block
        tell(len(blocks), total)
    blocks.update((block.name, block) for block in _quotes(store, table, event, blocks))
    taggers = _taggers(store, table)
    standing = Standing(
        behind(store, TALLIES), behind(store, CODING), table.refresh(store) - event,
        sum(one.consumer == CODING for one in parked(store)), response_count(store),
    )
    return Evidence(event, at_ms, store.state["definition"], Seal(*last_seal(store)), standing, taggers, blocks, ranges_of(store))


def _figures(store: Store, table: RowTable, event: int) -> Iterator[Figure]:
    for name, (where, bases) in FIGURES.items():
        for base in bases:
            query = ask_for(store.layout, (), where, base)
            yield Figure(f"{name}, {base}", query, event, table.count(store, query).total)


def _besides(store: Store, parts: Sequence[str]) -> dict[str, Wanted]:
    """Returns the tables that some parts need; of about-you questions never those of special categories."""
    needed = {name: CROSSED[name] for part in parts for name in NEEDS.get(part, ())}
    asked = store.campaign.questions if ANSWERS in parts else ()
    return {**needed, **{f"answer {one.id}": ((one.id,), ("responses",)) for one in asked if not one.special}}


def _tables(store: Store, table: RowTable, event: int, wanted: Mapping[str, Wanted]) -> Iterator[Table]:
    for name, (by, bases) in wanted.items():
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
