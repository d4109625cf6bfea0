"""What an officer is told first: the campaign in one sentence, and what needs them today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.definition import Area, Window
from campaigns.store.letters import unsplit_letters
from campaigns.store.returns import list_batches
from campaigns.store.scans import count_items
from campaigns.store.store import Store
from campaigns.store.tray import in_tray
from campaigns.store.worries import open_worries
from web.words import day, plural

# Below this many placed responses, an area that has sent few says nothing yet.
ENOUGH_TO_COMPARE = 100


@dataclass(frozen=True)
class Gap:
    """The area that has been heard least, and what would be usual: responses, or responses per 1,000 households."""

    area: Area
    heard: float
    usual: float
    by_households: bool


@dataclass(frozen=True)
class Paper:
    """What paper needs an officer for: worries, pieces set aside, letters to split, batches open, scans to look at."""

    worries: int
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
    return Paper(len(open_worries(store)), len(in_tray(store)), len(unsplit_letters(store)), batches, count_items(store))


def biggest_gap(areas: Sequence[Area], counts: Mapping[str, int]) -> Gap | None:
    """Returns the area heard least for its households (or of all, where those are not known); None while it is early."""
    placed = sum(counts.get(area.name, 0) for area in areas)
    if len(areas) < 2 or placed < ENOUGH_TO_COMPARE:
        return None
    households = sum(area.households for area in areas)
    known = all(area.households for area in areas)

    def heard(area: Area) -> float:
        return counts.get(area.name, 0) * 1000 / area.households if known else counts.get(area.name, 0)

    least = min(areas, key=heard)
    usual = placed * 1000 / households if known else placed / len(areas)
    return Gap(least, heard(least), usual, known) if heard(least) < usual * 0.75 else None


def time_left(window: Window, today: date) -> str:
    """Returns how long the window still runs, in the words of the opening sentence."""
    if today < window.opens:
        return f"opens on {day(window.opens)}"
    if today > window.closes:
        return f"closed on {day(window.closes)}"
    left = (window.closes - today).days
    return "last day" if left == 0 else f"{plural(left, 'day')} left"


def gap_words(gap: Gap, called: str) -> str:
    """Returns a gap in words."""
    if gap.by_households:
        return f"{gap.heard:.1f} responses per 1,000 households, against {gap.usual:.1f} in all"
    heard = plural(round(gap.heard), "response") if gap.heard else "nobody yet"
    return f"{heard}; a {called} sends {gap.usual:,.0f} on average"
