"""Who is told of a worry, and how one is followed until it is closed. Pure."""

from dataclasses import dataclass

# Where a worry stands, in order; whoever writes a note may leave it where it is or move it on or back, until it is closed.
NEW, SEEN, PASSED, CLOSED = "new", "seen", "passed on", "closed"
STATES = (NEW, SEEN, PASSED, CLOSED)
LONGEST_NOTE = 1000
HOUR_MS = 3_600_000

NO_STATE = "Choose where it stands now."
NO_NOTE = {
    PASSED: "Say whom you passed it to, in a few words. Leave out names of those it is about.",
    CLOSED: "Say what was done, in a few words. Leave out names.",
}
NOTHING = "Write a note, or choose where it stands now."


@dataclass(frozen=True)
class Officer:
    """A named person who must be reachable while the campaign runs.

    ``contact`` is what staff and residents are shown; e-mail goes to ``email``, or else to ``contact`` where that is an address.
    A worry still open after ``within_hours`` is marked.
    """

    name: str = ""
    contact: str = ""
    email: str = ""
    within_hours: int = 24

    @property
    def address(self) -> str:
        """Returns where e-mail reaches them, empty where only a telephone does."""
        given = self.email or self.contact
        return given if "@" in given and not any(letter.isspace() for letter in given) else ""


@dataclass(frozen=True)
class Note:
    """What somebody wrote about a worry and where it stood from then on; empty words once the words it is about are erased."""

    who: str
    at_ms: int
    state: str
    words: str = ""


def note_problem(before: str, after: str, words: str) -> str:
    """Returns what must be put right before a note is kept, empty where nothing must."""
    if after not in STATES:
        return NO_STATE
    if not words and after in NO_NOTE and after != before:
        return NO_NOTE[after]
    return NOTHING if after == before and not words else ""


def too_long(at_ms: int, now_ms: int, officer: Officer) -> bool:
    """Tells whether a worry raised at some time has been open longer than the campaign allows."""
    return now_ms - at_ms > officer.within_hours * HOUR_MS
