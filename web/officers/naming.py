"""Codes by what is typed of their names, so that whoever codes many wishes never takes their hands off the keys. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from campaigns.coding.frame import Code, Frame
from web.officers.choosing import SLOTS, Choice, check_choice

MOST_NAMED = 4


def read_typed(sent: Mapping[str, str], frame: Frame) -> Choice:
    """Returns what was chosen where codes were typed, with what must be put right; a box that names none keeps what was typed."""
    typed = [sent.get(name, "").strip() for name in SLOTS]
    found = [find_codes(one, frame) if one else [] for one in typed]
    boxes = tuple(codes[0].id if len(codes) == 1 else words for codes, words in zip(found, typed, strict=True))
    unclear = {
        name: _unclear(words, codes) for name, words, codes in zip(SLOTS, typed, found, strict=True) if words and len(codes) != 1
    }
    ask = sent.get("ask", "")
    known = tuple(code for code, words in zip(boxes, SLOTS, strict=True) if code and words not in unclear)
    problems = check_choice(known, ask, frame)
    if unclear:
        problems.pop("code1", None)
    return Choice(boxes, ask, {**problems, **unclear})


def shown(choice: Choice, frame: Frame) -> Choice:
    """Returns a choice with the names of codes in the place of their ids, as the boxes show them."""
    names = frame.names
    return replace(choice, boxes=tuple(names.get(box, box) for box in choice.boxes))


def find_codes(typed: str, frame: Frame) -> list[Code]:
    """Returns the codes that typed letters may stand for: the one so named, else those whose names begin so, else hold them."""
    words = " ".join(typed.casefold().split())
    named = {code: code.name.casefold() for code in frame.codes}
    for fits in (
        lambda name, code: words in (name, code.id), lambda name, code: name.startswith(words),
        lambda name, code: any(part.startswith(words) for part in name.split()), lambda name, code: words in name,
    ):
        if found := [code for code, name in named.items() if fits(name, code)]:
            return found
    return []


def _unclear(typed: str, codes: list[Code]) -> str:
    if not codes:
        return f"No code is called “{typed}”. Type some letters of one, or look it up in the list below."
    some = ", ".join(f"“{code.name}”" for code in codes[:MOST_NAMED])
    return f"“{typed}” may be {some}{' and more' if len(codes) > MOST_NAMED else ''}. Type a little more."
