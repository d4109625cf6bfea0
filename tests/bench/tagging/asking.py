"""The ways of telling which way a wish asks that are compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import linalg, sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from campaigns.coding.frame import ASKS
from campaigns.coding.words import Grams, marks
from tests.bench.tagging.candidates import by_likeness
from tests.bench.tagging.material import Material, Table, Texts
from tests.bench.tagging.nested import OUTER, folds

Tell = Callable[[Texts], Table]


@dataclass
class Asked:
    """How one way of telling the ask fared: the share right in each outer fold."""

    name: str
    plain: int
    right: list[float] = field(default_factory=list)


def always_more(train: Texts, weights: Table) -> Tell:
    """Says *more* of everything, which is the commonest."""
    return lambda texts: np.tile([ask == "more" for ask in ASKS], (len(texts), 1)).astype(float)


Features = Callable[[Texts, Texts, Table], sparse.csr_matrix]


def vectors(texts: Texts, _train: Texts, _weights: Table) -> sparse.csr_matrix:
    """The vectors alone."""
    return sparse.csr_matrix(texts.vectors)


def frames_words(texts: Texts, train: Texts, weights: Table) -> sparse.csr_matrix:
    """Vectors, and the words and pairs of the frame's examples."""
    return _worded(texts, [said for said, weight in zip(train.said, weights, strict=True) if weight == weights[0]], 1.5)


def all_words(texts: Texts, train: Texts, weights: Table) -> sparse.csr_matrix:
    """Vectors, and the words and pairs of all that is learnt from."""
    return _worded(texts, train.said, 1.5)


def all_words_more(texts: Texts, train: Texts, weights: Table) -> sparse.csr_matrix:
    """The same, words weighing twice as much."""
    return _worded(texts, train.said, 3.0)


def pieces(texts: Texts, train: Texts, weights: Table) -> sparse.csr_matrix:
    """The same, and pieces of words, two to five letters long."""
    read = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3).fit(train.said)
    return sparse.hstack([all_words(texts, train, weights), read.transform(texts.said)]).tocsr()


def _worded(texts: Texts, said: Sequence[str], weigh: float) -> sparse.csr_matrix:
    grams = Grams.learn(said)
    return sparse.hstack([vectors(texts, texts, np.ones(1)), weigh * grams.table([marks(text) for text in texts.said])]).tocsr()


def logistic(features: Features, strength: float = 10.0) -> Callable[[Texts, Table], Tell]:
    """One logistic model of the ask."""
    def learn(train: Texts, weights: Table) -> Tell:
        model = LogisticRegression(C=strength, max_iter=200, tol=1e-3)
        model.fit(features(train, train, weights), train.asks, sample_weight=weights)

        def tell(texts: Texts) -> Table:
            table = np.zeros((len(texts), len(ASKS)))
            table[:, model.classes_] = model.predict_proba(features(texts, train, weights))
            return table
        return tell
    return learn


def ridge(strength: float, worded: float) -> Callable[[Texts, Table], Tell]:
    """Kernel ridge regression over likeness and shared words together."""
    def learn(train: Texts, weights: Table) -> Tell:
        grams = Grams.learn(train.said)
        words = grams.table([marks(text) for text in train.said])

        def alike(texts: Texts) -> Table:
            shared: Table = (grams.table([marks(text) for text in texts.said]) @ words.T).toarray()
            return by_likeness(texts, train) + worded * shared
        right = np.eye(len(ASKS))[train.asks]
        base = weights @ right / weights.sum()
        pull = linalg.solve(alike(train) + np.diag(strength / weights), right - base, assume_a="pos")
        return lambda texts: alike(texts) @ pull + base
    return learn


def mean_of(*each: Callable[[Texts, Table], Tell]) -> Callable[[Texts, Table], Tell]:
    """The mean of two."""
    def learn(train: Texts, weights: Table) -> Tell:
        made = [one(train, weights) for one in each]
        return lambda texts: np.mean([one(texts) for one in made], axis=0)
    return learn


WAYS: tuple[tuple[str, int, float, Callable[[Texts, Table], Tell]], ...] = (
    ("always more", 0, 1, always_more),
    ("logistic, vectors", 1, 3, logistic(vectors)),
    ("logistic, vectors, the frame's words", 2, 1, logistic(frames_words)),
    ("the same, people's codings thrice", 2, 3, logistic(frames_words)),
    ("logistic, vectors, all words", 2, 1, logistic(all_words)),
    ("the same, people's codings thrice, ", 2, 3, logistic(all_words)),
    ("the same, and words twice", 2, 3, logistic(all_words_more)),
    ("the same, and pieces of words", 4, 3, logistic(pieces)),
    ("kernel ridge, likeness and words", 3, 3, ridge(0.3, 1.0)),
    ("mean of kernel ridge and logistic", 5, 3, mean_of(ridge(0.3, 1.0), logistic(all_words))),
)


def try_asks(material: Material, repeats: int) -> list[Asked]:
    """Tries each way in every outer fold, over the comments whose ask both readers agreed on."""
    known = material.people.some(np.flatnonzero(material.people.asks >= 0))
    frame = material.examples.some(np.flatnonzero(material.examples.asks >= 0))
    asked = [Asked(name, plain) for name, plain, _, _ in WAYS]
    for repeat in range(repeats):
        for tried in folds(known.asks, OUTER, repeat):
            people, right = known.some(np.setdiff1d(np.arange(len(known)), tried)), known.some(tried)
            for one, (_, _, weigh, learn) in zip(asked, WAYS, strict=True):
                weights = np.concatenate([np.ones(len(frame)), np.full(len(people), weigh * (1 + 1e-6))])
                told = learn(frame + people, weights)(right).argmax(1)
                one.right.append(float((told == right.asks).mean()))
    return asked
