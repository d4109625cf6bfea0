"""What is learnt from a frame codes wishes it has never seen, the same way every time."""

import csv
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from campaigns.coding.embedding import Embedder
from campaigns.coding.frame import Code, Example, Frame, FrameError, Theme, read_frame
from campaigns.coding.kept import tagger_for, version_of
from campaigns.coding.learning import learn
from campaigns.coding.report import Report, as_text, measure
from campaigns.coding.tagger import Tagger

DERBY = Path(__file__).parents[1] / "campaigns" / "catalogue" / "derby-2026" / "campaign.toml"
EXTRA = [Example("A tram to the hospital", ("growth.buses",), "more"), Example("Trams", ("growth.buses",))]
SMALL = Frame(
    themes=(Theme("growth", "City Growth", "The growth partnership"),),
    codes=(
        Code("growth.roads", "Roads", "Roads, potholes and parking."),
        Code("growth.buses", "Buses", "Buses and trains."),
        Code("other", "Other", "Fits no code."),
        Code("none", "No wish", "No wish in it."),
    ),
    examples=tuple(
        Example(text, (code,), ask)
        for code, ask, texts in (
            ("growth.roads", "mend", ("Fix the potholes", "The roads are bad", "Resurface my street", "Mend the road")),
            ("growth.roads", "less", ("Too many cars", "No parking charges", "Stop the roadworks")),
            ("growth.buses", "more", ("More buses", "A train to London", "A night bus", "Cheaper bus fares", "Bus stops")),
            ("other", "more", ("A puppy", "Better weather", "A zoo with lions", "Win the lottery", "A new queen")),
            ("none", "unclear", ("nothing", "dont know", "hello", "see above", "no comment")),
        )
        for text in texts
    ),
)


@pytest.fixture(scope="module")
def embedder(model_folder: Path) -> Embedder:
    return Embedder(model_folder)


@pytest.fixture(scope="module")
def small(embedder: Embedder) -> Tagger:
    return learn(SMALL, embedder)


@pytest.fixture(scope="module")
def frame() -> Frame:
    return read_frame(tomllib.loads(DERBY.read_text(encoding="utf-8"))["frame"])


@pytest.fixture(scope="module")
def comments(shared_data: Path) -> list[Example]:
    with (shared_data / "coded" / "city-comments.csv").open(encoding="utf-8", newline="") as lines:
        return [Example(row["text"], tuple(row["codes"].split("|")), row["ask"] or None) for row in csv.DictReader(lines)]


@pytest.fixture(scope="module")
def report(embedder: Embedder, model_folder: Path, frame: Frame, comments: list[Example]) -> Report:
    """The scores of what Derby's frame alone teaches, on comments that people coded and it has not learnt from."""
    return scores(tagger_for(frame, model_folder, embedder), embedder, comments)


def scores(tagger: Tagger, embedder: Embedder, coded: list[Example]) -> Report:
    texts = [example.text for example in coded]
    return measure([(set(example.codes), example.ask) for example in coded], tagger.code(embedder.embed(texts), texts))


@pytest.mark.shared
def test_derbys_frame_codes_comments_it_has_not_seen(report: Report) -> None:
    print(as_text(report))
    assert report.wishes == 300
    assert report.code_micro >= 0.73
    assert report.theme_micro >= 0.82
    assert report.ask_right >= 0.71


@pytest.mark.shared
def test_confidence_is_near_the_share_that_is_right(report: Report) -> None:
    assert report.calibration_error <= 0.08


@pytest.mark.shared
def test_what_people_coded_makes_it_better(
    embedder: Embedder, model_folder: Path, frame: Frame, comments: list[Example],
) -> None:
    tried = comments[::3]
    tagger = learn(frame, embedder, [example for example in comments if example not in tried], cache=model_folder)
    taught = scores(tagger, embedder, tried)
    print(as_text(taught))
    assert taught.code_micro >= 0.73
    assert taught.theme_micro >= 0.84
    assert taught.ask_right >= 0.72
    assert taught.calibration_error <= 0.12  # over a hundred, chance alone makes some 0.06 of it


