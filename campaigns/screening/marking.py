"""What in a wish may point at somebody or tell of danger: marked for a person to look at, never changed, never left out. Pure.

Rules for British forms; telephone numbers also by the library that Android uses (phonenumbers).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher

from campaigns.screening.names import names_beside, names_in
from campaigns.screening.rules import RULES, TELEPHONE
from campaigns.screening.words import WORDS

MOST_LOOKED_AT = 5000
FEWEST_FIGURES = 9  # of a telephone number: shorter ones are years and house numbers


@dataclass(frozen=True, order=True)
class Mark:
    """A stretch of a text, in code points, and what it may be."""

    start: int
    end: int
    kind: str


def marks(text: str, never: Collection[str] = ()) -> list[Mark]:
    """Returns what may point at somebody or tell of danger, in order, the longest of those that overlap.

    None of ``never``, in small letters.
    """
    some = text[:MOST_LOOKED_AT]
    formed = [*_telephones(some), *_by_rule(some)]
    named = [Mark(start, end, "name") for start, end in (*names_in(some), *names_beside(some, [one.start for one in formed]))]
    kept: list[Mark] = []
    for mark in sorted([*formed, *named, *_by_word(some)], key=lambda one: (one.start - one.end, one.start)):
        clear = all(mark.end <= other.start or mark.start >= other.end for other in kept)
        if clear and some[mark.start:mark.end].casefold() not in never:
            kept.append(mark)
    return sorted(kept)


def _by_rule(text: str) -> Iterator[Mark]:
    for kind, rule in RULES:
        for found in rule.finditer(text):
            yield Mark(found.start(), found.end(), kind)


def _by_word(text: str) -> Iterator[Mark]:
    for kind, rule in WORDS.items():
        for found in rule.finditer(text):
            yield Mark(found.start(), found.end(), kind)


def _telephones(text: str) -> Iterator[Mark]:
    if sum(letter.isdigit() for letter in text) < FEWEST_FIGURES:  # the library takes its time
        return
    for found in TELEPHONE.finditer(text):
        yield Mark(found.start(), found.end(), "telephone")
    for number in PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE):
        if sum(letter.isdigit() for letter in number.raw_string) >= FEWEST_FIGURES:
            yield Mark(number.start, number.end, "telephone")


def in_pieces(text: str, found: Iterable[Mark]) -> tuple[tuple[str, str], ...]:
    """Returns a text cut into stretches, each with what it was marked as, empty where it was not."""
    pieces, at = [], 0
    for mark in found:
        pieces += [(text[at:mark.start], ""), (text[mark.start:mark.end], mark.kind)]
        at = mark.end
    return tuple((piece, kind) for piece, kind in [*pieces, (text[at:], "")] if piece)
