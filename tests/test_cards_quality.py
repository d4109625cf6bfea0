"""How often the first keying was wrong: counted from settled differences, with its interval."""

import pytest
from scipy.stats import binomtest

from campaigns.cards.comparing import KINDS
from campaigns.cards.quality import AGREED, DIFFERS, SETTLED, Checked, Rate, errors_of, measure

ALL = ("serial", "wish1", "wish2", "postcode", "tick:connection")


def checked(response: int, state: str = AGREED, *wrong: str, batch: int = 1, day: str = "2010-07-12", first: str = "s-1",
            compared: tuple[str, ...] = ALL) -> Checked:
    differ = wrong or (("wish1",) if state != AGREED else ())
    return Checked(response, batch, day, first, "s-2", state, compared, differ, "s-3" if state == SETTLED else "", wrong)


@pytest.mark.parametrize(("errors", "compared"), [(0, 1), (0, 500), (1, 20), (3, 400), (17, 900), (20, 20), (250, 500)])
def test_the_interval_is_wilsons(errors: int, compared: int) -> None:
    wanted = binomtest(errors, compared).proportion_ci(method="wilson")
    assert Rate(errors, compared).interval == pytest.approx((wanted.low, wanted.high), abs=1e-6)


def test_nothing_compared_says_nothing() -> None:
    assert (Rate().share, Rate().interval, errors_of([])) == (0, (0, 1), (0, 0))
    nothing = measure([])
    assert (nothing.overall, nothing.by_batch, nothing.by_keyer) == (Rate(), {}, {})
    assert nothing.by_kind == {kind: Rate() for kind in KINDS}


@pytest.mark.parametrize(("kept", "rate"), [
    ([checked(1)], Rate(0, 5, 1)), ([checked(1), checked(2)], Rate(0, 10, 2)),
    ([checked(1, SETTLED, "wish1")], Rate(1, 5, 1)), ([checked(1, SETTLED)], Rate(0, 5, 1)),
    ([checked(1, SETTLED, "wish1", "postcode"), checked(2)], Rate(2, 10, 2)),
    ([checked(1, DIFFERS), checked(2)], Rate(0, 5, 1, 1)), ([checked(1, DIFFERS)], Rate(0, 0, 0, 1)),
    ([checked(1, compared=("serial", "wish1"))], Rate(0, 2, 1)),
])
def test_only_what_is_settled_is_counted(kept: list[Checked], rate: Rate) -> None:
    assert measure(kept).overall == rate
    assert errors_of(kept) == (rate.errors, rate.compared)


def test_errors_are_told_by_batch_kind_day_and_keyer() -> None:
    found = measure([
        checked(1, SETTLED, "wish2", "tick:connection", batch=2, day="2010-07-13", first="s-9"),
        checked(2, SETTLED, "wish1"), checked(3), checked(4, DIFFERS, batch=2, day="2010-07-13"),
    ])
    assert found.by_batch == {1: Rate(1, 10, 2), 2: Rate(2, 5, 1, 1)}
    assert found.by_kind == {
        "serial": Rate(0, 3, 3, 1), "wish": Rate(2, 6, 3, 1), "postcode": Rate(0, 3, 3, 1), "tick": Rate(1, 3, 3, 1),
    }
    assert found.by_day == {"2010-07-12": Rate(1, 10, 2), "2010-07-13": Rate(2, 5, 1, 1)}
    assert found.by_keyer == {"s-1": Rate(1, 10, 2, 1), "s-9": Rate(2, 5, 1)}