def test_a_small_frame_can_be_learnt(small: Tagger, embedder: Embedder) -> None:
    texts = ["A bus to the hospital", "Potholes everywhere", "I wish for a lion"]
    codings = small.code(embedder.embed(texts), texts)
    assert [coding.codes[0] for coding in codings] == ["growth.buses", "growth.roads", "other"]
    assert all(coding.confidence < 1 for coding in codings)


def test_learning_twice_gives_the_same_tagger(small: Tagger, embedder: Embedder) -> None:
    assert learn(SMALL, embedder).to_bytes() == small.to_bytes()


def test_learning_with_more_threads_gives_the_same_tagger(small: Tagger, embedder: Embedder) -> None:
    with threadpool_limits(2):
        assert learn(SMALL, embedder).to_bytes() == small.to_bytes()


def test_what_people_wrote_leaves_no_name_in_the_tagger(embedder: Embedder) -> None:
    wishes = [Example(f"Ask Zbigniewska on 01332 555{at} about trams", ("growth.buses",), "more") for at in (1, 1, 1, 2)]
    listed = set(" ".join(learn(SMALL, embedder, wishes).ask_model.grams.listed).split())
    assert {"about", "trams"} <= listed
    assert not {"zbigniewska", "01332", "5551"} & listed


def test_examples_of_one_ask_alone_can_be_learnt(embedder: Embedder) -> None:
    frame = replace(SMALL, examples=tuple(replace(example, ask="more") for example in SMALL.examples))
    assert learn(frame, embedder).code(embedder.embed(["A bus"]), ["A bus"])[0].ask == "more"


def test_codings_by_people_are_learnt_beside_the_examples(small: Tagger, embedder: Embedder) -> None:
    taught = learn(SMALL, embedder, EXTRA)
    assert taught.version != small.version
    assert (taught.examples, taught.stored.tobytes()) == (small.examples, small.stored.tobytes())  # nothing of theirs
    vectors, buses = embedder.embed(["Tram lines"]), small.codes.index("growth.buses")
    assert taught.scores(vectors)[0, buses] > small.scores(vectors)[0, buses]


@pytest.mark.parametrize(
    ("coding", "told"),
    [
        (Example("Trams", ("growth.trams",)), "'growth.trams', which is not in the frame"),
        (Example("Trams", ()), "has 0 codes"),
        (Example("Trams", ("growth.buses", "none")), "They stand alone"),
        (Example("Trams", ("growth.buses",), "want"), "has the ask 'want'"),
    ],
)
def test_a_coding_that_does_not_fit_the_frame_is_refused(embedder: Embedder, coding: Example, told: str) -> None:
    with pytest.raises(FrameError, match=told):
        learn(SMALL, embedder, [*EXTRA, coding])


def test_the_version_changes_with_all_that_is_learnt_from() -> None:
    other_frame = replace(SMALL, examples=SMALL.examples[1:])
    versions = {version_of(SMALL), version_of(other_frame), version_of(SMALL, EXTRA), version_of(SMALL, EXTRA[:1])}
    assert len(versions) == 4
    assert version_of(SMALL) == version_of(replace(SMALL))
    assert all(version.isalnum() and len(version) == 12 for version in versions)


def test_a_tagger_is_learnt_once_and_kept(embedder: Embedder, small: Tagger, tmp_path: Path) -> None:
    first = tagger_for(SMALL, tmp_path, embedder)
    [kept] = tmp_path.glob("tagger-*")
    written = kept.stat().st_mtime_ns
    second = tagger_for(SMALL, tmp_path, embedder)
    assert first.version == second.version == small.version
    assert kept.stat().st_mtime_ns == written


def test_what_is_learnt_is_finite(small: Tagger) -> None:
    for table in (small.code_model.pull, small.code_model.sure, small.ask_model.weights, small.ask_model.bias):
        assert np.isfinite(table).all()
