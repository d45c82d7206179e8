"""A tiny file of weights in the layout of the packaged embedder, random and invented.

It is written here from the layout alone, by none of the code that reads it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DIMENSION, N_LAYERS, N_HEADS, N_INNER = 32, 2, 2, 64
N_POSITIONS, N_TYPES = 256, 2
EPSILON = 1e-5
BOS, PAD, EOS, UNKNOWN = 0, 1, 2, 3
_BLOCK = 32
# A word costs less than its letters; the sign of East Asia stands for other scripts.
PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -3.0),
    ("▁heat", -4.0),
    ("热", -5.0),
    ("▁pipe", -5.0),
    ("ψ", -6.0),
    (":", -6.0),
    (".", -6.0),
    *((letter, -7.0) for letter in "abcdefghijklmnopqrstuvwxyz"),
]
REPLACED = {"\t": " ", "\x07": "", "ﬁ": "fi"}


def packed(halves: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.uint8]:
    """Return 4-bit weights as they are stored.

    Args:
        halves: A number from 0 to 15 for each weight, (rows, columns).
        scales: A scale for each 32 weights of a row, (rows, columns / 32).
    """
    n_rows, n_columns = halves.shape
    blocks = halves.reshape(n_rows, n_columns // _BLOCK, _BLOCK)
    low, high = blocks[..., : _BLOCK // 2], blocks[..., _BLOCK // 2 :]
    sizes = np.ascontiguousarray(scales[..., None]).view(np.uint8)
    return np.concatenate([sizes, low | high << 4], axis=-1).astype(np.uint8)


def write_packed_file(
    path: Path,
    parts: Mapping[str, bytes],
    pieces: Sequence[tuple[str, float]] = PIECES,
) -> Path:
    """Write a file with parts by name, in their order."""
    texts = [piece.encode() for piece, _ in pieces]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4")
    head = b"MADE\1\0\0\0" + struct.pack(
        "<7ifi",
        DIMENSION,
        N_LAYERS,
        N_HEADS,
        N_INNER,
        len(pieces),
        N_POSITIONS,
        N_TYPES,
        EPSILON,
        _BLOCK,
    )
    head += struct.pack("<5iQ", len(pieces), BOS, EOS, PAD, UNKNOWN, int(ends[-1]))
    head += ends.tobytes() + np.array([s for _, s in pieces], "<f4").tobytes()
    replaced = b"".join(
        struct.pack(f"<IB{len(by)}I", ord(letter), len(by), *map(ord, by))
        for letter, by in REPLACED.items()
    )
    head += b"".join(texts) + struct.pack("<iI", len(REPLACED), len(replaced))
    head += replaced
    names = [name.encode() for name in parts]
    at = len(head) + 4 + sum(2 + len(name) + 5 + 16 for name in names)
    directory = struct.pack("<i", len(parts))
    for name, content in zip(names, parts.values(), strict=True):
        directory += struct.pack("<H", len(name)) + name + b"\0" * 5
        directory += struct.pack("<QQ", at, len(content))
        at += len(content)
    path.write_bytes(head + directory + b"".join(parts.values()))
    return path


def write_tiny_model(path: Path, seed: int = 0) -> Path:
    """Write a file with all parts of a network of two layers."""
    draw = np.random.default_rng(seed)

    def matrix(n_rows: int, n_columns: int) -> bytes:
        halves = draw.integers(0, 16, (n_rows, n_columns)).astype(np.uint8)
        scales = draw.uniform(0.01, 0.06, (n_rows, n_columns // _BLOCK))
        return packed(halves, scales.astype(np.float16)).tobytes()

    def floats(*shape: int, around: float = 0.0) -> bytes:
        return (around + 0.1 * draw.standard_normal(shape)).astype("<f4").tobytes()

    size = DIMENSION
    parts = {
        "emb.word": matrix(len(PIECES), size),
        "emb.pos": floats(N_POSITIONS, size),
        "emb.type": floats(N_TYPES, size),
        "emb.ln.w": floats(size, around=1.0),
        "emb.ln.b": floats(size),
    }
    shapes = {name: (size, size) for name in ("q", "k", "v", "ao")}
    shapes |= {"fi": (N_INNER, size), "fo": (size, N_INNER)}
    for layer in range(N_LAYERS):
        for name, (n_rows, n_columns) in shapes.items():
            parts[f"l{layer}.{name}.w"] = matrix(n_rows, n_columns)
            parts[f"l{layer}.{name}.b"] = floats(n_rows)
        for name in ("aln", "oln"):
            parts[f"l{layer}.{name}.w"] = floats(size, around=1.0)
            parts[f"l{layer}.{name}.b"] = floats(size)
    return write_packed_file(path, parts)
