"""What a person asks to be redacted of a wish: stretches ticked, of those the screen marks, and words typed. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from campaigns.moderating import KINDS, OF_MARK, fits, ordered, places_of
from campaigns.responses import Redaction, Wish
from campaigns.screening import WORRYING, marks
from campaigns.store.responses import read_redactions, write_redactions

OTHER = KINDS[-1]
NOT_THERE = "These words do not stand in the wish. Copy them from it exactly, whole words."
NO_KIND = "Choose what it is. The public reads that in its place."
CHANGED = "The wish has changed since. Look at it again and tick what should go."


class Sent(Protocol):
    """A form as it was sent: one field may come several times."""

    def getlist(self, key: str) -> list[str]:
        """Returns every value of a field."""

    def get(self, key: str, default: str) -> str:
        """Returns the first value of a field."""


@dataclass(frozen=True)
class Tick:
    """One stretch on offer: what the form sends for it, its words and kind, and whether it is ticked."""

    value: str
    words: str
    kind: str
    ticked: bool


@dataclass(frozen=True)
class Asked:
    """What is asked: the stretches to be redacted, what is on offer, what was typed, and a line for what must be put right."""

    redactions: tuple[Redaction, ...]
    ticks: tuple[Tick, ...] = ()
    words: str = ""
    kind: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def asked_first(wish: Wish, never: Collection[str]) -> Asked:
    """Returns the form as it is first shown: what is redacted stands ticked, what the screen marks beside it does not."""
    return _offering(Asked(wish.redactions), wish, never)


def read_asked(sent: Sent, wish: Wish, never: Collection[str]) -> Asked:
    """Returns what was asked in the form, with what must be put right."""
    ticked = [one for value in sent.getlist("span") for one in read_redactions(value)]
    words, kind = sent.get("words", "").strip(), sent.get("kind", "")
    typed = places_of(words, wish.text, kind)
    problems = {}
    if words and not typed:
        problems["words"] = NOT_THERE
    if words and kind not in KINDS:
        problems["kind"] = NO_KIND
    if not all(fits(one, wish.text) for one in ticked):
        problems["span"] = CHANGED
    asked = Asked(ordered(ticked if problems else [*ticked, *typed]), (), words, kind, problems)
    return _offering(asked, wish, never)


def asked_again(asked: Asked, wish: Wish, never: Collection[str]) -> Asked:
    """Returns the form for a wish that somebody else changed meanwhile: its own stretches ticked, what was typed kept."""
    return replace(asked_first(wish, never), words=asked.words, kind=asked.kind)


def _offering(asked: Asked, wish: Wish, never: Collection[str]) -> Asked:
    return replace(asked, ticks=tuple(_ticks(asked, wish, never)))


def _ticks(asked: Asked, wish: Wish, never: Collection[str]) -> Iterator[Tick]:
    found = [one for one in marks(wish.text, never) if one.kind not in WORRYING]
    marked = [Redaction(one.start, one.end, OF_MARK.get(one.kind, OTHER)) for one in found]
    offered = ordered([*wish.redactions, *(one for one in marked if not _overlaps(one, wish.redactions))])
    for one in offered:
        yield Tick(write_redactions([one]), wish.text[one.start:one.end], one.kind, one in asked.redactions)


def _overlaps(one: Redaction, others: tuple[Redaction, ...]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)
