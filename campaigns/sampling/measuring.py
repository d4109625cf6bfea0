"""What a sample shows: how far two people agree, how far the machine agrees with what they settled, and what is left to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from campaigns.coding.frame import theme_of
from campaigns.responses import SlotCoding
from campaigns.sampling.agreement import Agreement, Codes, ThemeAgreement, alpha, f1, kappa, kappa_of_two, masi, nominal
from campaigns.store.sample import PEOPLE, Sampled, alike

Pair = tuple[SlotCoding, SlotCoding]


@dataclass(frozen=True)
class Progress:
    """How far the coding of a sample has come: its wishes by what each has or waits for; ``gone`` lost their words unsettled."""

    wishes: int
    none: int
    one: int
    third: int
    settled: int
    gone: int

    @property
    def left(self) -> int:
        """Returns how many wishes are not settled yet and can be."""
        return self.wishes - self.settled - self.gone


@dataclass(frozen=True)
class Likeness:
    """How alike two codings of the same wishes are: F1 by code and by theme over all, and the share of asks that are the same."""

    wishes: int
    code: float
    theme: float
    ask: float


@dataclass(frozen=True)
class Measured:
    """What a sample shows so far: two people against each other, the machine against what they settled, and both by theme."""

    people: Agreement
    among_people: Likeness | None
    machine: Likeness | None
    themes: tuple[ThemeAgreement, ...]


def progress_of(wishes: Sequence[Sampled]) -> Progress:
    """Returns how far the coding of some wishes has come."""
    left = [one for one in wishes if not one.settled and one.wish.kept]
    settled = sum(one.settled is not None for one in wishes)
    coded = [len(one.said) for one in left]
    return Progress(
        len(wishes), coded.count(0), coded.count(1), sum(number >= PEOPLE for number in coded), settled,
        len(wishes) - settled - len(left),
    )


def measure(wishes: Sequence[Sampled], themes: Sequence[str]) -> Measured:
    """Returns what some wishes of a sample show; only codings made apart are held against each other."""
    people = [(one.said[0], one.said[1]) for one in wishes if len(one.said) >= PEOPLE]
    machine = [(one.settled, one.wish.machine) for one in wishes if one.settled and one.wish.machine]
    return Measured(
        _agreement(people), _likeness(people), _likeness(machine),
        tuple(_of_theme(theme, people, machine) for theme in themes),
    )


def _agreement(pairs: Sequence[Pair]) -> Agreement:
    return Agreement(
        len(pairs), sum(alike(*pair) for pair in pairs), alpha(_sets(pairs, str), masi), alpha(_sets(pairs, theme_of), masi),
        alpha([(one.ask, other.ask) for one, other in pairs], nominal),
    )


def _likeness(pairs: Sequence[Pair]) -> Likeness | None:
    if not pairs:
        return None
    same = sum(one.ask == other.ask for one, other in pairs)
    return Likeness(len(pairs), f1(_sets(pairs, str)), f1(_sets(pairs, theme_of)), same / len(pairs))


def _sets(pairs: Sequence[Pair], made: Callable[[str], str]) -> list[tuple[Codes, Codes]]:
    """Returns the codes of each pair of codings, or whatever is made of each, as sets."""
    return [(frozenset(map(made, one.codes)), frozenset(map(made, other.codes))) for one, other in pairs]


def _of_theme(theme: str, people: Sequence[Pair], machine: Sequence[Pair]) -> ThemeAgreement:
    both, against = ([(_has(one, theme), _has(other, theme)) for one, other in pairs] for pairs in (people, machine))
    return ThemeAgreement(
        theme, kappa_of_two(both), kappa(against), sum(one for one, _ in against), sum(other for _, other in against),
        sum(one and other for one, other in against),
    )


def _has(coding: SlotCoding, theme: str) -> bool:
    return any(theme_of(code) == theme for code in coding.codes)
