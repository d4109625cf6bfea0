"""The ranges of a campaign: its standing tallies, and its sample as far as people have settled it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from campaigns.cards.comparing import WISH
from campaigns.cards.quality import measure as measure_keying
from campaigns.coding.frame import ASKS, Frame, theme_of
from campaigns.responses import SlotCoding
from campaigns.sampling.ranges import Coded, Shares, Table, estimate
from campaigns.store.sample import Draw, Sample, Sampled, merged, read_sample
from campaigns.store.second import checked_responses
from campaigns.store.standing import BETWEEN, Standing, read_standing
from campaigns.store.store import Store

BASES = ("responses", "wishes")  # of mentions nobody knows how many there would be, had people coded all
FACETS = ("theme", "code", "ask")
KEYED = "card"
SMALL = 0.1  # below, tenths of a per cent are told
FEWEST = 30  # responses settled, below which no range is told
Unit = Sequence[Sampled]


@dataclass(frozen=True)
class Range:
    """A share as it would be, had people coded all, and the ends between which it lies at 95%."""

    share: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """Returns the ends: "30–38%", or "1.4–3.0%" where they are small."""
        digits = 1 if self.high < SMALL else 0
        return f"{100 * self.low:.{digits}f}–{100 * self.high:.{digits}f}%"

    def apart_from(self, other: "Range") -> bool:
        """Tells whether two ranges have nothing in common, so that one is surely the larger."""
        return self.low > other.high or other.low > self.high


@dataclass(frozen=True)
class Ranged:
    """The ranges there are, by base, facet and name, and what they rest on.

    ``wishes`` of ``responses`` were settled by people; ``left`` wishes that were drawn are not yet; ``later`` responses came
    after the last that could be drawn; ``keyed_wrong`` is the share of all wishes keyed wrong, None where that was not measured.
    """

    ranges: Mapping[tuple[str, str], Mapping[str, Range]] = field(default_factory=dict)
    drawn: bool = False
    wishes: int = 0
    responses: int = 0
    left: int = 0
    later: int = 0
    keyed_wrong: float | None = None
    event: int = 0

    def of(self, base: str, facet: str) -> Mapping[str, Range]:
        """Returns the ranges of a table by name, none where there are none."""
        return self.ranges.get((base, facet), {})

    @property
    def whole(self) -> bool:
        """Tells whether there are ranges to show."""
        return bool(self.ranges)


def ranges_of(store: Store) -> Ranged:
    """Returns every range that a campaign's sample gives, as of its standing tallies; none before all of a drawing is settled."""
    sample, standing = read_sample(store), read_standing(store)
    draws = settled_draws(sample)
    units = _units(sample, draws)
    left = sum(bool(one.waits_for) and one.wish.kept for one in sample.wishes)
    if len(units) < FEWEST or not standing.total():
        return Ranged(drawn=bool(sample.draws), left=left, event=standing.event)
    strata, of, later = _strata(draws, units, standing.total())
    names = _names(store.campaign.frame)
    wrong = _keyed_wrong(store, standing)
    ranges = {}
    for base in BASES:
        sizes = np.array([len(unit) if base == "wishes" else 1 for unit in units], float)
        each = standing.total("wishes") / standing.total() if base == "responses" else 1.0
        for facet in FACETS:
            people, counted = _tables(units, facet, names[facet], base)
            shares = estimate(Coded(people, counted, sizes, strata, of), _shares(standing, facet, base, names[facet]))
            ranges[base, facet] = _named(shares.widened(min((wrong or 0.0) * each, 1.0)), names[facet])
    return Ranged(ranges, True, sum(map(len, units)), len(units), left, later, wrong, standing.event)


def settled_draws(sample: Sample) -> list[Draw]:
    """Returns the drawings of which everything is settled that can be, up to the first of which it is not.

    What is settled first is what people agree on: to reckon with half a drawing would make the machine look better than it is.
    """
    whole: list[Draw] = []
    for draw in sample.draws:
        mine = [one for number in draw.numbers for one in sample.by_response.get(number, [])]
        if any(one.waits_for and one.wish.kept for one in mine):
            break
        whole.append(draw)
    return whole


