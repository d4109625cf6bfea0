"""What in a wish may point at somebody: marked for a person to look at, never changed, never left out of a count. Pure.

Rules for British forms; telephone numbers by the library that Android uses (phonenumbers).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher

STREETS = (
    "street|st|road|rd|avenue|ave|lane|ln|close|cl|drive|dr|court|ct|crescent|cres|gardens|gdns|grove|way|place|pl|terrace|square|sq|"
    "mews|hill|walk|row|green|rise|view|parade|park|house|flats?"
)
BETWEEN = "a|about|and|by|for|from|in|is|more|new|of|on|or|per|the|to|with|years?"  # stand in no street's name
TITLES = "mr|mrs|ms|miss|mx|dr|prof|professor|rev|reverend|sir|dame|cllr|councillor|pc|sergeant|sgt"
NAME = r"[A-Z][a-z'’-]+(?:\s+[A-Z][a-z'’-]+){0,2}"
RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]+(?:\.[\w-]+)+")),
    ("web address", re.compile(r"\bhttps?://\S+|\bwww\.\S+|(?<![\w@.])@\w{3,30}\b", re.I)),
    ("postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2}\b", re.I)),
    ("address", re.compile(rf"\b\d{{1,4}}[a-z]?,?\s+(?:(?!(?:{BETWEEN})\b)[a-z'’.-]+\s+){{1,3}}(?:{STREETS})\b", re.I)),
    ("National Insurance number", re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.I)),
    ("long number", re.compile(r"(?<![\d.,])\d(?:[ -]?\d){8,18}(?![\d.,]*\d)")),
    ("vehicle registration", re.compile(
        r"\b(?i:[A-HJ-PR-Y]{2}\d{2}\s?[A-HJ-PR-Z]{3})\b|\b[A-HJ-NPR-TV-Y]\d{1,3}\s?[A-HJ-PR-Y]{3}\b"
        r"|\b[a-hj-npr-tv-y]\d{1,3}[a-hj-pr-y]{3}\b|\b[A-HJ-PR-Y]{3}\s?\d{1,3}[A-HJ-NPR-TV-Y]\b"  # small and spaced: "m1 for"
    )),
    ("name", re.compile(rf"\b(?i:{TITLES})\.?\s+{NAME}|(?<=[Mm]y name is ){NAME}|(?<=[Cc]alled ){NAME}|(?<=[Ss]igned ){NAME}")),
)
MOST_LOOKED_AT = 5000
FEWEST_FIGURES = 9  # of a telephone number: shorter ones are years and house numbers


@dataclass(frozen=True, order=True)
class Mark:
    """A stretch of a text, in code points, and what it may be."""

    start: int
    end: int
    kind: str


def marks(text: str, never: Collection[str] = ()) -> list[Mark]:
    """Returns what may point at somebody, in order, the longest of those that overlap; none of ``never``, in small letters."""
    some = text[:MOST_LOOKED_AT]
    found = [*_telephones(some), *_by_rule(some)]
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        clear = all(mark.end <= other.start or mark.start >= other.end for other in kept)
        if clear and some[mark.start:mark.end].casefold() not in never:
            kept.append(mark)
    return sorted(kept)


def _by_rule(text: str) -> Iterator[Mark]:
    for kind, rule in RULES:
        for found in rule.finditer(text):
            yield Mark(found.start(), found.end(), kind)


def _telephones(text: str) -> Iterator[Mark]:
    if sum(letter.isdigit() for letter in text) < FEWEST_FIGURES:  # the library takes its time
        return
    for found in PhoneNumberMatcher(text, "GB", leniency=Leniency.POSSIBLE):
        if sum(letter.isdigit() for letter in found.raw_string) >= FEWEST_FIGURES:
            yield Mark(found.start, found.end, "telephone")


def in_pieces(text: str, found: Iterable[Mark]) -> tuple[tuple[str, str], ...]:
    """Returns a text cut into stretches, each with what it was marked as, empty where it was not."""
    pieces, at = [], 0
    for mark in found:
        pieces += [(text[at:mark.start], ""), (text[mark.start:mark.end], mark.kind)]
        at = mark.end
    return tuple((piece, kind) for piece, kind in [*pieces, (text[at:], "")] if piece)
