"""Why a wish was coded as it was: the examples most like it, and the words that told."""

import re
from dataclasses import dataclass

import numpy as np

from campaigns.coding.embedding import Embedder
from campaigns.coding.frame import Example
from campaigns.coding.tagger import Coding, Tagger
from campaigns.coding.words import marks, words

MOST_TRIED = 40  # words of one wish: some hundred letters, read in a quarter of a second
MOST_TOLD = 3
LEAST_DROP = 0.05  # of the main code's score, for a word to be called telling
LEAST_LETTERS = 3
# Words that say which way a wish asks, or nothing by themselves; what it is about lies in the others.
NEVER_TOLD = frozenset(
    [
        "and", "any", "are", "but", "for", "from", "get", "has", "have", "less", "like", "make", "more", "need", "not",
        "our", "please", "should", "stop", "that", "the", "them", "there", "they", "this", "want", "was", "were", "wish",
        "with", "would", "you", "your",
    ]
)


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons for a coding: the nearest examples, closest first, and up to three telling words."""

    nearest: tuple[Example, ...]
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = [f"telling words: {', '.join(self.words)}"] if self.words else []
        if self.nearest:
            told.append("like: " + "; ".join(f"“{example.text}”" for example in self.nearest))
        return ". ".join(told) or "no examples are like it"


def explain(tagger: Tagger, coding: Coding, text: str, embedder: Embedder | None = None) -> Why:
    """Give the reasons for a coding. Telling words need the embedder, and are left out without it."""
    nearest = tuple(tagger.examples[place] for place in coding.nearest)
    if embedder is None or not nearest:
        return Why(nearest)
    return Why(nearest, telling_words(tagger, coding.codes[0], text, embedder))


def telling_words(tagger: Tagger, code: str, text: str, embedder: Embedder) -> tuple[str, ...]:
    """Find the words without which the text would belong least to the code."""
    found = dict.fromkeys(word for word in words(marks(text)) if len(word) >= LEAST_LETTERS)
    tried = [word for word in found if word not in NEVER_TOLD][:MOST_TRIED]
    texts = [text, *(without(word, text) for word in tried)]
    whole, *rest = tagger.scores(embedder.embed(texts))[:, tagger.codes.index(code)]
    drops = whole - np.array(rest)
    most = np.argsort(-drops, kind="stable")[:MOST_TOLD]
    return tuple(tried[place] for place in most if drops[place] >= LEAST_DROP)


def without(word: str, text: str) -> str:
    """Take a word out of a text wherever it stands by itself."""
    straight = text.replace("’", "'")
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", straight, flags=re.IGNORECASE)
