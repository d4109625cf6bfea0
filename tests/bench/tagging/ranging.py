"""Whether ranges hold the truth: campaigns made up of comments that people coded, each with a sample, over and over."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from campaigns.campaign_file import read_campaign, read_file
from campaigns.coding.embedding import Embedder
from campaigns.coding.frame import ASKS, Frame, theme_of
from campaigns.coding.kept import tagger_for
from campaigns.sampling.drawing import Drawable, draw
from campaigns.sampling.ranges import Coded, Shares, estimate
from tests.bench.tagging.material import SHARED

Table = NDArray[np.float64]
CAMPAIGNS, FEW = 1000, 100
RESPONSES = 2000
SAMPLED = 300  # wishes
WARDS, CHANNELS = 17, (("online", 0.6), ("card", 0.3), ("workshop", 0.07), ("letter", 0.03))
FACETS = ("theme", "code", "ask")
HELD = (0.93, 0.97)


@dataclass(frozen=True)
class Comments:
    """What people and what the machine say of each comment, a column for each theme, code and ask that people gave to any."""

    people: Table
    machine: Table
    columns: tuple[tuple[str, str], ...]

    def of(self, facet: str) -> NDArray[np.int64]:
        """Returns the places of a facet's columns."""
        return np.array([place for place, (one, _) in enumerate(self.columns) if one == facet])


@dataclass(frozen=True)
class Held:
    """How often ranges of one base and facet held the truth, over all campaigns and columns, and how wide they were.

    ``least`` and ``most``: of the columns; ``own``: of the sample without the count; ``narrower``: the share of columns whose
    ranges are narrower than the sample's own on average; ``count_outside``: how often the machine's count lies outside.
    """

    base: str
    facet: str
    columns: int
    held: float
    least: float
    most: float
    width: float
    own_held: float
    own_width: float
    narrower: float
    count_outside: float

    @property
    def reached(self) -> bool:
        """Tells whether the truth was held as often as is promised, by ranges narrower than the sample's own."""
        return HELD[0] <= self.held <= HELD[1] and self.width < self.own_width


