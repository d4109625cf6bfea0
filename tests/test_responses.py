"""Wishes made regular and checked, their commitments, and responses as they lie in Redis."""

import pytest

from campaigns.campaign_file import read_campaign
from campaigns.responses import (
    CLEARED,
    LIVE,
    LONGEST_WISH,
    SlotCoding,
    Submission,
    Wish,
    check_wishes,
    commitment,
    commitments,
    tidy_wish,
)
from campaigns.rows import Layout, first_ids
from campaigns.store.responses import read_coding, read_response, submission_fields, write_coding
from tests.storehouse import LITTLE, NORMANTON, campaign_text

CAMPAIGN = read_campaign(LITTLE, campaign_text())
LAYOUT = Layout(CAMPAIGN, {f: {n: i for i, n in enumerate(names)} for f, names in first_ids(CAMPAIGN).items()})


@pytest.mark.parametrize(("typed", "kept"), [
    ("More buses", "More buses"), ("  more  buses \n", "more  buses"), ("one\r\ntwo\rthree", "one\ntwo\nthree"), ("a\tb", "a\tb"),
    ("trees 🌳👨‍👩‍👧", "trees 🌳👨‍👩‍👧"), ("بسیں زیادہ ہوں", "بسیں زیادہ ہوں"), ("Więcej drzew, żółć", "Więcej drzew, żółć"),
    ("cafe\u0301", "café"), ("bell\x07 and \x1bescape\x00", "bell and escape"), ("\u202egnorw\u202c", "gnorw"),
    ("\ufefftext", "text"),
    ("می\u200cخواهم", "می\u200cخواهم"), ("half \ud83d a face", "half ? a face"), ("", ""), (" \t\r\n ", ""), ("\x00\x07", ""),
    ("\u200d\u200c", ""), ("\u200b \u00a0", ""), ("<b>&amp;", "<b>&amp;"), ("=1+1", "=1+1"), ("?", "?"), ("0", "0"),
])
def test_a_wish_is_kept_as_written_but_for_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert tidy_wish(typed) == kept
    assert tidy_wish(kept) == kept


@pytest.mark.parametrize(("typed", "kept", "fields"), [
    (["a"], ("a",), set()), (["a", "b", "c"], ("a", "b", "c"), set()), (["a", "", ""], ("a",), set()),
    (["", "b"], ("", "b"), set()), (["", "", ""], (), {"wish1"}), ([], (), {"wish1"}), (["\u200d"], (), {"wish1"}),
    (["a", "b", "c", "d"], ("a", "b", "c", "d"), {"wishes"}), (["a", "b", "c", " "], ("a", "b", "c"), set()),
    (["x" * LONGEST_WISH], ("x" * LONGEST_WISH,), set()), (["a", "x" * (LONGEST_WISH + 1)], ("a", "x" * 5001), {"wish2"}),
    (["\r\n".join(["x"] * 2500)], ("\n".join(["x"] * 2500),), set()),
])
def test_wishes_are_checked_and_keep_their_slots(typed: list[str], kept: tuple[str, ...], fields: set[str]) -> None:
    wishes, problems = check_wishes(typed, 3)
    assert (wishes, set(problems)) == (kept, fields)


def test_what_is_too_long_is_told_by_its_length() -> None:
    assert check_wishes(["x" * 6001], 3)[1]["wish1"].startswith("Wish 1 is 6,001 letters long. The most we can keep is 5,000")


def test_a_commitment_binds_salt_slot_and_words() -> None:
    one = commitment("salt", 1, "trees")
    others = {commitment("sale", 1, "trees"), commitment("salt", 2, "trees"), commitment("salt", 1, "trees ")}
    assert one not in others and len(others) == 3
    assert len(one) == 22
    assert commitments("salt", ("trees", "", "trees")) == [one, "", commitment("salt", 3, "trees")]


@pytest.mark.parametrize("coding", [
    SlotCoding(("growth.roads",), "more", "s-1"), SlotCoding(("other",), "unclear", "t-9", 0.5),
    SlotCoding(("growth.roads", "safer.green", "growth.jobs"), "less", "t-9", 0.37, (3, 0, 41), 1278000000000),
    SlotCoding((), "unclear", "s-1"),
])
def test_a_coding_reads_back_as_it_was_written(coding: SlotCoding) -> None:
    assert read_coding(write_coding(coding, LAYOUT), LAYOUT) == coding


def test_a_response_reads_back_as_it_was_sent() -> None:
    sent = Submission(
        ("trees 🌳", "", "Wód|ka\n="), "card", "libraries", NORMANTON, "DE23", "2010-07-01", 42,
        {"connection": 2}, {"disability": 1, "faith": 3}, "fast",
    )
    fields = {**submission_fields(sent, "salt"), "t": "1278000000000", "l": LIVE, "v": "1", "g3": str(CLEARED)}
    read = read_response(7, fields, LAYOUT, bytes([1, 3]))
    assert (read.number, read.received_ms, read.state, read.revision) == (7, 1278000000000, LIVE, 1)
    for name in ("channel", "source", "area", "outward", "day", "card", "answers", "special", "marks"):
        assert getattr(read, name) == getattr(sent, name), name
    assert read.wishes == (
        Wish(1, "trees 🌳", commitment("salt", 1, "trees 🌳")),
        Wish(3, "Wód|ka\n=", commitment("salt", 3, "Wód|ka\n="), moderation=CLEARED),
    )


def test_what_is_empty_takes_no_room() -> None:
    assert set(submission_fields(Submission(("a",), "online"), "salt")) == {"c", "z", "w1"}
