"""Looking wishes up at the officers' desk, by words and by meaning, beside reading every response or every vector each time."""

import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from time import monotonic, sleep
from unicodedata import combining, normalize
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Embedder
from campaigns.searching.meaning import FINE
from campaigns.searching.words import as_query
from campaigns.store.blocks import Place
from campaigns.store.connection import connect
from campaigns.store.keys import VECTOR_BLOCK, VECTOR_LENGTH
from campaigns.store.responses import read_ahead, response_count
from campaigns.store.server.places import Places
from campaigns.store.store import Store, open_store
from tests.bench.figures import Bench, Figure, Result, number, percentile, timed
from tests.bench.filled import MANY
from tests.bench.site import SLUG
from tests.bench.visitor import Visitor

SCAN = "the same count from the words of every response, each cut into words and each word to its stem"
EXACT = "all vectors read and each compared with what is looked for"
TARGETS = {"search by word": (SCAN, 150, 400), "search by meaning": (EXACT, 200, 800)}  # p95 in ms: over 100,000, over a million
TIMES, TOGETHER, NEAREST, WARMING = 40, 1000, 50, 8
INDEXED_SECONDS = 1800
WORD = re.compile(r"[^\W_]+")
COUNTED = re.compile(r'class="looking">\s*(?:The )?([\d,]+) wish')
SHOWN = re.compile(r'id="w-(\d+)-(\d)"')
BEHIND = "not looked through yet"
Page = tuple[float, str]  # how long it took, in ms, and its text


def measure(bench: Bench, visitor: Visitor) -> list[Result]:
    """Measures both once the index has every event; raises RuntimeError where a page's count is not that of the scan."""
    connections = connect({"REDIS_URL": Places(bench.filled).url})
    store = open_store(connections, SLUG)
    many = response_count(store)
    results = [Result(Figure(f"{name}, p95", "ms", beside, most[many >= MANY], less=True))
               for name, (beside, *most) in TARGETS.items()]
    _wait_for_index(visitor)
    words, typed, stems, embedder = _words(bench), _sentences(bench), Stems(bench.texts), Embedder(bench.model)
    for turn in bench.turns(*results):
        some = {"words": _some(words, turn, bench), "meaning": _some(typed, turn, bench)}
        pages = {how: [_ask(visitor, {"q": one, "how": how}) for one in asked] for how, asked in some.items()}
        took = (
            timed(lambda word=some["words"][0], page=pages["words"][0]: _check(_scan(store, stems, word), page, word)),
            timed(lambda said=some["meaning"][0]: _compared(store, embedder, [said])),
        )
        for result, found, scanned in zip(results, pages.values(), took, strict=True):
            times = [ms for ms, _ in found]
            result.ours.append(percentile(times, 95))
            result.baseline.append(1000 * scanned)
            result.notes = [f"half of {len(times)} within {number(percentile(times, 50))} ms, over {many:,} responses"]
        shares = _recalled(store, embedder, some["meaning"], pages["meaning"])
        results[1].notes.append(f"of the {NEAREST} nearest the page lists {np.mean(shares):.1%}, at least {min(shares):.0%}")
    connections.close()
    return results


def _ask(visitor: Visitor, search: dict[str, str]) -> Page:
    seen, text = visitor.ask(f"/officers/{SLUG}/wishes?{urlencode(search)}")
    if seen.status != 200:
        raise RuntimeError(f"{seen.address} answered {seen.status}: {text[:300]}")
    return seen.ms, text


def _wait_for_index(visitor: Visitor) -> None:
    """Has the index made: the first search begins it, a worker does the rest; and the model loaded by both web processes."""
    until = monotonic() + INDEXED_SECONDS
    while BEHIND in _ask(visitor, {"q": "anything"})[1]:
        if monotonic() > until:
            raise RuntimeError("the index of words is not made")
        sleep(1)
    for place in range(WARMING):
        _ask(visitor, {"q": f"warm {place}", "how": "meaning"})


def _some(of: Sequence[str], turn: int, bench: Bench) -> list[str]:
    """Returns what is looked for in a round, never the same again while there is enough."""
    each = bench.many(TIMES, 3)
    return [of[(turn * each + place) % len(of)] for place in range(each)]


