"""What someone sends: made regular, checked, and kept; up to three wishes in one response."""

import hashlib
import re
import unicodedata
from binascii import b2a_base64
from dataclasses import dataclass, field

LONGEST_WISH = 5000
IN_ADDRESSES = bytes.maketrans(b"+/", b"-_")
ADVISED_LENGTH = 500
LIVE, WITHDRAWN, ERASED, EXPIRED = "live", "withdrawn", "erased", "expired"  # expired: counted, its words gone in due time
UNSEEN, CLEARED, HELD, QUERIED = 0, 1, 2, 3  # queried: its sender says its theme is not what they meant

# Controls, and the invisible marks that can reorder or hide text; joiners stay, since Urdu and emoji need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def tidy_wish(text: str) -> str:
    """Returns a wish as it will be kept: NFC, line ends made one kind, controls out, nothing else changed.

    Empty where there is nothing to see, such as spaces and joiners alone.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-8", "replace").decode("utf-8")
    kept = unicodedata.normalize("NFC", _UNWANTED.sub("", whole)).strip()
    return kept if any(unicodedata.category(letter)[0] not in "ZC" for letter in kept) else ""


def check_wishes(wishes: list[str], most: int) -> tuple[tuple[str, ...], dict[str, str]]:
    """Returns the wishes tidied, one a slot, and a plain line for each that cannot be taken as it is.

    Empty slots between wishes keep their place, since a card's second box is its second wish.
    """
    problems = {}
    kept = [tidy_wish(wish) for wish in wishes]
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) > most:
        problems["wishes"] = f"You can send up to {most} wishes at once. Send these, then make some more."
    if not any(kept):
        problems["wish1"] = "Write at least one wish."
    for slot, wish in enumerate(kept, 1):
        if len(wish) > LONGEST_WISH:
            problems[f"wish{slot}"] = (
                f"Wish {slot} is {len(wish):,} letters long. The most we can keep is {LONGEST_WISH:,}: shorten it a little."
            )
    return tuple(kept), problems


def commitment(salt: str, slot: int, text: str) -> str:
    """Returns what the log holds in place of a wish's words: 128 bits of SHA-256 over salt, slot and text.

    Without the salt, which is erased with the words, it tells nothing; with both it proves they were not changed.
    """
    return commit(salt.encode(), slot, text.encode()).decode()


def commit(salt: bytes, slot: int, text: bytes) -> bytes:
    """Returns ``commitment`` for what is in bytes already."""
    digest = hashlib.sha256(b"\x00".join((salt, b"%d" % slot, text))).digest()
    return b2a_base64(digest[:16], newline=False)[:-2].translate(IN_ADDRESSES)


def commitments(salt: str, wishes: tuple[str, ...]) -> list[str]:
    """Returns the commitment of each slot, empty where the slot is."""
    return [commitment(salt, slot, wish) if wish else "" for slot, wish in enumerate(wishes, 1)]


def fingerprint(text: str) -> str:
    """Returns the SHA-1 by which a script tells whether a slot still holds some words; it is asked with and never kept."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Submission:
    """What is handed to the store to become a response, everything in it already checked.

    ``area`` is an area's id or one of NO_AREA; ``day`` is given only where the local day is not that of
    receipt (a card's batch, an import's date column); ``answers`` and ``special`` hold places by question id.
    ``postcode`` is one that the store looks up and does not keep; ``area`` holds where it is not in the table.
    ``geography`` is what a postcode looked up already tells beside its area.
    ``letter`` is the whole of a long text, kept beside its wishes; ``behalf`` says for whom it was written.
    """

    wishes: tuple[str, ...]
    channel: str
    source: str = ""
    area: str = "not given"
    outward: str = ""
    day: str = ""
    card: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    special: dict[str, int] = field(default_factory=dict)
    marks: str = ""
    postcode: str = ""
    letter: str = ""
    behalf: str = ""
    geography: str = ""


@dataclass(frozen=True)
class SlotCoding:
    """Who gave one wish its codes and ask, and how surely (0 to 1; a person's is 1)."""

    codes: tuple[str, ...]
    ask: str
    coder: str
    confidence: float = 1.0
    nearest: tuple[int, ...] = ()
    at_ms: int = 0


@dataclass(frozen=True, order=True)
class Redaction:
    """A stretch of a wish, in code points, that nobody but those who moderate may read, and what kind of thing it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Decision:
    """Why a person cleared or held back a wish, by a reason from the list; who, when, and a note that goes with the words."""

    reason: str
    who: str
    at_ms: int
    note: str = ""


@dataclass(frozen=True)
class Wish:
    """One wish of a response: its words and commitment, the machine's and a person's coding, moderation and redactions."""

    slot: int
    text: str
    words: str
    machine: SlotCoding | None = None
    person: SlotCoding | None = None
    moderation: int = UNSEEN
    redactions: tuple[Redaction, ...] = ()
    decision: Decision | None = None

    @property
    def coding(self) -> SlotCoding | None:
        """Returns the coding that counts: a person's before a machine's."""
        return self.person or self.machine

    @property
    def kept(self) -> bool:
        """Tells whether its words are still kept; if not, only what was counted of it is."""
        return bool(self.text)


@dataclass(frozen=True)
class Response:
    """One response as it now is; erased ones keep only their number, state and revision.

    ``geography`` holds the numbers of what its postcode told beside its area (campaigns/geographies.py).
    ``expired_ms`` is when its words went because their time was up, 0 while they are kept.
    """

    number: int
    received_ms: int
    state: str
    revision: int
    channel: str = ""
    source: str = ""
    area: str = "not given"
    outward: str = ""
    day: str = ""
    card: int = 0
    salt: str = ""
    marks: str = ""
    letter: str = ""
    behalf: str = ""
    geography: str = ""
    wishes: tuple[Wish, ...] = ()
    answers: dict[str, int] = field(default_factory=dict)
    special: dict[str, int] = field(default_factory=dict)
    expired_ms: int = 0

    @property
    def words(self) -> list[str]:
        """Returns the commitment of each slot up to the last that has any words, as the log lists them."""
        made = {wish.slot: wish.words for wish in self.wishes}
        return [made.get(slot, "") for slot in range(1, max(made, default=0) + 1)]
