"""The tagger codes any text, says how sure it is, and survives being kept."""

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from campaigns.coding.embedding import Embedder, from_int8, to_int8
from campaigns.coding.frame import ASKS, Frame, read_frame
from campaigns.coding.kept import tagger_for
from campaigns.coding.tagger import TOGETHER, Coding, Tagger

DERBY = Path(__file__).parents[1] / "campaigns" / "catalogue" / "derby-2026" / "campaign.toml"


@pytest.fixture(scope="module")
def frame() -> Frame:
    return read_frame(tomllib.loads(DERBY.read_text(encoding="utf-8"))["frame"])


@pytest.fixture(scope="module")
def embedder(model_folder: Path) -> Embedder:
    return Embedder(model_folder)


@pytest.fixture(scope="module")
def tagger(frame: Frame, model_folder: Path, embedder: Embedder) -> Tagger:
    return tagger_for(frame, model_folder, embedder)


def code(tagger: Tagger, embedder: Embedder, *texts: str) -> list[Coding]:
    return tagger.code(embedder.embed(texts), texts)


@pytest.mark.parametrize(
    ("text", "codes", "ask"),
    [
        ("Mend the potholes on our road, they are a disgrace", ("growth.roads",), "mend"),
        ("More police so my children are safe", ("safer.crime",), "more"),
        ("Please don't close the library", ("culture.heritage",), "keep"),
        ("Stop building so many flats", ("growth.housing",), "less"),
        ("I cannot get an apointment with my doctor", ("health.services",), "mend"),
        ("More buses in the evening, and more for teenagers to do", ("growth.transport", "children.youth"), "more"),
        ("A zoo with penguins", ("other",), "more"),
        ("dont know", ("none",), "unclear"),
    ],
)
def test_plain_wishes_are_coded(
    tagger: Tagger, embedder: Embedder, text: str, codes: tuple[str, ...], ask: str
) -> None:
    coding = code(tagger, embedder, text)[0]
    assert (coding.codes, coding.ask) == (codes, ask)


@pytest.mark.parametrize("text", ["", " ", "x", "...", "?!", "12345", "😀", "asdfgh", "sdfsdf kjhkjh", "\x00", "\n\n"])
def test_a_text_with_nothing_to_read_is_no_wish(tagger: Tagger, embedder: Embedder, text: str) -> None:
    assert code(tagger, embedder, text)[0] == Coding(("none",), "unclear", 0.95)


@pytest.mark.parametrize(
    "text", ["Więcej ścieżek rowerowych", "سڑکیں صاف کریں", "Más parques para los niños por favor", "更多公园"]
)
def test_a_text_not_in_english_waits_for_a_person(tagger: Tagger, embedder: Embedder, text: str) -> None:
    coding = code(tagger, embedder, text)[0]
    assert coding.codes == ("other",)
    assert (coding.ask, coding.nearest) == ("unclear", ())
    assert coding.confidence < 0.1


def test_any_text_gets_a_coding_that_fits_the_frame(tagger: Tagger, embedder: Embedder, frame: Frame) -> None:
    texts = ["roads " * 2000, "a b", "[MASK] [PAD]", "<b>police</b>", "🌳 trees", "MORE BUSES!!!", "1. parks 2. shops", "ʘ‿ʘ ok"]
    known = {entry.id for entry in frame.codes}
    for coding in code(tagger, embedder, *texts):
        assert 1 <= len(coding.codes) == len(set(coding.codes)) <= 3
        assert known.issuperset(coding.codes)
        assert coding.ask in ASKS
        assert 0 <= coding.confidence <= 1
        assert len(coding.nearest) in (0, 3)


def test_other_and_none_stand_alone(tagger: Tagger, frame: Frame) -> None:
    scores = np.full(len(tagger.codes), 0.9, np.float32)
    for alone in ("other", "none"):
        scores[tagger.codes.index(alone)] = 1
        assert tagger.choose(scores) == (alone,)
        scores[tagger.codes.index(alone)] = 0.89
    assert len(tagger.choose(scores)) == 3
    assert not {"other", "none"} & set(tagger.choose(scores))


