"""The words of a wish: as features of which way it asks, and as a sign that it can be read at all."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from campaigns.coding.graph import model_folder

_MARKED = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[!?£]")
_NO_WORDS = frozenset("<!?£>")
Numbers = NDArray[np.int64]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Small words of other languages that the model's list, made from English pages, holds all the same.
FOREIGN_WORDS = frozenset(
    [
        "al", "au", "aux", "avec", "con", "da", "das", "de", "del", "dem", "den", "der", "des", "di", "du",
        "ein", "eine", "el", "en", "es", "et", "fur", "il", "ist", "je", "la", "las", "le", "les", "lo", "los",
        "mas", "mit", "na", "nous", "o", "para", "per", "por", "pour", "que", "qui", "se", "si", "sin", "su",
        "sur", "un", "una", "une", "und", "unser", "van", "von", "vous", "y", "z", "zu",
    ]
)
MOST_MET = 100_000
FEWEST_TEXTS, FEWEST_WRITTEN = 2, 3  # of a frame's texts, and of those that people wrote, in which a word is worth a look
FEWEST_KNOWN = 0.5  # of a text's words, below which it is not taken for English


def marks(text: str) -> list[str]:
    """List the words, numbers and marks of a text in small letters, with its beginning and end as marks of their own."""
    return ["<", *_MARKED.findall(text.lower().replace("’", "'")), ">"]


def words(marked: Iterable[str]) -> list[str]:
    """List those of a text's marks that are words."""
    return [mark for mark in marked if mark not in _NO_WORDS and not mark.isdecimal()]


def grams(marked: Sequence[str]) -> list[str]:
    """List the marks of a text and their pairs."""
    return [*marked, *(f"{first} {second}" for first, second in pairwise(marked))]


def _is_short_name(text: str) -> bool:
    """Tell letters in capitals, or with digits, such as RSPCA or A52: few, yet not struck at random."""
    return len(text.strip()) < 7 and (text.isupper() or any(map(str.isdigit, text)))


