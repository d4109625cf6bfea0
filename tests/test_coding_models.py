"""No code depends on how many wishes are coded together, by how many threads, or whether their vectors were stored."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from campaigns.coding.embedding import to_int8
from campaigns.coding.models import CodeModel, as_whole, closest, cosines, falling

RANDOM = np.random.default_rng(5)
VECTORS = RANDOM.normal(size=(700, 384)).astype(np.float32)
POINTS = as_whole(RANDOM.normal(size=(900, 384)).astype(np.float32))
MODEL = CodeModel(
    RANDOM.normal(size=(900, 27)).astype(np.float32), np.full(27, 0.04, np.float32), 0.4, np.array([-2, 5, -3], np.float32)
)


@pytest.mark.parametrize(("threads", "size"), [(1, 700), (2, 700), (2, 1), (1, 7), (2, 333)])
def test_scores_are_the_same_to_the_last_bit(threads: int, size: int) -> None:
    whole = MODEL.scores(cosines(as_whole(VECTORS), POINTS))
    with threadpool_limits(threads):
        parts = [MODEL.scores(cosines(as_whole(VECTORS[at:at + size]), POINTS)) for at in range(0, len(VECTORS), size)]
    assert np.concatenate(parts).tobytes() == whole.tobytes()


def test_a_vector_says_the_same_once_it_is_stored() -> None:
    assert as_whole(to_int8(VECTORS)).tobytes() == as_whole(VECTORS).tobytes()


def test_whole_numbers_lose_next_to_nothing() -> None:
    exact = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    points = POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)
    scored = falling(exact @ points.T) @ MODEL.pull + MODEL.base
    assert np.abs(MODEL.scores(cosines(as_whole(VECTORS), POINTS)) - scored).max() < 0.02


def test_a_vector_of_zeros_is_like_nothing() -> None:
    assert not cosines(as_whole(np.zeros((2, 384), np.float32)), POINTS).any()


def test_the_closest_come_first() -> None:
    assert closest(np.array([[0.1, 0.9, 0.5, 0.7], [1, 0, 0, 0.5]], np.float32)).tolist() == [[1, 3, 2], [0, 3, 1]]
