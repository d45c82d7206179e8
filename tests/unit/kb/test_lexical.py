"""Lexical coverage: the share of a question's words that a text holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.errors import IndexDamagedError
from kb.lexical import LexicalIndex, terms

TEXTS = [
    "The biscuit factory heats homes through a pipe.",  # shares "heat", "home"
    "Residents buy bonds for solar roofs.",  # shares nothing with heating
    "A heat pump lifts the waste heat.",  # shares "heat" twice
    "Brunnshög has a low-temperature network.",  # a name
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def test_coverage_when_a_name_matches(index):
    """A rare name lifts the one text that holds it, and only that one."""
    coverage = index.coverage("What happened in Brunnshog?")
    assert coverage.argmax() == 3
    assert coverage[3] > 0
    assert (coverage[:3] == 0).all()


def test_coverage_when_words_are_inflected(index):
    """Word stems are compared, so that "heating" finds "heat"."""
    coverage = index.coverage("heating")
    assert coverage[0] > 0
    assert coverage[2] > 0
    assert coverage[1] == coverage[3] == 0


def test_coverage_is_a_share(index):
    """Shape, type and bounds are as promised: (n_texts,) float32 from 0 to 1."""
    coverage = index.coverage("heat pump solar biscuit Brunnshög nonsense")
    assert coverage.shape == (len(TEXTS),)
    assert coverage.dtype == np.float32
    assert ((coverage >= 0) & (coverage <= 1)).all()


def test_coverage_when_one_word_matches_best(index):
    """The text that fits a one-word question best covers it wholly."""
    assert index.coverage("heat").max() == pytest.approx(1.0)


def test_coverage_worked_out_by_hand():
    """The value is BM25 (Lucene) over the best score that the words could reach.

    Two texts of one word: idf("heat") = ln(1 + (2 - 1 + .5) / (1 + .5)) = ln 2 = .693;
    its weight is .693 x 1 / (1 + 1.2) = .315, also its upper bound. A word in no text
    could weigh ln(1 + 2.5 / .5) = ln 6 = 1.792. So .315 / (.315 + 1.792) = .1495.
    """
    index = LexicalIndex.build(["heat", "bricks"])
    assert index.coverage("heat zeppelin") == pytest.approx([0.1495, 0], abs=1e-4)


def test_coverage_when_a_word_is_repeated(index):
    """Saying a word twice asks for nothing more."""
    once, twice = index.coverage("solar heat"), index.coverage("solar heat, solar!")
    assert once == pytest.approx(twice)


@pytest.mark.parametrize(
    "question",
    ["", "?!…", "what is it and how", "Wie viel kostete die Fernwärme?", "供热"],
    ids=["empty", "punctuation", "stop words", "german", "chinese"],
)
def test_coverage_when_no_word_matches(index, question):
    """Without a common word every text has coverage 0, so that no noise is ranked."""
    assert (index.coverage(question) == 0).all()
    assert index.coverage(question).shape == (len(TEXTS),)


def test_coverage_when_one_text_has_no_word():
    """A text without any word is kept in its place and covers nothing."""
    index = LexicalIndex.build(["…", "heat pump"])
    assert index.n_texts == 2
    assert index.coverage("heat pump") == pytest.approx([0, 1])


def test_coverage_when_asked_from_threads(index):
    """Questions asked at the same time do not disturb each other."""
    questions = ["heat pump", "solar bonds", "Brunnshög", "biscuit homes"] * 10
    alone = [index.coverage(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(index.coverage, questions))
    assert all((a == b).all() for a, b in zip(alone, together, strict=True))


def test_load_gives_what_was_saved(index, tmp_path):
    """A saved index, read again, covers as before."""
    index.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    assert loaded.n_texts == len(TEXTS)
    for question in ("heat pump", "Brunnshög nonsense", ""):
        assert (loaded.coverage(question) == index.coverage(question)).all()


def _remove(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "harm", [_remove, _empty, _cut], ids=["missing", "empty", "cut"]
)
def test_load_when_a_file_is_damaged(index, tmp_path, harm):
    """Whichever file is damaged, the error says so and names the remedy."""
    index.save(tmp_path / "whole")
    names = [path.name for path in (tmp_path / "whole").iterdir()]
    assert names
    for name in names:
        folder = tmp_path / f"without-{name}"
        index.save(folder)
        harm(folder / name)
        with pytest.raises(
            IndexDamagedError, match=r"lexical index cannot be read.*`mentorkb ingest`"
        ):
            LexicalIndex.load(folder)


def test_load_when_there_is_no_folder(tmp_path):
    """A missing folder is a damaged index, not a crash."""
    with pytest.raises(IndexDamagedError, match=r"No such file.*`mentorkb ingest`"):
        LexicalIndex.load(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pumps pumping pumped", ["pump", "pump", "pump"]),
        ("the cost of it", ["cost"]),
        ("Brunnshög", ["brunnshog"]),
        ("a b 7", ["7"]),
        ("S7 in 2030", ["s7", "2030"]),
        ("", []),
    ],
    ids=["stems", "stop words", "accents", "single signs", "codes", "empty"],
)
def test_terms(text, expected):
    """Terms are folded and stemmed; stop words and single letters are left out."""
    assert terms(text) == expected
