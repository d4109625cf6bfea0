"""The ways of giving codes that are compared: each learns from texts, some weighing more, and scores others by code."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from scipy import linalg, sparse
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from campaigns.coding.embedding import Vectors
from campaigns.coding.models import falling
from campaigns.coding.words import Grams, marks
from tests.bench.tagging.material import Table, Texts

Score: TypeAlias = Callable[[Texts], Table]
Learn: TypeAlias = Callable[..., Score]


@dataclass(frozen=True)
class Candidate:
    """A way of coding; ``plain`` ranks it, the simplest first; each of ``options`` is tried within what it learns from."""

    name: str
    plain: int
    learn: Learn
    options: Sequence[Mapping[str, float]] = field(default_factory=lambda: [{}])


def grid(**values: Sequence[float]) -> list[Mapping[str, float]]:
    """Returns every combination of some values."""
    found: list[Mapping[str, float]] = [{}]
    for name, each in values.items():
        found = [{**one, name: value} for one in found for value in each]
    return found


def commonest(train: Texts, weights: Table) -> Score:
    """Always gives the code that is commonest among what weighs most: people's codings where there are any."""
    shares = weights[weights == weights.max()] @ train.belongs[weights == weights.max()]
    return lambda texts: np.tile(shares / shares.sum(), (len(texts), 1))


def nearest(train: Texts, weights: Table, most: float) -> Score:
    """Lets the nearest texts vote, the nearer the more."""
    def score(texts: Texts) -> Table:
        alike = texts.vectors @ train.vectors.T
        near = np.argpartition(-alike, int(most), axis=1)[:, :int(most)]
        votes = np.take_along_axis(alike, near, 1) ** 4 * weights[near]
        return np.einsum("nk,nkc->nc", votes / votes.sum(1, keepdims=True), train.belongs[near])
    return score


def logistic(train: Texts, weights: Table, strength: float) -> Score:
    """One logistic model of the main code over vectors."""
    model = LogisticRegression(C=strength, max_iter=100, tol=1e-3).fit(train.vectors, train.main, sample_weight=weights)

    def score(texts: Texts) -> Table:
        table = np.zeros((len(texts), train.belongs.shape[1]))
        table[:, model.classes_] = model.predict_proba(texts.vectors)
        return table
    return score


def support(train: Texts, weights: Table, strength: float) -> Score:
    """Linear support vectors, one machine for each code; Platt's curve makes scores of its distances."""
    model = LinearSVC(C=strength, random_state=0).fit(train.vectors, train.main, sample_weight=weights)

    def score(texts: Texts) -> Table:
        table = np.full((len(texts), train.belongs.shape[1]), 0.0)
        table[:, model.classes_] = 1 / (1 + np.exp(-3 * model.decision_function(texts.vectors)))
        return table
    return score


Kernel: TypeAlias = Callable[[Texts, Texts], Table]


def by_angle(one: Texts, other: Texts) -> Table:
    """The cosine: ridge over it is a straight model of the vectors."""
    return (one.vectors @ other.vectors.T).astype(float)


def by_likeness(one: Texts, other: Texts) -> Table:
    """Likeness as the tagger has it, falling with distance."""
    return falling(one.vectors @ other.vectors.T).astype(float)


def by_words(one: Texts, other: Texts) -> Table:
    """The words and pairs two texts share, the rarer the more; those that stand in two of the texts learnt from."""
    grams = Grams.learn(other.said)
    tables: list[sparse.csr_matrix] = [grams.table([marks(text) for text in some.said]) for some in (one, other)]
    return (tables[0] @ tables[1].T).toarray().astype(float)


def both(one: Texts, other: Texts) -> Table:
    """Likeness of vectors and shared words together."""
    return by_likeness(one, other) + 0.3 * by_words(one, other)


def ridge(kernel: Kernel) -> Learn:
    """Kernel ridge regression: examples pull towards their codes, the more the liker, and the more they weigh."""
    def learn(train: Texts, weights: Table, stiff: float) -> Score:
        base = weights @ train.belongs / weights.sum()
        alike = kernel(train, train) + np.diag(stiff / weights)
        pull = linalg.solve(alike, train.belongs - base, assume_a="pos")
        return lambda texts: kernel(texts, train) @ pull + base
    return learn


def anchored(many: int) -> Learn:
    """The same likeness, but to so many middles of the frame's texts, which makes coding faster."""
    def learn(train: Texts, weights: Table, stiff: float) -> Score:
        middle = _middles(train.vectors[weights == weights[0]], many)

        def alike(vectors: Vectors) -> Table:
            return falling(vectors @ middle.T).astype(float)
        rise, base = alike(train.vectors), weights @ train.belongs / weights.sum()
        pull = linalg.solve(
            (rise.T * weights) @ rise + stiff * alike(middle) + 1e-6 * np.eye(len(middle)),
            (rise.T * weights) @ (train.belongs - base), assume_a="pos",
        )
        return lambda texts: alike(texts.vectors) @ pull + base
    return learn


def mean_of(*each: Learn) -> Learn:
    """The mean of two models' scores."""
    def learn(train: Texts, weights: Table, **options: float) -> Score:
        made = [one(train, weights, **{name[1:]: value for name, value in options.items() if name[0] == str(place)})
                for place, one in enumerate(each)]
        return lambda texts: np.mean([one(texts) for one in made], axis=0)
    return learn


_FOUND: dict[tuple[str, int], Vectors] = {}


def _middles(vectors: Vectors, many: int) -> Vectors:
    """Returns the middles of groups of like texts of the frame, found once for each selection of them."""
    many = min(many, len(vectors))
    key = hashlib.sha256(vectors.tobytes()).hexdigest(), many
    if key not in _FOUND:
        middles = KMeans(many, n_init=1, max_iter=20, random_state=0).fit(vectors.astype(np.float64)).cluster_centers_
        _FOUND[key] = (middles / np.linalg.norm(middles, axis=1, keepdims=True)).astype(np.float32)
    return _FOUND[key]


def frames_own(train: Texts, weights: Table, stiff: float) -> Score:
    """Likeness to all the frame's own texts, but to no coding by people: these only bend how far each pulls."""
    points = train.vectors[weights == weights[0]]
    rise, among = falling(train.vectors @ points.T).astype(float), falling(points @ points.T).astype(float)
    base = weights @ train.belongs / weights.sum()
    pull = linalg.solve(
        (rise.T * weights) @ rise + stiff * among + 1e-6 * np.eye(len(points)),
        (rise.T * weights) @ (train.belongs - base), assume_a="pos",
    )
    return lambda texts: falling(texts.vectors @ points.T).astype(float) @ pull + base
