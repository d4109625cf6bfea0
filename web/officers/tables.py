"""The dashboard's tables: ordered, ranked with ties, shared out, each line with its bar. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from campaigns.coding.frame import ALONE, ASKS, theme_of
from campaigns.definition import NO_AREA, Campaign
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
    """One line of a table: what it is called, its place, its count and share, and its bar."""

    key: str
    name: str
    count: int
    share: str = ""
    rank: str = ""
    asks: tuple[tuple[str, int], ...] = ()
    bar: tuple[Segment, ...] = ()
    codes: tuple["Line", ...] = ()


def theme_lines(
    campaign: Campaign, counts: Mapping[str, Mapping[str, int]], crossed: Mapping[str, Crossed], total: int
) -> list[Line]:
    """Returns a line for each theme, most asked for first, each with its codes; other and none come last, without a rank.

    ``counts`` and ``crossed`` hold the cells of "theme" and "code", the latter crossed with the ask.
    """
    names = {theme.id: theme.name for theme in campaign.frame.themes}
    codes = {code.id: code.name for code in campaign.frame.codes}
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
