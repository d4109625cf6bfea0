"""Words for counts, by a written rule.

Shares. Under 30 responses a share gets no word, only its numbers. From 30 on:

    all of them           all              7.5% to under 15%    about one in ten
    95% to under 100%     nearly all       2% to under 7.5%     some
    60% to under 95%      most             over 0 to under 2%   a few
    55% to under 60%      more than half   none of them         none
    45% to under 55%      about half
    35% to under 45%      about four in ten
    25% to under 35%      about three in ten
    15% to under 25%      about two in ten

The counts and the whole per cent always stand beside the word. A share is never rounded to none or to all.
Places: what has the same count has the same place, and is called joint. What is counted are responses,
wishes or mentions, and never people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

FEWEST_FOR_WORDS = 30
MOST_NAMED = 4
# The least share, in thousandths, that each word holds for.
WORDS = (
    (950, "nearly all"), (600, "most"), (550, "more than half"), (450, "about half"), (350, "about four in ten"),
    (250, "about three in ten"), (150, "about two in ten"), (75, "about one in ten"), (20, "some"), (0, "a few"),
)
BARE = ("all", "nearly all", "most", "some", "a few")
PLACES = ("", "most", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def count(number: int) -> str:
    """Returns a count with its thousands set apart."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Returns a count with its noun: 1 response, 4,212 responses."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """Returns a share in whole per cent, halves up; never 0% for some nor 100% for not all."""
    if not whole:
        return "–"
    share = (200 * part + whole) // (2 * whole)
    if part and share == 0:
        return "<1%"
    return ">99%" if share == 100 and part < whole else f"{share}%"


def graded(part: int, whole: int) -> str:
    """Returns the word for a share by the rule above, empty where there are too few to use one."""
    if whole < FEWEST_FOR_WORDS:
        return ""
    if part in (0, whole):
        return "all" if part else "none"
    return next(word for least, word in WORDS if part * 1000 >= least * whole)


def share_of(part: int, whole: int, noun: str) -> str:
    """Returns a share in words and numbers: about four in ten responses (1,204 of 2,980, 40%)."""
    said = of_them(graded(part, whole), noun)
    if not said:
        return f"{count(part)} of {plural(whole, noun)}"
    return f"{said} ({count(part)} of {count(whole)}, {percent(part, whole)})"


def of_them(word: str, noun: str) -> str:
    """Returns a share's word with its noun: most responses, about half of the responses; empty where there is no word."""
    if not word:
        return ""
    return f"{word} {noun}s" if word in BARE or word.endswith("ten") else f"{word} of the {noun}s"


def both_bases(responses: int, whole: int, wishes: int) -> str:
    """Returns a count on both bases: in 1,204 responses (29%), in 1,530 wishes."""
    return f"in {plural(responses, 'response')} ({percent(responses, whole)}), in {plural(wishes, 'wish', 'wishes')}"


def listed(items: Iterable[str]) -> str:
    """Returns a list as people say it, set apart by semicolons where an item has commas or an “and” of its own."""
    said = list(items)
    if len(said) < 2:
        return "".join(said)
    between, last = ("; ", "; and ") if any(", " in one or " and " in one for one in said) else (", ", " and ")
    return between.join(said[:-1]) + last + said[-1]


def in_sentence(name: str) -> str:
    """Returns a name as it stands within a sentence: its capital lowered, unless it is an abbreviation."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def starting(sentence: str) -> str:
    """Returns a sentence with its first letter raised."""
    return sentence[:1].upper() + sentence[1:]


def day(value: date) -> str:
    """Returns a day as people say it: 28 June 2010."""
    return f"{value.day} {value:%B %Y}"


def days_between(first: date, last: date) -> str:
    """Returns a stretch of days: from 28 June to 30 July 2010."""
    if first == last:
        return f"on {day(first)}"
    start = day(first)
    if first.year == last.year:
        start = str(first.day) if first.month == last.month else f"{first.day} {first:%B}"
    return f"from {start} to {day(last)}"


@dataclass(frozen=True)
class Ranked:
    """One name in its place among others; ``joint`` where another has the same count.

    ``ahead`` is how many are surely ahead of it by their ranges, and ``apart`` whether it can be told from all others; None where
    there are no ranges. Then these are what is said, and the place only what is listed first.
    """

    name: str
    number: int
    place: int
    joint: bool
    ahead: int | None = None
    apart: bool = False

    @property
    def words(self) -> str:
        """Returns the place in words: most asked, joint second most asked; by ranges "among" or "at best" where others tie."""
        if self.ahead is not None:
            place = PLACES[self.ahead + 1] if self.ahead + 1 < len(PLACES) else f"{self.ahead + 1}th"
            if self.ahead == 0:
                return "most asked" if self.apart else "among the most asked"
            return f"{'' if self.apart else 'at best '}{place} most asked"
        said = PLACES[self.place] if self.place < len(PLACES) else f"{self.place}th"
        most = "most asked" if self.place == 1 else f"{said} most asked"
        return f"joint {most}" if self.joint else most


def rank(numbers: Mapping[str, int]) -> list[Ranked]:
    """Returns names most first, those with none left out; ties share a place and keep the order given."""
    some = {name: number for name, number in numbers.items() if number}
    values = list(some.values())
    ranked = [
        Ranked(name, number, 1 + sum(other > number for other in values), values.count(number) > 1)
        for name, number in some.items()
    ]
    return sorted(ranked, key=lambda one: one.place)


def first_places(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """Returns those in the first places, up to so many; a tie at the last of them is taken in whole."""
    return [one for one in ranked if one.place <= most]


def extremes(numbers: Mapping[str, int], called: str) -> str:
    """Returns which areas sent the most and the fewest, ties as ties; empty where there is nothing to compare."""
    if len(numbers) < 2 or not any(numbers.values()):
        return ""
    most, fewest = max(numbers.values()), min(numbers.values())
    if most == fewest:
        return f"Every {called} sent the same number, {count(most)}."
    if not fewest:
        return f"The most came from {_level(numbers, most, called)}; none came from {_level(numbers, 0, called)}."
    return f"The most came from {_level(numbers, most, called)}, and the fewest from {_level(numbers, fewest, called)}."


def _level(numbers: Mapping[str, int], number: int, called: str) -> str:
    names = [name for name, own in numbers.items() if own == number]
    said = listed(names) if len(names) <= MOST_NAMED else f"{plural(len(names), called)} of {count(len(numbers))}"
    return f"{said} ({count(number)}{' each' if len(names) > 1 else ''})" if number else said