@dataclass(frozen=True)
class Grams:
    """The words and pairs worth looking at, each with its weight: rarer ones weigh more."""

    listed: tuple[str, ...]
    weights: NDArray[np.float32]

    @classmethod
    def learn(cls, texts: Sequence[str], people: Sequence[str] = (), lexicon: "Lexicon | None" = None) -> "Grams":
        """Choose the words and pairs that stand in at least two of a frame's texts, or in three that people wrote.

        Of what people wrote only words that the lexicon knows are taken, and no numbers, so that nobody's name is kept.
        """
        counts = Counter(gram for text in texts for gram in set(grams(marks(text))))
        written = Counter(gram for text in people for gram in set(grams(marks(text))))
        listed = {gram for gram, count in counts.items() if count >= FEWEST_TEXTS}
        listed |= {gram for gram, count in written.items() if count >= FEWEST_WRITTEN and lexicon and lexicon.knows_all(gram)}
        met, many = counts + written, len(texts) + len(people)
        rarity = [np.log((1 + many) / (1 + met[gram])) + 1 for gram in sorted(listed)]
        return cls(tuple(sorted(listed)), np.array(rarity, np.float32))

    def table(self, marked: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Lay texts, each as its marks, out as a sparse matrix (texts, listed), each row of length 1 or empty."""
        read = np.fromiter((self._numbers.get(mark, 0) for mark in chain.from_iterable(marked)), np.int64)
        text = np.repeat(np.arange(len(marked)), [len(some) for some in marked])
        keys = np.concatenate([read, self._pair(read[:-1], read[1:])])  # the pair across two texts is listed nowhere
        at = np.searchsorted(self._keys, keys)
        there = self._keys[at] == keys
        places = np.concatenate([text, text[1:]])[there], self._order[at[there]]
        table = sparse.csr_matrix((np.ones(len(places[0]), np.float32), places), shape=(len(marked), len(self.listed)))
        table.data = (1 + np.log(table.data)) * self.weights[table.indices]
        length = np.sqrt(table.multiply(table).sum(1).A1)
        return sparse.diags(1 / np.where(length > 0, length, 1)) @ table

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each mark that is listed or part of a listed pair; 0 is left to all others."""
        return {mark: number for number, mark in enumerate(sorted({part for gram in self.listed for part in gram.split()}), 1)}

    def _pair(self, first: Numbers, second: Numbers) -> Numbers:
        """Give pairs of numbers one number each, beyond those of single marks."""
        pair: Numbers = (first + 1) * (len(self._numbers) + 1) + second
        return pair

    @cached_property
    def _keys(self) -> Numbers:
        """The numbers of all that is listed in order, and one at the end that is larger than any."""
        return np.append(self._listed_keys[self._order], np.iinfo(np.int64).max)

    @cached_property
    def _order(self) -> Numbers:
        return np.argsort(self._listed_keys)

    @cached_property
    def _listed_keys(self) -> Numbers:
        numbers = [np.array([self._numbers[mark] for mark in gram.split()]) for gram in self.listed]
        return np.array([self._pair(*some) if len(some) > 1 else some[0] for some in numbers], np.int64)


@dataclass(frozen=True)
class Lexicon:
    """The words the tagger can be expected to know, and how letters follow each other in them."""

    known: frozenset[str]

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Lexicon":
        """Take in the words of some texts and the English words of the model's own list."""
        lines = (model_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
        listed = {line for line in lines if re.fullmatch("[a-z]{2,}", line)}
        return cls(frozenset(listed - FOREIGN_WORDS | {word for text in texts for word in words(marks(text))}))

    def is_blank(self, text: str, found: Sequence[str]) -> bool:
        """Tell a text with nothing to read, by itself and its words: no two letters, or letters struck at random."""
        if not found or (max(map(len, found)) < 2 and sum(map(str.isalnum, text)) < 2):
            return True
        return not any(map(self.knows, found)) and self._is_noise("".join(found)) and not _is_short_name(text)

    def is_foreign(self, found: Sequence[str]) -> bool:
        """Tell a text that is not in English by its words: of several, or of words in other letters, most are not known."""
        enough = len(found) > 3 or not all(word.isascii() for word in found)
        return enough and sum(map(self.knows, found)) < FEWEST_KNOWN * len(found)

    def knows_all(self, gram: str) -> bool:
        """Tell whether every part of a word or pair is a listed word, or one of the marks."""
        return all(part in _NO_WORDS or self.knows(part) for part in gram.split())

    def knows(self, word: str) -> bool:
        """Tell whether a word is listed, without its accents and what follows an apostrophe too."""
        met = self._met.get(word)
        if met is None:
            if len(self._met) >= MOST_MET:
                self._met.clear()
            met = self._met[word] = self._lists(word)
        return met

    @cached_property
    def _met(self) -> dict[str, bool]:
        """The words asked about of late: most of a text's words come again in the next."""
        return {}

    def _lists(self, word: str) -> bool:
        plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        return word in self.known or (len(plain) > 3 and not {plain, plain.partition("'")[0]}.isdisjoint(self.known))

    def _is_noise(self, word: str) -> bool:
        return word.isascii() and len(word) > 4 and self._likeness(word) < self._least_likely

    def _likeness(self, word: str) -> float:
        places = [_LETTERS.find(letter) + 1 for letter in f" {word} "]
        return float(self._pairs[places[:-1], places[1:]].mean())

    @cached_property
    def _pairs(self) -> NDArray[np.float64]:
        """The logarithm of the chance that one letter, or the edge of a word, follows another."""
        counts = np.full((27, 27), 0.5)
        for word in filter(str.isascii, self.known):
            places = [_LETTERS.find(letter) + 1 for letter in f" {word} "]
            np.add.at(counts, (places[:-1], places[1:]), 1)
        shares: NDArray[np.float64] = np.log(counts / counts.sum(1, keepdims=True))
        return shares

    @cached_property
    def _least_likely(self) -> float:
        """As unlike English as the unlikeliest one in a thousand of the longer known words."""
        likeness = [self._likeness(word) for word in self.known if len(word) > 4 and word.isascii()]
        return float(np.quantile(likeness, 0.001)) if likeness else -np.inf
