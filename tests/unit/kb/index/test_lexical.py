"""Lexical coverage: the share of what a question asks for that a text holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb.errors import IndexDamagedError
from kb.index.lexical import Concept, LexicalIndex, terms

TEXTS = [
    "The biscuit factory heats homes through a pipe.",  # shares "heat", "home"
    "Residents buy bonds for solar roofs.",  # shares nothing with heating
    "A heat pump lifts the waste heat.",  # shares "heat" twice
    "Brunnshög has a low-temperature network.",  # a name
]


def asked(text: str) -> list[Concept]:
    """Return the words of an English question, each a concept of its own."""
    return [Concept(((term,),)) for term in sorted(set(terms(text)))]


def either(*alternatives: str, counts_when_unknown: bool = False) -> Concept:
    """Return one concept that any of the given texts names."""
    return Concept(
        tuple(tuple(terms(text)) for text in alternatives),
        counts_when_unknown=counts_when_unknown,
    )


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS)


def test_coverage_when_a_name_matches(index):
    """A rare name lifts the one text that holds it, and only that one."""
    coverage = index.coverage(asked("What happened in Brunnshog?"))
    assert coverage.argmax() == 3
    assert coverage[3] > 0
    assert (coverage[:3] == 0).all()


def test_coverage_when_words_are_inflected(index):
    """Word stems are compared, so that "heating" finds "heat"."""
    coverage = index.coverage(asked("heating"))
    assert coverage[0] > 0
    assert coverage[2] > 0
    assert coverage[1] == coverage[3] == 0


def test_coverage_is_a_share(index):
    """Shape, type and bounds are as promised: (n_texts,) float32 from 0 to 1."""
    coverage = index.coverage(asked("heat pump solar biscuit Brunnshög nonsense"))
    assert coverage.shape == (len(TEXTS),)
    assert coverage.dtype == np.float32
    assert ((coverage >= 0) & (coverage <= 1)).all()


def test_coverage_when_much_is_known_and_held():
    """A text that holds all of a question, whose words are many and rare, covers it."""
    texts = [" ".join(f"text{n}word{m}" for m in range(12)) for n in range(50)]
    index = LexicalIndex.build(texts)
    question = texts[0]
    assert index.coverage(asked(question))[0] == pytest.approx(1, abs=0.05)


def test_coverage_when_one_word_is_known_by_chance(index):
    """One common word that is held is nearly nothing, though it is all that is known.

    Of six words that may be stray ones the texts know "heat" alone.
    """
    question = [either("heat"), *(either(f"stray{n}") for n in range(5))]
    assert 0 < index.coverage(question).max() < 0.05


def test_coverage_grows_with_what_is_known(index):
    """A text that holds twice as much of a question covers more than twice as much."""
    one, both = (index.coverage(asked(q))[0] for q in ("biscuit", "biscuit factory"))
    assert both > 2 * one


def test_coverage_worked_out_by_hand():
    """The value is BM25 (Lucene) over the best score that the words could reach.

    Two texts of one word: idf("heat") = ln(1 + (2 - 1 + .5) / (1 + .5)) = ln 2 = .693;
    its weight is .693 x 1 / (1 + 1.2) = .315, also its upper bound. A word in no text
    could weigh ln(1 + 2.5 / .5) = ln 6 = 1.792. So .315 / (.315 + 1.792) = .1495. What
    is known is m = .315 / 1.792 = .1758 of such a word, which damps by
    m³ / (1 + m³) = .00541.
    """
    index = LexicalIndex.build(["heat", "bricks"])
    assert index.coverage(asked("heat zeppelin")) == pytest.approx(
        [0.1495 * 0.00541, 0], rel=0.01
    )


def test_coverage_when_a_concept_has_alternatives(index):
    """A concept is covered by a text that holds any of the words for it."""
    coverage = index.coverage([either("residents", "citizens", "biscuit")])
    assert (coverage[[0, 1]] > 0).all()
    assert coverage[2] == coverage[3] == 0


def test_coverage_when_a_text_holds_two_alternatives():
    """Two words for one thing count once: the better one, against the best one.

    Two texts of two words, both words in both: each weighs the same, so that the text
    that says both covers the concept as one that says either would: wholly.
    """
    index = LexicalIndex.build(["citizens residents", "residents citizens"])
    both = index.coverage([either("citizens", "residents")])
    assert both == pytest.approx(index.coverage([either("citizens")]))
    assert (both > 0).all()


def test_coverage_when_an_alternative_has_two_words(index):
    """All words of an alternative must stand in a text; one of them is nothing."""
    coverage = index.coverage([either("heat pump")])
    assert coverage[2] > 0
    assert coverage[0] == coverage[1] == coverage[3] == 0


def test_coverage_when_words_of_an_alternative_never_meet(index):
    """An alternative whose words stand in different texts is covered by none."""
    assert (index.coverage([either("solar pump")]) == 0).all()


def test_coverage_when_one_alternative_is_unknown(index):
    """A word that the corpus does not know does not weaken the others."""
    known, more = either("solar"), either("solar", "zeppelin", "heat zeppelin")
    assert index.coverage([more]) == pytest.approx(index.coverage([known]))


@pytest.mark.parametrize(
    ("counts", "share"), [(True, 0.1495), (False, 0.6374)], ids=["counts", "stray"]
)
def test_coverage_when_a_concept_is_unknown(counts, share):
    """What was asked for and is nowhere weighs against every text, a stray word little.

    In two texts of one word "heat" weighs .315, and a word of no text could weigh 1.792
    (see above): .315 / (.315 + 1.792) = .1495. What may be a stray word of another
    language weighs a tenth of that: .315 / (.315 + .179) = .6374.
    """
    index = LexicalIndex.build(["heat", "bricks"])
    heat, unknown = either("heat"), either("zeppelin", counts_when_unknown=counts)
    expected = index.coverage([heat]) * share
    assert index.coverage([heat, unknown]) == pytest.approx(expected, rel=1e-3)


def test_coverage_when_nothing_is_asked_for(index):
    """No concepts, and a concept without words, are covered by no text."""
    for concepts in ([], [Concept(())]):
        assert index.coverage(concepts).tolist() == [0] * len(TEXTS)


def test_coverage_of_rare_and_common_words():
    """Of two words, the text with the rarer one covers more of a question."""
    index = LexicalIndex.build(["heat", "heat", "bricks", "pupils"])
    common, _, rare, neither = index.coverage([either("heat"), either("bricks")])
    assert rare > common > neither == 0


@pytest.mark.parametrize(
    "question",
    ["", "?!…", "what is it and how", "Wie viel kostete die Fernwärme?", "供热"],
    ids=["empty", "punctuation", "stop words", "german", "chinese"],
)
def test_coverage_when_no_word_matches(index, question):
    """Without a common word every text has coverage 0, so that no noise is ranked."""
    assert (index.coverage(asked(question)) == 0).all()
    assert index.coverage(asked(question)).shape == (len(TEXTS),)


def test_coverage_when_one_text_has_no_word():
    """A text without any word is kept in its place and covers nothing."""
    index = LexicalIndex.build(["…", "heat pump"])
    assert index.n_texts == 2
    empty, full = index.coverage(asked("heat pump"))
    assert empty == 0 < full


def test_coverage_when_asked_from_threads(index):
    """Questions asked at the same time do not disturb each other."""
    questions = [
        asked(text)
        for text in ["heat pump", "solar bonds", "Brunnshög", "biscuit homes"] * 10
    ]
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
        assert (
            loaded.coverage(asked(question)) == index.coverage(asked(question))
        ).all()


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
