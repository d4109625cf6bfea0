"""What drafts say of ranges: words that hold from end to end, places as far as ranges can tell them, and limits told."""

import pytest

from campaigns.drafts.markdown import as_markdown
from campaigns.drafts.prose import Ranked
from campaigns.drafts.surety import how_sure, said_of_range
from campaigns.drafts.writing import write_draft
from campaigns.sampling.reckoning import Range, Ranged, ranges_of
from campaigns.store.blocks import RowTable
from campaigns.store.connection import Connections
from tests.sampled import PARKS, ROADS, drawn, fill, settle_all
from tests.storehouse import ABBEY, NORMANTON, catch_up, open_little

WHOLE = {("responses", "theme"): {"growth": Range(0.4, 0.36, 0.44)}}


@pytest.mark.parametrize(("low", "high", "said"), [
    (0.36, 0.44, "about four in ten responses, 36–44%"), (0.28, 0.38, "28–38% of the responses"),
    (0.62, 0.75, "most responses, 62–75%"), (0.0, 0.012, "0.0–1.2% of the responses"), (0.021, 0.062, "some responses, 2.1–6.2%"),
    (0.96, 1.0, "96–100% of the responses"),
])
def test_a_word_is_said_only_where_it_holds_from_end_to_end(low: float, high: float, said: str) -> None:
    assert said_of_range(Range((low + high) / 2, low, high)) == said


@pytest.mark.parametrize(("ahead", "apart", "words"), [
    (0, True, "most asked"), (0, False, "among the most asked"), (1, True, "second most asked"),
    (2, False, "at best third most asked"), (11, True, "12th most asked"), (None, False, "joint fourth most asked"),
])
def test_a_place_is_said_as_far_as_ranges_can_tell_it(ahead: int | None, apart: bool, words: str) -> None:
    assert Ranked("growth", 9, 4, True, ahead, apart).words == words


@pytest.mark.parametrize(("ranged", "told"), [
    (Ranged(), "there has been none of thirty responses or more"),
    (Ranged(drawn=True, left=1), "1 wish of the one drawn is not settled"),
    (Ranged(WHOLE, True, 303, 128), "303 wishes of 128 responses drawn by lot"),
    (Ranged(WHOLE, keyed_wrong=None), "coding error alone"),
    (Ranged(WHOLE, later=1204), "1,204 responses came since"),
])
def test_the_limits_say_what_ranges_rest_on(ranged: Ranged, told: str) -> None:
    assert told in how_sure(ranged)


def test_keying_that_was_measured_is_not_called_unmeasured() -> None:
    assert "coding error alone" not in how_sure(Ranged(WHOLE, keyed_wrong=0.0))


def test_a_draft_tells_ranges_where_there_is_a_sample(connections: Connections) -> None:
    store = open_little(connections)
    fill(store, 24, ROADS, area=ABBEY)
    fill(store, 16, PARKS, area=NORMANTON)
    before = as_markdown(write_draft(store, RowTable(), "vision", 0))
    assert "No range is given yet" in before and "Range" not in before.partition("Themes by how many")[2].partition("\n\n")[0]
    drawn(store, 34)
    settle_all(store)
    catch_up(store)
    assert ranges_of(store).whole
    after = as_markdown(write_draft(store, RowTable(), "vision", 0))
    table = after.partition("**Themes by how many ask for them**")[2]
    assert "| Range |" in table and "34 wishes of 34 responses drawn by lot" in after and "No range is given" not in after
