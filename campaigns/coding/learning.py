"""Learning to code from the frame's example wishes, and from codings by people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from sklearn.linear_model import LogisticRegression

from campaigns.coding.embedding import Embedder, Vectors, from_int8, to_int8
from campaigns.coding.frame import ALONE, ASKS, MOST_CODES, Example, Frame, FrameError, example_mistakes
from campaigns.coding.kept import SETTINGS, version_of
from campaigns.coding.tagger import AskModel, CodeModel, Tagger, likeness
from campaigns.coding.words import Grams, Lexicon, marks

Table = NDArray[np.float64]

THRESHOLDS = np.arange(0.2, 0.8, 0.01)


@dataclass(frozen=True)
class _Lesson:
    """Texts with their vectors and codes: first the examples, then the frame's own names, definitions and inclusions."""

    examples: tuple[Example, ...]
    stored: NDArray[np.int8]
    belongs: Table  # (texts, codes): 1 where the code is right

    @cached_property
    def vectors(self) -> Vectors:
        """The texts' vectors, as coarse as they are stored, so that learning sees what coding will."""
        return from_int8(self.stored)


def learn(frame: Frame, embedder: Embedder, extra: Sequence[Example] = ()) -> Tagger:
    """Learn to code by a frame: from its examples and its own words, and from codings by people beside them.

    The same frame and codings always give the same tagger. FrameError where a coding does not fit the frame.
    """
    lesson = _prepare(frame, embedder, extra)
    asking = [place for place, example in enumerate(lesson.examples) if example.ask]
    return Tagger(
        version=version_of(frame, extra),
        codes=tuple(code.id for code in frame.codes),
        examples=lesson.examples,
        stored=lesson.stored,
        code_model=_learn_codes(lesson, frame),
        ask_model=_learn_asks([lesson.examples[place] for place in asking], lesson.vectors[asking]),
        lexicon=Lexicon.learn(example.text for example in lesson.examples),
    )


def _prepare(frame: Frame, embedder: Embedder, extra: Sequence[Example]) -> _Lesson:
    mistakes = [mistake for example in extra for mistake in example_mistakes(example, frame)]
    if mistakes:
        raise FrameError(mistakes)
    examples = (*frame.examples, *extra)
    phrases = [
        Example(text, (code.id,)) for code in frame.codes for text in (code.name, code.definition, *code.includes)
    ]
    learnt = [*examples, *phrases]
    belongs = np.array([[code.id in example.codes for code in frame.codes] for example in learnt], float)
    return _Lesson(examples, to_int8(embedder.embed([example.text for example in learnt])), belongs)


def _learn_codes(lesson: _Lesson, frame: Frame) -> CodeModel:
    alike = likeness(lesson.vectors, lesson.vectors).astype(float)
    count = len(lesson.examples)
    alone = np.array([code.id in ALONE for code in frame.codes])
    tried, right = _try_out(alike, lesson.belongs, count), lesson.belongs[:count]
    pull, base = _solve(alike, lesson.belongs)
    return CodeModel(
        pull.astype(np.float32), base.astype(np.float32), _best_threshold(tried, right, alone), _learn_sureness(tried, right)
    )


def _solve(alike: Table, belongs: Table) -> tuple[Table, Table]:
    """Fit the pull of each example (kernel ridge regression) on top of the share of each code."""
    base = belongs.mean(0)
    ridge = alike + np.diag(np.full(len(alike), SETTINGS.ridge))
    return linalg.solve(ridge, belongs - base, assume_a="pos"), base


def _try_out(alike: Table, belongs: Table, count: int) -> Table:
    """Score each example by what is learnt from the others: a fold of them is left out at a time."""
    scores = np.zeros((count, belongs.shape[1]))
    for left_out in _folds(belongs[:count]):
        kept = np.setdiff1d(np.arange(len(alike)), left_out)
        pull, base = _solve(alike[np.ix_(kept, kept)], belongs[kept])
        scores[left_out] = alike[np.ix_(left_out, kept)] @ pull + base
    return scores


def _folds(belongs: Table) -> Iterator[NDArray[np.int64]]:
    """Deal examples out so that each fold has its share of each code."""
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


def _learn_asks(examples: Sequence[Example], vectors: Vectors) -> AskModel:
    texts = [example.text for example in examples]
    grams = Grams.learn(texts)
    worded = grams.table([marks(text) for text in texts]) * SETTINGS.word_weight
    table = sparse.hstack([sparse.csr_matrix(vectors), worded]).tocsr()
    learnt = [_learn_ask(table, np.array([example.ask == ask for example in examples])) for ask in ASKS]
    weights = np.stack([weight for weight, _ in learnt], axis=1)
    weights[vectors.shape[1] :] *= SETTINGS.word_weight
    return AskModel(grams, weights.astype(np.float32), np.array([bias for _, bias in learnt], np.float32))


def _learn_ask(table: sparse.csr_matrix, right: NDArray[np.bool_]) -> tuple[Table, float]:
    """Learn one ask against the others; one that no example has, or every one, needs no learning."""
    if right.all() or not right.any():
        return np.zeros(table.shape[1]), 10.0 if right.any() else -10.0
    model = LogisticRegression(C=SETTINGS.ask_strength, max_iter=1000).fit(table, right)
    return model.coef_[0], float(model.intercept_[0])
