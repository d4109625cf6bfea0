"""Learning to code from the frame's example wishes, and from codings by people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from campaigns.coding.embedding import Embedder, Vectors, from_int8, to_int8
from campaigns.coding.frame import ALONE, ASKS, MOST_CODES, Example, Frame, FrameError, example_mistakes
from campaigns.coding.ground import Ground, ground
from campaigns.coding.kept import SETTINGS, version_of
from campaigns.coding.models import AskModel, CodeModel, falling
from campaigns.coding.tagger import Tagger
from campaigns.coding.words import Grams, Lexicon, marks

Table = NDArray[np.float64]

THRESHOLDS = np.arange(0.2, 0.8, 0.01)
FEWEST_JUDGES = 100  # codings by people, from which they alone say where to draw the line and how sure to be


@dataclass(frozen=True)
class Lesson:
    """All that is learnt from, the frame's texts first: vectors, right codes, asks, and how much each weighs."""

    texts: tuple[Example, ...]
    vectors: Vectors
    belongs: Table  # (texts, codes)
    weights: Table
    frame: int  # how many are the frame's examples and phrases
    examples: int  # how many of those are examples

    @property
    def judges(self) -> NDArray[np.int64]:
        """The texts by which threshold and sureness are set: people's codings where they are many, or all but phrases."""
        people = np.arange(self.frame, len(self.texts))
        return people if len(people) >= FEWEST_JUDGES else np.append(np.arange(self.examples), people)


def learn(frame: Frame, embedder: Embedder, extra: Sequence[Example] = (), cache: Path | None = None) -> Tagger:
    """Learn to code by a frame: from its examples and its own words, and from codings by people beside them.

    The same frame and codings always give the same tagger. FrameError where a coding does not fit the frame. What the
    frame alone gives is kept in the cache folder, where one is given.
    """
    return learn_from(frame, ground(frame, embedder, cache), extra, to_int8(embedder.embed([one.text for one in extra])))


def learn_from(frame: Frame, known: Ground, extra: Sequence[Example], stored: NDArray[np.int8]) -> Tagger:
    """Learn to code from a frame's ground and codings by people whose vectors are at hand, as stored."""
    return learn_and_try(frame, known, extra, stored)[0]


def learn_and_try(
    frame: Frame, known: Ground, extra: Sequence[Example], stored: NDArray[np.int8]
) -> tuple[Tagger, list[tuple[str, ...]]]:
    """Learn, and tell too what codes each of people's wishes gets by what is learnt without it and its fold.

    On one thread: sums over several differ in their last digits with the number of threads.
    """
    if mistakes := [mistake for example in extra for mistake in example_mistakes(example, frame)]:
        raise FrameError(mistakes)
    lesson, lexicon = prepare(frame, known, extra, stored), Lexicon.learn(example.text for example in frame.examples)
    with threadpool_limits(1):
        code_model, tried = _learn_codes(lesson, known.vectors, frame)
        tagger = Tagger(
            version=version_of(frame, extra),
            codes=tuple(code.id for code in frame.codes),
            examples=frame.examples,
            stored=known.stored,
            code_model=code_model,
            ask_model=_learn_asks(lesson, lexicon),
            lexicon=lexicon,
        )
    return tagger, [tagger.choose(scores) for scores in tried[len(tried) - len(extra):]]


def prepare(frame: Frame, known: Ground, extra: Sequence[Example], stored: NDArray[np.int8]) -> Lesson:
    """Lay out all that is learnt from."""
    texts = (*known.texts, *extra)
    belongs = np.array([[code.id in example.codes for code in frame.codes] for example in texts], float)
    weights = np.append(np.ones(len(known.texts)), np.full(len(extra), SETTINGS.people))
    vectors = np.concatenate([known.vectors, from_int8(stored.reshape(len(extra), -1))]) if extra else known.vectors
    return Lesson(texts, vectors, belongs, weights, len(known.texts), len(frame.examples))


def _learn_codes(lesson: Lesson, points: Vectors, frame: Frame) -> tuple[CodeModel, Table]:
    alone = np.array([code.id in ALONE for code in frame.codes])
    pull, base, tried = _solve(lesson, points)
    right = lesson.belongs[lesson.judges]
    threshold, sureness = _best_threshold(tried, right, alone), _learn_sureness(tried, right)
    return CodeModel(pull.astype(np.float32), base.astype(np.float32), threshold, sureness), tried


