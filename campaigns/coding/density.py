"""Groups of wishes that lie close together in meaning, found by density: what a frame has no code for, and many say.

DBSCAN (Ester et al. 1996) over vectors of length 1. A group that holds too many of all is looked at again more closely, so that
what is said by very many does not run together with what lies beside it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

from campaigns.coding.embedding import Vectors
from campaigns.coding.why import NEVER_TOLD
from campaigns.coding.words import Lexicon, marks, words

# How far two wishes may be apart to be neighbours, from the widest on: cosines of 0.48, 0.55 and so on to 0.82. See decision 25.
WIDEST, CLOSEST, STEP = 1.02, 0.6, 0.07
NEIGHBOURS = 6
FEWEST = 8  # wishes, from which on a group is worth a look
TOO_MANY = 0.5  # of all that is looked at
TYPICAL, TOLD = 3, 5
SHARED_BY = 3  # wishes that must have a word or two for it to be told, so that nobody's own words are


def groups_in(vectors: Vectors) -> list[list[int]]:
    """Returns groups of vectors, each as places, the largest first; what belongs to none is left out."""
    most = max(int(TOO_MANY * len(vectors)), 5 * FEWEST)
    found: list[list[int]] = []
    waiting = [(np.arange(len(vectors)), WIDEST)]
    while waiting:
        places, apart = waiting.pop()
        if len(places) < FEWEST:
            continue
        labels = DBSCAN(eps=apart, min_samples=NEIGHBOURS).fit_predict(vectors[places])
        for label in range(labels.max(initial=-1) + 1):
            group = places[labels == label]
            if len(group) > most and apart - STEP >= CLOSEST:
                waiting.append((group, apart - STEP))
            elif len(group) >= FEWEST:
                found.append(sorted(group.tolist()))
    return sorted(found, key=lambda group: (-len(group), group[0]))


def typical(vectors: Vectors, group: Sequence[int], responses: Sequence[int], texts: Sequence[str]) -> list[int]:
    """Returns the places of a few wishes nearest to the middle of a group, from different responses and in different words."""
    middle = vectors[list(group)].mean(axis=0)
    order = np.argsort(-(vectors[list(group)] @ middle), kind="stable")
    found: list[int] = []
    met: set[object] = set()
    for place in (group[at] for at in order):
        own = {responses[place], " ".join(texts[place].casefold().split())}
        if not own & met:
            found.append(place)
            met |= own
        if len(found) == TYPICAL:
            break
    return found


def telling(texts: Iterable[str], others: Iterable[str], lexicon: Lexicon | None = None) -> list[str]:
    """Returns the words and pairs that tell a group from other texts, the most telling first: none that fewer than three have."""
    own, beside = [_grams(text) for text in texts], [_grams(text) for text in others]
    here, there = Counter(gram for one in own for gram in one), Counter(gram for one in beside for gram in one)
    shared = [gram for gram, count in here.items() if count >= SHARED_BY and (lexicon is None or lexicon.knows_all(gram))]

    def odds(gram: str) -> float:
        inside = (here[gram] + 0.5) / (len(own) + 1)
        outside = (there[gram] + 0.5) / (len(beside) + 1)
        return float(inside * np.log(inside / outside))

    ordered = sorted(shared, key=lambda gram: (-odds(gram), gram))
    told: list[str] = []
    for gram in ordered:
        if odds(gram) > 0 and not any(set(gram.split()) & set(one.split()) for one in told):
            told.append(gram)
    return told[:TOLD]


def _grams(text: str) -> set[str]:
    found = words(marks(text))
    single = {word for word in found if word not in NEVER_TOLD and len(word) > 2}
    return single | {f"{one} {two}" for one, two in pairwise(found) if one in single and two in single}


def of_length_one(stored: NDArray[np.int8]) -> Vectors:
    """Returns stored vectors at length 1."""
    vectors = stored.astype(np.float32)
    made: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)
    return made
