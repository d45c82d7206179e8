"""Reading the packaged embedder's file, on a tiny one of the same layout."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from kb.index.packed_file import PackedFile
from tests.support import made_up_weights as made_up

ROWS, COLUMNS = len(made_up.PIECES), 64


@pytest.fixture
def halves():
    """Numbers from 0 to 15, a row of two blocks for each subword."""
    draw = np.random.default_rng(0)
    return draw.integers(0, 16, (ROWS, COLUMNS)).astype(np.uint8)


@pytest.fixture
def file(tmp_path, halves):
    """A file with one part of 4-bit weights and one of floats."""
    scales = np.array([[0.5, 2.0]] * ROWS, dtype=np.float16)
    parts = {
        "emb.word": made_up.packed(halves[:, :32], scales[:, :1]).tobytes(),
        "whole": np.arange(6, dtype="<f4").tobytes(),
        "wide": made_up.packed(halves, scales).tobytes(),
    }
    return PackedFile(made_up.write_packed_file(tmp_path / "tiny.bin", parts))


def test_figures(file):
    """The shape of the network and the ids of the marks come from the head."""
    shape = (file.dimension, file.n_layers, file.n_heads, file.n_inner)
    assert shape == (
        made_up.DIMENSION,
        made_up.N_LAYERS,
        made_up.N_HEADS,
        made_up.N_INNER,
    )
    assert (file.n_positions, file.n_types) == (made_up.N_POSITIONS, made_up.N_TYPES)
    assert (file.bos, file.pad, file.eos, file.unknown) == (0, 1, 2, 3)
    assert file.n_words == len(made_up.PIECES)
    assert file.epsilon == pytest.approx(made_up.EPSILON)


def test_pieces(file):
    """Every subword comes with its log-probability, in any script."""
    assert file.pieces() == made_up.PIECES


def test_spelled(file):
    """All subwords lie in one text; each ends where the next begins."""
    text, ends = file.spelled()
    assert text == "".join(piece for piece, _ in made_up.PIECES)
    assert ends[:3].tolist() == [3, 8, 12]
    assert ends[-1] == len(text)


def test_normaliser(file):
    """What letters are replaced by comes as `str.translate` takes it."""
    assert "a\tb\x07ﬁ".translate(file.normaliser()) == "a bfi"


def test_names(file):
    """Parts are known by name, in the order in which they lie."""
    assert file.names() == ["emb.word", "whole", "wide"]


def test_matrix(file, halves):
    """A weight is its number less 8, times the scale of its 32 columns."""
    found = file.matrix("wide", ROWS, COLUMNS)
    scales = np.repeat([0.5, 2.0], 32)
    assert found.dtype == np.float32
    assert (found == (halves.astype(np.float32) - 8) * scales).all()


def test_floats(file):
    """A part in full precision keeps its numbers and gets the shape asked for."""
    assert file.floats("whole", 2, 3).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_floats_can_be_changed(file):
    """What is read is a copy, so that training may change it."""
    file.floats("whole", 6)[0] = 7
    assert file.floats("whole", 6)[0] == 0


@pytest.mark.parametrize("shape", [(3,), (2, 2), (0,), (0, 4)], ids=str)
def test_word_embeddings(file, halves, shape):
    """Ids of any shape give one row each, repeated ones as well."""
    ids = np.arange(int(np.prod(shape))).reshape(shape) % 3 + 2
    found = file.word_embeddings(ids)
    assert found.shape == (*shape, 32)
    assert (found == (halves[ids][..., :32].astype(np.float32) - 8) * 0.5).all()


def test_matrix_when_the_part_is_unknown(file):
    """A part that the file lacks is named."""
    with pytest.raises(KeyError, match=r"l0\.q\.w"):
        file.matrix("l0.q.w", 32, 32)


def test_network(tmp_path):
    """Matrices come with neighbours in a byte and a scale for 32 weights of a row."""
    file = PackedFile(made_up.write_tiny_model(tmp_path / "tiny.bin"))
    parts = file.network()
    packed, scales = parts["l1.fi.w"], parts["l1.fi.scales"]
    assert packed.shape == (made_up.N_INNER, 1, 16)
    numbers = np.stack([packed & 15, packed >> 4], axis=-1).reshape(made_up.N_INNER, 32)
    matrix = (numbers.astype(np.float32) - 8) * scales.reshape(-1, 1)
    assert (matrix == file.matrix("l1.fi.w", *file.matrices["fi"])).all()
    vectors = set(file.names()) - {"emb.word", "emb.pos", "emb.type"}
    assert set(parts) - {name for name in parts if name.endswith(".scales")} == vectors


@pytest.mark.parametrize("n_bytes", [20, 60, 400], ids=["head", "ends", "directory"])
def test_file_that_is_cut_off(tmp_path, n_bytes):
    """A file that ends too early is refused when it is opened."""
    path = made_up.write_tiny_model(tmp_path / "tiny.bin")
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.raises((struct.error, ValueError), match=r"buffer|offset"):
        PackedFile(path)


def test_file_that_is_not_there(tmp_path):
    """A missing file is an error of the system, with its name."""
    with pytest.raises(OSError, match=r"none\.bin"):
        PackedFile(tmp_path / "none.bin")
