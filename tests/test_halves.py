"""A second process for the later half: the same finding, in the same order, whatever becomes of it."""

import os
import threading
from collections.abc import Sequence

import pytest

from campaigns.store.halves import look_over

NUMBERS = list(range(1, 11))
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def finding(*amiss: int) -> object:
    def look(numbers: Sequence[int]) -> str:
        return next((f"{number} is amiss" for number in numbers if number in amiss), "")

    return look


@pytest.fixture(params=[True, False], ids=["two processes", "one"])
def forking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Lets a second process be started, or not, however many threads the test's own process has."""
    monkeypatch.setattr("campaigns.store.halves._may_fork", lambda: request.param)
    return bool(request.param)


@pytest.mark.parametrize(("amiss", "found"), [
    ((), ""), ((1,), "1 is amiss"), ((5,), "5 is amiss"), ((6,), "6 is amiss"), ((10,), "10 is amiss"),
    ((9, 2), "2 is amiss"), ((10, 6), "6 is amiss"),
])
@pytest.mark.parametrize("enough", [2, 10, 11])
def test_what_comes_first_is_found_first(forking: bool, amiss: tuple[int, ...], found: str, enough: int) -> None:
    assert look_over(NUMBERS, finding(*amiss), enough) == found


@pytest.mark.parametrize("numbers", [[], [1]])
def test_what_cannot_be_halved_is_looked_at_whole(forking: bool, numbers: list[int]) -> None:
    assert look_over(numbers, finding(), 0) == ""


def test_the_later_half_is_looked_at_elsewhere(forking: bool) -> None:
    here = os.getpid()

    def look(numbers: Sequence[int]) -> str:
        return "" if os.getpid() == here and numbers[0] == 1 and len(numbers) == 5 else f"{len(numbers)}"

    assert look_over(NUMBERS, look, 2) == ("5" if forking else "10")


def test_what_a_second_process_could_not_say_is_looked_at_here(forking: bool) -> None:
    here = os.getpid()

    def look(numbers: Sequence[int]) -> str:
        if os.getpid() != here:
            os._exit(9)
        return "8 is amiss" if 8 in numbers else ""

    assert look_over(NUMBERS, look, 2) == "8 is amiss"


def test_a_process_with_other_threads_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    there = threading.Event()
    other = threading.Thread(target=there.wait)
    other.start()
    try:
        assert look_over(NUMBERS, lambda numbers: str(len(numbers)), 2) == "10"
    finally:
        there.set()
        other.join()
