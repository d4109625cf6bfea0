"""The quick way to a row: the same as what a row is by definition, byte for byte, or none at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.campaign_file import read_campaign
from campaigns.coding.frame import ASKS
from campaigns.definition import NO_AREA
from campaigns.responses import SlotCoding, Submission
from campaigns.rows import Layout, first_ids, make_row
from campaigns.store.quick import Quick
from campaigns.store.responses import read_response, submission_fields, write_coding
from tests.storehouse import ABBEY, LITTLE, NORMANTON, campaign_text

CAMPAIGN = read_campaign(LITTLE, campaign_text())
LAYOUT = Layout(CAMPAIGN, {f: {n: i for i, n in enumerate(names)} for f, names in first_ids(CAMPAIGN).items()})
CODES = [code.id for code in CAMPAIGN.frame.codes]
NAMES = ["t", "l", "v", "q", "b", "c", "s", "a", "d", "e", "z", "u", "w1", "m1", "h1", "g1", "j1", "w2", "m2", "m3", "h3", "j3"]
STRANGE = [
    "", "0", "-1", "300", "70000", " 7", "1_0", "x", "1|2", "3,,1|more|t|50||", "1|more|t|5|1,2|9|", "1|sideways|t|5||9", "{",
    "[]", '{"connection":1.5}', '{"connection":999}', '{"connection":null}', "2010-13-01", "1999-01-01", "2300-01-01", "20100701",
    "é", "٣", "erased", "expired",
]

codings = st.builds(
    SlotCoding, st.lists(st.sampled_from(CODES), max_size=4).map(tuple), st.sampled_from(ASKS), st.sampled_from(["t-1", "s-2"]),
    st.floats(0, 1), st.lists(st.integers(0, 300), max_size=3).map(tuple), st.sampled_from([0, 1278000000000]),
).map(lambda coding: write_coding(coding, LAYOUT))
sent = st.builds(
    Submission, st.lists(st.sampled_from(["", "trees", "Wód|ka"]), min_size=1, max_size=3).map(tuple),
    st.sampled_from(["online", "card", "tree"]), st.sampled_from(["", "libraries", "gone"]),
    st.sampled_from([ABBEY, NORMANTON, *NO_AREA, "elsewhere"]), day=st.sampled_from(["", "", "2010-07-31", "1999-12-31"]),
    card=st.sampled_from([0, 7]), answers=st.dictionaries(st.just("connection"), st.integers(1, 3)),
    geography=st.sampled_from(["", "1", "2"]),
)


@st.composite
def kept(draw: st.DrawFn) -> dict[str, str]:
    """Returns the fields of a response as any of the scripts may have left them."""
    fields = {"t": str(draw(st.integers(1, 4 * 10**12))), "l": draw(st.sampled_from(["live", "live", "withdrawn"])), "v": "1"}
    fields |= submission_fields(draw(sent), "salt")
    for slot in (1, 2, 3):
        if f"w{slot}" in fields:
            made = {f"m{slot}": codings, f"h{slot}": codings, f"g{slot}": st.sampled_from("0123")}
            fields |= draw(st.fixed_dictionaries({}, optional=made))
    return fields


def both(fields: dict[str, str], special: bytes) -> tuple[bytes | None, bytes | None]:
    """Returns the row made the quick way and the row there must be; None where there is none."""
    quick = Quick(LAYOUT).row({name.encode(): text.encode() for name, text in fields.items()}, special)
    try:
        return quick, make_row(read_response(1, fields, LAYOUT, special), LAYOUT)
    except (KeyError, ValueError, TypeError, OverflowError, AttributeError):
        return quick, None


@settings(max_examples=300, deadline=None)
@given(kept(), st.binary(max_size=2))
def test_the_quick_row_is_the_row(fields: dict[str, str], special: bytes) -> None:
    quick, row = both(fields, special)
    assert quick == row and row is not None


@settings(max_examples=600, deadline=None)
@given(kept(), st.sampled_from(NAMES), st.sampled_from([None, *STRANGE]))
def test_what_is_out_of_the_ordinary_is_left_alone(fields: dict[str, str], name: str, strange: str | None) -> None:
    fields = {key: text for key, text in {**fields, name: strange}.items() if text is not None}
    quick, row = both(fields, b"\1")
    assert quick is None or quick == row


@pytest.mark.parametrize("state", ["erased", "expired", "none"])
def test_an_unusual_state_is_left_alone(state: str) -> None:
    assert Quick(LAYOUT).row({b"t": b"1", b"v": b"2", b"l": state.encode()}) is None


def test_one_reader_makes_any_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.store.quick.MOST_KNOWN", 3)
    quick = Quick(LAYOUT)
    for n in range(40):
        coding = write_coding(SlotCoding((CODES[n % 5], CODES[n % 3]), ASKS[n % 4], "t-1", 0.5), LAYOUT)
        day = f"2010-07-{n % 28 + 1:02}"
        fields = {**submission_fields(Submission(("w",), "card", day=day, answers={"connection": n % 3 + 1}), "z"), "m1": coding}
        fields |= {"t": "1", "l": "live", "v": "1"}
        made = quick.row({name.encode(): text.encode() for name, text in fields.items()}, b"\2")
        assert made == make_row(read_response(1, fields, LAYOUT, b"\2"), LAYOUT)