@pytest.mark.parametrize(
    ("roads", "jobs", "housing", "codes"),
    [
        (0.9, 0.1, 0.1, ("growth.roads",)),
        (0.2, 0.1, 0.1, ("growth.roads",)),
        (0.7, 0.6, 0.1, ("growth.roads", "growth.jobs")),
        (0.6, 0.7, 0.65, ("growth.jobs", "growth.housing", "growth.roads")),
    ],
)
def test_further_codes_are_given_from_a_threshold(
    tagger: Tagger, roads: float, jobs: float, housing: float, codes: tuple[str, ...]
) -> None:
    model = replace(tagger.code_model, second=0.5)
    scores = np.zeros(len(tagger.codes), np.float32)
    for name, score in {"growth.roads": roads, "growth.jobs": jobs, "growth.housing": housing}.items():
        scores[tagger.codes.index(name)] = score
    assert replace(tagger, code_model=model).choose(scores) == codes


def test_confidence_rises_with_the_score_and_the_lead(tagger: Tagger) -> None:
    scores = np.zeros((4, len(tagger.codes)), np.float32)
    scores[:, 0] = 0.3, 0.6, 0.9, 0.9
    scores[:, 1] = 0.25, 0.25, 0.25, 0.8
    low, middle, high, contested = tagger.code_model.confidence(scores)
    assert low < middle < high
    assert contested < high


def test_nearest_examples_are_the_closest_first(tagger: Tagger, embedder: Embedder) -> None:
    own = next(place for place, example in enumerate(tagger.examples) if example.codes == ("growth.roads",))
    assert code(tagger, embedder, tagger.examples[own].text)[0].nearest[0] == own


def test_stored_vectors_give_the_same_codes(tagger: Tagger, embedder: Embedder) -> None:
    texts = [example.text for example in tagger.examples[::10]]
    vectors = embedder.embed(texts)
    fresh, stored = tagger.code(vectors, texts), tagger.code(from_int8(to_int8(vectors)), texts)
    same = [one.codes == two.codes and one.ask == two.ask for one, two in zip(fresh, stored, strict=True)]
    assert np.mean(same) > 0.98


def test_many_texts_are_coded_as_they_are_alone(tagger: Tagger, embedder: Embedder) -> None:
    texts = ["More buses", "asdfgh", "Fix the roads"]
    vectors = np.tile(embedder.embed(texts), (TOGETHER // 2, 1))
    codings = tagger.code(vectors, texts * (TOGETHER // 2))
    assert [coding.codes for coding in codings[-3:]] == [coding.codes for coding in code(tagger, embedder, *texts)]
    assert len(codings) == 3 * (TOGETHER // 2)


def test_no_texts_give_no_codings(tagger: Tagger) -> None:
    assert tagger.code(np.zeros((0, 384), np.float32), []) == []


def test_a_kept_tagger_codes_as_before(tagger: Tagger, embedder: Embedder, tmp_path: Path) -> None:
    tagger.save(tmp_path / "tagger.npz")
    texts = [example.text for example in tagger.examples[::50]] + ["", "Więcej ścieżek rowerowych"]
    vectors = embedder.embed(texts)
    for kept in (Tagger.load(tmp_path / "tagger.npz"), Tagger.from_bytes(tagger.to_bytes())):
        assert (kept.version, kept.examples) == (tagger.version, tagger.examples)
        assert kept.code(vectors, texts) == tagger.code(vectors, texts)


def test_a_kept_tagger_is_small(tagger: Tagger) -> None:
    assert len(tagger.to_bytes()) < 2_000_000


@pytest.mark.parametrize("data", [b"", b"not a tagger", b"PK\x03\x04 cut short"])
def test_bytes_that_are_no_tagger_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a tagger"):
        Tagger.from_bytes(data)
