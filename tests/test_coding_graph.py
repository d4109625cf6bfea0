"""The ONNX graph gives what the model's weights give by plain arithmetic, and is written whole or not at all."""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from scipy.special import erf

from campaigns.coding import graph

Array = NDArray[np.float32]

SENTENCES = [[101, 2062, 3902, 102], [101, 8046, 1996, 8416, 2015, 102], [101, 102], list(range(1000, 1200))]


@pytest.fixture(scope="module")
def weights() -> graph.Weights:
    return graph.checked_weights()


def norm(x: Array, weights: graph.Weights, name: str) -> Array:
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
    return scaled * weights[f"{name}.LayerNorm.weight"] + weights[f"{name}.LayerNorm.bias"]


def dense(x: Array, weights: graph.Weights, name: str) -> Array:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def attention(x: Array, weights: graph.Weights, name: str) -> Array:
    query, key, value = (
        dense(x, weights, f"{name}.self.{part}").reshape(len(x), 12, 32).transpose(1, 0, 2)
        for part in ("query", "key", "value")
    )
    alike = np.exp(query @ key.transpose(0, 2, 1) / np.sqrt(32))
    mixed = (alike / alike.sum(-1, keepdims=True)) @ value
    return dense(mixed.transpose(1, 0, 2).reshape(len(x), 384), weights, f"{name}.output.dense")


def plain_vector(ids: list[int], weights: graph.Weights) -> Array:
    """The model for one text, in numpy and without any padding."""
    word, place, kind = (weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type"))
    x = norm(word[ids] + place[: len(ids)] + kind[0], weights, "embeddings")
    for number in range(6):
        name = f"encoder.layer.{number}"
        x = norm(x + attention(x, weights, f"{name}.attention"), weights, f"{name}.attention.output")
        wide = dense(x, weights, f"{name}.intermediate.dense")
        wide = wide * (1 + erf(wide / np.sqrt(2))) / 2
        x = norm(x + dense(wide, weights, f"{name}.output.dense"), weights, f"{name}.output")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def test_the_graph_gives_the_vectors_of_plain_numpy(weights: graph.Weights) -> None:
    model = graph.build_graph(weights).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    tokens = np.zeros((len(SENTENCES), 200), np.int64)
    for row, ids in zip(tokens, SENTENCES, strict=True):
        row[: len(ids)] = ids
    vectors = session.run(["vectors"], {"tokens": tokens})[0]
    plain = np.stack([plain_vector(ids, weights) for ids in SENTENCES])
    assert np.abs(vectors - plain).max() < 1e-5


def test_the_graph_is_valid_onnx_of_about_two_hundred_nodes(weights: graph.Weights) -> None:
    model = graph.build_graph(weights)
    onnx.checker.check_model(model)
    assert model.opset_import[0].version == 20
    assert 150 < len(model.graph.node) < 250


def test_several_processes_may_write_the_graph_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        files = set(pool.map(graph.graph_file, [tmp_path] * 3))
    assert [path.name for path in tmp_path.iterdir()] == [file.name for file in files]
    onnx.checker.check_model(str(files.pop()))


def test_a_graph_in_the_cache_is_not_written_again(tmp_path: Path) -> None:
    written = graph.graph_file(tmp_path).stat().st_mtime_ns
    assert graph.graph_file(tmp_path).stat().st_mtime_ns == written


def test_the_weights_are_the_ones_measured(weights: graph.Weights) -> None:
    data = (graph.model_folder() / "model.safetensors").read_bytes()
    assert hashlib.sha256(data).hexdigest() == graph.WEIGHTS_SHA256
    assert sum(tensor.size for tensor in weights.values()) == 22_713_216


def test_altered_weights_are_refused_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gt_fake" / "model").mkdir(parents=True)
    (tmp_path / "gt_fake" / "__init__.py").touch()
    (tmp_path / "gt_fake" / "model" / "model.safetensors").write_bytes(b"not these")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(graph, "PACKAGE", "gt_fake")
    with pytest.raises(graph.ModelMissingError, match="Reinstall"):
        graph.checked_weights()


def test_a_missing_wheel_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "PACKAGE", "gt_not_there")
    with pytest.raises(graph.ModelMissingError, match="--no-deps"):
        graph.model_folder()


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file"
    graph.write_atomically(path, b"first")
    graph.write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]
