"""From what was typed to a submission: words, place, answers and channel checked alike whatever way they came."""

import pytest

from campaigns.campaign_file import read_campaign
from campaigns.responses import Submission
from campaigns.submitting import Typed, read_submission, split_answers
from tests.storehouse import ABBEY, LITTLE, campaign_text

CAMPAIGN = read_campaign(LITTLE, campaign_text())


def test_what_was_typed_becomes_a_submission() -> None:
    about = {"connection": "2", "disability": "Yes", "faith": ""}
    split = {"connection": 2}, {"disability": 1}
    typed = Typed([" trees ", "", "buses"], "card", "libraries", about, 7, "2010-07-01", "fast")
    assert read_submission(CAMPAIGN, typed, ABBEY, "DE1") == (
        Submission(("trees", "", "buses"), "card", "libraries", ABBEY, "DE1", "2010-07-01", 7, *split, "fast"), {},
    )


@pytest.mark.parametrize(("typed", "fields"), [
    (Typed(["", " "], "online"), {"wish1"}),
    (Typed(["a"] * 4, "online"), {"wishes"}),
    (Typed(["a", "x" * 5001], "online"), {"wish2"}),
    (Typed(["a"], "pigeon"), {"channel"}),
    (Typed(["a"], "photo"), {"channel"}),
    (Typed(["a"], "online", about={"shoe": "9"}), {"about"}),
    (Typed([], "pigeon", about={"connection": "9"}), {"wish1", "channel", "about"}),
])
def test_every_field_to_put_right_is_named_at_once(typed: Typed, fields: set[str]) -> None:
    submission, problems = read_submission(CAMPAIGN, typed, "not given", "")
    assert submission is None
    assert set(problems) == fields


def test_a_source_that_is_not_the_campaigns_is_left_out_and_the_wish_kept() -> None:
    submission, problems = read_submission(CAMPAIGN, Typed(["a"], "online", "somebody"), "not given", "")
    assert submission and submission.source == "" and not problems


def test_special_answers_are_kept_apart() -> None:
    given = {"connection": 1, "disability": 2, "faith": 3}
    assert split_answers(CAMPAIGN, given) == ({"connection": 1}, {"disability": 2, "faith": 3})
