"""Changing a response: by its receipt, by an officer, by a member of staff who codes or moderates."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import time
from typing import Any

from campaigns.events import full_name, write_data
from campaigns.moderating import shows_more
from campaigns.responses import (
    CLEARED,
    EXPIRED,
    LIVE,
    QUERIED,
    UNSEEN,
    WITHDRAWN,
    Decision,
    Redaction,
    Response,
    SlotCoding,
    Wish,
    commitment,
    commitments,
    fingerprint,
)
from campaigns.store.intake import BELL_MS, special_hex
from campaigns.store.pictures import files_of, remove
from campaigns.store.responses import SECOND, wish_fields, write_coding, write_decision, write_redactions
from campaigns.store.rewriting import mark_rewrite_due
from campaigns.store.store import Store


@dataclass(frozen=True)
class Changed:
    """What became of a change: changed, conflict (someone else came first), refused (its state), missing, or words."""

    outcome: str
    revision: int = 0
    event: int = 0
    ring: bool = False
    detail: str = ""

    @property
    def done(self) -> bool:
        """Tells whether the change was made."""
        return self.outcome == "changed"


def revise_wishes(store: Store, response: Response, wishes: tuple[str, ...], who: str = "public") -> Changed:
    """Puts other wishes in a response's place; codings of the words that changed go with them."""
    data = write_data("response.revised", words=commitments(response.salt, wishes))
    return _change(
        store, response.number, "response.revised", who, revision=response.revision, data=data,
        **put_wishes(store, response, wishes),
    )


def split_wishes(store: Store, letter: Response, wishes: tuple[str, ...], who: str) -> Changed:
    """Puts a letter's wishes in the place of its text, and keeps its marks as they are given here."""
    data = write_data("response.revised", words=commitments(letter.salt, wishes))
    what = put_wishes(store, letter, wishes)
    what["set"] = {**what["set"], "x": letter.marks}
    return _change(store, letter.number, "response.revised", who, revision=letter.revision, data=data, **what)


def put_wishes(store: Store, response: Response, wishes: tuple[str, ...]) -> dict[str, Any]:
    """Returns what a script must set and drop so that a response makes other wishes; what was said of words that go, goes."""
    words = commitments(response.salt, wishes)
    before = {wish.slot: wish.words for wish in response.wishes}
    after = {slot: word for slot, word in enumerate(words, 1) if word}
    moved = [slot for slot in range(1, store.campaign.wishes_each + 1) if before.get(slot) != after.get(slot)]
    drop = [SECOND, *(f"{name}{slot}" for slot in moved for name in "mhgrki")]
    drop += [f"w{slot}" for slot in moved if slot not in after]
    return {"set": wish_fields(wishes), "drop": drop, "vectors": moved}


def keep_about(store: Store, response: Response, answers: str, special: dict[str, int]) -> Changed:
    """Keeps about-you answers: the plain ones (as JSON) with the response, the special-category ones apart."""
    return _change(
        store, response.number, "response.revised", "public", set={"b": answers},
        answers=special_hex(store, special), data=write_data("response.revised", answers=True),
    )


def withdraw(store: Store, number: int, who: str = "public") -> Changed:
    """Takes a response out of every count; its words are kept until they are due to be erased."""
    return _change(store, number, "response.withdrawn", who, set={"l": WITHDRAWN}, drop=[SECOND])


def erase(store: Store, number: int, who: str = "public") -> Changed:
    """Removes everything a response holds but its number; the append-only file is soon rewritten without it."""
    width = {"row_width": store.layout.width, "answers_width": len(store.layout.special)}
    slots = list(range(1, store.campaign.wishes_each + 1))
    shown = files_of(store, [number])  # afterwards nobody knows
    changed = _change(
        store, number, "response.erased", who, states=(LIVE, WITHDRAWN, EXPIRED), erase=width, vectors=slots
    )
    if changed.done:
        mark_rewrite_due(store.connections)
        remove(store, shown)
    return changed


def place(store: Store, number: int, area: str, who: str) -> Changed:
    """Puts a response in an area, by an officer who has learnt where it is from; what its postcode told beside goes."""
    return _change(
        store, number, "response.placed", who, set={"a": area}, drop=["u"], data=write_data("response.placed", area=area)
    )


