"""Revising a frame: each step gives a new draft, with where every code of the frame that is in use goes. Pure.

A code's id says its theme, so a code that moves to another theme gets another id, and goes there from the old one.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from campaigns.coding.frame import ALONE, ASKS, FEWEST_EXAMPLES, OTHER, Code, Example, Frame, Theme, theme_of

LONGEST_NAME, LONGEST_TEXT = 60, 1000
MOST_CODES_GOOD = 70
NO_LETTERS = re.compile(r"[^a-z0-9]+")


class CannotRevise(ValueError):
    """A step that does not fit the draft; the message says what to do instead."""


@dataclass(frozen=True)
class Draft:
    """A frame being revised: the frame as it would be, and where each code of the one in use goes.

    ``goes`` names codes of the draft: one for a code that stays, moves or is merged, several for one that is split, `other`
    for one that is retired.
    """

    frame: Frame
    goes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of each code that was ever split
    revision: int = 0
    members: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)  # wishes that a person gave a new code

    @property
    def changes(self) -> dict[str, tuple[str, ...]]:
        """Returns where those codes go that do not stay what they are."""
        return {code: to for code, to in self.goes.items() if to != (code,)}

    @property
    def unclear(self) -> dict[str, tuple[str, ...]]:
        """Returns the codes that go to several: which of these a person's coding means, only a person can say."""
        return {code: to for code, to in self.goes.items() if len(to) > 1}


def begin(frame: Frame, before: Draft | None = None) -> Draft:
    """Returns a draft in which everything stays as it is; the draft adopted before says where retired codes went."""
    earlier = before or Draft(frame)
    return Draft(frame, {**earlier.goes, **{code.id: (code.id,) for code in frame.codes}}, earlier.parts)


def describe(draft: Draft, code: Code, examples: Sequence[tuple[str, str]]) -> Draft:
    """Returns the draft with a code's words put anew, and its examples, each a text with its ask.

    Examples of more than one code stay as they are.
    """
    _found(draft, code.id)
    own = tuple(Example(text, (code.id,), ask) for text, ask in examples)
    others = tuple(one for one in draft.frame.examples if one.codes != (code.id,))
    codes = tuple(code if one.id == code.id else one for one in draft.frame.codes)
    return _with(draft, codes=codes, examples=(*others, *own))


def add_code(draft: Draft, theme: str, name: str, definition: str, examples: Sequence[tuple[str, str]]) -> tuple[Draft, str]:
    """Returns the draft with one more code under a theme, and that code's id; examples are texts with their asks."""
    new = _new_id(draft, theme, name)
    added = tuple(Example(text, (new,), ask) for text, ask in examples)
    known = {_plain(one.text) for one in added}
    kept = tuple(one for one in draft.frame.examples if _plain(one.text) not in known)
    return _with(_put(draft, Code(new, name, definition), _end(draft, theme)), examples=(*kept, *added)), new


def retire(draft: Draft, code: str) -> Draft:
    """Returns the draft without a code; what had it alone goes to `other`."""
    return _lead(draft, code, (OTHER,), drop=True)


def merge(draft: Draft, code: str, into: str) -> Draft:
    """Returns the draft with a code and its examples merged into another."""
    _found(draft, into)
    if into in ALONE:
        raise CannotRevise("What stands alone takes no other code in. Retire the code instead.")
    if code == into:
        raise CannotRevise("Choose another code to merge it into.")
    return _brought_back(_lead(draft, code, (into,)), into)


def move(draft: Draft, code: str, theme: str) -> tuple[Draft, str]:
    """Returns the draft with a code under another theme, and its new id."""
    found = _found(draft, code)
    if theme_of(code) == theme:
        raise CannotRevise("It stands under this theme already. Choose another.")
    new = _new_id(draft, theme, found.name, code.partition(".")[2])
    return _lead(_put(draft, replace(found, id=new), _end(draft, theme)), code, (new,)), new


def split(draft: Draft, code: str, parts: Sequence[tuple[str, str, Sequence[str]]]) -> Draft:
    """Returns the draft with a code split in parts, each with a name, a definition and the texts of its examples.

    What of its examples is in no part goes to the first.
    """
    found, theme, new = _found(draft, code), theme_of(code), draft
    if len(parts) < 2:
        raise CannotRevise("Name at least two codes that it is split into.")
    ids: list[str] = []
    for name, definition, _ in parts:
        ids.append(_new_id(new, theme, name, but=found.name))
        new = _put(new, Code(ids[-1], name, definition), new.frame.codes.index(found) + len(ids))
    of = {_plain(text): part for part, (_, _, texts) in zip(ids, parts, strict=True) for text in texts}
    divided = [
        replace(one, codes=tuple(dict.fromkeys(of.get(_plain(one.text), ids[0]) if own == code else own for own in one.codes)))
        for one in draft.frame.examples
    ]
    led = _lead(_with(new, examples=tuple(divided)), code, tuple(ids))
    return replace(led, parts={**draft.parts, code: tuple(ids)})


def shortcomings(draft: Draft) -> list[str]:
    """Returns what keeps a draft from being adopted, in plain words."""
    told = []
    for code in draft.frame.codes:
        count = sum(code.id in example.codes for example in draft.frame.examples)
        if count < FEWEST_EXAMPLES:
            told.append(f"“{code.name}” has {count} examples. Give it {FEWEST_EXAMPLES} or more to be learnt from.")
    return told


def to_json(draft: Draft) -> dict[str, Any]:
    """Returns a draft as it is kept."""
    return asdict(draft)


