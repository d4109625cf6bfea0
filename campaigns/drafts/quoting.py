"""Choosing which cleared wishes to quote, by a written rule that favours nobody.

Only wishes that a person has cleared. Up to three a theme; within a theme every quote from a different
ward (those whose ward is not known count as one ward), and no response quoted twice in a whole draft. The ways
wishes ask take turns, most asked first, each that makes up a tenth of the theme's cleared wishes getting one before any
gets two, so that opposing wishes are heard. Among equals the order is that of the salted commitments: as good
as chance, and the same at every writing. Wishes of up to 300 letters come before longer ones, which are cut.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from campaigns.definition import NO_AREA
from campaigns.drafts.evidence import Quote
from campaigns.moderating import public_wishes
from campaigns.responses import Response, Wish
from campaigns.store.blocks import RowTable
from campaigns.store.responses import get_responses
from campaigns.store.store import Store
from campaigns.tallies import ask_for

QUOTES_EACH = 3
LONGEST_QUOTE = 300
FEWEST_IN_AREA = 5
READ_AT_MOST = 2000


@dataclass(frozen=True)
class Candidate:
    """A cleared wish with what the choice depends on; ``area`` is empty where the ward is not known."""

    number: int
    slot: int
    words: str
    ask: str
    themes: frozenset[str]
    area: str
    channel: str
    order: str


def spread(found: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Returns all of a list, or, where it is longer than may be read, every second, third or nth of it."""
    return list(found[::max(-(-len(found) // most), 1)])


def cleared_wishes(store: Store, table: RowTable) -> list[Candidate]:
    """Returns the wishes cleared for quoting as they now stand; of very many, an even spread."""
    found = table.find(store, ask_for(store.layout, (), {"moderation": ("cleared",)}, "wishes"))
    wanted = set(spread(found, READ_AT_MOST))
    responses = get_responses(store, sorted({number for number, _ in wanted}))
    names = store.campaign.area_names
    return [
        _candidate(response, wish, text, names, store)
        for response in responses
        for wish, text in public_wishes(response)
        if (response.number, wish.slot) in wanted and wish.coding
    ]


def _candidate(response: Response, wish: Wish, text: str, names: Mapping[str, str], store: Store) -> Candidate:
    coding = wish.coding
    assert coding is not None
    area = "" if response.area in NO_AREA else names.get(response.area, "")
    themes = frozenset(store.campaign.frame.theme_of(code) for code in coding.codes)
    return Candidate(response.number, wish.slot, text, coding.ask, themes, area, response.channel, wish.words)


def choose(by_theme: Mapping[str, Sequence[Candidate]], area_counts: Mapping[str, int]) -> dict[str, tuple[Quote, ...]]:
    """Returns the quotes of each theme; those with the fewest cleared wishes choose first, so that none goes short."""
    used: set[int] = set()
    chosen = {}
    for theme in sorted(by_theme, key=lambda theme: (len(by_theme[theme]), theme)):
        picked = _pick(by_theme[theme], used)
        used.update(one.number for one in picked)
        chosen[theme] = tuple(_quote(one, area_counts) for one in picked)
    return chosen


def _pick(candidates: Sequence[Candidate], used: set[int]) -> list[Candidate]:
    picked: list[Candidate] = []
    for one in _in_turns(candidates):
        fresh = one.number not in used and one.number not in {other.number for other in picked}
        if fresh and one.area not in {other.area for other in picked}:
            picked.append(one)
        if len(picked) == QUOTES_EACH:
            break
    return picked


def _in_turns(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Orders candidates so that each way of asking that makes up a tenth has its turn; rarer ways come after."""
    ordered = sorted(candidates, key=lambda one: (len(one.words) > LONGEST_QUOTE, one.order))
    asks = Counter(one.ask for one in ordered).most_common()
    often = [[one for one in ordered if one.ask == ask] for ask, number in asks if number * 10 >= len(ordered)]
    seldom = [one for ask, number in asks if number * 10 < len(ordered) for one in ordered if one.ask == ask]
    return [one for one in chain.from_iterable(zip_longest(*often)) if one] + seldom


def _quote(one: Candidate, area_counts: Mapping[str, int]) -> Quote:
    area = one.area if area_counts.get(one.area, 0) >= FEWEST_IN_AREA else ""
    words = cut_short(one.words)
    return Quote(one.number, one.slot, words, one.ask, area, one.channel, words != one.words)


def cut_short(words: str, longest: int = LONGEST_QUOTE) -> str:
    """Returns words as they are, or, where there are more letters than may be quoted, up to the last whole word that fits."""
    if len(words) <= longest:
        return words
    whole = re.match(r".*(?=\s)", words[:longest + 1], re.DOTALL)
    return re.sub(r"\[removed:[^\]]*$", "", whole.group() if whole else words[:longest]).rstrip()