def _solve(lesson: Lesson, points: Vectors) -> tuple[Table, Table, Table]:
    """Fit how far each point pulls towards each code, and score each judge by what is learnt without its fold.

    Ridge regression on likeness to the points. What the rest alone would give to a fold follows from the whole fit: its
    errors, times the inverse of what it does not say about itself.
    """
    alike, among = likeness(lesson.vectors, points), likeness(points, points)
    base = lesson.weights @ lesson.belongs / lesson.weights.sum()
    weighed = (alike * lesson.weights[:, None]).T
    square = linalg.blas.dsyrk(1.0, (alike * np.sqrt(lesson.weights)[:, None]).T)  # its upper half: the lower is the same
    slack = np.eye(len(points)) * 1e-6  # two of the frame's texts may lie in one place
    whole = linalg.cho_factor(square + SETTINGS.ridge * among + slack)
    pull: Table = linalg.cho_solve(whole, weighed @ (lesson.belongs - base))
    judges, scores = lesson.judges, np.zeros((len(lesson.judges), lesson.belongs.shape[1]))
    for fold in folds(lesson.belongs[judges]):
        rows = judges[fold]
        said = alike[rows] @ linalg.cho_solve(whole, weighed[:, rows])
        errors = lesson.belongs[rows] - base - alike[rows] @ pull
        scores[fold] = lesson.belongs[rows] - linalg.solve(np.eye(len(rows)) - said, errors)
    return pull, base, scores


def likeness(vectors: Vectors, points: Vectors) -> Table:
    """Compare texts with points: 1 for the same vector, falling with the square of their distance."""
    return falling(vectors @ points.T).astype(float)


def folds(belongs: Table) -> Iterator[NDArray[np.int64]]:
    """Deal texts out so that each fold has its share of each code."""
    order = np.argsort(belongs.argmax(1), kind="stable")
    return (np.sort(order[first :: SETTINGS.folds]) for first in range(SETTINGS.folds))


def _best_threshold(scores: Table, right: Table, alone: NDArray[np.bool_]) -> float:
    """Find the score from which to give a further code, by the F1 over all codes."""
    ranked = np.argsort(-scores, axis=1)[:, :MOST_CODES]
    rows = np.arange(len(scores))
    main, hits, given = ranked[:, 0], right[rows, ranked[:, 0]].sum(), len(rows)
    best, chosen = 0.0, 1.0
    further = [(column, scores[rows, column]) for column in ranked.T[1:]]
    for threshold in THRESHOLDS:
        taken = [(column, (value >= threshold) & ~alone[column] & ~alone[main]) for column, value in further]
        agreed = hits + sum(right[rows[take], column[take]].sum() for column, take in taken)
        f1 = 2 * agreed / (given + sum(take.sum() for _, take in taken) + right.sum())
        if f1 > best:
            best, chosen = f1, float(threshold)
    return chosen


def _learn_sureness(scores: Table, right: Table) -> NDArray[np.float32]:
    """Learn how often the highest score is of a right code, by how high it is and how close the next comes."""
    # Two made-up trials, a clear hit and a clear miss, keep a small frame from certainty.
    top = np.vstack([np.sort(scores, axis=1)[:, :-3:-1], [[1, 0], [0, 0]]])
    hit = np.append(right[np.arange(len(scores)), scores.argmax(1)], [1, 0])
    model = LogisticRegression(C=100.0).fit(top, hit)
    return np.array([*model.intercept_, *model.coef_[0]], np.float32)


def _learn_asks(lesson: Lesson, lexicon: Lexicon) -> AskModel:
    """Learn which way texts ask, from their vectors, words and pairs of words."""
    asking = np.array([place for place, example in enumerate(lesson.texts) if example.ask], int)
    said = [lesson.texts[place].text for place in asking]
    people = int((asking >= lesson.frame).sum())
    grams = Grams.learn(said[: len(said) - people], said[len(said) - people :], lexicon)
    worded = grams.table([marks(text) for text in said]) * SETTINGS.word_weight
    table = sparse.hstack([sparse.csr_matrix(lesson.vectors[asking]), worded]).tocsr()
    asks = np.array([ASKS.index(str(lesson.texts[place].ask)) for place in asking])
    weights, bias = _logistic(table, asks, lesson.weights[asking])
    weights[lesson.vectors.shape[1] :] *= SETTINGS.word_weight
    return AskModel(grams, weights.astype(np.float32), bias.astype(np.float32))


def _logistic(table: sparse.csr_matrix, asks: NDArray[np.int64], weigh: Table) -> tuple[Table, Table]:
    """Learn to tell asks apart; one that no text has is never told, and one that all have always is."""
    there = np.unique(asks)
    weights, bias = np.zeros((table.shape[1], len(ASKS))), np.full(len(ASKS), -10.0)
    bias[there] = 10.0
    for ask in there if len(there) > 1 else ():
        model = LogisticRegression(C=SETTINGS.ask_strength, max_iter=1000).fit(table, asks == ask, sample_weight=weigh)
        weights[:, ask], bias[ask] = model.coef_[0], model.intercept_[0]
    return weights, bias
