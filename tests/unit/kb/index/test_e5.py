"""The packaged embedder around a tiny random network of the same shape."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch

from evals.embedder import embedder_graph
from evals.reader.network import ReaderNetwork
from kb.index.e5 import PASSAGE, QUERY, PackagedE5
from kb.index.network import Network
from kb.index.packed_file import PackedFile
from kb.index.subwords import Subwords
from tests.support import made_up_weights as made_up

ROOM = made_up.N_POSITIONS - 2
TEXTS = ["heat", "", "The pipe is hot.", "heat: " * 100, "pipe heat " * 300, "no"]


class _Watched:
    """A network that remembers the shape of every batch."""

    def __init__(self, network):
        self.network = network
        self.shapes = []

    def run(self, words, mask):
        self.shapes.append(mask.shape)
        return self.network.run(words, mask)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A file of tiny random weights."""
    path = tmp_path_factory.mktemp("weights") / "tiny.bin"
    return PackedFile(made_up.write_tiny_model(path))


@pytest.fixture(scope="module")
def network(file):
    """The network of that file as it is shipped: without its weights."""
    return Network.load(embedder_graph(file), file.network())


@pytest.fixture
def watched(network):
    return _Watched(network)


@pytest.fixture
def embedder(watched, file):
    """The packaged embedder with the tiny network."""
    return PackagedE5(watched, file)


@pytest.fixture(scope="module")
def in_torch(file):
    """Return a function that embeds a text with the same network in torch."""
    network = ReaderNetwork(file, made_up.N_LAYERS).eval()
    network.head = cast(Any, torch.nn.Identity())  # gives the means themselves

    def embed(text):
        ids = Subwords(file).cut(text)
        pieces = [ids[at : at + ROOM] for at in range(0, len(ids), ROOM)]
        total = torch.zeros(made_up.DIMENSION)
        with torch.no_grad():
            for piece in pieces:
                marked = [made_up.BOS, *piece, made_up.EOS]
                hidden = network.embedded([marked])
                hidden = network.through(hidden, slice(None), [len(marked)])
                total += len(piece) * network.read(hidden, [len(marked)])[0]
        return (total / total.norm()).numpy()

    return embed


def test_passages_are_those_of_the_network(embedder, in_torch):
    """Texts of any length have the vectors that the network gives in torch."""
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    alike = vectors @ np.stack([in_torch(PASSAGE + text) for text in TEXTS]).T
    assert np.diag(alike) == pytest.approx(1, abs=1e-3)
    assert (alike - np.eye(len(TEXTS))).max() < 0.995, "wrong ones could not be told"


def test_queries_have_their_own_prefix(embedder, in_torch):
    """A question is embedded as a question, not as a text."""
    vector = embedder.embed_query("heat")
    assert vector @ in_torch(QUERY + "heat") == pytest.approx(1, abs=1e-3)
    assert vector @ in_torch(PASSAGE + "heat") < 0.999


def test_query_is_embedded_once(embedder, watched):
    """Asked again it costs nothing, and nobody else changes its vector."""
    first = embedder.embed_query("heat?")
    kept = first.copy()
    first[:] = 0
    assert (embedder.embed_query("heat?") == kept).all()
    assert len(watched.shapes) == 1


def test_passages_in_small_batches_of_like_length(embedder, watched):
    """No more than four texts are run at once, with hardly any filling."""
    embedder.embed_passages(["heat " * (n % 3 * 20) for n in range(12)])
    assert [n for n, _ in watched.shapes] == [4, 4, 4]
    lengths = [length for _, length in watched.shapes]
    assert [b - a for a, b in zip(lengths, lengths[1:], strict=False)] == [20, 20]


def test_passages_longer_than_the_network_reads(embedder, watched):
    """A long text is run in pieces of as many subwords as there are positions."""
    embedder.embed_passages(["heat " * 600])
    assert max(length for _, length in watched.shapes) == made_up.N_POSITIONS
    assert sum(n for n, _ in watched.shapes) == 3


def test_passages_when_there_are_none(embedder, watched):
    """No texts give no vectors of the right length, and nothing is run."""
    assert embedder.embed_passages([]).shape == (0, made_up.DIMENSION)
    assert watched.shapes == []
