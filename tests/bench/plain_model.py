"""The baseline of embedding: the sentence model as anyone would write it in numpy, over padded batches."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from tokenizers import Tokenizer

from campaigns.coding.graph import EPSILON, HEADS, LAYERS, WIDTH, checked_weights, model_folder

Array = NDArray[np.float32]
BATCH = 32
EACH = WIDTH // HEADS


class PlainModel:
    """The model's own weights, and one pass of plain numpy over them."""

    def __init__(self) -> None:
        self._weights = checked_weights()
        self._tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Array:
        """Returns each text's vector: float32 (n, 384), each of length 1."""
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        return np.concatenate([self._pass(tokens[first:first + BATCH]) for first in range(0, len(tokens), BATCH)])

    def _pass(self, tokens: Sequence[Sequence[int]]) -> Array:
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        for row, some in zip(ids, tokens, strict=True):
            row[:len(some)] = some
        there = (ids > 0).astype(np.float32)
        tables = (f"embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type"))
        words, places, kinds = (self._weights[name] for name in tables)
        x = self._norm(words[ids] + places[:ids.shape[1]] + kinds[0], "embeddings")
        hole = ((1 - there) * np.float32(-1e9))[:, None, None, :]
        for number in range(LAYERS):
            x = self._layer(x, hole, f"encoder.layer.{number}")
        mean = (x * there[:, :, None]).sum(1) / there.sum(1, keepdims=True)
        whole: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return whole

    def _layer(self, x: Array, hole: Array, name: str) -> Array:
        x = self._norm(x + self._attend(x, hole, f"{name}.attention"), f"{name}.attention.output")
        wide = self._dense(x, f"{name}.intermediate.dense")
        wide *= (1 + erf(wide * np.float32(2 ** -0.5))) * np.float32(0.5)
        return self._norm(x + self._dense(wide, f"{name}.output.dense"), f"{name}.output")

    def _attend(self, x: Array, hole: Array, name: str) -> Array:
        count, length, _ = x.shape
        query, key, value = (
            self._dense(x, f"{name}.self.{part}").reshape(count, length, HEADS, EACH).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        alike = query @ key.transpose(0, 1, 3, 2) * np.float32(EACH ** -0.5) + hole
        alike = np.exp(alike - alike.max(-1, keepdims=True))
        mixed = (alike / alike.sum(-1, keepdims=True)) @ value
        return self._dense(mixed.transpose(0, 2, 1, 3).reshape(count, length, WIDTH), f"{name}.output.dense")

    def _dense(self, x: Array, name: str) -> Array:
        made: Array = x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return made

    def _norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(EPSILON))
        made: Array = scaled * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]
        return made
