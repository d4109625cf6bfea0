"""The dashboard's tables: ordered, ranked with ties, shared out, each line with its bar. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.coding.frame import ALONE, ASKS, theme_of
from campaigns.definition import NO_AREA, Campaign
from campaigns.sampling.reckoning import Range, rank_words
from web.ranges import which_way_off
from web.words import percent

Crossed = Mapping[tuple[str, ...], int]


@dataclass(frozen=True)
class Segment:
    """A stretch of a bar, in hundredths of the widest one."""

    kind: str
    at: float
    width: float


@dataclass(frozen=True)
class Line:
    """One line of a table: what it is called, its place, its count, share and bar; its range, and how the count is off it."""

    key: str
    name: str
    count: int
    share: str = ""
    rank: str = ""
    asks: tuple[tuple[str, int], ...] = ()
    bar: tuple[Segment, ...] = ()
    codes: tuple["Line", ...] = ()
    range: str = ""
    off: str = ""


def theme_lines(
    campaign: Campaign, counts: Mapping[str, Mapping[str, int]], crossed: Mapping[str, Crossed], total: int
) -> list[Line]:
    """Returns a line for each theme, most asked for first, each with its codes; other and none come last, without a rank.

    ``counts`` and ``crossed`` hold the cells of "theme" and "code", the latter crossed with the ask.
    """
    names = {theme.id: theme.name for theme in campaign.frame.themes}
    codes = campaign.frame.names
    widest = max(counts["theme"].values(), default=0)

    def made(level: str, called: Mapping[str, str]) -> list[Line]:
        lines = [Line(key, name, counts[level].get(key, 0)) for key, name in called.items()]
        return [_split(line, crossed[level], widest, total) for line in ranked(lines)]

    def under(theme: str) -> tuple[Line, ...]:
        return tuple(made("code", {code: name for code, name in codes.items() if theme_of(code) == theme}))

    alone = [Line(key, codes[key], counts["theme"].get(key, 0)) for key in ALONE if key in codes]
    return [
        *(replace(line, codes=under(line.key)) for line in made("theme", names)),
        *(_split(line, crossed["theme"], widest, total) for line in alone),
    ]


def with_ranges(
    lines: Sequence[Line], ranges: Mapping[str, Mapping[str, Range]], total: int
) -> list[Line]:
    """Returns the lines of themes and of their codes with ranges, the largest share first; those not told apart share a place.

    ``ranges`` holds those of "theme" and "code"; where there are none the lines stay as they are.
    """
    if not ranges["theme"]:
        return list(lines)
    made = [
        replace(line, codes=tuple(_placed(line.codes, ranges["code"], total))) for line in _placed(lines, ranges["theme"], total)
    ]
    return sorted(made, key=lambda line: line.key in ALONE)


def _placed(lines: Sequence[Line], ranges: Mapping[str, Range], total: int) -> list[Line]:
    """Gives lines their ranges and the places that follow; those without a place stay without."""
    ranks = rank_words({line.key: ranges[line.key] for line in lines if line.key in ranges and line.key not in ALONE})
    told = [
        replace(
            line, range=ranges[line.key].words, off=which_way_off(line.count, total, ranges[line.key]),
            rank=ranks.get(line.key, "") if line.count or ranges[line.key].share else "",
        ) if line.key in ranges else line for line in lines
    ]
    return sorted(told, key=lambda line: -ranges[line.key].share if line.key in ranges else 0)


def ranked(lines: Iterable[Line]) -> list[Line]:
    """Returns lines by their count, largest first, each with its place; those that tie share it: "2="."""
    ordered = sorted(lines, key=lambda line: -line.count)
    counts = [line.count for line in ordered]
    return [
        replace(line, rank=f"{counts.index(line.count) + 1}{'=' if counts.count(line.count) > 1 else ''}" if line.count else "")
        for line in ordered
    ]


def plain_lines(called: Mapping[str, str], counts: Mapping[str, int], total: int, keep_empty: bool = True) -> list[Line]:
    """Returns a line for each name in the order given, and for any other that has a count."""
    widest = max(counts.values(), default=0)
    named = {**called, **{key: key for key in counts if key not in called}}
    return [
        Line(key, name, counts.get(key, 0), percent(counts.get(key, 0), total), bar=_whole(counts.get(key, 0), widest))
        for key, name in named.items() if keep_empty or counts.get(key, 0)
    ]


def largest_first(lines: Iterable[Line], last: Sequence[str] = NO_AREA) -> list[Line]:
    """Returns lines by their count, largest first; what says that nothing is known comes last."""
    return sorted(lines, key=lambda line: (line.key in last, -line.count))


def _split(line: Line, crossed: Crossed, widest: int, total: int) -> Line:
    asks = tuple((ask, crossed.get((line.key, ask), 0)) for ask in ASKS)
    return replace(line, asks=asks, share=percent(line.count, total), bar=_segments(asks, line.count, widest))


def _segments(asks: Sequence[tuple[str, int]], count: int, widest: int) -> tuple[Segment, ...]:
    """Cuts a bar as long as the count into asks. A response may ask two ways, so asks can add up to more than the count."""
    whole = sum(number for _, number in asks) or 1
    length = 100 * count / widest if widest else 0.0
    made, at = [], 0.0
    for ask, number in asks:
        width = length * number / whole
        if number:
            made.append(Segment(ask, round(at, 2), round(width, 2)))
        at += width
    return tuple(made)


def _whole(count: int, widest: int) -> tuple[Segment, ...]:
    return (Segment("all", 0.0, round(100 * count / widest, 2)),) if count else ()
