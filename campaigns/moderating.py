"""What of a wish may be shown to whom: the words that were redacted never leave those who moderate. Pure.

``public_text`` alone decides what the public may read of a wish; drafts, quotes and open data ask it. Exports and
members, who see wishes that nobody has cleared too, get ``redacted_text``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from campaigns.responses import CLEARED, LIVE, Redaction, Response, Wish

# What a redacted stretch was, as the public reads it.
KINDS = ("name", "address", "telephone", "e-mail", "registration plate", "other")
# What the screen's marks are called there; the rest are "other".
OF_MARK = {
    "name": "name", "address": "address", "postcode": "address", "telephone": "telephone", "e-mail": "e-mail",
    "vehicle registration": "registration plate",
}


def public_text(wish: Wish) -> str | None:
    """Returns what anybody may read of a wish of a live response: None unless a person has cleared it and its words are kept."""
    return redacted_text(wish) if wish.kept and wish.moderation == CLEARED else None


def public_wishes(response: Response) -> Iterator[tuple[Wish, str]]:
    """Yields the wishes of a response that anybody may read, each with what they may read of it; none of one not live."""
    for wish in response.wishes if response.state == LIVE else ():
        text = public_text(wish)
        if text is not None:
            yield wish, text


def redacted_text(wish: Wish) -> str:
    """Returns a wish's words with ``[removed: name]`` in the place of what was redacted, whether it was cleared or not."""
    parts, at = [], 0
    for one in wish.redactions:
        parts += [wish.text[at:one.start], removed(one.kind)]
        at = one.end
    return "".join([*parts, wish.text[at:]])


def as_redacted(wish: Wish) -> Wish:
    """Returns a wish as those see it who do not moderate."""
    return replace(wish, text=redacted_text(wish), redactions=()) if wish.redactions else wish


def removed(kind: str) -> str:
    """Returns what stands in the place of a redacted stretch."""
    return f"[removed: {kind}]"


def ordered(redactions: Iterable[Redaction]) -> tuple[Redaction, ...]:
    """Returns stretches in the order of the text, those that overlap made one, of the kind that begins first."""
    made: list[Redaction] = []
    for one in sorted(redactions):
        if made and one.start < made[-1].end:
            made[-1] = replace(made[-1], end=max(one.end, made[-1].end))
        else:
            made.append(one)
    return tuple(made)


def fits(redaction: Redaction, text: str) -> bool:
    """Tells whether a stretch lies in a text and is of a kind we know."""
    return 0 <= redaction.start < redaction.end <= len(text) and redaction.kind in KINDS


def places_of(words: str, text: str, kind: str) -> list[Redaction]:
    """Returns every place where some words stand whole in a text, in capitals or not, however they are spaced."""
    spaced = r"\s+".join(re.escape(part) for part in words.split())
    rule = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
    return [Redaction(found.start(), found.end(), kind) for found in rule.finditer(text) if spaced]


def shows_more(before: Sequence[Redaction], after: Sequence[Redaction]) -> bool:
    """Tells whether anything that was redacted would be read again."""
    return any(not any(one.start <= old.start and old.end <= one.end for one in after) for old in before)
