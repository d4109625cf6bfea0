"""A piece of paper as the desk sends it, read from the queue's JSON and from the plain form alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from campaigns.definition import Campaign
from campaigns.store.pieces import REASONS
from web.keying.words import OFFERED

MARKS = {"b": "blank", "i": "illegible in part", "o": "goes on overleaf", "d": "drawing", "l": "other language"}
# What the desk may say of a piece by itself; that it is a duplicate, only a person says who has looked at both.
SAID = ("keyed", "unnumbered", "unusable", "set aside")
DRAWN, FOREIGN = "[drawing]", "[other language]"
LONGEST = {"serial": 300, "postcode": 20, "ward": 60, "behalf": 200, "why": 40}
TICK = "q-"
_ID = re.compile(r"[A-Za-z0-9_]{4,40}-[A-Za-z0-9_]{1,20}")


class NotAnEntry(ValueError):
    """Something that no desk sends: without a piece's id, a batch, or an outcome."""


@dataclass(frozen=True)
class Entry:
    """What stands in the boxes of the desk; ``piece`` tells this piece of paper from every other.

    ``ticks`` are answers by the question's id; ``marks`` letters of MARKS; ``letter`` is a long text, kept whole.
    """

    piece: str
    batch: int
    outcome: str = "keyed"
    why: str = ""
    serial: str = ""
    wishes: tuple[str, ...] = ()
    postcode: str = ""
    ward: str = ""
    ticks: Mapping[str, str] = field(default_factory=dict)
    marks: str = ""
    letter: str = ""
    behalf: str = ""

    @property
    def blank(self) -> bool:
        """Tells whether nothing at all is written on it, and the keyer said so."""
        return "b" in self.marks and not any(text.strip() for text in (*self.wishes, self.letter))


def read_entry(campaign: Campaign, sent: Mapping[str, object]) -> Entry:
    """Returns what was sent as an entry, nothing in it changed but its ends cut off where no box is so long."""
    # Half a letter, as a browser can send it, could be kept nowhere, and its browser would send it again for ever.
    typed = {name: value.encode("utf-8", "replace").decode() for name, value in sent.items() if isinstance(value, str)}
    piece, batch = typed.get("piece", ""), str(sent.get("batch", ""))
    outcome, _, why = typed.get("outcome", "keyed").partition(":")
    if not _ID.fullmatch(piece) or not re.fullmatch(r"\d{1,9}", batch) or outcome not in SAID:
        raise NotAnEntry("This is no piece of a batch. Tell your supervisor, and keep the card.")
    if outcome in OFFERED and (typed.get("why") or why) not in REASONS[outcome]:
        raise NotAnEntry("Nobody knows that reason. Tell your supervisor, and keep the card.")
    short = {name: typed.get(name, "").strip()[:most] for name, most in LONGEST.items()}
    return Entry(
        piece, int(batch), outcome, wishes=tuple(typed.get(f"wish{n}", "") for n in range(1, campaign.wishes_each + 1)),
        ticks={name.removeprefix(TICK): value.strip()[:40] for name, value in typed.items() if name.startswith(TICK)},
        marks="".join(letter for letter in MARKS if typed.get(f"mark-{letter}")), letter=typed.get("letter", ""),
        **{**short, "why": short["why"] or why},
    )


def as_typed(entry: Entry) -> dict[str, str]:
    """Returns an entry's boxes by their names, those that hold anything: what ``read_entry`` reads them from."""
    boxes = {f"wish{n}": wish for n, wish in enumerate(entry.wishes, 1)}
    boxes |= {f"{TICK}{name}": answer for name, answer in entry.ticks.items()}
    boxes |= {f"mark-{letter}": "1" for letter in entry.marks}
    boxes |= {name: getattr(entry, name) for name in ("serial", "postcode", "ward", "letter", "behalf")}
    return {name: value for name, value in boxes.items() if value}
