"""The tagger that a frame alone teaches, found where it is kept; learning it is apart, for it is rarely needed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from campaigns.coding.embedding import Embedder
from campaigns.coding.frame import Example, Frame
from campaigns.coding.graph import WEIGHTS_SHA256
from campaigns.coding.models import GAMMA
from campaigns.coding.tagger import Tagger


@dataclass(frozen=True)
class Settings:
    """What learning was set to by trying it on the frame's own examples. Part of every tagger's version."""

    form: int = 2  # raise it when what is learnt from the same examples changes
    model: str = WEIGHTS_SHA256
    gamma: float = GAMMA
    ridge: float = 0.1  # how little one example may bend the scores round it
    people: float = 3.0  # how much a coding by people weighs beside an example of the frame
    word_weight: float = 1.5  # of words beside the vector, in the ask
    ask_strength: float = 10.0
    folds: int = 5


SETTINGS = Settings()


def tagger_for(frame: Frame, cache: Path, embedder: Embedder) -> Tagger:
    """Find the tagger that a frame alone teaches in the cache folder, learning it first where it is missing."""
    path = cache / f"tagger-{version_of(frame)}.npz"
    if not path.is_file():
        # By name: what learns takes a second and more to load, which every worker and command would wait for.
        learnt: Tagger = import_module("campaigns.coding.learning").learn(frame, embedder, cache=cache)
        learnt.save(path)
    return Tagger.load(path)


def version_of(frame: Frame, extra: Sequence[Example] = ()) -> str:
    """Name the tagger that a frame and codings by people teach: 12 letters that change with any of them."""
    said = json.dumps([frame.sha256, [asdict(example) for example in extra], asdict(SETTINGS)])
    return hashlib.sha256(said.encode()).hexdigest()[:12]
