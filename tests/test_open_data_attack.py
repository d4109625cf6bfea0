"""Released tables under attack: no small count and no small change can be worked out, from one release or from several."""

import os
from itertools import product
from random import Random

import pytest

from campaigns.open_data.renewing import Line, Table, renew
from tests.attacking import Attack

LEAST = 5
WIDTH = LEAST - 1  # how many counts apart the least and the most must be that a withheld small one could be
WIDTH_LATER = 2  # the same of a small change that is part of a larger one, which a later release tells
NOISE = 1e-6
# More of them by ATTACK_SEEDS=200, as PROPERTY_EXAMPLES does for the made-up sequences.
SEEDS = range(int(os.environ.get("ATTACK_SEEDS", "6")))
Counted = dict[str, tuple[int, ...]]


class Town:
    """Made-up responses, each from a ward and with some themes, that come, and some go, between releases."""

    def __init__(self, seed: int, exact: bool, only_come: bool) -> None:
        self.chance, self.exact, self.only_come = Random(seed), exact, only_come
        self.wards = [f"w{n}" for n in range(self.chance.randint(3, 8))]
        self.themes = range(self.chance.randint(2, 5))
        self.busy = [self.chance.choice([1, 3, 10, 40]) for _ in self.wards]
        self.liked = [self.chance.choice([1, 3, 9]) for _ in self.themes]
        self.responses: list[tuple[str, frozenset[int]]] = []

    def go_on(self, many: int) -> None:
        for _ in range(many):
            ward = self.chance.choices(self.wards, self.busy)[0]
            several = 1 if self.exact else self.chance.choice([1, 1, 2, 3])
            self.responses.append((ward, frozenset(self.chance.choices(self.themes, self.liked, k=several))))
        if not self.only_come:
            self.chance.shuffle(self.responses)
            del self.responses[:self.chance.randint(0, 6)]

    def counted(self) -> Counted:
        return {ward: (
            sum(ward == at for at, _ in self.responses),
            *(sum(ward == at and theme in liked for at, liked in self.responses) for theme in self.themes),
        ) for ward in self.wards}

    def sums(self) -> list[int]:
        return [sum(counts) for counts in zip(*self.counted().values(), strict=True)]


def released(town: Town, weeks: int) -> tuple[Attack, list[Counted], list[Table]]:
    attack, counts, tables = Attack(town.exact, town.only_come), [], []
    before: dict[str, Line] = {}
    for week in range(1, weeks + 1):
        town.go_on(town.chance.choice([2, 30, 150, 600]))
        empty = Table(("ward", "theme"), tuple(map(str, town.themes)), LEAST, {})
        tables.append(renew(empty, town.counted(), before, week))
        before = dict(tables[-1].lines)
        counts.append(town.counted())
        attack.sees({name: (line.release, line.public) for name, line in before.items()}, town.sums())
    return attack, counts, tables


def small_counts(counts: Counted, table: Table, week: int) -> list[tuple[int, str, int]]:
    return [
        (week, ward, column) for ward, line in table.lines.items() if line.release == week + 1
        for column, count in enumerate(counts[ward]) if 0 < count < LEAST
    ]


def hold(attack: Attack, asked: dict[tuple[int, str, int], float], width: float, about: object) -> None:
    """Holds an attack to leave a width open, or whatever the live sums leave open by themselves where that is less."""
    known = attack.width(asked)
    if known < width - NOISE:
        assert known >= freely(attack, asked) - NOISE, (about, known)


@pytest.mark.parametrize("exact", [True, False], ids=["one-theme", "several"])
@pytest.mark.parametrize("only_come", [True, False], ids=["come", "come-and-go"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_is_told_by_three_releases(seed: int, exact: bool, only_come: bool) -> None:
    town = Town(seed, exact, only_come)
    attack, counts, tables = released(town, 3)
    for week, table in enumerate(tables):
        for name in small_counts(counts[week], table, week):
            hold(attack, {name: 1.0}, WIDTH, (name, counts[week][name[1]]))


@pytest.mark.parametrize("exact", [True, False], ids=["one-theme", "several"])
@pytest.mark.parametrize(("weeks", "width"), [(2, WIDTH), (3, WIDTH_LATER)])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_change_is_told_by_one_release_after_another(seed: int, weeks: int, width: int, exact: bool) -> None:
    town = Town(seed, exact, True)
    attack, counts, tables = released(town, weeks)
    for week, ward, column in product(range(1, weeks), tables[-1].lines, range(1 + len(town.themes))):
        change = counts[week][ward][column] - counts[week - 1][ward][column]
        if 0 < change < LEAST:
            hold(attack, {(week, ward, column): 1.0, (week - 1, ward, column): -1.0}, width, (week, ward, column, change))


def test_the_attack_works_where_nothing_but_the_small_ones_are_hidden() -> None:
    attack = Attack()
    attack.sees({"a": (1, (3, None, 1)), "b": (1, (20, 9, 11))}, (23, 11, 12))
    assert attack.width({(0, "a", 1): 1.0}) == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_city_that_answers_sees_nearly_all_of_its_counts(seed: int) -> None:
    town = Town(seed, False, True)
    town.wards, town.themes, town.liked = [f"w{n}" for n in range(17)], range(5), [3, 5, 9, 4, 6]
    town.busy = [town.chance.choice([2, 4, 6, 10, 15]) for _ in town.wards]
    town.go_on(4000)
    table = renew(Table(("ward", "theme"), tuple("abcde"), LEAST, {}), town.counted(), {}, 1)
    shown = [count is not None for line in table.lines.values() for count in line.public]
    assert sum(shown) >= 0.9 * len(shown)


def freely(attack: Attack, asked: dict[tuple[int, str, int], float]) -> float:
    """Returns how much would be open without any release: what the sums that are told live leave open by themselves."""
    alone = Attack(attack.exact, attack.only_come)
    for seen, sums in attack.releases:
        alone.sees(dict.fromkeys(seen, (0, ())), sums)
    return alone.width(asked)