def read_comments(model: Path) -> Comments:
    """Reads the comments that people coded, and has the machine code them as it does before it has learnt from anybody."""
    frame = read_campaign("derby-2026", read_file("derby-2026")).frame
    with (SHARED / "city-comments.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["ask"]]
    texts, embedder = [row["text"] for row in rows], Embedder(model)
    codings = tagger_for(frame, model, embedder).code(embedder.embed(texts), texts)
    people = [(set(row["codes"].split("|")), row["ask"]) for row in rows]
    return tabled(frame, people, [(set(coding.codes), coding.ask) for coding in codings])


def tabled(frame: Frame, people: Sequence[tuple[set[str], str]], machine: Sequence[tuple[set[str], str]]) -> Comments:
    """Returns codings as tables; what people never gave has no column."""
    given = {code.id: code for code in frame.codes if any(code.id in codes for codes, _ in people)}
    themes = list(dict.fromkeys(map(theme_of, given)))
    names = {"theme": themes, "code": list(given), "ask": list(ASKS)}
    columns = tuple((facet, name) for facet in FACETS for name in names[facet])

    def rows(said: Sequence[tuple[set[str], str]]) -> Table:
        each = [{"theme": {theme_of(code) for code in codes}, "code": codes, "ask": {ask}} for codes, ask in said]
        return np.array([[name in one[facet] for facet, name in columns] for one in each], float)

    return Comments(rows(people), rows(machine), columns)


def simulate(comments: Comments, campaigns: int, tell: Callable[[str], None] = lambda said: None) -> list[Held]:
    """Makes up campaigns, draws and reckons ranges as the service does, and tells how often they hold what people say of all."""
    random = np.random.default_rng(2026)
    kept: dict[str, list[tuple[Table, ...]]] = {"responses": [], "wishes": []}
    for number in range(campaigns):
        for base, found in _campaign(comments, number, random).items():
            kept[base].append(found)
        if (number + 1) % 100 == 0:
            tell(f"{number + 1:,} campaigns")
    return [_held(base, facet, comments.of(facet), kept[base]) for base in kept for facet in FACETS]


def _campaign(comments: Comments, number: int, random: np.random.Generator) -> dict[str, tuple[Table, ...]]:
    """Returns for each base what a campaign's ranges came to: held, width, the sample's own of both, count outside."""
    sizes = random.integers(1, 4, RESPONSES)
    unit, picked = np.repeat(np.arange(RESPONSES), sizes), random.integers(0, len(comments.people), sizes.sum())
    wards = np.minimum(random.exponential(WARDS / 3, RESPONSES).astype(int), WARDS - 1)
    channels = random.choice([name for name, _ in CHANNELS], RESPONSES, p=[share for _, share in CHANNELS])
    population = [Drawable(n, str(channels[n]), str(wards[n])) for n in range(RESPONSES)]
    strata = draw(population, round(SAMPLED * RESPONSES / sizes.sum()), f"campaign {number}")
    drawn = np.array([n for one in strata for n in one.drawn])
    places = np.repeat(np.arange(len(strata)), [len(one.drawn) for one in strata])
    of = np.array([one.of for one in strata], float)
    each = [np.zeros((RESPONSES, len(comments.columns))) for _ in range(2)]
    for table, said in zip(each, (comments.people, comments.machine), strict=True):
        np.add.at(table, unit, said[picked])
    found = {}
    for base in ("responses", "wishes"):
        people, machine = (np.minimum(table, 1) if base == "responses" else table for table in each)
        many = np.ones(RESPONSES) if base == "responses" else sizes.astype(float)
        truth, counted = (table.sum(axis=0) / many.sum() for table in (people, machine))
        ours = estimate(Coded(people[drawn], machine[drawn], many[drawn], places, of), counted)
        own = estimate(Coded(people[drawn], np.zeros_like(machine[drawn]), many[drawn], places, of), counted)
        outside = (counted < ours.low) | (counted > ours.high)
        found[base] = (_holds(ours, truth), ours.high - ours.low, _holds(own, truth), own.high - own.low, outside)
    return found


def _holds(shares: Shares, truth: Table) -> Table:
    return (shares.low <= truth) & (truth <= shares.high)


def _held(base: str, facet: str, columns: NDArray[np.int64], found: Sequence[tuple[Table, ...]]) -> Held:
    held, width, own_held, own_width, outside = (
        np.mean([one[place][columns] for one in found], axis=0) for place in range(5)
    )
    return Held(
        base, facet, len(columns), float(held.mean()), float(held.min()), float(held.max()), float(width.mean()),
        float(own_held.mean()), float(own_width.mean()), float((width < own_width).mean()), float(outside.mean()),
    )


def as_lines(found: Sequence[Held], campaigns: int) -> str:
    """Returns what was found as lines of a table."""
    head = "| base | table | lines | held | by line | width | the sample's own: held | width | narrower | count outside |"
    rows = [
        " | ".join([
            f"| {one.base}", one.facet, str(one.columns), f"{one.held:.1%}", f"{one.least:.1%} to {one.most:.1%}",
            f"{100 * one.width:.1f} points", f"{one.own_held:.1%}", f"{100 * one.own_width:.1f} points",
            f"{one.narrower:.0%} of lines", f"{one.count_outside:.0%} |",
        ])
        for one in found
    ]
    over = f"{campaigns:,} campaigns of {RESPONSES:,} responses, {SAMPLED} wishes sampled"
    return "\n".join([over, head, "|---" * 10 + "|", *rows])


def as_json(found: Sequence[Held]) -> str:
    """Returns what was found for a program to read."""
    told: list[dict[str, Any]] = [{**asdict(one), "reached": one.reached} for one in found]
    return json.dumps(told, indent=1)
