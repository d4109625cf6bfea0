"""What of a wish may be shown to whom: the words that were redacted never leave those who moderate. Pure.

``public_text`` alone decides what the public may read of a wish; drafts, quotes and open data ask it. Exports and
members, who see wishes that nobody has cleared too, get ``redacted_text``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from campaigns.responses import CLEARED, HELD, LIVE, Redaction, Response, Wish

# What a redacted stretch was, as the public reads it.
KINDS = ("name", "address", "telephone", "e-mail", "registration plate", "other")
# What the screen's marks are called there; the rest are "other".
OF_MARK = {
    "name": "name", "address": "address", "postcode": "address", "telephone": "telephone", "e-mail": "e-mail",
    "vehicle registration": "registration plate",
}

# Why a wish is cleared or held back: by what it was marked as, the reasons on offer, the usual one for clearing first.
OTHER_REASON = "other"
REASONS = {
    CLEARED: {
        "nobody": "nobody can be recognised by it", "redacted": "what could tell who it is about is redacted",
        "public": "names only bodies, places or people in public office", OTHER_REASON: "another reason, noted",
    },
    HELD: {
        "personal": "personal information", "names": "names somebody", "abuse": "abuse", "off-topic": "off topic",
        "duplicate": "duplicate", "safeguarding": "safeguarding", OTHER_REASON: "another reason, noted",
    },
}
LONGEST_NOTE = 300
NO_REASON = "Choose a reason."
NO_NOTE = "Say in a few words what the other reason is. Leave out names."
LONG_NOTE = f"Keep the note to {LONGEST_NOTE} letters."


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


def reason_words(moderation: int, reason: str) -> str:
    """Returns a reason as it reads in a sentence, empty where none was given."""
    return REASONS.get(moderation, {}).get(reason, reason)


def reason_problem(moderation: int, reason: str, note: str) -> str:
    """Returns what must be put right before a wish is marked for a reason, empty where nothing must."""
    if moderation not in REASONS:
        return ""
    if reason not in REASONS[moderation]:
        return NO_REASON
    if reason == OTHER_REASON and not note:
        return NO_NOTE
    return LONG_NOTE if len(note) > LONGEST_NOTE else ""


def as_redacted(wish: Wish) -> Wish:
    """Returns a wish as those see it who do not moderate: without what was redacted and without the note of a decision."""
    decision = replace(wish.decision, note="") if wish.decision else None
    return replace(wish, text=redacted_text(wish), redactions=(), decision=decision)


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