def _units(sample: Sample, draws: Iterable[Draw]) -> list[Unit]:
    """The responses of some drawings whose every wish is settled and counted."""
    each = [sample.by_response.get(number, []) for draw in draws for number in draw.numbers]
    return [unit for unit in each if unit and all(one.settled and one.counted for one in unit)]


def _strata(draws: Sequence[Draw], units: Sequence[Unit], total: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Returns the stratum of each unit, how many responses each stratum stands for, and how many came after the last of them.

    These are taken to be coded as well, or as badly, as those of the last stretch.
    """
    stretches = sorted({draw.after for draw in draws})
    known = [(after, one) for after in stretches for one in merged(draws, after)]
    place = {number: where for where, (_, one) in enumerate(known) for number in one.drawn}
    of = np.array([one.of for _, one in known], float)
    later = max(total - int(of.sum()), 0)
    last = np.array([after == stretches[-1] for after, _ in known])
    of[last] *= 1 + later / of[last].sum()
    return np.array([place[unit[0].number] for unit in units]), of, later


def _names(frame: Frame) -> dict[str, list[str]]:
    codes = [code.id for code in frame.codes]
    return {"theme": list(dict.fromkeys(map(theme_of, codes))), "code": codes, "ask": list(ASKS)}


def _named_in(facet: str, said: SlotCoding) -> set[str]:
    """Returns what a coding says in a facet: its themes, its codes, or its ask."""
    if facet == "ask":
        return {said.ask}
    return {theme_of(code) for code in said.codes} if facet == "theme" else set(said.codes)


def _tables(units: Sequence[Unit], facet: str, names: Sequence[str], base: str) -> tuple[Table, Table]:
    """Returns how many wishes of each unit have each name by people and as counted, or whether any has."""
    places = {name: place for place, name in enumerate(names)}
    people, counted = (np.zeros((len(units), len(names))) for _ in range(2))
    for row, unit in enumerate(units):
        for one in unit:
            for table, said in ((people, one.settled), (counted, one.counted)):
                for name in _named_in(facet, said) & places.keys() if said else ():
                    table[row, places[name]] += 1
    return (people, counted) if base == "wishes" else (np.minimum(people, 1), np.minimum(counted, 1))


def _shares(standing: Standing, facet: str, base: str, names: Sequence[str]) -> Table:
    """Returns the counted share of each name among what has been coded."""
    counts, coded = standing.counts(facet, base), standing.tables.get(f"{facet}:{base}", {}).get(BETWEEN, 0)
    return np.array([counts.get(name, 0) / max(coded, 1) for name in names])


def _named(shares: Shares, names: Sequence[str]) -> dict[str, Range]:
    each = zip(names, shares.share.tolist(), shares.low.tolist(), shares.high.tolist(), strict=True)
    return {name: Range(share, low, high) for name, share, low, high in each}


def _keyed_wrong(store: Store, standing: Standing) -> float | None:
    """Returns which share of all wishes was keyed wrong from cards, by those keyed twice; 0 where no card came back at all."""
    rate, cards = measure_keying(checked_responses(store)).by_kind[WISH], standing.counts("channel", "wishes").get(KEYED, 0)
    if cards and not rate.compared:
        return None
    return rate.share * cards / max(standing.total("wishes"), 1)


def surely_ahead(ranges: Mapping[str, Range], name: str) -> int:
    """Returns how many are surely ahead of one: those whose ranges lie wholly above its own."""
    return sum(other.low > ranges[name].high for other in ranges.values())


def rank_words(ranges: Mapping[str, Range]) -> dict[str, str]:
    """Returns the place of each name: one more than are surely ahead of it, with "=" where it cannot be told from some other."""
    return {
        name: f"{1 + surely_ahead(ranges, name)}"
        + ("=" if sum(not one.apart_from(other) for other in ranges.values()) > 1 else "")
        for name, one in ranges.items()
    }
