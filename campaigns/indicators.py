"""Indicators: what is measured beside what is wished for, read from CSV with every mistake told by line and remedy."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from campaigns.coding.frame import Frame

NUMBERS = ("baseline", "target", "stretch_target", "actual", "forecast")
COLUMNS = ("id", "name", "theme", *NUMBERS, "period", "good_direction", "source")
NEEDED = ("id", "name", "theme", "target", "actual", "good_direction")
UP, DOWN = "up", "down"
DIRECTIONS = {UP: UP, DOWN: DOWN, "higher": UP, "lower": DOWN, "high": UP, "low": DOWN}
GREEN, AMBER, RED, UNTOLD = "green", "amber", "red", "not told"
AMBER_UP_TO = Decimal("0.05")
MADE_UP = "made up"
LARGEST_FILE = 2_000_000
LARGEST = 10**12


class MistakesInTable(ValueError):
    """A file of indicators that cannot be used; ``lines`` says each mistake with its line and remedy."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Indicator:
    """One thing measured for a theme; ``good`` is the way that is better, ``source`` where its figures come from."""

    id: str
    name: str
    theme: str
    good: str
    baseline: Decimal | None = None
    target: Decimal | None = None
    stretch_target: Decimal | None = None
    actual: Decimal | None = None
    forecast: Decimal | None = None
    period: str = ""
    source: str = ""

    @property
    def state(self) -> str:
        """Returns how what is measured stands to the target: green, amber, red, or not told where one of them is missing."""
        return state_of(self.actual, self.target, self.good)

    @property
    def expected(self) -> str:
        """Returns how what is forecast stands to the target; what is measured, where nothing is forecast."""
        return state_of(self.actual if self.forecast is None else self.forecast, self.target, self.good)


def state_of(value: Decimal | None, target: Decimal | None, good: str) -> str:
    """Returns green where a value meets or beats its target, amber where it misses by up to 5% of it, else red."""
    if value is None or target is None:
        return UNTOLD
    missed = value - target if good == DOWN else target - value
    if missed <= 0:
        return GREEN
    return AMBER if missed <= abs(target) * AMBER_UP_TO else RED


@dataclass(frozen=True)
class Headline:
    """Of the indicators that have a target and a figure, how many are expected to meet it, and how they stand now."""

    told: int
    will_meet: int
    states: Mapping[str, int]


def headline(indicators: Iterable[Indicator]) -> Headline:
    """Returns the share of indicators that will meet their target."""
    told = [one for one in indicators if one.expected != UNTOLD]
    states = {state: sum(one.state == state for one in told) for state in (GREEN, AMBER, RED)}
    return Headline(len(told), sum(one.expected == GREEN for one in told), states)


def read_indicators(text: str, frame: Frame) -> tuple[Indicator, ...]:
    """Returns the indicators of a CSV, in its order; raises MistakesInTable with every mistake found."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as wrong:
        raise MistakesInTable([f"Line {reader.line_num}: this is no CSV ({wrong}). Save the sheet as CSV, UTF-8."]) from None
    rows = [(line, [cell.strip() for cell in row]) for line, row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise MistakesInTable([f"The file is empty. Its first line names the columns: {', '.join(COLUMNS)}."])
    heads = _heads(*rows[0])
    mistakes: list[str] = []
    found: list[Indicator] = []
    for line, row in rows[1:]:
        values = dict(zip(heads, row, strict=False))
        said = _wrong(values, row, heads, frame, [one.id for one in found])
        mistakes += [f"Line {line}: {remedy}" for remedy in said]
        if not said:
            found.append(_indicator(values, frame))
    if mistakes:
        raise MistakesInTable(mistakes)
    if not found:
        raise MistakesInTable(["Line 2: no indicator stands under the names of the columns. Write one a line."])
    return tuple(found)


def _heads(line: int, row: Sequence[str]) -> list[str]:
    heads = [cell.casefold().replace(" ", "_").replace("-", "_") for cell in row]
    strange = [name for name in heads if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in heads]
    twice = [name for place, name in enumerate(heads) if name in heads[:place]]
    mistakes = [f"Line {line}: “{name}” is no column of indicators. Use {', '.join(COLUMNS)}." for name in strange]
    mistakes += [f"Line {line}: the column {name} is missing. Add it to the first line." for name in missing]
    mistakes += [f"Line {line}: the column {name} stands twice. Take one out." for name in twice]
    if mistakes:
        raise MistakesInTable(mistakes)
    return heads


def _wrong(values: Mapping[str, str], row: Sequence[str], heads: Sequence[str], frame: Frame, seen: Sequence[str]) -> list[str]:
    if len(row) > len(heads):
        return [f"{len(row)} cells stand under {len(heads)} columns. Put what has a comma in quotation marks: \"1,204\"."]
    said = [f"{name} is empty. Fill it in." for name in ("id", "name", "theme") if not values.get(name)]
    if values.get("id") in seen:
        said.append(f"the id “{values['id']}” stands twice. Give each its own.")
    if values.get("theme") and not _theme(values["theme"], frame):
        known = ", ".join(theme.id for theme in frame.themes)
        said.append(f"“{values['theme']}” is no theme of this campaign. Use one of {known}.")
    if values.get("good_direction", "").casefold() not in DIRECTIONS:
        said.append(f"good_direction must be up or down, not “{values.get('good_direction', '')}”: which way is better?")
    for name in NUMBERS:
        if values.get(name) and _number(values[name]) is None:
            said.append(f"{name} must be a number such as 42.5, not “{values[name]}”. Leave it empty where there is none yet.")
    return said


def _theme(written: str, frame: Frame) -> str:
    wanted = written.casefold()
    return next((theme.id for theme in frame.themes if wanted in (theme.id.casefold(), theme.name.casefold())), "")


def _number(written: str) -> Decimal | None:
    try:
        number = Decimal(written.replace(",", "").removesuffix("%").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < LARGEST else None


def _indicator(values: Mapping[str, str], frame: Frame) -> Indicator:
    numbers = {name: _number(values[name]) if values.get(name) else None for name in NUMBERS}
    return Indicator(
        values["id"], values["name"], _theme(values["theme"], frame), DIRECTIONS[values["good_direction"].casefold()],
        **numbers, period=values.get("period", ""), source=values.get("source", ""),
    )


def write_indicators(indicators: Iterable[Indicator]) -> str:
    """Returns indicators as the CSV that ``read_indicators`` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in indicators:
        numbers = ["" if (number := getattr(one, name)) is None else f"{number:f}" for name in NUMBERS]
        writer.writerow([one.id, one.name, one.theme, *numbers, one.period, one.good, one.source])
    return out.getvalue()
