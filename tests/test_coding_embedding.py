"""Texts become vectors whatever they are, in order, and survive being stored small."""

import numpy as np
import pytest

from campaigns.coding.embedding import BATCH, BATCH_TOKENS, Embedder, batches_by_length, from_int8, pad, to_int8

TEXTS = [
    "More buses in the evening",
    "Better buses at night please",
    "Clean up the dog mess in the park",
    "",
    "?",
    "[PAD] [MASK]",
    "😀🌳",
    "سڑکیں صاف کریں",
    "Więcej ścieżek rowerowych",
    "roads " * 3000,
]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return Embedder(tmp_path_factory.mktemp("cache"))


def test_every_text_has_a_vector_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_like_wishes_lie_closer_than_unlike_ones(embedder: Embedder) -> None:
    buses, night_buses, mess = embedder.embed(TEXTS[:3])
    assert buses @ night_buses > 0.6 > 0.3 > buses @ mess


def test_a_vector_does_not_depend_on_its_company(embedder: Embedder) -> None:
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(embedder.embed(TEXTS) - alone).max() < 1e-5


def test_words_past_the_longest_text_change_nothing(embedder: Embedder) -> None:
    short, long = embedder.embed(["roads " * 300, "roads " * 900 + "schools"])
    assert np.abs(short - long).max() < 1e-5


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([], []),
        ([5], [[0]]),
        ([9, 3, 6], [[1, 2, 0]]),
        ([256] * 17, [list(range(16)), [16]]),
        ([4] * 65, [list(range(64)), [64]]),
    ],
)
def test_batches_hold_texts_of_like_length(lengths: list[int], expected: list[list[int]]) -> None:
    assert list(batches_by_length(lengths)) == expected


def test_no_batch_outgrows_its_bounds() -> None:
    lengths = list(np.random.default_rng(1).integers(2, 257, 1000))
    batches = list(batches_by_length(lengths))
    assert sorted(index for batch in batches for index in batch) == list(range(1000))
    assert all(len(batch) <= BATCH for batch in batches)
    assert all(len(batch) * max(lengths[index] for index in batch) <= BATCH_TOKENS for batch in batches)


def test_padding_goes_after_the_tokens() -> None:
    assert pad([[7, 8, 9], [4]]).tolist() == [[7, 8, 9], [4, 0, 0]]


def test_stored_vectors_come_back_nearly_the_same(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    stored = to_int8(vectors)
    assert stored.dtype == np.int8
    assert stored.nbytes == 384 * len(TEXTS)
    assert (from_int8(stored) * vectors).sum(1).min() > 0.9998


def test_a_vector_of_zeros_stays_one() -> None:
    nothing = np.zeros((1, 384), np.float32)
    assert not from_int8(to_int8(nothing)).any()
