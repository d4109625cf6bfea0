"""The sample: responses drawn by lot, whose wishes people code apart from the machine and from each other.

``settled`` is what whoever compares taggers needs: the codings that stand, by wish. They are evidence and never count in a
tally (docs/decisions/0021-sample.md), so a tagger that learns from people's codings never learns from them.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from time import time

import numpy as np

from campaigns.cards.audit import LONGEST_SEED, lot
from campaigns.definition import CHANNELS
from campaigns.events import write_data
from campaigns.responses import EXPIRED, LIVE, Response, SlotCoding, Wish
from campaigns.sampling.drawing import Drawable, Stratum, divide, draw_within
from campaigns.store.blocks import Place, RowTable
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.responses import read_coding, read_fields, read_response
from campaigns.store.store import Store, record

MOST_DRAWN = 2000
BETWEEN = ";"
PEOPLE = 2  # who code each wish, before a third settles where they differ


class CannotDraw(ValueError):
    """A sample that cannot be drawn so; the message says what to change."""


@dataclass(frozen=True)
class Draw:
    """One drawing: by which seed, among the responses after one and up to another, when and at which event, and what was drawn.

    A drawing from the same stretch as the one before adds to it; one from later responses stands beside it.
    """

    seed: str
    after: int
    up_to: int
    event: int
    at_ms: int
    strata: tuple[Stratum, ...]

    @property
    def numbers(self) -> list[int]:
        """Returns the responses drawn."""
        return [number for one in self.strata for number in one.drawn]


@dataclass(frozen=True)
class Sampled:
    """One wish of the sample: what each person said of it, in the order they came; ``counted`` is what the tallies count."""

    number: int
    slot: int
    wish: Wish
    said: tuple[SlotCoding, ...]
    counted: SlotCoding | None

    @property
    def place(self) -> Place:
        """Returns its response's number and its slot."""
        return self.number, self.slot

    @property
    def differ(self) -> bool:
        """Tells whether two people coded it and do not agree; a third may have settled it since."""
        return len(self.said) >= PEOPLE and not alike(self.said[0], self.said[1])

    @property
    def settled(self) -> SlotCoding | None:
        """Returns the coding that stands: that of both where they agree, else a third person's, None until there is one."""
        if len(self.said) > PEOPLE:
            return self.said[-1]
        return self.said[0] if len(self.said) == PEOPLE and not self.differ else None

    @property
    def waits_for(self) -> str:
        """Returns what it waits for: a coding, a third person, or nothing more."""
        return "" if self.settled else "third" if self.differ else "coding"


@dataclass(frozen=True)
class Sample:
    """Every drawing, and the wishes of those responses that are still there, in the order they are coded in."""

    draws: tuple[Draw, ...]
    wishes: tuple[Sampled, ...]

    @cached_property
    def by_response(self) -> dict[int, list[Sampled]]:
        """Returns the wishes of each response that is still there."""
        found: dict[int, list[Sampled]] = {}
        for one in self.wishes:
            found.setdefault(one.number, []).append(one)
        return found


def alike(one: SlotCoding, other: SlotCoding) -> bool:
    """Tells whether two codings agree: the same codes, whichever is the main one, and the same ask."""
    return set(one.codes) == set(other.codes) and one.ask == other.ask


def settled(store: Store) -> dict[Place, SlotCoding]:
    """Returns the settled coding of each wish of the sample that has one, by (response number, slot)."""
    return {one.place: one.settled for one in read_sample(store).wishes if one.settled}


def draw_sample(store: Store, table: RowTable, wishes: int, seed: str, who: str) -> Draw:
    """Draws responses with about so many wishes by lot, and notes it in the log. Raises CannotDraw.

    From those that came since the last drawing where there are any, else more from the same.
    """
    _check(wishes, seed)
    event, before = table.refresh(store), read_draws(store)
    after, strata = before[-1].up_to if before else 0, []
    population, counted = drawable(store, table, after)
    if not population and before:
        after, strata = before[-1].after, merged(before, before[-1].after)
        population, counted = drawable(store, table, after, before[-1].up_to)
    if not population:
        raise CannotDraw("No response has been counted yet, so there is nothing to draw from.")
    size = max(1, round(wishes * len(population) / counted))
    drawn = draw_within(strata or divide(population, size), population, size, seed)
    up_to = before[-1].up_to if strata else population[-1].number
    made = Draw(seed, after, up_to, event, int(time() * 1000), tuple(drawn))
    if not made.numbers:
        raise CannotDraw("All the responses there are have been drawn.")
    _keep(store, made, len(before), len(population), who)
    return made


