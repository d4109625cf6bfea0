"""A coding is explained by the examples most like the wish and by the words that told."""

import tomllib
from pathlib import Path

import pytest

from campaigns.coding.embedding import Embedder
from campaigns.coding.frame import Example, read_frame
from campaigns.coding.kept import tagger_for
from campaigns.coding.tagger import Coding, Tagger
from campaigns.coding.why import Why, explain, without

DERBY = Path(__file__).parents[1] / "campaigns" / "catalogue" / "derby-2026" / "campaign.toml"


@pytest.fixture(scope="module")
def embedder(model_folder: Path) -> Embedder:
    return Embedder(model_folder)


@pytest.fixture(scope="module")
def tagger(model_folder: Path, embedder: Embedder) -> Tagger:
    return tagger_for(read_frame(tomllib.loads(DERBY.read_text(encoding="utf-8"))["frame"]), model_folder, embedder)


def why(tagger: Tagger, embedder: Embedder, text: str) -> Why:
    coding = tagger.code(embedder.embed([text]), [text])[0]
    return explain(tagger, coding, text, embedder)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Please mend the potholes in our lane", "potholes"),
        ("I would like to see a lot more buses", "buses"),
        ("The library must be kept", "library"),
        ("Swimming lessons for grown ups like me", "swimming"),
    ],
)
def test_the_word_that_tells_is_named(tagger: Tagger, embedder: Embedder, text: str, word: str) -> None:
    told = why(tagger, embedder, text).words
    assert word in told
    assert len(told) <= 3
    assert not {"more", "the", "please"} & set(told)


def test_nearest_examples_are_named_in_order(tagger: Tagger) -> None:
    coding = Coding(("growth.roads",), "mend", 0.9, (5, 2))
    assert explain(tagger, coding, "Roads") == Why((tagger.examples[5], tagger.examples[2]))


@pytest.mark.parametrize("text", ["", "asdfgh", "Więcej ścieżek rowerowych"])
def test_what_cannot_be_read_has_no_reasons(tagger: Tagger, embedder: Embedder, text: str) -> None:
    assert why(tagger, embedder, text) == Why(())


def test_a_long_wish_is_explained_too(tagger: Tagger, embedder: Embedder) -> None:
    assert "potholes" in why(tagger, embedder, "The potholes are bad. " + "And so it goes on and on. " * 150).words


@pytest.mark.parametrize(
    ("word", "text", "left"),
    [
        ("bus", "Bus stops, buses and a BUS.", "  stops, buses and a  ."),
        ("don't", "Don’t dig", "  dig"),
        ("café", "a café", "a  "),
    ],
)
def test_a_word_is_taken_out_wherever_it_stands_alone(word: str, text: str, left: str) -> None:
    assert without(word, text) == left


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (Why(()), "no examples are like it"),
        (Why((Example("Fix it", ("none",)),)), "like: “Fix it”"),
        (
            Why((Example("Fix it", ("none",)), Example("Do", ("none",))), ("fix", "it")),
            "telling words: fix, it. like: “Fix it”; “Do”",
        ),
    ],
)
def test_reasons_are_said_in_one_line(reasons: Why, said: str) -> None:
    assert str(reasons) == said
