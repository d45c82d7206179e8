"""The reader's network in torch, on tiny random weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from kb.reader.packaged import load_word_embeddings
from tests.support.made_up_weights import DIMENSION, N_LAYERS
from tests.unit.evals.reader.made_up_network import TEXTS, TinyModel

ALL = slice(0, N_LAYERS)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A file of tiny random weights."""
    return TinyModel.write(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def network(model):
    """The network of that file."""
    return model.network()


@pytest.fixture(scope="module")
def ids(model):
    """The ids of a question with texts of different lengths."""
    return model.tokens.pairs("Is the pipe hot?", TEXTS)


def _packed(network, ids, layers=(ALL,)):
    lengths = list(map(len, ids))
    with torch.no_grad():
        hidden = network.embedded(ids)
        for part in layers:
            hidden = network.through(hidden, part, lengths)
        return network.read(hidden, lengths)


def _filled(network, model, ids, length):
    rows = np.ones((len(ids), length), dtype=np.int64)
    mask = torch.zeros(len(ids), length)
    for row, text in enumerate(ids):
        rows[row, : len(text)] = text
        mask[row, : len(text)] = 1
    words = torch.from_numpy(model.file.word_embeddings(rows))
    with torch.no_grad():
        return network(words, mask)


def test_packed_and_filled_texts_read_alike(network, model, ids):
    """What is trained, without filling, is what is exported, with filling."""
    packed = _packed(network, ids)
    filled = _filled(network, model, ids, max(map(len, ids)))
    assert packed.shape == (3, 2)
    torch.testing.assert_close(packed, filled, rtol=1e-4, atol=1e-5)
    assert packed.std(0).min() > 0.01, "equal rows could not be told from wrong ones"


def test_filling_changes_nothing(network, model, ids):
    """However far texts are filled up, they read alike."""
    longest = max(map(len, ids))
    short, long = (_filled(network, model, ids, n) for n in (longest, longest + 40))
    torch.testing.assert_close(short, long, rtol=1e-4, atol=1e-5)


def test_a_text_reads_alike_in_any_company(network, ids):
    """What else is in the batch does not change how a text is read."""
    together = _packed(network, ids)
    for row, text in zip(together, ids, strict=True):
        torch.testing.assert_close(
            row[None], _packed(network, [text]), rtol=1e-4, atol=1e-5
        )


def test_layers_can_be_gone_through_in_parts(network, ids):
    """Stopping between layers changes nothing, so that lower ones can be kept."""
    parts = _packed(network, ids, [slice(0, 1), slice(1, N_LAYERS)])
    torch.testing.assert_close(parts, _packed(network, ids), rtol=1e-4, atol=1e-5)


def test_order_of_words_matters(network, model):
    """The same words in another order are read differently: they have places."""
    ids = model.tokens.pairs("Is it hot?", ["heat pipe", "pipe heat"])
    first, second = _packed(network, ids)
    assert (first - second).abs().max() > 1e-3


def test_network_has_the_weights_of_the_file(network, model):
    """Every part of the file stands where transformers expects it."""
    parts = dict(network.named_parameters())
    stored = {
        "layers.1.attention.self.key.weight": ("l1.k.w", (DIMENSION, DIMENSION)),
        "layers.0.intermediate.dense.weight": ("l0.fi.w", (64, DIMENSION)),
        "layers.1.output.dense.weight": ("l1.fo.w", (DIMENSION, 64)),
    }
    for ours, (name, shape) in stored.items():
        assert (parts[ours].detach().numpy() == model.file.matrix(name, *shape)).all()
    bias = parts["layers.0.output.LayerNorm.bias"].detach().numpy()
    assert (bias == model.file.floats("l0.oln.b", DIMENSION)).all()


def test_reader_takes_the_same_word_embeddings(network, model, monkeypatch):
    """The embeddings that the packaged reader looks up are those of training."""
    monkeypatch.setattr("kb.reader.packaged.packed_file", lambda: model.path)
    ids = np.array([[0, 5], [7, 30]])
    found = load_word_embeddings().word_embeddings(ids)
    own = network.embeddings.word_embeddings(torch.from_numpy(ids))
    assert (found == own.detach().numpy()).all()