def _check(wishes: int, seed: str) -> None:
    if not 1 <= wishes <= MOST_DRAWN:
        raise CannotDraw(f"Draw from 1 to {MOST_DRAWN:,} wishes.")
    if not 1 <= len(seed) <= LONGEST_SEED or not seed.isascii() or not seed.isprintable():
        raise CannotDraw(f"Give a seed of 1 to {LONGEST_SEED} letters and digits, such as the throws of dice: 4 1 6 6 2.")


def _keep(store: Store, made: Draw, place: int, of: int, who: str) -> None:
    digest = hashlib.sha256("\n".join(map(str, made.numbers)).encode()).hexdigest()
    data = write_data(
        "sample.drawn", draw=place + 1, count=len(made.numbers), seed=made.seed, of=of, after=made.after, upto=made.up_to,
        sha256=digest,
    )
    answer = record(
        store.connections, store.slug, "sample.drawn", who=who, data=data,
        only={"field": str(place), "text": "", "key": "sample"},  # nobody has drawn meanwhile
        hashes={"sample": {str(place): json.dumps(asdict(made), separators=(",", ":"))}},
    )
    store.connections.settle()
    if answer[0] != "recorded":
        raise CannotDraw("Somebody else has just drawn a sample. Look at it first.")


def read_draws(store: Store) -> list[Draw]:
    """Returns every drawing, the first one first."""
    kept = store.text.hgetall(store.keys.of("sample"))
    each = [json.loads(kept[place]) for place in sorted(kept, key=int)]
    return [Draw(**{**one, "strata": tuple(_stratum(part) for part in one["strata"])}) for one in each]


def _stratum(part: dict[str, object]) -> Stratum:
    return Stratum(**{**part, "drawn": tuple(part["drawn"])})  # type: ignore[arg-type]


def merged(draws: Iterable[Draw], after: int) -> list[Stratum]:
    """Returns the strata of one stretch with all that was drawn from them."""
    found: dict[tuple[str, str], Stratum] = {}
    for draw in draws:
        for one in draw.strata if draw.after == after else ():
            before = found.get(one.cell)
            found[one.cell] = Stratum(*one.cell, before.of if before else one.of, (*(before.drawn if before else ()), *one.drawn))
    return list(found.values())


def drawable(store: Store, table: RowTable, after: int, up_to: int = 0) -> tuple[list[Drawable], int]:
    """Returns the responses that count now and came after one, up to another if given, in order; and how many wishes they hold.

    By the rows as they were last refreshed.
    """
    areas = {number: area for area, number in store.layout.ids["area"].items()}
    found: list[Drawable] = []
    wishes = 0
    for block, kept in table.row_bytes():
        rows = np.frombuffer(kept, store.layout.dtype)
        there = np.flatnonzero((rows["live"] == 1) & (rows["coder"] > 0).any(axis=1)) + block * ROW_BLOCK
        for number in there[(there > after) & ((there <= up_to) if up_to else True)].tolist():
            row = rows[number % ROW_BLOCK]
            found.append(Drawable(number, CHANNELS[row["channel"] - 1], areas.get(int(row["area"]), "")))
            wishes += int((row["coder"] > 0).sum())
    return found, wishes


def read_sample(store: Store) -> Sample:
    """Returns the sample as it now is: erased and withdrawn responses are no longer in it."""
    draws = read_draws(store)
    seeds = {number: draw.seed for draw in draws for number in draw.numbers}
    found = read_sampled(store, list(seeds))
    order = sorted(found, key=lambda one: lot(f"{seeds[one.number]} {one.number}", one.slot))
    return Sample(tuple(draws), tuple(order))


def read_sampled(store: Store, numbers: Sequence[int]) -> list[Sampled]:
    """Returns the wishes of some responses as the sample sees them; none of those that no longer count."""
    found = []
    for number, kept in read_fields(store, numbers).items():
        fields = {name.decode(): text.decode() for name, text in kept.items()}
        response = read_response(number, fields, store.layout)
        if response.state in (LIVE, EXPIRED):
            found += [_sampled(store, response, wish, fields.get(f"i{wish.slot}", "")) for wish in response.wishes]
    return found


def _sampled(store: Store, response: Response, wish: Wish, kept: str) -> Sampled:
    said = tuple(read_coding(text, store.layout) for text in kept.split(BETWEEN) if text)
    # Whoever coded it here and corrected it on their desk too has put right what chance alone picked: that is no measure.
    own = wish.person and wish.person.coder in {one.coder for one in said}
    return Sampled(response.number, wish.slot, wish, said, wish.machine if own else wish.coding)
