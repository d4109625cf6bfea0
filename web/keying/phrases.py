"""Phrases that many cards say, offered for completion: what three and more wrote, never anything from a single response."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from time import monotonic

from campaigns.responses import LIVE
from campaigns.store.responses import get_responses, response_count
from campaigns.store.store import Store

FEWEST = 3
MOST = 400
READ_AT_MOST = 3000
HELD_SECONDS = 300.0
WORDS = range(2, 9)
# Postcodes, telephone and house numbers all have a figure in them; addresses of another kind an @ or a slash.
UNFIT = re.compile(r"[\d@/\[\]]")

_held: dict[tuple[str, str], tuple[float, list[str]]] = {}


def frequent_phrases(store: Store) -> list[str]:
    """Returns the phrases of the latest responses, most written first; found anew every few minutes."""
    known, now = (store.slug, store.born), monotonic()
    if not _held.get(known, (0.0, []))[1] or _held[known][0] < now - HELD_SECONDS:
        _held[known] = now, phrases_of(_latest(store))
    return _held[known][1]


def phrases_of(responses: Iterable[Iterable[str]]) -> list[str]:
    """Returns the phrases that at least FEWEST of some responses' wishes say, as most of them write it."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for wishes in responses:
        said = {phrase.casefold(): phrase for wish in wishes for phrase in clauses(wish)}
        for folded, phrase in said.items():
            written[folded][phrase] += 1
    often = sorted((-spellings.total(), folded) for folded, spellings in written.items() if spellings.total() >= FEWEST)
    return [written[folded].most_common(1)[0][0] for _, folded in often[:MOST]]


def clauses(wish: str) -> list[str]:
    """Returns the parts of a wish between stops that are short enough to be written often and hold no figures."""
    parts = (" ".join(part.split()) for part in re.split(r"[.,;:!?\n]", wish))
    return [part for part in parts if len(part.split()) in WORDS and not UNFIT.search(part)]


def _latest(store: Store) -> Iterable[Iterable[str]]:
    last = response_count(store)
    found = get_responses(store, range(max(1, last - READ_AT_MOST + 1), last + 1))
    return [[wish.text for wish in one.wishes] for one in found if one.state == LIVE and one.channel != "online"]
