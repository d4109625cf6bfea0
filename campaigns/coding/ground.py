"""What a frame gives to learn from: its words with their vectors, worked out once for each frame and kept."""

import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from campaigns.coding.embedding import Embedder, Vectors, from_int8, to_int8
from campaigns.coding.frame import Example, Frame
from campaigns.coding.graph import WEIGHTS_SHA256, write_atomically


@dataclass(frozen=True)
class Ground:
    """A frame's examples and then its names, definitions and inclusions, with their vectors as stored."""

    texts: tuple[Example, ...]
    stored: NDArray[np.int8]

    @cached_property
    def vectors(self) -> Vectors:
        """The texts' vectors, as coarse as they are stored, so that learning sees what coding will."""
        return from_int8(self.stored)


def texts_of(frame: Frame) -> tuple[Example, ...]:
    """List all that a frame says: its examples, then its own phrases, each an example of its code."""
    phrases = [Example(text, (code.id,)) for code in frame.codes for text in (code.name, code.definition, *code.includes)]
    return (*frame.examples, *phrases)


def ground(frame: Frame, embedder: Embedder, cache: Path | None = None) -> Ground:
    """Find a frame's ground in the cache folder, or make it: some ten seconds on one processor."""
    path = cache / f"ground-{frame.sha256[:12]}-{WEIGHTS_SHA256[:8]}.npy" if cache else None
    texts = texts_of(frame)
    if path and path.is_file():
        return Ground(texts, np.load(path, allow_pickle=False))
    stored = to_int8(embedder.embed([example.text for example in texts]))
    if path:
        file = io.BytesIO()
        np.save(file, stored)
        write_atomically(path, file.getvalue())
    return Ground(texts, stored)
