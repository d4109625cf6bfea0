"""How long words are kept, by what the campaign's file says: what is due to go, and letting it go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from campaigns.definition import Campaign
from campaigns.events import read_event
from campaigns.keeping.expiring import expire, with_words
from campaigns.responses import WITHDRAWN
from campaigns.store.holding import forget_held
from campaigns.store.log import read_lines
from campaigns.store.responses import get_responses, response_count
from campaigns.store.scans import forget_scans
from campaigns.store.store import Store

TOGETHER = 250
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Due:
    """What is due to go on a day: responses with words of each kind, the days they go from, and what there is in all."""

    today: date
    words_go: date | None
    withdrawn_go: date | None
    live: int
    withdrawn: int
    with_words: int

    @property
    def going(self) -> int:
        """Returns of how many responses the words are due to go."""
        return self.live + self.withdrawn


def local_today(campaign: Campaign) -> date:
    """Returns the day it is where the campaign is."""
    return datetime.now(campaign.window.timezone).date()


def words_go(campaign: Campaign) -> date | None:
    """Returns the first day on which the campaign's words are no longer kept, None where its file names no number of months."""
    months = campaign.privacy.words_kept_months
    return months_after(campaign.window.cards_until, months) if months else None


def all_go(campaign: Campaign, today: date) -> bool:
    """Tells whether on a day no words of the campaign are kept any more, whoever's they are."""
    from_day = words_go(campaign)
    return from_day is not None and today >= from_day


def months_after(day: date, months: int) -> date:
    """Returns the day after the same day that many months on; after a month's last day where that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last) + timedelta(days=1)


def withdrawn_go(campaign: Campaign, today: date) -> date | None:
    """Returns the day before which a response must have been withdrawn for its words to go today, or None."""
    days = campaign.privacy.withdrawn_kept_days
    return today - timedelta(days=days) if days else None


def find_due(store: Store, today: date, progress: Progress = lambda done: None) -> Due:
    """Returns what is due to go on a day; nothing is changed."""
    live = withdrawn = there = 0
    going = _going(store, today)
    for numbers in _each(store, progress):
        for one in with_words(get_responses(store, numbers)):
            due = going is None or one.number in going
            there, live = there + 1, live + (due and one.state != WITHDRAWN)
            withdrawn += due and one.state == WITHDRAWN
    return Due(today, words_go(store.campaign), withdrawn_go(store.campaign, today), live, withdrawn, there)


def retain(store: Store, today: date, who: str = "job:retention", progress: Progress = lambda done: None) -> int:
    """Lets the words go that are due on a day; returns of how many responses. May be stopped and given again."""
    going = _going(store, today)
    if going is None:
        gone = sum(expire(store, numbers, who=who) for numbers in _each(store, progress))
        forget_held(store)
        forget_scans(store)  # also of cards that were never keyed
        return gone
    numbers = sorted(going)
    return sum(
        expire(store, numbers[at:at + TOGETHER], (WITHDRAWN,), who) for at in range(0, len(numbers), TOGETHER)
    )


def _going(store: Store, today: date) -> set[int] | None:
    """Returns the numbers of the responses whose words are due; None for all of them."""
    if all_go(store.campaign, today):
        return None
    before = withdrawn_go(store.campaign, today)
    return withdrawn_before(store, before) if before else set()


def withdrawn_before(store: Store, day: date) -> set[int]:
    """Returns the numbers of the responses that were withdrawn before a day, in the campaign's own time, by its log."""
    end = datetime.combine(day, datetime.min.time(), store.campaign.window.timezone).astimezone(UTC).timestamp() * 1000
    found: set[int] = set()
    after = 0
    while page := read_lines(store, after):
        events = (read_event(line) for _, line, _ in page if " response.withdrawn/" in line)
        found.update(event.subject for event in events if event.at_ms < end)
        after = page[-1][0]
    return found


def _each(store: Store, progress: Progress) -> Iterator[range]:
    total = response_count(store)
    for first in range(1, total + 1, TOGETHER):
        yield range(first, min(first + TOGETHER, total + 1))
        progress(min(first + TOGETHER - 1, total))
