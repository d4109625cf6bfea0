"""Turning wishes into vectors: the model's graph, against a plain pass of numpy, each on one processor."""

import numpy as np
from threadpoolctl import threadpool_limits

from campaigns.coding.embedding import Embedder
from tests.bench.figures import Bench, Figure, Result, timed
from tests.bench.plain_model import PlainModel
from tests.bench.words import of_forty_letters

EMBEDDING = Figure("embedding 40-letter wishes", "/s", "a plain numpy pass over the same weights, in batches of 32", 2, "ratio")
SAME = Figure("widest gap between the two's vectors", "", "", 1e-5, less=True)


def measure(bench: Bench) -> list[Result]:
    """Measures wishes embedded a second, and how far the vectors are from the plain ones at most."""
    speed, same = Result(EMBEDDING), Result(SAME)
    ours, plain = Embedder(bench.model), PlainModel()
    many = bench.many(512, 64)
    with threadpool_limits(1):
        for turn in bench.turns(speed):
            texts = of_forty_letters(many * (turn + 1))[many * turn:]
            speed.ours.append(many / timed(lambda texts=texts: ours.embed(texts)))
            speed.baseline.append(many / timed(lambda texts=texts: plain.embed(texts)))
            same.ours.append(float(np.abs(ours.embed(texts[:64]) - plain.embed(texts[:64])).max()))
    return [speed, same]