def code_wish(store: Store, response: Response, slot: int, coding: SlotCoding) -> Changed:
    """Gives a wish a person's codes and ask, which no tagger will overwrite, and answers its sender's query if there was one."""
    wish = _wish(response, slot)
    data = write_data("wish.coded", slot=slot, codes=list(coding.codes), ask=coding.ask, words=wish.words)
    return _change(
        store, response.number, "wish.coded", coding.coder, revision=response.revision,
        words={"slot": slot, "sha1": fingerprint(wish.text)}, set={f"h{slot}": write_coding(coding, store.layout)},
        drop=[f"g{slot}", f"k{slot}"] if wish.moderation == QUERIED else [], data=data,
    )


def carry_coding(store: Store, response: Response, slot: int, coding: SlotCoding) -> Changed:
    """Puts a person's coding in the codes of another version of the frame; it stays theirs."""
    wish = _wish(response, slot)
    return _change(
        store, response.number, "wish.carried", "job:frame", revision=response.revision,
        words={"slot": slot, "sha1": fingerprint(wish.text)}, set={f"h{slot}": write_coding(coding, store.layout)},
        data=write_data("wish.carried", slot=slot, codes=list(coding.codes), words=wish.words),
    )


def uncode_wish(store: Store, response: Response, slot: int, who: str) -> Changed:
    """Takes a person's coding of a wish back, so that the machine's counts again."""
    wish = _wish(response, slot)
    return _change(
        store, response.number, "wish.uncoded", who, revision=response.revision,
        words={"slot": slot, "sha1": fingerprint(wish.text)}, drop=[f"h{slot}"],
        data=write_data("wish.uncoded", slot=slot, words=wish.words),
    )


def moderate_wish(
    store: Store, response: Response, slot: int, moderation: int, who: str, reason: str = "", note: str = ""
) -> Changed:
    """Marks a wish as cleared for quoting, held, or unseen again; the log has the reason, the response the note as well."""
    why = write_decision(Decision(reason, who, int(time() * 1000), note)) if reason else ""
    return _change(
        store, response.number, "wish.moderated", who, revision=response.revision,
        words={"slot": slot, "sha1": fingerprint(_wish(response, slot).text)},
        set={f"g{slot}": str(moderation), **({f"k{slot}": why} if why else {})}, drop=[] if why else [f"k{slot}"],
        data=write_data("wish.moderated", slot=slot, moderation=moderation, reason=reason),
    )


def redact_wish(store: Store, response: Response, slot: int, redactions: Sequence[Redaction], who: str) -> Changed:
    """Redacts these stretches of a wish and no others; a cleared one that would show more must be cleared again."""
    wish, spans = _wish(response, slot), write_redactions(redactions)
    again = wish.moderation == CLEARED and shows_more(wish.redactions, redactions)
    data = write_data(
        "wish.redacted", slot=slot, words=wish.words, kinds=[one.kind for one in redactions],
        spans=commitment(response.salt, slot, spans), moderation=UNSEEN if again else None,
    )
    return _change(
        store, response.number, "wish.redacted", who, revision=response.revision, data=data,
        words={"slot": slot, "sha1": fingerprint(wish.text)}, set={f"r{slot}": spans} if spans else {},
        drop=[*([] if spans else [f"r{slot}"]), *([f"g{slot}", f"k{slot}"] if again else [])],
    )


def _wish(response: Response, slot: int) -> Wish:
    """Returns a slot's wish; one without words for an empty slot, which no change fits."""
    return next((wish for wish in response.wishes if wish.slot == slot), Wish(slot, "", ""))


def _change(store: Store, number: int, event: str, who: str, states: Sequence[str] = (LIVE,), **what: Any) -> Changed:  # noqa: ANN401
    sent = {
        "revision": None, "words": None, "set": {}, "drop": [], "answers": None, "vectors": [], "erase": None,
        "data": "{}", **what,
        "number": number, "slots": store.campaign.wishes_each, "states": list(states),
        "event": full_name(event), "who": who, "bell_ms": BELL_MS,
    }
    outcome, *rest = store.scripts.run("change", sent)
    store.connections.settle()
    if outcome == "changed":
        return Changed(outcome, int(rest[0]), int(rest[1]), bool(rest[2]))
    return Changed(outcome, detail=str(rest[0]) if rest else "")
