"""Sentence vectors for wishes, and the small form they are stored in."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from campaigns.coding.graph import WIDTH, graph_file, model_folder

LONGEST = 256  # tokens: the figure the model's makers give; about 1,100 letters, twice the advice of 500
BATCH = 64  # texts at most
BATCH_TOKENS = 4096  # at most, with padding: attention over 64 long texts at once would take 200 MB

Vectors = NDArray[np.float32]


class Embedder:
    """Turns texts into sentence vectors, in this process, without any outside service."""

    def __init__(self, cache: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the machine serves residents first
        self._session = onnxruntime.InferenceSession(
            str(graph_file(cache)), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give each text its vector: float32 (n, 384), each of length 1, in the order of the texts."""
        # One text at a time: the library's own batches start threads, which a process that forks must not have.
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for batch in batches_by_length([len(ids) for ids in tokens]):
            padded = pad([tokens[index] for index in batch])
            vectors[batch] = self._session.run(["vectors"], {"tokens": padded})[0]
        return vectors


def batches_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Deal indexes into batches of like length, so that little is computed for padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        if batch and (len(batch) == BATCH or (len(batch) + 1) * lengths[index] > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def pad(tokens: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Lay lists of tokens out as one table, with 0 after the shorter ones."""
    table = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
    for row, ids in zip(table, tokens, strict=True):
        row[: len(ids)] = ids
    return table


def to_int8(vectors: Vectors) -> NDArray[np.int8]:
    """Make vectors a quarter of the size for storing. Their scale goes; from_int8 knows it, since each has length 1."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True, initial=0)
    return np.rint(vectors * (127 / np.where(largest > 0, largest, 1))).astype(np.int8)


def from_int8(stored: NDArray[np.int8]) -> Vectors:
    """Bring stored vectors back to float32 of length 1 (a vector of zeros stays one)."""
    vectors = stored.astype(np.float32)
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1)).astype(np.float32)
