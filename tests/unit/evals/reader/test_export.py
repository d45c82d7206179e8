"""From a tiny random network to a file that the packaged reader runs."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from evals.reader.export import (
    EvenLinear,
    average_with,
    cut_subwords,
    even_out,
    export,
    is_european,
    restore,
)
from kb.reader import packaged
from kb.reader.packaged import PackagedReader
from tests.support.made_up_weights import N_LAYERS, PIECES
from tests.unit.evals.reader.made_up_network import TEXTS, TinyModel

QUESTION = "Is the pipe hot?"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A file of tiny random weights."""
    return TinyModel.write(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def samples(model):
    """Ids of a few texts, as they are read."""
    return model.tokens.pairs(QUESTION, TEXTS)


@pytest.fixture(scope="module")
def wanted(model, samples):
    """The log-odds of the network itself."""
    network, lengths = model.network(), list(map(len, samples))
    with torch.no_grad():
        hidden = network.embedded(samples)
        hidden = network.through(hidden, slice(0, N_LAYERS), lengths)
        return network.read(hidden, lengths).numpy()


@pytest.fixture
def read(model, monkeypatch):
    """Return a function that reads the texts with an exported file."""
    monkeypatch.setattr(packaged, "load_word_embeddings", lambda: model.file)

    def run(weights, texts=TEXTS):
        return PackagedReader.from_weights(weights, "packaged-tiny").read(
            QUESTION, texts
        )

    return run


def test_exported_whole_reads_alike(model, samples, wanted, read):
    """In 32 bits the file gives the log-odds of the network, text by text."""
    weights = export(model.network(), model.file, samples, whole=True)
    np.testing.assert_allclose(read(weights), wanted, rtol=1e-3, atol=1e-4)


def test_exported_in_8_bits_reads_nearly_alike(model, samples, wanted, read):
    """In 8 bits the log-odds are close, and the texts keep their order."""
    found = read(export(model.network(), model.file, samples))
    assert np.abs(found - wanted).max() < 0.15 * wanted.std()
    assert (found.argsort(0) == wanted.argsort(0)).all()


def test_exported_file_reads_any_number_of_texts(model, samples, read):
    """The file was exported with two texts of seven tokens, and runs with any."""
    weights = export(model.network(), model.file, samples, whole=True)
    texts = ["pipe " * n for n in range(12)]
    assert read(weights, texts).shape == (12, 2)
    assert read(weights, texts[:1]) == pytest.approx(read(weights, texts)[:1], abs=1e-4)


def test_export_leaves_the_network_as_it_was(model, samples):
    """The network can be trained on after it was exported."""
    network = model.network()
    before = {name: part.clone() for name, part in network.state_dict().items()}
    export(network, model.file, samples)
    after = network.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_even_out_changes_nothing_but_rounding(model, samples, wanted):
    """Channels that are evened out give the same log-odds."""
    network = model.network()
    even_out(network, samples)
    rows = [model.file.word_embeddings(np.array([ids])) for ids in samples]
    with torch.no_grad():
        found = [network(torch.from_numpy(w), torch.ones(w.shape[:2])) for w in rows]
    np.testing.assert_allclose(np.concatenate(found), wanted, rtol=1e-3, atol=1e-4)


def _read_by(network, samples):
    """Return the log-odds of a network itself."""
    lengths = list(map(len, samples))
    with torch.no_grad():
        hidden = network.through(network.embedded(samples), slice(0, N_LAYERS), lengths)
        return network.read(hidden, lengths).numpy()


def test_restored_network_reads_as_the_exported_one(model, samples, wanted):
    """A network that takes the weights of a file reads alike, but for rounding."""
    weights = export(model.network(), model.file, samples)
    other = _changed(model.network())
    assert np.abs(_read_by(other, samples) - wanted).max() > wanted.std()
    restore(other, weights)
    assert np.abs(_read_by(other, samples) - wanted).max() < 0.15 * wanted.std()


def test_average_lies_in_the_middle(model, samples):
    """Every weight is the mean of that of the file and of the network's own."""
    network = _changed(model.network())
    own = network.head.bias.detach().clone()
    average_with(network, export(model.network(), model.file, samples))
    mean = (own + model.network().head.bias) / 2
    torch.testing.assert_close(network.head.bias, mean)


def _changed(network):
    """Return a network with another head."""
    with torch.no_grad():
        network.head.weight.neg_()
        network.head.bias.add_(3.0)
    return network


def test_even_out_when_a_channel_is_never_used():
    """A channel without input, or without weights, stays finite."""
    linear = torch.nn.Linear(3, 2)
    with torch.no_grad():
        linear.weight[:, 1] = 0
    even = EvenLinear(linear, torch.tensor([1.0, 1.0, 0.0]))
    hidden = torch.tensor([[1.0, 2.0, 3.0]])
    torch.testing.assert_close(even(hidden), linear(hidden))


def test_cut_subwords_keeps_ids(model):
    """The pieces of Europe's scripts keep the ids that the network knows them by."""
    _, ids = cut_subwords(model.file)
    kept = np.frombuffer(ids, "<i4").tolist()
    assert [PIECES[number][0] for number in kept] == [p for p, _ in PIECES if p != "热"]


@pytest.mark.parametrize(
    ("piece", "is_so"),
    [
        ("▁heat", True),
        ("ψηφ", True),
        ("жар", True),
        ("ő", True),
        ("€", True),
        ("–", True),
        ("2º", True),
        ("热", False),
        ("ก", False),
        ("heat热", False),
        ("、", False),
        ("🙂", False),
    ],
    ids=str,
)
def test_is_european(piece, is_so):
    """Latin, Greek and Cyrillic letters and usual signs count, all others do not."""
    assert is_european(piece) == is_so
