"""What a person chooses for a wish: its codes, main one first, and its ask; checked before it is kept. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from campaigns.coding.frame import ALONE, ASKS, MOST_CODES, Frame
from campaigns.responses import Wish

SLOTS = tuple(f"code{place}" for place in range(1, MOST_CODES + 1))


@dataclass(frozen=True)
class Choice:
    """Codes and ask as chosen, one entry a box of the form, and a plain line for each thing that will not do."""

    boxes: tuple[str, ...] = ("",) * MOST_CODES
    ask: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """Returns the codes chosen, main one first."""
        return tuple(code for code in self.boxes if code)


def read_choice(sent: Mapping[str, str], frame: Frame) -> Choice:
    """Returns what was chosen in the form, with what must be put right."""
    boxes = tuple(sent.get(name, "") for name in SLOTS)
    ask = sent.get("ask", "")
    return Choice(boxes, ask, check_choice(tuple(code for code in boxes if code), ask, frame))


def choice_of(wish: Wish) -> Choice:
    """Returns the coding that now counts, as the form's first showing."""
    coding = wish.coding
    codes = coding.codes if coding else ()
    return Choice((*codes, *("",) * MOST_CODES)[:MOST_CODES], coding.ask if coding else "")


def check_choice(codes: tuple[str, ...], ask: str, frame: Frame) -> dict[str, str]:
    """Returns a plain line for each thing that must be put right, by the field it stands in."""
    names = {code.id: code.name for code in frame.codes}
    problems = {}
    alone = [code for code in codes if code in ALONE]
    if not codes:
        problems["code1"] = "Choose what it is about. “Something else” is there for what fits nowhere."
    elif strange := [code for code in codes if code not in names]:
        problems["code1"] = f"“{strange[0]}” is not a code of this campaign. Choose one from the list."
    elif alone and len(codes) > 1:
        problems["code1"] = f"“{names[alone[0]]}” stands alone. Take the other codes away, or choose only them."
    elif len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        problems["code1"] = f"“{names[twice]}” is chosen twice. Leave one of the two empty."
    if ask not in ASKS:
        problems["ask"] = "Choose which way it asks."
    return problems


def seen_coding(wish: Wish) -> str:
    """Returns a mark that changes when the wish's words or a person's coding of it do."""
    return _mark(wish.words, wish.person)


def seen_moderation(wish: Wish) -> str:
    """Returns a mark that changes when the wish's words , its clearing for quoting or what is redacted of it do."""
    return _mark(wish.words, wish.moderation, wish.redactions)


def _mark(*what: object) -> str:
    return sha256(repr(what).encode()).hexdigest()[:12]