def frame_from_json(about: Mapping[str, Any]) -> Frame:
    """Returns the frame that was kept."""
    codes, retired = (
        tuple(Code(**{**one, "includes": tuple(one["includes"]), "excludes": tuple(one["excludes"])}) for one in about[name])
        for name in ("codes", "retired")
    )
    examples = tuple(Example(one["text"], tuple(one["codes"]), one["ask"]) for one in about["examples"])
    return Frame(tuple(Theme(**one) for one in about["themes"]), codes, examples, retired)


def from_json(about: Mapping[str, Any]) -> Draft:
    """Returns the draft that ``to_json`` wrote."""
    goes, parts = ({code: tuple(to) for code, to in about[name].items()} for name in ("goes", "parts"))
    members = {code: tuple((number, slot) for number, slot in some) for code, some in about.get("members", {}).items()}
    return Draft(frame_from_json(about["frame"]), goes, parts, about["revision"], members)


def read_examples(typed: str) -> tuple[list[tuple[str, str]], str]:
    """Returns examples typed one a line, each with its ask behind a bar where it is told; and what is wrong with them."""
    found, problem = [], ""
    for line in typed.splitlines():
        text, bar, ask = line.rpartition("|")
        text, ask = (text.strip(), ask.strip().casefold()) if bar else (line.strip(), "more")
        if bar and ask not in ASKS:
            problem = problem or f"“{ask}” is no way of asking. End the line with | and one of {', '.join(ASKS)}."
        if text:
            found.append((text, ask))
    if len({_plain(text) for text, _ in found}) < len(found):
        problem = problem or "One example stands twice. Keep one of the two."
    return found, problem


def _lead(draft: Draft, code: str, to: tuple[str, ...], drop: bool = False) -> Draft:
    """Takes a code out of the draft; all that went to it goes to others, and so do its examples, or they are dropped."""
    found = _found(draft, code)
    if code in ALONE:
        raise CannotRevise(f"“{found.name}” must stay: wishes that fit nowhere else need it.")
    examples = []
    for one in draft.frame.examples:
        led = tuple(dict.fromkeys(part for own in one.codes for part in (to if own == code and not drop else (own,))))
        left = tuple(own for own in led if not (drop and own == code))
        if left:
            examples.append(replace(one, codes=left))
    goes = _led(draft.goes, code, to)
    frame = draft.frame
    retired = tuple(one for one in frame.retired if one.id != code)
    codes = tuple(one for one in frame.codes if one.id != code)
    members = {
        (to[0] if own == code else own): some for own, some in draft.members.items() if own != code or to[0] not in ALONE
    }
    frame = replace(frame, codes=codes, examples=tuple(examples), retired=(*retired, found))
    return replace(draft, goes=goes, members=members, frame=frame)


def _led(goes: Mapping[str, tuple[str, ...]], code: str, to: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        old: tuple(dict.fromkeys(part for own in new for part in (to if own == code else (own,)))) for old, new in goes.items()
    }


def _brought_back(draft: Draft, into: str) -> Draft:
    """Gives a code that was split, and whose parts are all merged again, its own id and words back."""
    froms = [old for old, to in draft.goes.items() if to == (into,) and old != into]
    whole = next((one for one in draft.frame.retired if froms and one.id == froms[0]), None)
    if whole is None or theme_of(whole.id) != theme_of(into) or not _was_split(draft, whole.id, into):
        return draft
    at = draft.frame.codes.index(_found(draft, into))
    back = _lead(_put(draft, whole, at), into, (whole.id,))
    return replace(back, goes={**back.goes, whole.id: (whole.id,)})


def _was_split(draft: Draft, code: str, into: str) -> bool:
    parts = {*draft.parts.get(code, ())}
    return into in parts and {old for old, to in draft.goes.items() if to == (into,)} <= {code, *parts}


def _put(draft: Draft, code: Code, at: int) -> Draft:
    return _with(draft, codes=(*draft.frame.codes[:at], code, *draft.frame.codes[at:]))


def _end(draft: Draft, theme: str) -> int:
    return max((place for place, code in enumerate(draft.frame.codes, 1) if theme_of(code.id) == theme), default=0)


def _with(draft: Draft, **parts: Any) -> Draft:  # noqa: ANN401 - parts of a frame
    frame = replace(draft.frame, **parts)
    current = {code.id for code in frame.codes}
    return replace(draft, frame=replace(frame, retired=tuple(one for one in frame.retired if one.id not in current)))


def _found(draft: Draft, code: str) -> Code:
    found = next((one for one in draft.frame.codes if one.id == code), None)
    if found is None:
        raise CannotRevise("This code is no longer in the draft. Look at the draft again.")
    return found


def _new_id(draft: Draft, theme: str, name: str, wanted: str = "", but: str = "") -> str:
    if theme not in {one.id for one in draft.frame.themes}:
        raise CannotRevise("Choose a theme of the frame.")
    named = {one.name.casefold() for one in draft.frame.codes if theme_of(one.id) == theme} - {but.casefold()}
    if name.casefold() in named:
        raise CannotRevise(f"“{name}” stands under this theme already. Give it another name.")
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    own = wanted or NO_LETTERS.sub("-", letters).strip("-")[:30].strip("-") or "code"
    own = own if own[0].isalpha() else f"c-{own}"
    taken, at, base = {code.id for code in (*draft.frame.codes, *draft.frame.retired)}, 2, own
    while f"{theme}.{own}" in taken:
        own, at = f"{base}-{at}", at + 1
    return f"{theme}.{own}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
