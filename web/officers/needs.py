"""What an officer is told first: the campaign in one sentence, and what needs them today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import time

from campaigns.definition import Window
from campaigns.reach import Line, most_missing
from campaigns.safeguarding import too_long
from campaigns.store.letters import unsplit_letters
from campaigns.store.returns import list_batches
from campaigns.store.scans import count_items
from campaigns.store.store import Store
from campaigns.store.tray import in_tray
from campaigns.store.worries import open_worries
from web.words import day, plural

FAR_BELOW = 0.75  # of its share: less than this is worth an officer's morning


@dataclass(frozen=True)
class Heard:
    """The group heard least for its size: the facet it is of, what is counted of the place, its line, and all replies compared.

    Nothing is ``counted`` where the place is not known and areas are taken to be alike.
    """

    facet: str
    counted: str
    line: Line
    replies: int


@dataclass(frozen=True)
class Paper:
    """What needs an officer first: worries, pieces set aside, letters to split, batches open, scans to look at.

    ``late``: how many of the worries have been open too long.
    """

    worries: int
    late: int
    tray: int
    letters: int
    batches: int
    scans: int

    @property
    def any(self) -> bool:
        """Tells whether there is anything."""
        return any((self.worries, self.tray, self.letters, self.batches, self.scans))


def paper_needs(store: Store) -> Paper:
    """Returns what paper needs an officer for, as it now is."""
    batches = sum(batch.open for batch in list_batches(store))
    worries, now_ms, officer = open_worries(store), int(time() * 1000), store.campaign.safeguarding
    late = sum(too_long(worry.at_ms, now_ms, officer) for worry in worries)
    return Paper(len(worries), late, len(in_tray(store)), len(unsplit_letters(store)), batches, count_items(store))


def least_heard(facet: str, counted: str, lines: Sequence[Line]) -> Heard | None:
    """Returns the group of a comparison that is heard least, where it has less than three quarters of its share."""
    line = most_missing(lines)
    if line is None or line.share_of_replies >= FAR_BELOW * line.share_of_people:
        return None
    return Heard(facet, counted, line, sum(one.replies for one in lines))


def time_left(window: Window, today: date) -> str:
    """Returns how long the window still runs, in the words of the opening sentence."""
    if today < window.opens:
        return f"opens on {day(window.opens)}"
    if today > window.closes:
        return f"closed on {day(window.closes)}"
    left = (window.closes - today).days
    return "last day" if left == 0 else f"{plural(left, 'day')} left"


def heard_words(heard: Heard, areas_called: str) -> str:
    """Returns how little a group is heard, in words."""
    if not heard.counted:
        said = plural(heard.line.replies, "response") if heard.line.replies else "nobody yet"
        return f"{said}; a {areas_called} sends {heard.line.share_of_people * heard.replies:,.0f} on average"
    shares = [f"{100 * share:.1f}%" for share in (heard.line.share_of_replies, heard.line.share_of_people)]
    return f"{shares[0]} of the replies that say, and {shares[1]} of the {heard.counted}"