def _words(bench: Bench) -> list[str]:
    """Returns words to look for, no two alike, from the commonest to the rarest, in no order."""
    counted = Counter(word for text in bench.texts for word in set(_told_apart(text)))
    known = [word for word, _ in counted.most_common() if word.isalpha()]
    ranks = np.unique(np.geomspace(1, len(known), 10 * TIMES).astype(int))
    words = [known[rank - 1] for rank in ranks]
    random.Random(2026).shuffle(words)
    return words


def _sentences(bench: Bench) -> list[str]:
    """Returns what people may type to look for by meaning: the beginnings of comments."""
    starts = dict.fromkeys(" ".join(text.split()[:6]) for text in bench.texts[::7])
    return [start for start in starts if any(letter.isalnum() for letter in start)]


def _told_apart(text: str) -> list[str]:
    """Returns the words of a text as the index cuts them: small letters without accents."""
    plain = "".join(letter for letter in normalize("NFD", text) if not combining(letter))
    return WORD.findall(plain.lower())


class Stems:
    """The stem that the index has for each word of some texts, so that a scan need not reckon them anew each time."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.file = sqlite3.connect(":memory:")
        self.file.execute("CREATE VIRTUAL TABLE words USING fts5(word, tokenize='porter unicode61 remove_diacritics 2')")
        self.file.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(words, instance)")
        self.words = sorted({word for text in texts for word in _told_apart(text)})
        self.file.executemany("INSERT INTO words(rowid, word) VALUES (?, ?)", enumerate(self.words))
        self.of = {self.words[place]: term for term, place in self.file.execute("SELECT term, doc FROM terms")}

    def looked_for(self, typed: str) -> set[str]:
        """Returns the words that a search for one word finds."""
        found = self.file.execute("SELECT rowid FROM words WHERE words MATCH ?", (as_query(typed),))
        stems = {self.of[self.words[place]] for place, in found}
        return {word for word, stem in self.of.items() if stem in stems}


def _scan(store: Store, stems: Stems, typed: str) -> int:
    """Returns how many wishes hold a word, from the hash of every response."""
    wanted, last, slots = stems.looked_for(typed), response_count(store), range(1, store.campaign.wishes_each + 1)
    parts = [range(first, min(first + TOGETHER, last + 1)) for first in range(1, last + 1, TOGETHER)]
    texts = (fields.get(b"w%d" % slot) for kept in read_ahead(store, parts) for fields in kept.values() for slot in slots)
    return sum(not wanted.isdisjoint(_told_apart(text.decode())) for text in texts if text)


def _check(counted: int, page: Page, typed: str) -> None:
    said = COUNTED.search(page[1])
    if not said or int(said[1].replace(",", "")) != counted:
        raise RuntimeError(f"“{typed}”: the page says {said and said[1]}, a scan finds {counted:,}")


def _compared(store: Store, embedder: Embedder, typed: Sequence[str]) -> NDArray[np.float32]:
    """Returns how like every wish is to each of what was typed, (typed, blocks, wishes of a block); -1 where there is none."""
    wanted, each = embedder.embed(typed), VECTOR_BLOCK * store.campaign.wishes_each
    made = []
    for block in range(response_count(store) // VECTOR_BLOCK + 1):
        kept = (store.raw.get(store.keys.of("vectors", block)) or b"").ljust(each * VECTOR_LENGTH, b"\0")
        vectors = np.frombuffer(kept, np.int8).reshape(-1, VECTOR_LENGTH).astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1)
        made.append(np.where(lengths > 0, wanted @ vectors.T / np.maximum(lengths, 1), -1))
    return np.stack(made, axis=1)


def _recalled(store: Store, embedder: Embedder, typed: Sequence[str], pages: Sequence[Page]) -> list[float]:
    """Returns what share of the nearest by all vectors each page lists; of equally near ones it may list any."""
    like, each = _compared(store, embedder, typed), store.campaign.wishes_each
    shares = []
    for one, (_, page) in zip(like.reshape(len(like), -1), pages, strict=True):
        places: list[Place] = [(int(response), int(slot)) for response, slot in SHOWN.findall(page)]
        least = np.sort(one)[-NEAREST:][0] - 1 / FINE
        listed = sum(one[response * each + slot - 1] >= least for response, slot in places)
        shares.append(listed / min(NEAREST, np.count_nonzero(one > -1)))
    return shares
