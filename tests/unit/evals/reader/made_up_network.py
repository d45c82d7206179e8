"""A tiny random network with its file and tokens, and invented lists to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch

from evals.reader.export import cut_subwords
from evals.reader.lists import ReadingList
from evals.reader.network import ReaderNetwork
from kb.index.packed_file import PackedFile
from kb.reader.packaged import Tokens
from tests.support.made_up_weights import N_LAYERS, write_tiny_model

TEXTS = [
    "The pipe is hot.",
    "No.",
    "heat heat pipe heat: the pipe, the heat and so on",
]


@dataclass(frozen=True)
class TinyModel:
    """A file of weights and what is read from it."""

    file: PackedFile
    path: Path
    tokens: Tokens

    @classmethod
    def write(cls, folder: Path) -> Self:
        """Write the file and read it."""
        path = write_tiny_model(folder / "tiny.bin")
        file = PackedFile(path)
        return cls(file, path, Tokens.of(*cut_subwords(file)))

    def network(self) -> ReaderNetwork:
        """Return the network with a head by chance, strong enough to tell texts apart.

        It is the same each time.
        """
        torch.manual_seed(0)
        network = ReaderNetwork(self.file, N_LAYERS).eval()
        torch.nn.init.normal_(network.head.weight)
        return network


def lists(n: int) -> list[ReadingList]:
    """Return lists with and without an answer, and one where texts only help."""
    grades = [[2, 0, 0], [0, 0, 0], [1, 0, 1]]
    return [
        ReadingList(f"q{i}", f"Is pipe {i} hot?", TEXTS, grades[i % 3])
        for i in range(n)
    ]
