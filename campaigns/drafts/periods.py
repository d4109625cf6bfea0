"""Days gathered into the longest table that still reads: by day, week, month or year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.drafts.prose import day

MOST_ROWS = 16


@dataclass(frozen=True)
class Period:
    """A stretch of days with its counts on both bases."""

    label: str
    responses: int
    wishes: int


def periods(responses: Mapping[str, int], wishes: Mapping[str, int]) -> list[Period]:
    """Returns counts by ISO day as periods without a gap, in order, at most sixteen of them if years allow."""
    days = {date.fromisoformat(name): number for name, number in responses.items()}
    if not days:
        return []
    unit = unit_for(min(days), max(days))
    found: dict[date, list[int]] = {start: [0, 0] for start in _starts(min(days), max(days), unit)}
    for name, number in responses.items():
        start = start_of(date.fromisoformat(name), unit)
        found[start][0] += number
        found[start][1] += wishes.get(name, 0)
    years = min(found).year != max(days).year
    return [Period(_label(start, unit, years), *counts) for start, counts in found.items()]


def unit_for(first: date, last: date) -> str:
    """Returns the shortest unit that keeps a table of those days short."""
    for unit, days in (("day", 1), ("week", 7), ("month", 30)):
        if (last - first).days < days * (MOST_ROWS - 1):
            return unit
    return "year"


def start_of(value: date, unit: str) -> date:
    """Returns the first day of the day, week, month or year that a date lies in."""
    if unit == "week":
        return value - timedelta(days=value.weekday())
    if unit == "month":
        return value.replace(day=1)
    return value.replace(month=1, day=1) if unit == "year" else value


def _starts(first: date, last: date, unit: str) -> list[date]:
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return list(dict.fromkeys(start_of(value, unit) for value in every))


def _label(start: date, unit: str, year: bool) -> str:
    """Names a period; the year is left to the table's caption where there is only one."""
    if unit in ("month", "year"):
        return f"{start:%B %Y}" if unit == "month" else str(start.year)
    said = day(start) if year else f"{start.day} {start:%B}"
    return f"Week of {said}" if unit == "week" else said
