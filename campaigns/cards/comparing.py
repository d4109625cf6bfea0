"""Two keyings of one card held against each other, field by field. Pure.

Serial, postcode and ticks must be the same. Wishes are folded first (case, space, punctuation, and letters that two
keyboards write in two ways), and differ only where more than a share of their words does. A word put for another counts
by the share of its letters that differ, a word left out or added as one: a slip of the finger is not a word forgotten.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import Editop, Levenshtein

# The share of words in which two keyings may differ and still agree, unless the campaign says another. Measured on 2,428
# short comments with one fault put into each: at 0.03 a third person sees 39% of single slips of a letter, 99% of words left
# out, and 98% of the small words that turn a wish round (not, no, more for less); at 0.05 those are 18%, 85% and 72%.
APART = 0.03
SERIAL, WISH, POSTCODE, TICK = "serial", "wish", "postcode", "tick"
KINDS = (SERIAL, WISH, POSTCODE, TICK)
_MARKER = re.compile(r"\[(?=illegible\])")
_NUMBERED = re.compile(r"(?<=wish)\d+$")
_JOINED = "'’‘ʼ`´"
# What an Arabic and an Urdu keyboard write for the same letter.
_ONE_LETTER = str.maketrans("يىكهة", "ییکہہ")
_VOWEL_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")


@dataclass(frozen=True)
class Keying:
    """What one person keyed from a card: its number, wishes by box, where it says it is from, and ticks by question."""

    card: int = 0
    wishes: tuple[str, ...] = ()
    postcode: str = ""
    ticks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One field that differs: by how many words, of how many in the longer of the two (1 of 1 where it is not a wish)."""

    field: str
    words: float
    of: int


@dataclass(frozen=True)
class Comparison:
    """Which fields stood against each other (those that either keyed anything in), and which of them differ."""

    compared: tuple[str, ...]
    differ: tuple[Difference, ...]
    swapped: bool = False

    @property
    def agrees(self) -> bool:
        """Tells whether nothing differs by more than may be."""
        return not self.differ


@lru_cache(maxsize=1024)
def kind_of(name: str) -> str:
    """Returns the kind of a field by its name: wish2 is a wish, tick:connection is a tick."""
    return _NUMBERED.sub("", name.partition(":")[0])


def compare(first: Keying, second: Keying, apart: float = APART) -> Comparison:
    """Returns how two keyings of a card agree; wishes may lie ``apart`` in that share of their words."""
    pairs = _paired(first, second)
    there = {name: pair for name, pair in pairs.items() if any(_said(one) for one in pair)}
    differ = tuple(found for name, pair in there.items() if (found := _difference(name, *pair, apart)))
    boxes = [sorted(map(_run, one.wishes)) for one in (first, second)]
    moved = any(kind_of(one.field) == WISH for one in differ) and _without_empty(boxes[0]) == _without_empty(boxes[1])
    return Comparison(tuple(there), differ, moved)


def same_wishes(first: Sequence[str], second: Sequence[str], apart: float = APART) -> bool:
    """Tells whether two responses make the same wishes, in whichever boxes."""
    one, other = ([wish for wish in wishes if fold(wish)] for wishes in (first, second))
    if len(one) != len(other):
        return False
    left = list(other)
    for wish in one:
        near = [found for found in left if wishes_agree(wish, found, apart)]
        if not near:
            return False
        left.remove(min(near, key=lambda found: words_apart(wish, found)))
    return True


def wishes_agree(first: str, second: str, apart: float = APART) -> bool:
    """Tells whether two keyings of a wish lie no further apart than may be."""
    words, of = words_apart(first, second)
    return words <= apart * of


def words_apart(first: str, second: str) -> tuple[float, int]:
    """Returns by how many words two keyings of a wish differ, and how many the longer of them has."""
    one, other = fold(first), fold(second)
    longer = max(len(one), len(other))
    if _run(first) == _run(second):
        return 0, longer
    return round(sum(_weigh(step, one, other) for step in Levenshtein.editops(one, other)), 2), longer


def _weigh(step: Editop, one: tuple[str, ...], other: tuple[str, ...]) -> float:
    if step.tag != "replace":
        return 1
    left, right = one[step.src_pos], other[step.dest_pos]
    if any(letter.isdecimal() for letter in left + right):
        return 1  # 20 and 30 are not nearly the same
    return Levenshtein.normalized_distance(left, right)


def fold(text: str) -> tuple[str, ...]:
    """Returns the words of a wish in one case, without punctuation; ``[illegible]`` stays one of its own."""
    whole = unicodedata.normalize("NFKC", text).casefold()
    whole = _VOWEL_MARKS.sub("", whole.translate(_ONE_LETTER))
    return tuple("".join(_letters(_MARKER.sub("\ue000", whole))).split())


def _letters(text: str) -> Iterable[str]:
    for letter in text:
        kind = unicodedata.category(letter)
        if letter in _JOINED or kind == "Cf":
            continue
        if kind == "Nd":
            yield str(unicodedata.decimal(letter))
        else:
            yield " " if kind[0] in "PZ" or kind == "Cc" else letter


def _run(text: str) -> str:
    """Returns a wish without any space, so that “bus stop” and “busstop” are one."""
    return "".join(fold(text))


def _paired(first: Keying, second: Keying) -> dict[str, tuple[object, object]]:
    boxes = max(len(first.wishes), len(second.wishes))
    pairs: dict[str, tuple[object, object]] = {SERIAL: (first.card, second.card)}
    for place, pair in enumerate(zip(_filled(first.wishes, boxes), _filled(second.wishes, boxes), strict=True), 1):
        pairs[f"{WISH}{place}"] = pair
    pairs[POSTCODE] = first.postcode, second.postcode
    for question in sorted({*first.ticks, *second.ticks}):
        pairs[f"{TICK}:{question}"] = first.ticks.get(question, 0), second.ticks.get(question, 0)
    return pairs


def _filled(wishes: tuple[str, ...], boxes: int) -> tuple[str, ...]:
    return wishes + ("",) * (boxes - len(wishes))


def _said(value: object) -> bool:
    return bool(fold(value)) if isinstance(value, str) else bool(value)


def _difference(name: str, first: object, second: object, apart: float) -> Difference | None:
    if kind_of(name) != WISH:
        return None if first == second else Difference(name, 1, 1)
    words, of = words_apart(str(first), str(second))
    return Difference(name, words, of) if words > apart * of else None


def _without_empty(folded: list[str]) -> list[str]:
    return [one for one in folded if one]


def mark_differences(first: str, second: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Returns the words of two keyings as they were typed, each with whether it differs from the other keying's."""
    one, other = first.split(), second.split()
    folded = [list(map(_run, words)) for words in (one, other)]
    differ: tuple[set[int], set[int]] = (set(), set())
    for step in Levenshtein.opcodes(*folded):
        if step.tag != "equal":
            differ[0].update(range(step.src_start, step.src_end))
            differ[1].update(range(step.dest_start, step.dest_end))
    return _marked(one, differ[0]), _marked(other, differ[1])


def _marked(words: list[str], differ: set[int]) -> list[tuple[str, bool]]:
    return [(word, place in differ) for place, word in enumerate(words)]
